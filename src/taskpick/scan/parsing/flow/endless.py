"""Whether a function goes on for as long as its process: in an endless loop."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskpick.scan.parsing.imports import BODIES
from taskpick.scan.parsing.modules import last_part

if TYPE_CHECKING:
    from collections.abc import Iterable

_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
_ENDS = frozenset(["CancelledError", "GeneratorExit", "KeyboardInterrupt", "SystemExit"])
"""Exceptions by which a process, or who started the loop, ends it from outside."""


def never_ends(body: Iterable[ast.stmt]) -> bool:
    """Whether statements lead into a `while True` that nothing in it leaves."""
    for node in body:
        match node:
            case ast.While(test=ast.Constant(value=value)) if value and not _is_left(node.body):
                return True
            case ast.With() | ast.AsyncWith() | ast.Try() if never_ends(node.body):
                return True
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
