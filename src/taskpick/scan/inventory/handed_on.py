"""Coroutines that a function of the project is handed and starts: `spawn(job())`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskpick.scan.inventory.work import Start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.parsing.modules import Call
    from taskpick.scan.reading.project import Project


def starts(project: Project, start: Start) -> tuple[list[Start], bool]:
    """The starts that the calls of such a function are, and whether that is all it ever starts.

    Only functions of the project count, called as the first argument.
    """
    function = start.call.function
    names = [name for name in function.parameters if name not in ("self", "cls")]
    target = start.call.argument(0, "coro")
    is_handed = isinstance(target, ast.Name) and names[:1] == [target.id] and function.name
    if start.system != "asyncio" or not is_handed:
        return [], False
    found, is_all = [], True
    for call, inner in _calls(project, start):
        made = project.function(inner.name, inner.function.module) if inner else None
        if call.awaited and not function.is_async:
            continue  # the caller waits for the task
        if inner and made:
            found.append(Start("asyncio", inner, made, made.name, ""))
        else:
            is_all = False
    return found, is_all and bool(found)


def _calls(project: Project, start: Start) -> Iterator[tuple[Call, Call | None]]:
    """The calls of the function that starts it, each with the call that is its first argument."""
    calls: dict[int, list[Call]] = {}
    for call in project.calls_of(start.call.function):
        calls.setdefault(id(call.function), []).append(call)
    for outer in calls.values():
        names = {call.name for call in outer}
        inner = [call for call in outer[0].function.calls if call.receiver in names]
        is_clear = len(inner) == len(outer)  # in the order in which they are written
        yield from zip(outer, inner if is_clear else [None] * len(outer), strict=True)
