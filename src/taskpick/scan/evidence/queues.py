"""Which queue a kind of work goes to: its own, one of Celery's routes, or the default one."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from taskpick.named_tuple import NamedTuple
from taskpick.scan.inventory.constants import text
from taskpick.scan.parsing.modules import last_part
from taskpick.scan.parsing.values import UNKNOWN, evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.evidence.settings import Settings
    from taskpick.scan.inventory.work import Work
    from taskpick.scan.parsing.modules import Call
    from taskpick.scan.reading.files import Files
    from taskpick.scan.reading.project import Project


DECIDED_LATER = "decided at the call"
"""The queue of a call that computes it."""
_NAME_A_QUEUE = (
    *("apply_async", "apply_async_on_commit", "send_task", "set"),
    *("configure", "configure_task", "with_labels", "EnqueueOptions"),
)
"""Calls among whose keywords is the queue."""


class Queue(NamedTuple):
    """The queue of a kind of work, and the line that says so."""

    name: str
    file: str
    line: int
    is_own: bool = True
    """Whether it is another one than all other work goes to."""


def queue(work: Work, settings: Settings, project: Project) -> Queue | None:
    """The queue that a kind of work goes to unless a call says otherwise; None if nothing shows it.

    What the task itself says comes before the routes, and those before the default queue.
    """
    own = work.options.get("queue") or work.options.get("queue_name")
    if own is not None:
        name, near = evaluate(own, work.module, whole=True), work.module
        if not isinstance(name, str):
            name = text(own, near.top.dotted(own), near, project)
        return Queue(name, work.file, own.lineno) if name else None
    if work.system != "celery":
        return None
    if "task_routes" in settings.values:
        routes = settings.get("task_routes")
        if routes is None or not _is_readable(routes.value):
            return None
        for name in _names(work, project.files):
            if routed := _routed(routes.value, name):
                return Queue(routed, routes.file, routes.line)
    default = settings.get("task_default_queue")
    if default and isinstance(default.value, str):
        return Queue(default.value, default.file, default.line, is_own=False)
    return None


def queue_of_call(call: Call) -> str | None:
    """The queue that a send names, itself or just before; None where it leaves that to the task.

    Just before is `task.configure(queue=…).defer()` and `task.s().set(queue=…)`.
    """
    chained = (call.name.rpartition("().")[0], f"{call.name}().set")
    calls = [call, *(other for other in call.function.calls if other.name in chained)]
    values = [
        keyword.value
        for each in calls
        for keyword in each.keywords
        if keyword.name in ("queue", "queue_name", None) and last_part(each.name) in _NAME_A_QUEUE
    ]
    names = [evaluate(value, call.function.module, whole=True) for value in values]
    if all(isinstance(name, str) and name == names[0] for name in names):
        return names[0] if names else None
    return DECIDED_LATER


def _is_readable(routes: Any) -> bool:
    """Whether all routes are written out: nothing in them computes a queue."""
    match routes:
        case dict():
            return all(isinstance(key, str) and _queue(v) for key, v in routes.items())
        case list():
            return all(isinstance(table, dict) and _is_readable(table) for table in routes)
    return False


def _queue(route: Any) -> str:
    """The queue of one route; empty if it does not show one."""
    name = route.get("queue", UNKNOWN) if isinstance(route, dict) else route
    return name if isinstance(name, str) else ""


def _routed(routes: Any, name: str) -> str:
    """The queue that routes give to a task: by its name, else by the first pattern."""
    for table in routes if isinstance(routes, list) else [routes]:
        if name in table:
            return _queue(table[name])
        for pattern, route in table.items():
            if "*" in pattern and fnmatchcase(name, pattern):
                return _queue(route)
    return ""


def _names(work: Work, files: Files) -> Iterator[str]:
    """The names that a task may have: from the folder that is scanned, and from its package."""
    yield work.task_name
    parts = work.module.name.split(".")
    folders = ["/".join(parts[:count]) for count in range(1, len(parts))]
    outside = [folder for folder in folders if f"{folder}/__init__.py" not in files.python]
    if outside and work.task_name.startswith(f"{work.module.name}."):
        yield work.task_name.removeprefix(outside[-1].replace("/", ".") + ".")
