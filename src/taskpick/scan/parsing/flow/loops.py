"""Whether a function is no job but a loop: it goes on until something else stops it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskpick.scan.parsing.imports import BODIES
from taskpick.scan.parsing.modules import last_part

if TYPE_CHECKING:
    from collections.abc import Iterable

_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
_ENDS = frozenset(["CancelledError", "GeneratorExit", "KeyboardInterrupt", "SystemExit"])
"""Exceptions by which a process, or who started the loop, ends it from outside."""
_STOP = re.compile("stop|shut|clos|exit|quit|cancel|terminat|kill", re.IGNORECASE)
_RUN = re.compile("running|active|alive", re.IGNORECASE)
"""What flags are called by which something else ends a loop."""


def is_loop(body: Iterable[ast.stmt]) -> bool:
    """Whether statements lead into a loop that nothing in it leaves.

    It is a `while True`, or one on a flag by which something else stops it.
    """
    for node in body:
        match node:
            case ast.While() if _is_until_stopped(node) and not _is_left(node.body):
                return True
            case ast.With() | ast.AsyncWith() | ast.Try() if is_loop(node.body):
                return True
    return False


def _is_until_stopped(loop: ast.While) -> bool:
    """Whether the condition of a loop stays true until something outside of the loop ends it."""
    if isinstance(loop.test, ast.Constant):
        return bool(loop.test.value)
    flag = _flag(loop.test)
    return bool(flag) and not any(_sets(node, flag) for node in ast.walk(loop))


def _flag(test: ast.expr) -> str:
    """The flag of `not self.stopping`, `not stop.is_set()` and `self.running`; empty if none."""
    words = _STOP
    match test:
        case ast.UnaryOp(ast.Not(), ast.Call(ast.Attribute(event, "is_set" | "wait"))):
            flag = ast.unparse(event)
        case ast.UnaryOp(ast.Not(), ast.Attribute()):
            flag = ast.unparse(test.operand)
        case ast.Attribute():
            flag, words = ast.unparse(test), _RUN
        case _:
            return ""
    return flag if words.search(last_part(flag)) else ""


def _sets(node: ast.AST, flag: str) -> bool:
    match node:
        case ast.Assign(targets=[target]) | ast.Call(ast.Attribute(target, "set")):
            return ast.unparse(target) == flag
    return False


def _is_left(body: Iterable[ast.AST], *, is_inner: bool = False) -> bool:
    """Whether something in the body of a loop, or in a loop within it, leaves the outer one."""
    for node in body:
        if isinstance(node, ast.Return | ast.Raise) or (
            isinstance(node, ast.Break) and not is_inner
        ):
            return True
        if isinstance(node, _INNER) or (isinstance(node, ast.ExceptHandler) and _is_end(node)):
            continue
        for field in BODIES & set(node._fields):
            is_loop = field == "body" and isinstance(node, LOOPS)
            if _is_left(getattr(node, field), is_inner=is_inner or is_loop):
                return True
    return False


def _is_end(handler: ast.ExceptHandler) -> bool:
    """Whether it handles nothing but that the loop is ended from outside."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return all(kind and last_part(ast.unparse(kind)) in _ENDS for kind in kinds)
