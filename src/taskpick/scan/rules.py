"""What finds the hazards: a function for each rule of `rules.yaml`.

A rule speaks only where the code shows the whole chain. One about an absence says nothing as long
as a file that it depends on was not read.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from taskpick.scan import systems
from taskpick.scan.findings import Finding, Step, rules
from taskpick.scan.modules import last_part
from taskpick.scan.settings import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskpick.scan.definitions import Work
    from taskpick.scan.modules import Block, Call, Function, Module
    from taskpick.scan.project import Project
    from taskpick.scan.settings import Settings
    from taskpick.scan.work import Inventory, Start

_DEEPEST = 3
"""How many calls lie between an endpoint and a send at most."""
_NO_REQUEST = ("websocket", "websocket_route", "on_event", "middleware")
_SESSIONS = re.compile(
    r"(sqlalchemy|sqlmodel|databases|psycopg|asyncpg)\..*(Session|Connection|Pool)"
)
_SESSION_NAME = re.compile(r"(.*_)?(db|session|conn|connection|database)")
_ROW = re.compile(r".*(\.objects\.(get|create|first)|get_object_or_404)")
_LOCK = re.compile(r".*(lock|leader|elect)", re.IGNORECASE)
_LIMITS = ("time_limit", "soft_time_limit")
_VISIBILITY = 3600
"""Celery's default on Redis, in seconds."""


class Code(NamedTuple):
    """What the rules look at."""

    project: Project
    inventory: Inventory
    settings: Settings

    @property
    def all_read(self) -> bool:
        """Whether nothing is unread that may hold what a rule misses."""
        return not self.project.files.unread and not self.settings.has_unseen


def find(code: Code) -> list[Finding]:
    """Every finding, by file and line."""
    found = [one for detector in DETECTORS for one in detector(code)]
    return sorted(dict.fromkeys(found), key=lambda one: (one.file, one.line, one.rule))


def _found(rule: str, file: str, line: int, message: str, *steps: Step) -> Finding:
    return Finding(rule, rules()[rule].severity, file, line, message, steps)


def _at(rule: str, call: Call, message: str, *steps: Step) -> Finding:
    return _found(rule, call.function.module.file, call.line, message, *steps)


def _defined(work: Work) -> Step:
    return Step(work.file, work.line, f"{work.name} is a task of {systems.NAMES[work.system]}")


# On the server's loop


def enqueue_in_async(code: Code) -> Iterator[Finding]:
    """Sends that block, in code that an async endpoint runs on its loop."""
    for start in code.inventory.starts:
        call = start.call
        if start.system not in systems.BLOCKING or call.deferred:
            continue
        chain = _served(code, call.function, _DEEPEST, set())
        if chain:
            message = (
                f"the send of {last_part(start.text)} blocks the loop that serves every request"
            )
            yield _at("enqueue-in-async", call, message, *chain)


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
    for call in _calls_of(code, function):
        if call.deferred or call.awaited != function.is_async:
            continue
        if above := _served(code, call.function, depth - 1, seen):
            does = "awaits" if call.awaited else "calls"
            words = f"{last_part(call.function.name)} {does} {last_part(function.name)}"
            return [*above, Step(call.function.module.file, call.line, words)]
    return []


def _calls_of(code: Code, function: Function) -> Iterator[Call]:
    """The calls of a function of the project."""
    for call in code.inventory.calls_named(last_part(function.name)):
        if code.project.function(call.name, call.function.module) is function:
            yield call


def _in_endpoint(code: Code, call: Call) -> Step | None:
    verb = code.inventory.endpoints.verb(call.function)
    if not verb or verb in _NO_REQUEST or call.deferred:
        return None
    function = call.function
    return Step(function.module.file, function.line, f"{last_part(function.name)} is an endpoint")


def create_task_in_endpoint(code: Code) -> Iterator[Finding]:
    """Asyncio tasks that the endpoint neither awaits nor cancels nor hands on."""
    for start in code.inventory.starts:
        call = start.call
        where = _in_endpoint(code, call) if start.system == "asyncio" else None
        if where and call.kept != "*" and call.kept not in call.function.used:
            message = f"{last_part(start.text)} runs in the web process and is lost at every deploy"
            yield _at("create-task-in-endpoint", call, message, where)


def thread_in_endpoint(code: Code) -> Iterator[Finding]:
    """Threads that an endpoint starts and does not join."""
    for start in code.inventory.starts:
        call = start.call
        where = _in_endpoint(code, call) if start.system == "thread" else None
        if where and not any(
            c.name.endswith(".join") and _on(c, call.kept) for c in call.function.calls
        ):
            message = f"each request starts a thread for {last_part(start.text)}"
            yield _at("thread-in-endpoint", call, message, where)


def _on(call: Call, name: str) -> bool:
    """Whether a method is called on that name."""
    func = call.node.func
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and func.value.id == name
    )


def queue_task_run_in_web(code: Code) -> Iterator[Finding]:
    """Tasks of a queue given to `add_task` as they are."""
    for start in code.inventory.starts:
        work = code.inventory.work_of(start.target) if start.system == "background-tasks" else None
        if work and work.system in ("celery", "dramatiq", "rq", "taskiq", "procrastinate"):
            name, system = last_part(work.name), systems.NAMES[work.system]
            message = f"{name} runs in the web process, not on {system}"
            yield _at("queue-task-run-in-web", start.call, message, _defined(work))


def request_database_in_bg(code: Code) -> Iterator[Finding]:
    """Sessions from `Depends` among the arguments of `add_task`."""
    version = code.settings.fastapi
    for start in code.inventory.starts:
        call, function = start.call, start.call.function
        if start.system != "background-tasks" or last_part(call.name) != "add_task":
            continue
        for node in [*call.node.args[1:], *(keyword.value for keyword in call.node.keywords)]:
            name = node.id if isinstance(node, ast.Name) else ""
            if name in function.parameters and _is_session(code, function, name):
                where = Step(function.module.file, function.line, f"{name} comes from Depends")
                found = _at("request-database-in-bg", call, _closed(name, version), where)
                is_closed = version and (0, 106) <= version < (0, 118)
                yield found if is_closed else found._replace(level="note")


def _is_session(code: Code, function: Function, name: str) -> bool:
    parameter = function.parameters[name]
    if not parameter.depends:
        return False
    depends = code.project.function(parameter.depends, function.module)
    if depends is None or not depends.is_generator:
        return False
    annotation = code.project.canonical(parameter.annotation, function.module)
    return bool(_SESSIONS.fullmatch(annotation) or _SESSION_NAME.fullmatch(name))


def _closed(name: str, version: tuple[int, int] | None) -> str:
    if version is None:
        return f"{name} ends with the request: closed before the task, or kept open for it"
    found = f"FastAPI {version[0]}.{version[1]} is pinned"
    if (0, 106) <= version < (0, 118):
        return f"{name} is closed before the task runs ({found})"
    return f"{name} stays open, and holds a connection, until the task ends ({found})"


# Transactions and messages


def dispatch_in_transaction(code: Code) -> Iterator[Finding]:
    """Sends in a transaction, after a write."""
    for start in code.inventory.starts:
        work = code.inventory.work_of(start.target)
        call = start.call
        if not work or start.system in systems.IN_PROCESS or start.wrapped or call.deferred:
            continue
        if work.through or _inherits(code, work, "delay", "apply_async"):
            continue  # it may wait for the commit
        block = next(
            (b for b in call.blocks if b.after_write and _is_transaction(code, b, call)), None
        )
        if block:
            message = f"{last_part(work.name)} is sent before the transaction is committed"
            where = Step(call.function.module.file, block.line, "the transaction begins here")
            yield _at("dispatch-in-transaction", call, message, where, _defined(work))


def _inherits(code: Code, work: Work, *names: str) -> bool:
    """Whether a task has one of the names from a class of the project, or might have it."""
    classes: list[tuple[str, Module]] = []
    if base := work.options.get("base"):
        name = ast.unparse(base)
        first, _, rest = name.partition(".")
        path = work.module.names.get(first, first) + (f".{rest}" if rest else "")
        classes.append((path, work.module))
    for one in code.settings.values.get("task_cls", []):
        if not isinstance(one.value, str):
            return True
        classes.append((one.value.replace(":", "."), work.module))
    for path, near in classes:
        members = code.project.members(path, near)
        if members is None or members & set(names):
            return True
    return False


def _is_transaction(code: Code, block: Block, call: Call) -> bool:
    if isinstance(block.node, ast.Call) and any(k.arg == "using" for k in block.node.keywords):
        return False  # another database, perhaps a replica that is only read
    near = call.function.module
    if re.fullmatch(r".*session(\(\))?\.begin", block.name, re.IGNORECASE):
        return True
    if code.project.canonical(block.name, near) == "django.db.transaction.atomic":
        return True
    wrapper = code.project.function(block.name, near)
    if wrapper is None or not any("contextmanager" in d.name for d in wrapper.decorators):
        return False
    inside = {code.project.canonical(one.name, wrapper.module) for one in wrapper.calls}
    return "django.db.transaction.atomic" in inside


def orm_argument(code: Code) -> Iterator[Finding]:
    """Rows among the arguments of a send."""
    for start in code.inventory.starts:
        work = code.inventory.work_of(start.target)
        if not work or start.wrapped or start.system in {*systems.IN_PROCESS, "temporal", "dbos"}:
            continue
        for node in _sent(start):
            if why := _row(node, start.call.function):
                message = f"{ast.unparse(node)} is a database row, not its id"
                yield _at("orm-argument", start.call, message, why, _defined(work))
                break


def _sent(start: Start) -> list[ast.expr]:
    """What a send puts into the message."""
    call, method = start.call, last_part(start.call.name)
    if method in ("apply_async", "send_with_options"):
        values = [call.argument(0, "args"), call.argument(1, "kwargs")]
        inner: list[ast.expr] = []
        for value in values:
            inner += value.elts if isinstance(value, ast.Tuple | ast.List) else []
            inner += value.values if isinstance(value, ast.Dict) else []
        return inner
    positional = call.node.args if method in systems.METHOD_WORDS else call.node.args[1:]
    return [*positional, *(keyword.value for keyword in call.node.keywords)]


def _row(node: ast.expr, function: Function) -> Step | None:
    """The line that shows an argument to be a row."""
    if isinstance(node, ast.Attribute) and re.fullmatch(
        r"(self\.)?request\.user", ast.unparse(node)
    ):
        return Step(function.module.file, node.lineno, "the user of the request")
    value = function.values.get(node.id) if isinstance(node, ast.Name) else None
    if isinstance(value, ast.Call) and _ROW.fullmatch(ast.unparse(value.func)):
        return Step(function.module.file, value.lineno, "loaded here")
    return None


# Celery's options


def dead_max_retries(code: Code) -> Iterator[Finding]:
    """A limit of retries where nothing retries."""
    unseen = {"task_cls", "task_annotations", "task_retry_on_worker_lost"}
    unseen &= code.settings.values.keys()
    for work in code.inventory.work:
        function, options = work.function, work.options
        limit = options.get("max_retries")
        if work.system != "celery" or not function or unseen or work.through:
            continue
        if not (isinstance(limit, ast.Constant) and limit.value):
            continue
        if {"autoretry_for", "base"} & options.keys() or any(
            isinstance(d.node, ast.Call) and any(k.arg is None for k in d.node.keywords)
            for d in function.decorators
        ):
            continue
        first = next(iter(function.parameters), "")
        if "retry" in function.attributes or (
            first and "bind" in options and first in function.used
        ):
            continue
        if code.inventory.is_retried(function):
            continue
        message = f"{last_part(work.name)} has max_retries={limit.value!r}, but nothing retries it"
        why = Step(work.file, limit.lineno, "no autoretry_for, and no call of retry")
        yield _found("dead-max-retries", work.file, work.line, message, why)


def pickle(code: Code) -> Iterator[Finding]:
    """Messages that are pickled, or taken so; said once for each file."""
    values = code.settings.values
    places = [one for one in values.get("task_serializer", []) if one.value == "pickle"]
    if len(places) < len(values.get("task_serializer", [])):
        places = []  # one file overrides another
    for one in values.get("accept_content", []):
        kinds = one.value if isinstance(one.value, list) else []
        if any(kind in ("pickle", "application/x-python-serialize") for kind in kinds):
            places.append(one)
    for file in dict.fromkeys(one.file for one in places):
        line = next(one.line for one in places if one.file == file)
        message = "messages are pickled: who can write to the broker runs code in the workers"
        yield _found("pickle", file, line, message)


def no_time_limit(code: Code) -> Iterator[Finding]:
    """No limit in settings, commands and most tasks; said once."""
    keys = {"task_time_limit", "task_soft_time_limit"}
    celery = [work for work in code.inventory.work if work.system == "celery" and work.function]
    celery = [work for work in celery if not work.is_class]
    bare = [work for work in celery if not set(_LIMITS) & work.options.keys()]
    by_command = any("time-limit" in command.text for command in code.settings.commands)
    unseen = keys | {"task_annotations"}
    if not code.all_read or unseen & code.settings.values.keys() or by_command:
        return
    bare = [work for work in bare if not _inherits(code, work, *_LIMITS)]
    if bare and len(bare) * 2 > len(celery):
        first = min(bare, key=lambda work: (work.file, work.line))
        message = (
            f"{len(bare)} of {len(celery)} Celery tasks have no limit, nor is there a general one"
        )
        yield _found("no-time-limit", first.file, first.line, message)


def late_ack_no_reject(code: Code) -> Iterator[Finding]:
    """Late acknowledgement without what makes it hold when a child is killed; said once."""
    setting = code.settings.get("task_acks_late")
    work = [w for w in code.inventory.work if _is_true(w.options.get("acks_late"))]
    names = {"reject_on_worker_lost", "retry_on_worker_lost"}
    rejects = any(f"task_{name}" in code.settings.values for name in names)
    rejects = rejects or any(names & w.options.keys() for w in code.inventory.work)
    if not code.all_read or rejects or "task_annotations" in code.settings.values:
        return
    message = "late acknowledgement, but a killed child counts as done"
    if setting and setting.value is True:
        yield _found("late-ack-no-reject", setting.file, setting.line, message)
    elif work:
        yield _found("late-ack-no-reject", work[0].file, work[0].line, message)


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def visibility_below_limit(code: Code) -> Iterator[Finding]:
    """Limits and delays above the visibility timeout of Redis."""
    broker, options = code.settings.broker, code.settings.values.get("broker_transport_options", [])
    seconds: object = _VISIBILITY
    if options:
        value = code.settings.get("broker_transport_options")
        known = value.value if value and isinstance(value.value, dict) else {}
        seconds = known.get("visibility_timeout", _VISIBILITY) if value else None
    if not broker or broker.value != "Redis" or not isinstance(seconds, int | float):
        return
    all_late = code.settings.get("task_acks_late")
    where = Step(
        broker.file, broker.line, f"the broker is Redis; its messages come back after {seconds:g} s"
    )
    for work in code.inventory.work:
        if work.system != "celery":
            continue
        late = work.options.get("acks_late")
        is_late = _is_true(late) if late else bool(all_late and all_late.value is True)
        limit = evaluate(work.options.get("time_limit"), work.module)
        if is_late and isinstance(limit, int | float) and limit > seconds:
            name = last_part(work.name)
            message = f"{name} may run {limit:g} s and is then run a second time meanwhile"
            yield _found("visibility-below-limit", work.file, work.line, message, where)
    for start in code.inventory.starts:
        delay = start.call.argument(99, "countdown") if start.system == "celery" else None
        value = evaluate(delay, start.call.function.module) if delay else None
        if isinstance(value, int | float) and value > seconds:
            message = f"{last_part(start.text)} waits {value:g} s and is then run more than once"
            yield _at("visibility-below-limit", start.call, message, where)


# Processes


def beat_inside_worker(code: Code) -> Iterator[Finding]:
    """`celery worker -B` where it is not for development."""
    for one in code.settings.commands:
        if re.search(r"(dev|local|debug|test)", one.file, re.IGNORECASE):
            continue
        if one.program == "celery worker" and re.search(r"(?<!\S)(-B|--beat)(?!\S)", one.text):
            message = "the worker carries the scheduler: a second worker doubles every schedule"
            yield _found("beat-inside-worker", one.file, one.line, message)


def apscheduler_in_every_worker(code: Code) -> Iterator[Finding]:
    """A scheduler in the module of the app, of which several processes run, without a lock."""
    several = [c for c in code.settings.commands if c.web_workers > 1 and "--preload" not in c.text]
    if not several:
        return
    for start in code.inventory.starts:
        module = start.call.function.module
        if start.system != "apscheduler" or "fastapi.FastAPI()" not in module.assigned.values():
            continue
        names = [*module.names, *(name for f in module.functions.values() for name in f.attributes)]
        if any(map(_LOCK.match, [*names, *module.functions])):
            continue
        command = several[0]
        words = f"{command.web_workers} web processes are started"
        message = f"{command.web_workers} web processes run {last_part(start.text)} each"
        where = Step(command.file, command.line, words)
        yield _at("apscheduler-in-every-worker", start.call, message, where)
        return


def taskiq_list_broker(code: Code) -> Iterator[Finding]:
    """A broker of taskiq that acknowledges nothing; said once."""
    for call in code.inventory.calls_named("ListQueueBroker"):
        if call.name == "taskiq_redis.ListQueueBroker":
            message = "a worker that is killed loses the task it was running"
            yield _at("taskiq-list-broker", call, message)
            return


DETECTORS: list[Callable[[Code], Iterator[Finding]]] = [
    enqueue_in_async,
    dispatch_in_transaction,
    dead_max_retries,
    request_database_in_bg,
    create_task_in_endpoint,
    thread_in_endpoint,
    queue_task_run_in_web,
    beat_inside_worker,
    pickle,
    visibility_below_limit,
    orm_argument,
    apscheduler_in_every_worker,
    taskiq_list_broker,
    late_ack_no_reject,
    no_time_limit,
]
