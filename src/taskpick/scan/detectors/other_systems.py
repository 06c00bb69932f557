"""What systems other than Celery do by default when a worker ends."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskpick.scan.detectors.code import hazard, hazard_at
from taskpick.scan.findings import Step
from taskpick.scan.parsing.modules import last_part
from taskpick.scan.reading.files import startup_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.detectors.code import Code
    from taskpick.scan.findings import Finding
    from taskpick.scan.parsing.modules import Call

_GRACEFUL = re.compile(r"(?<!\S)(-g|--graceful)")
_NOW = re.compile(r"[\w.]*now\([^()]*\)")
_SCHEDULER = re.compile(r"apscheduler\.schedulers\.\w+\.\w+Scheduler")


def taskiq_list_broker(code: Code) -> Iterator[Finding]:
    """A broker of taskiq that acknowledges nothing; said once."""
    for call in code.project.calls_named("ListQueueBroker"):
        if call.name == "taskiq_redis.ListQueueBroker":
            message = "a worker that is killed loses the task it was running"
            yield hazard_at("taskiq-list-broker", call, message)
            return


def dramatiq_slow_recovery(code: Code) -> Iterator[Finding]:
    """A Redis broker of dramatiq that rarely looks for dead workers; said once."""
    for call in code.project.calls_named("RedisBroker"):
        name = code.project.canonical(call.name, call.function.module)
        if name == "dramatiq.brokers.redis.RedisBroker" and not _has(call, "maintenance_chance"):
            message = "the task of a killed worker waits 8 to 18 minutes for another one"
            yield hazard_at("dramatiq-slow-recovery", call, message)
            return


def _has(call: Call, keyword: str) -> bool:
    """Whether a call has the keyword, or may have it."""
    return any(passed.name in (keyword, None) for passed in call.keywords)


def huey_stops_at_once(code: Code) -> Iterator[Finding]:
    """A consumer of Huey that SIGTERM ends in the middle of a task."""
    if any("SIGINT" in text for _, text in startup_texts(code.project.files)):
        return  # it may be stopped with the signal that it waits for
    for command in code.settings.commands:
        if command.program == "huey_consumer" and not _GRACEFUL.search(command.text):
            message = "SIGTERM ends the consumer at once, and the running task is lost"
            yield hazard("huey-stops-at-once", command.file, command.line, message)


def procrastinate_stalled_jobs(code: Code) -> Iterator[Finding]:
    """Jobs of procrastinate where nothing ever looks for stalled ones; said once."""
    work = [work for work in code.inventory.work if work.system == "procrastinate"]
    if not work or not code.all_read:
        return
    files = code.project.files
    if any(b"stalled" in (files.read(file) or b"") for file in files.python):
        return
    first = min(work, key=lambda one: (one.file, one.line))
    message = "the job of a killed worker stays 'doing' for ever: nothing retries stalled jobs"
    yield hazard("procrastinate-stalled-jobs", first.file, first.line, message)


def apscheduler_forgets(code: Code) -> Iterator[Finding]:
    """Jobs for a later time in a scheduler that keeps them in memory."""
    schedulers = [
        call
        for call in code.project.calls()
        if call.name.endswith("Scheduler")
        and _SCHEDULER.fullmatch(code.project.canonical(call.name, call.function.module))
    ]
    is_stored = (
        not code.all_read
        or any(_has(call, "jobstores") or call.arguments for call in schedulers)
        or any(code.project.calls_named(name) for name in ("add_jobstore", "configure"))
    )
    if is_stored or len(schedulers) != 1:
        return
    where = Step(
        schedulers[0].function.module.file, schedulers[0].line, "the scheduler has no job store"
    )
    for start in code.inventory.starts:
        call = start.call
        if start.system == "apscheduler" and last_part(call.name) == "add_job" and _is_later(call):
            message = f"a restart forgets {last_part(start.text)}, which was to run later"
            yield hazard_at("apscheduler-forgets", call, message, where)


def _is_later(call: Call) -> bool:
    """Whether a job is for one time, which is not now."""
    trigger, date = call.argument(1, "trigger"), call.named("run_date")
    is_date = isinstance(trigger, ast.Constant) and trigger.value == "date"
    return is_date and date is not None and not _NOW.fullmatch(ast.unparse(date))
