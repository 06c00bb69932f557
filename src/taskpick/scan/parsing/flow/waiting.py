"""Which calls that start something beside the caller the caller itself waits for, or ends.

`await asyncio.gather(*[create_task(…)])` and `future.result()` wait, in the function that started
it: nothing is left in the background. What it cancels before it waits goes on beside it until then,
as does what was started before a `yield` outside of loops: in a context manager others run there.
"""

from __future__ import annotations

import ast
from math import inf
from typing import TYPE_CHECKING

from taskpick.scan.parsing.flow.loops import LOOPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from taskpick.scan.parsing.modules import Module

STARTS = frozenset(["create_task", "ensure_future", "run_in_executor", "submit", "Thread"])
"""The last names of calls that start something beside who calls them."""
_WAITS = frozenset(["gather", "wait", "wait_for", "as_completed", "run_until_complete"])
"""Functions that wait for what they are given."""
_WAITING_METHODS = frozenset(["result", "join", "exception"])
_KEEPING_METHODS = frozenset(["append", "add", "extend"])
_CALLS = _WAITS | _WAITING_METHODS | _KEEPING_METHODS
_LOOKED_AT = frozenset(
    [
        *LOOPS,
        *(ast.Assign, ast.AnnAssign, ast.Await),
        *(ast.ExceptHandler, ast.If, ast.Yield, ast.comprehension),
    ]
)
"""The kinds of nodes that say something here, besides some calls and attributes."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def note(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Note the lines of the calls in a function that it waits for, and of those that it ends."""
    nodes = [node for node in _own(function.body) if _is_looked_at(node)]
    holds = [pair for node in nodes for pair in _holds(node)]
    ended = {n for node in nodes for n in (*_waited(node), *_cancelled(node))}
    module.ended |= set(_lines(nodes, _with_held(ended, holds)))
    for part in _parts(nodes):
        waited = _with_held(_waited_first(part, holds), holds)
        module.waited |= set(_lines(part, waited))


def _is_looked_at(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "cancel"
    if isinstance(node, ast.Call):
        return _called(node) in _CALLS
    return type(node) in _LOOKED_AT


def _called(node: ast.Call) -> str:
    """The last name of what is called; empty if it has none."""
    name: str = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return name


def _own(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """What a function does itself: what stands in functions within it may never be called."""
    pending = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, _FUNCTIONS):
            continue
        yield node
        for field in node._fields:  # as ast.iter_child_nodes, in half the time
            value = getattr(node, field, None)
            if isinstance(value, list):
                pending += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and value._fields:
                pending.append(value)


def _parts(nodes: list[ast.AST]) -> Iterable[list[ast.AST]]:
    """What a function does up to each `yield` outside of loops, and after the last one."""
    loops = [_span([node]) for node in nodes if isinstance(node, LOOPS)]
    pauses = [
        _span([node])[1]
        for node in nodes
        if isinstance(node, ast.Yield) and not any(a <= node.lineno <= b for a, b in loops)
    ]
    parts: dict[int, list[ast.AST]] = {}
    for node in nodes:
        parts.setdefault(sum(pause < _line(node) for pause in pauses), []).append(node)
    return parts.values()


def _waited_first(nodes: list[ast.AST], holds: list[tuple[str, str]]) -> set[str]:
    """The names of what is waited for and was not cancelled before."""
    branches = [_span(body) for node in nodes for body in _branches(node)]
    cancelled = []
    for node in nodes:
        for name in _cancelled(node):
            ends = [last for first, last in branches if first <= _line(node) <= last]
            cancelled.append((_with_held({name}, holds), _line(node), min(ends, default=inf)))
    return {
        name
        for node in nodes
        for name in _waited(node)
        if not any(name in names and a <= _line(node) <= b for names, a, b in cancelled)
    }


def _branches(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Branches that do not lead on to what stands below: `if …: return`, and each `except`."""
    if isinstance(node, ast.If):
        yield from (body for body in (node.body, node.orelse) if body and _leads_away(body))
    elif isinstance(node, ast.ExceptHandler):
        yield node.body


def _leads_away(body: list[ast.stmt]) -> bool:
    return isinstance(body[-1], ast.Return | ast.Raise | ast.Break | ast.Continue)


def _line(node: ast.AST) -> int:
    """Its first line."""
    line: int = getattr(node.target if isinstance(node, ast.comprehension) else node, "lineno", 0)
    return line


def _span(nodes: Sequence[ast.stmt | ast.expr]) -> tuple[int, int]:
    """The first and the last line of what stands together."""
    return nodes[0].lineno, nodes[-1].end_lineno or nodes[-1].lineno


def _with_held(names: set[str], holds: list[tuple[str, str]]) -> set[str]:
    """The names, and those of what is held by what has them."""
    while more := {inner for outer, inner in holds if outer in names} - names:
        names = names | more
    return names


def _lines(nodes: list[ast.AST], names: set[str]) -> Iterator[int]:
    """The lines of the starts that have one of the names, or are waited for without one."""
    for node in nodes:
        for name, value in _kept(node):
            if name in names:
                yield from _starts(value)
        if _is_wait(node):
            yield from _starts(node)


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in _own([node]) if isinstance(inner, ast.Name)}


def _is_wait(node: ast.AST) -> bool:
    """Whether it waits to the end: with a limit of time, what was started may go on."""
    if not isinstance(node, ast.Call):
        return False
    name = _called(node)
    has_limit = name == "wait" and any(keyword.arg == "timeout" for keyword in node.keywords)
    return name in _WAITS and not has_limit


def _waited(node: ast.AST) -> Iterator[str]:
    """The names of what is waited for here."""
    match node:
        case ast.Await(value=ast.Name(id=name)):
            yield name
        case ast.Await(value=ast.Call(ast.Attribute(attr="shield"), args=[ast.Name(id=name)])):
            yield name
        case ast.Call(args=args) if _is_wait(node):
            for argument in args:
                yield from _names(argument)
        case ast.Call(ast.Attribute(value=ast.Name(id=name), attr=attr), args=[], keywords=[]):
            if attr in _WAITING_METHODS:
                yield name


def _cancelled(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr="cancel"):
            yield name


def _holds(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Pairs of names: who waits for the first waits for the second, which it holds."""
    outer, inner = set[str](), set[str]()
    match node:
        case ast.For() | ast.AsyncFor() | ast.comprehension():
            outer, inner = _names(node.target), _names(node.iter)
        case ast.Assign(targets=[ast.Subscript(value=mapping, slice=key)], value=value):
            outer, inner = _names(mapping), _names(key) | _names(value)
        case _:
            for name, value in _kept(node):
                if not any(_starts(value)):
                    outer, inner = {name}, _names(value)
    yield from ((name, other) for name in outer for other in inner)


def _kept(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names, and what is kept under them."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name))]):
            yield name, node.value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr), args=[value]):
            if attr in _KEEPING_METHODS:
                yield name, value


def _starts(node: ast.AST) -> Iterator[int]:
    """The lines of the calls in it that start something."""
    for inner in _own([node]):
        match inner:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in STARTS:
                yield inner.lineno
