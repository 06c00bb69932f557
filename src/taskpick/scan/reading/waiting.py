"""Which calls that start something beside the caller are waited for by the caller itself.

`await asyncio.gather(*[create_task(…)])` and `future.result()` wait, in the function that started
it: nothing is left in the background.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskpick.scan.reading.imports import BODIES
from taskpick.scan.reading.modules import last_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskpick.scan.reading.modules import Module

_STARTS = frozenset(["create_task", "ensure_future", "run_in_executor", "submit", "Thread"])
_WAITS = frozenset(["gather", "wait", "wait_for", "as_completed"])
"""Functions that wait for what they are given."""
_WAITING_METHODS = frozenset(["result", "join", "exception"])
_KEEPING_METHODS = frozenset(["append", "add", "extend"])
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_LOOPS = (ast.For, ast.AsyncFor, ast.comprehension)


def note(module: Module, tree: ast.Module) -> None:
    """Note the lines of the calls in a file that are waited for."""
    places = {call.function.line for call in module.calls() if last_part(call.name) in _STARTS}
    for function in _functions(tree.body) if places else ():
        if function.lineno in places:
            module.waited.update(_in_function(list(_own(function.body))))


def _functions(body: Iterable[ast.AST]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions that statements define, wherever they are."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        for field in node._fields:
            if field in BODIES:
                yield from _functions(getattr(node, field))


def _own(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """What a function does itself: what stands in functions within it may never be called."""
    pending = list(body)
    while pending:
        node = pending.pop()
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            yield node
            pending += ast.iter_child_nodes(node)


def _in_function(nodes: list[ast.AST]) -> Iterator[int]:
    if any(isinstance(node, ast.Yield) or getattr(node, "attr", "") == "cancel" for node in nodes):
        return  # it runs on meanwhile, until it is told to stop
    waited = {name for node in nodes for name in _waited(node)}
    same = [pair for node in nodes for pair in _same(node)]
    for _ in same:
        more = {name for pair in same if waited & set(pair) for name in pair}
        if more <= waited:
            break
        waited |= more
    for node in nodes:
        for name, value in _kept(node):
            if name in waited:
                yield from (call.lineno for call in _starts(value))
        if _is_wait(node):
            yield from (call.lineno for call in _starts(node))


def _name(node: ast.AST | None) -> str:
    """The name in a star, an index or a call of its method; empty if it is something else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Starred(value=value) | ast.Subscript(value=value):
            return _name(value)
        case ast.Call(func=ast.Attribute(value=value)):
            return _name(value)
    return ""


def _is_wait(node: ast.AST) -> bool:
    """Whether it waits to the end: with a limit of time, what was started may go on."""
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    has_limit = name == "wait" and any(keyword.arg == "timeout" for keyword in node.keywords)
    return name in _WAITS and not has_limit


def _waited(node: ast.AST) -> Iterator[str]:
    """The names of what is waited for here."""
    match node:
        case ast.Await(value=ast.Name(id=name)):
            yield name
        case ast.Call(args=args) if _is_wait(node):
            yield from filter(None, map(_name, args))
        case ast.Call(ast.Attribute(value=ast.Name(id=name), attr=attr), args=[], keywords=[]):
            if attr in _WAITING_METHODS:
                yield name


def _same(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Names of which one holds the other, or is taken from it."""
    for name, value in _kept(node):
        if inner := _name(value):
            yield name, inner
    if isinstance(node, _LOOPS) and (name := _name(node.target)):
        yield name, _name(node.iter) or "."
    match node:
        case ast.Assign(targets=[ast.Subscript(value=mapping, slice=ast.Name(id=key))]):
            yield _name(mapping), key


def _kept(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names, and what is kept under them."""
    match node:
        case ast.Assign(targets=[target], value=value) if name := _name(target):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr), args=[value]):
            if attr in _KEEPING_METHODS:
                yield name, value


def _starts(node: ast.AST) -> Iterator[ast.Call]:
    for inner in _own([node]):
        if isinstance(inner, ast.Call):
            name = getattr(inner.func, "attr", getattr(inner.func, "id", ""))
            if name in _STARTS:
                yield inner
