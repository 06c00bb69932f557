"""Which other files matter: those that use the work of a project, or call what sends it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from taskpick.scan import systems
from taskpick.scan.inventory import by_name
from taskpick.scan.inventory.requests import METHODS, has_no_timeout
from taskpick.scan.parsing.modules import last_part
from taskpick.scan.reading.imports import Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from taskpick.scan.inventory.definitions import Definitions
    from taskpick.scan.inventory.endpoints import Endpoints
    from taskpick.scan.parsing.modules import Call, Function, Module
    from taskpick.scan.reading.project import Project

_DEEPEST = 2
"""How many calls lie between a send and a function whose callers matter at most."""
_SENDS = (
    *("delay", "apply_async", "enqueue", "send_task", "enqueue_job", "kiq", "create"),
    *("create_task", "ensure_future"),
)
_TOO_COMMON = frozenset({"__init__", "get", "post", "save", "run", "handle"})


def names(defined: Definitions, endpoints: Endpoints, sends: Callable[[Call], bool]) -> set[Name]:
    """Names that lead from other files to the work, and to what sends it or waits for ever."""
    found = set(_objects(defined.project.modules.values()))
    for work in defined.work:
        if work.through:
            last = last_part(work.through)
            found |= {Name(f"{sign}{last}".encode(), last.encode(), "") for sign in ("@", ".")}
        if work.system in ("dramatiq", "huey"):
            used = f"{work.name}{'.send' if work.system == 'dramatiq' else ''}"
            found.add(Name(used.encode(), work.name.encode(), work.module.name))
    for function in _defining(defined.project):
        outer, _, inner = function.name.partition(".")
        found.add(Name((inner or outer).encode(), outer.encode(), function.module.name))
    queuing = [function for *_, function in by_name.sends(defined.project, defined.work)]
    for function in (*_with_callers(defined, endpoints, sends), *queuing):
        outer = function.name.partition(".")[0]
        used = _written_by_callers(function)
        found.add(Name(used.encode(), outer.encode(), function.module.name))
    return found


def _objects(modules: Iterable[Module]) -> Iterable[Name]:
    """What other files write to start or define work on an object at the top of a file."""
    for module in modules:
        for name, value in module.assigned.items():
            if "." not in name and value.startswith(systems.PACKAGES):
                for method in systems.methods_of(value):
                    yield Name(f".{method}".encode(), name.encode(), module.name)


def _defining(project: Project) -> Iterable[Function]:
    """The functions that define work when they are called, such as decorators of the project."""
    for word in systems.DEFINITION_WORDS:
        for call in (*project.calls_named(word), *project.calls_named(f"{word}()")):
            function, name = call.function, call.name.removesuffix("()")
            if not function.name or not project.may_define(name, function.module):
                continue
            if systems.definition(project.canonical(name, function.module)):
                yield function


def _with_callers(
    defined: Definitions, endpoints: Endpoints, sends: Callable[[Call], bool]
) -> Iterable[Function]:
    """The functions that send or wait, and those that call them; in an order that never changes."""
    project = defined.project
    sending = filter(sends, chain.from_iterable(map(project.calls_named, _SENDS)))
    waiting = filter(has_no_timeout, chain.from_iterable(map(project.calls_named, METHODS)))
    latest = dict.fromkeys(call.function for call in chain(sending, waiting))
    found = dict(latest)
    for _ in range(_DEEPEST):
        inner = [
            function
            for function in latest
            if function not in defined.of and not endpoints.verb(function)
        ]
        latest = dict.fromkeys(c.function for f in inner for c in project.calls_of(f))
        found |= latest
    return [function for function in found if function.name and function not in defined.of]


def _written_by_callers(function: Function) -> str:
    """What is written in a file that calls a function, or makes what has such a method."""
    outer, _, inner = function.name.partition(".")
    method = inner.partition(".")[0]
    is_method = outer in function.module.bases and method not in _TOO_COMMON
    return f".{method}(" if is_method else f"{outer}("
