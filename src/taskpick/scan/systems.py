"""How each system is spelled in code: what defines a piece of work, and what starts one."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

NAMES = {
    "background-tasks": "BackgroundTasks",
    "celery": "Celery",
    "rq": "RQ",
    "dramatiq": "Dramatiq",
    "huey": "Huey",
    "taskiq": "Taskiq",
    "arq": "arq",
    "saq": "SAQ",
    "procrastinate": "Procrastinate",
    "dbos": "DBOS",
    "temporal": "Temporal",
    "apscheduler": "APScheduler",
    "asyncio": "asyncio",
    "thread": "threads",
    "executor": "executors",
}
LIBRARIES = {
    "apscheduler": "apscheduler",
    "arq": "arq",
    "celery": "celery",
    "dbos": "dbos",
    "django_rq": "rq",
    "dramatiq": "dramatiq",
    "flask_rq2": "rq",
    "huey": "huey",
    "litestar_saq": "saq",
    "procrastinate": "procrastinate",
    "rq": "rq",
    "rq_scheduler": "rq",
    "saq": "saq",
    "taskiq": "taskiq",
    "temporalio": "temporal",
}
"""Packages that are imported, and the system that each is a library of."""
PACKAGES = (*LIBRARIES, "asyncio.", "concurrent.")
"""What the dotted names of all begin with."""
IN_PROCESS = frozenset({"background-tasks", "apscheduler", "asyncio", "thread", "executor"})
"""Systems whose work ends with the process that started it."""


class Start(NamedTuple):
    """How a call that starts work is spelled: its full dotted name, and where the work is named."""

    system: str
    pattern: re.Pattern[str]
    position: int = 0
    keyword: str = ""


_APSCHEDULER_4 = r"apscheduler\.((\w+\.)*(Async)?Scheduler\(\)|current_(async_)?scheduler\.get\(\))"
_PROCRASTINATE = r"procrastinate\.((\w+\.)*(App|Blueprint)\(\)|contrib\.django\.app)"
DEFINITIONS = [
    (system, re.compile(pattern))
    for system, pattern in (
        (
            "celery",
            (
                r"celery\.(shared_task|task|(app\.)?shared_task|decorators\.\w*task|(Celery|app\.Celery"
                r"|app\.base\.Celery)\(\)\.(task|periodic_task)|current_app\.task|task\.\w*task)"
            ),
        ),
        ("rq", r"(rq\.(decorators\.)?job|django_rq\.(decorators\.)?job|flask_rq2\.RQ\(\)\.job)"),
        ("dramatiq", r"dramatiq\.(actor|actor\.actor)"),
        ("huey", r"huey\.(\w+\.)*\w*Huey\(\)\.(task|periodic_task|context_task)"),
        ("huey", r"huey\.contrib\.djhuey\.((db_)?(task|periodic_task)|on_commit_task)"),
        (
            "taskiq",
            (
                r"taskiq\w*\.(\w+\.)*(\w*Broker\(\)|async_shared_broker)(\.\w+\(\))*\."
                r"(task|register_task)"
            ),
        ),
        ("procrastinate", rf"{_PROCRASTINATE}\.(task|periodic)"),
        ("dbos", r"dbos\.DBOS(\(\))?\.(workflow|scheduled|scheduled_workflow)"),
        ("apscheduler", r"apscheduler\.schedulers\.\w+\.\w+Scheduler\(\)\.scheduled_job"),
        ("apscheduler", rf"apscheduler\.task|{_APSCHEDULER_4}\.configure_task"),
    )
]
"""Decorators by their full name."""
DEFINITION_WORDS = (
    *("actor", "configure_task", "context_task", "db_task", "job", "on_commit_task"),
    *("periodic_task", "register_task", "shared_task", "task", "workflow"),
)
"""The last names of decorators that may be called, too: `app.task(…)(function)`."""

_LOOP = r"asyncio\.(get_(running_|event_)?|new_event_)loop\(\)"
_QUEUE = r"(rq\.Queue|rq\.queue\.Queue|django_rq\.get_queue)\(\)"
_SCHEDULER = r"(rq_scheduler\.Scheduler|django_rq\.get_scheduler)\(\)"
_STARTS = (
    (
        "background-tasks",
        r"((fastapi|starlette)\.(background\.)?BackgroundTasks\(\)|\??background_tasks)",
        "add_task",
        0,
        "func",
    ),
    ("background-tasks", r"(fastapi|starlette)\.background", "BackgroundTask", 0, "func"),
    ("celery", r"celery\.(Celery\(\)|current_app|execute)", "send_task", 0, "name"),
    ("rq", _QUEUE, "enqueue enqueue_call", 0, "f"),
    ("rq", _QUEUE, "enqueue_in enqueue_at", 1, "f"),
    ("rq", r"django_rq", "enqueue", 0, "f"),
    ("rq", r"rq\.(job\.)?Job", "create", 0, "func"),
    ("rq", _SCHEDULER, "schedule cron enqueue_in enqueue_at", 1, "func"),
    ("arq", r"arq\.(connections\.)?(create_pool|ArqRedis)\(\)", "enqueue_job", 0, ""),
    ("arq", r"arq(\.cron)?", "cron", 0, ""),
    ("saq", r"saq\.(queue\.)?Queue(\.from_url)?\(\)", "enqueue apply", 0, ""),
    ("saq", r"(litestar_)?saq(\.\w+)*", "CronJob", 0, "function"),
    ("procrastinate", _PROCRASTINATE, "configure_task", 0, "name"),
    ("dbos", r"dbos\.DBOS", "start_workflow start_workflow_async", 0, ""),
    ("dbos", r"dbos\.DBOS(\(\))?", "create_schedule", 1, "workflow_fn"),
    ("dbos", r"dbos\.Queue\(\)", "enqueue enqueue_async", 0, ""),
    ("dbos", r"dbos", "EnqueueOptions", 0, "workflow_name"),  # of a client's `enqueue`
    (
        "temporal",
        r"temporalio\.client\.Client(\.connect)?\(\)",
        "start_workflow execute_workflow",
        0,
        "",
    ),
    ("temporal", r"temporalio\.workflow", "start_child_workflow execute_child_workflow", 0, ""),
    ("temporal", r"temporalio\.client", "ScheduleActionStartWorkflow", 0, ""),
    ("apscheduler", _APSCHEDULER_4, "add_job add_schedule", 0, "func_or_task_id"),
    ("apscheduler", r"apscheduler\.(\w+\.)*\w*Scheduler\(\)", "add_job", 0, "func"),
    ("asyncio", r"asyncio", "create_task ensure_future", 0, "coro"),
    ("asyncio", _LOOP, "create_task", 0, "coro"),
    ("thread", r"threading", "Thread", 1, "target"),
    ("thread", r"threading", "Timer", 1, "function"),
    ("executor", r"concurrent\.futures\.(\w+\.)?\w+PoolExecutor\(\)", "submit", 0, "fn"),
    ("executor", _LOOP, "run_in_executor", 1, "func"),
)
"""Calls that start work: the system, what stands before the last dot, and the names after it."""

STARTS = [
    Start(system, re.compile(rf"{owner}\.({'|'.join(names.split())})"), position, keyword)
    for system, owner, names, position, keyword in _STARTS
]
"""Calls by their full name."""


def in_use(words: Collection[bytes]) -> frozenset[str]:
    """The systems that may be used where these words are imported; some need no library."""
    used = {system for package, system in LIBRARIES.items() if package.encode() in words}
    if any(word.startswith(b"taskiq_") for word in words):  # brokers are packages of their own
        used.add("taskiq")
    return frozenset(NAMES.keys() - set(LIBRARIES.values()) | used)


def start_words(used: Collection[str]) -> frozenset[str]:
    """The last names of `STARTS` of these systems."""
    starts = (names for system, _, names, _, _ in _STARTS if system in used)
    return frozenset(" ".join(starts).split())


START_WORDS = start_words(NAMES)

ON_COMMIT = frozenset({"delay_on_commit", "apply_async_on_commit"})
"""Methods of Celery's tasks in Django that send once the transaction is committed."""
START_METHODS = {
    "celery": frozenset({"delay", "apply_async", *ON_COMMIT}),
    "rq": frozenset({"delay"}),
    "dramatiq": frozenset({"send", "send_with_options"}),
    "huey": frozenset({"", "schedule"}),
    "taskiq": frozenset({"kiq", "schedule_by_time", "schedule_by_cron", "schedule_by_interval"}),
    "procrastinate": frozenset({"defer", "defer_async"}),
}
"""What is called on the work itself to start it; an empty name is a call of the work."""

SIGNATURES = {
    "celery": frozenset({"s", "si", "signature", "subtask"}),
    "dramatiq": frozenset({"message", "message_with_options"}),
    "huey": frozenset({"s"}),
}
"""What is called on the work to describe a start, for a chain or a group to send."""
SIGNATURE_WORDS = frozenset(method for methods in SIGNATURES.values() for method in methods)

BLOCKING = frozenset({"celery", "rq", "dramatiq", "huey"})
"""Systems whose start waits for the network and cannot be awaited."""
LATER = frozenset(
    [
        *("countdown", "eta", "delay", "at_time", "defer_until", "_defer_by"),
        *("schedule_in", "schedule_at", "start_delay"),
    ]
)
"""Keywords that start work later."""
METHOD_WORDS = frozenset(method for methods in START_METHODS.values() for method in methods)
LISTS = {
    "arq.Worker": ("arq", "functions"),
    "arq.worker.Worker": ("arq", "functions"),
    "saq.Worker": ("saq", "functions"),
    "saq.worker.Worker": ("saq", "functions"),
    "litestar_saq.QueueConfig": ("saq", "tasks"),
}
"""Calls that list work: the system, and the keyword of the list."""
LIST_WORDS = frozenset(name.rpartition(".")[2] for name in LISTS)
DRAMATIQ_BROKERS = frozenset({"RabbitmqBroker", "RedisBroker", "StubBroker"})
DETAILED = frozenset(
    (START_WORDS - {"create"})  # which many others are called, and which is given plain names
    | METHOD_WORDS
    | SIGNATURE_WORDS
    | LIST_WORDS
    | DRAMATIQ_BROKERS
    | {"Celery", "add_periodic_task", *DEFINITION_WORDS}
)
"""The last names of calls of which more than the names among their arguments is looked at."""


def methods(system: str) -> frozenset[str]:
    """What is called on the work of a system to start it, now or as a part of something."""
    return START_METHODS.get(system, frozenset()) | SIGNATURES.get(system, frozenset())


@cache
def methods_of(owner: str) -> list[str]:
    """The methods of an object that start or define work, by what it is: `rq.Queue()`."""
    words = START_WORDS.union(DEFINITION_WORDS, ("periodic", "scheduled_job"))
    return [word for word in words if start(f"{owner}.{word}") or definition(f"{owner}.{word}")]


def definition(name: str) -> str:
    """The system of a decorator; empty if it defines no work."""
    return next((system for system, pattern in DEFINITIONS if pattern.fullmatch(name)), "")


def start(name: str) -> Start | None:
    """How a call starts work; None if it does not."""
    return next((spelling for spelling in STARTS if spelling.pattern.fullmatch(name)), None)
