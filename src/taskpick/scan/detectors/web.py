"""Work that is started on the server's loop, or in its process."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskpick.scan import systems
from taskpick.scan.detectors.code import defined, hazard_at
from taskpick.scan.findings import Step
from taskpick.scan.parsing.modules import last_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.detectors.code import Code
    from taskpick.scan.findings import Finding
    from taskpick.scan.parsing.modules import Call, Function

_DEEPEST = 3
"""How many calls lie between an endpoint and a send at most."""
_NO_REQUEST = ("websocket", "websocket_route", "on_event", "middleware")
_SESSIONS = re.compile(
    r"(sqlalchemy|sqlmodel|databases|psycopg|asyncpg)\..*(Session|Connection|Pool)"
)
_SESSION_NAME = re.compile(r"(.*_)?(db|session|conn|connection|database)")


def enqueue_in_async(code: Code) -> Iterator[Finding]:
    """Sends that block, in code that an async endpoint runs on its loop."""
    for start in code.inventory.starts:
        call = start.call
        if start.system not in systems.BLOCKING or call.deferred:
            continue
        chain = _served(code, call.function, _DEEPEST, set())
        if chain:
            message = f"sending {last_part(start.text)} blocks the loop that serves every request"
            finding = hazard_at("enqueue-in-async", call, message, *chain)
            yield finding._replace(system=start.system)


def _served(code: Code, function: Function, depth: int, seen: set[Function]) -> list[Step]:
    """The calls from an async endpoint down to a function; empty if there are none."""
    if function in seen or not function.name:
        return []
    seen.add(function)
    verb = code.inventory.endpoints.verb(function)
    where = Step(
        function.module.file, function.line, f"{last_part(function.name)} is an async endpoint"
    )
    if verb and function.is_async:
        return [where] if verb not in ("on_event",) else []
    if verb or not depth or code.inventory.work_of(function):
        return []
    for call in code.project.calls_of(function):
        if call.deferred or call.awaited != function.is_async:
            continue
        if above := _served(code, call.function, depth - 1, seen):
            does = "awaits" if call.awaited else "calls"
            words = f"{last_part(call.function.name)} {does} {last_part(function.name)}"
            return [*above, Step(call.function.module.file, call.line, words)]
    return []


def _in_endpoint(code: Code, call: Call) -> Step | None:
    verb = code.inventory.endpoints.verb(call.function)
    if not verb or verb in _NO_REQUEST or call.deferred:
        return None
    function = call.function
    return Step(function.module.file, function.line, f"{last_part(function.name)} is an endpoint")


def create_task_in_endpoint(code: Code) -> Iterator[Finding]:
    """Asyncio tasks that a request leaves behind: neither awaited nor cancelled nor handed on."""
    for start in code.inventory.starts:
        call = start.call
        if start.system != "asyncio" or call.deferred or not _is_left_alone(call):
            continue
        if chain := _requested(code, call, call.function, _DEEPEST):
            message = f"{last_part(start.text)} runs in the web process and is lost at every deploy"
            yield hazard_at("create-task-in-endpoint", call, message, *chain)


def _is_left_alone(call: Call) -> bool:
    """Whether nothing is done with what a call gives, but to keep it."""
    name, function = call.assigned_to, call.function
    if call.line in function.module.ended:
        return False
    inner = f"{function.name}."
    is_used_within = any(
        name in other.used and name not in other.parameters
        for path, other in function.module.functions.items()
        if path.startswith(inner)
    )
    is_used = name in function.used or is_used_within or _is_used_around(call)
    return name != "*" and not is_used


def _is_used_around(call: Call) -> bool:
    """Whether it is added to what a function around uses, and so may wait for or cancel."""
    functions, path = call.function.module.functions, call.function.name
    keepers = {
        other.owner
        for other in call.function.calls
        if last_part(other.name) in ("append", "add")
        and any(isinstance(a, ast.Name) and a.id == call.assigned_to for a in other.arguments)
    }
    while path := path.rpartition(".")[0]:
        others = [
            function
            for name, function in functions.items()
            if f"{name}.".startswith(f"{path}.") and function is not call.function
        ]
        if path in functions and any(keepers & (f.used - f.parameters.keys()) for f in others):
            return True
    return False


def _requested(code: Code, start: Call, function: Function, depth: int) -> list[Step]:
    """The calls from an endpoint down to a function that it runs; empty if there are none."""
    if not function.name:
        return []
    name, file = last_part(function.name), function.module.file
    if verb := code.inventory.endpoints.verb(function):
        if verb in _NO_REQUEST or not function.is_async:
            return []  # one that is not async runs in a thread, which has no loop
        return [Step(file, function.line, f"{name} is an endpoint")]
    if not depth or code.inventory.work_of(function):
        return []
    around = function.module.functions.get(function.name.rpartition(".")[0])
    if around and (above := _requested(code, start, around, depth)):
        words = f"{name} is a function within {last_part(around.name)}"
        return [*above, Step(file, function.line, words)]
    if start.function is function and start.tested & function.parameters.keys():
        return []  # it depends on the caller whether it is reached
    for call in code.project.calls_of(function):
        is_run = call.awaited == function.is_async or function.is_generator
        if not is_run or call.deferred or call.function is function:
            continue
        if above := _requested(code, call, call.function, depth - 1):
            words = f"{last_part(call.function.name)} calls {name}"
            return [*above, Step(call.function.module.file, call.line, words)]
    return []


def task_after_run(code: Code) -> Iterator[Finding]:
    """Asyncio tasks that nothing waits for, on a loop that ends with a task of a queue."""
    for start in code.inventory.starts:
        call = start.call
        if start.system != "asyncio" or not _is_left_alone(call):
            continue
        if chain := _run_by_a_task(code, call, {call.function}):
            message = f"asyncio.run ends without waiting for {last_part(start.text)}"
            yield hazard_at("task-after-run", call, message, *chain)


def _run_by_a_task(code: Code, inner: Call, seen: set[Function]) -> list[Step]:
    """The calls from `asyncio.run` in a task of a queue down to a call; empty if there are none."""
    function = inner.function
    if inner.deferred or not function.is_async or inner.tested & function.parameters.keys():
        return []
    for call in code.project.calls_of(function):
        above, file = call.function, call.function.module.file
        name = last_part(above.name)
        if call.receiver == "asyncio.run":
            work = code.inventory.work_of(above)
            if work and work.system not in systems.IN_PROCESS:
                words = f"{name} gives {last_part(function.name)} its own loop"
                return [defined(work), Step(file, call.line, words)]
        elif above not in seen and (chain := _run_by_a_task(code, call, {*seen, above})):
            return [*chain, Step(file, call.line, f"{name} calls {last_part(function.name)}")]
    return []


def thread_in_endpoint(code: Code) -> Iterator[Finding]:
    """Threads that an endpoint starts and does not join."""
    for start in code.inventory.starts:
        call = start.call
        where = _in_endpoint(code, call) if start.system == "thread" else None
        if where and not any(
            c.name.endswith(".join") and c.owner == call.assigned_to for c in call.function.calls
        ):
            message = f"each request starts a thread for {last_part(start.text)}"
            yield hazard_at("thread-in-endpoint", call, message, where)


def queue_task_run_in_web(code: Code) -> Iterator[Finding]:
    """Tasks of a queue given to `add_task` as they are."""
    for start in code.inventory.starts:
        work = code.inventory.work_of(start.target) if start.system == "background-tasks" else None
        if work and work.system in ("celery", "dramatiq", "rq", "taskiq", "procrastinate"):
            name, system = last_part(work.name), systems.NAMES[work.system]
            message = f"{name} runs in the web process, not on {system}"
            finding = hazard_at("queue-task-run-in-web", start.call, message, defined(work))
            yield finding._replace(system=work.system)


def request_database_in_bg(code: Code) -> Iterator[Finding]:
    """Sessions from `Depends` among the arguments of `add_task`."""
    version = code.settings.fastapi
    for start in code.inventory.starts:
        call, function = start.call, start.call.function
        if start.system != "background-tasks" or last_part(call.name) != "add_task":
            continue
        for node in [*call.arguments[1:], *(keyword.value for keyword in call.keywords)]:
            name = node.id if isinstance(node, ast.Name) else ""
            if name in function.parameters and _is_session(code, function, name):
                where = Step(function.module.file, function.line, f"{name} comes from Depends")
                finding = hazard_at("request-database-in-bg", call, _closed(name, version), where)
                is_closed = version and (0, 106) <= version < (0, 118)
                yield finding if is_closed else finding._replace(level="note")


def _is_session(code: Code, function: Function, name: str) -> bool:
    parameter = function.parameters[name]
    if not parameter.depends:
        return False
    depends = code.project.function(parameter.depends, function.module)
    if depends is None or not depends.is_generator or depends.decorators:
        return False  # decorated, it is no generator for FastAPI, which opens nothing then
    annotation = code.project.canonical(parameter.annotation, function.module)
    return bool(_SESSIONS.fullmatch(annotation) or _SESSION_NAME.fullmatch(name))


def _closed(name: str, version: tuple[int, int] | None) -> str:
    if version is None:
        return f"{name} ends with the request: closed before the task, or kept open for it"
    pinned = f"FastAPI {version[0]}.{version[1]} is pinned"
    if (0, 106) <= version < (0, 118):
        return f"{name} is closed before the task runs ({pinned})"
    return f"{name} stays open, and holds a connection, until the task ends ({pinned})"
