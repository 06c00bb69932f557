"""When work is started: on a schedule, after a delay, or at once."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskpick.scan import systems
from taskpick.scan.parsing.modules import last_part

if TYPE_CHECKING:
    from taskpick.scan.inventory.work import Work
    from taskpick.scan.parsing.modules import Call

CRON, DELAYED = "cron", "delayed"
_CLOCK_CALLS = (
    *("cron", "CronJob", "create_schedule", "ScheduleActionStartWorkflow"),
    *("schedule", "schedule_by_cron", "schedule_by_interval"),
)
_CLOCK_SYSTEMS = ("rq", "arq", "saq", "taskiq", "apscheduler", "dbos", "temporal")
_LATER_CALLS = ("enqueue_in", "enqueue_at", "schedule", "schedule_by_time", "Timer")
_CLOCK_DECORATORS = (
    "periodic_task",
    "db_periodic_task",
    "periodic",
    "scheduled",
    "scheduled_job",
)


def of_call(system: str, call: Call) -> str:
    """When a call starts work: `cron`, `delayed`, or empty for at once."""
    name = last_part(call.name)
    if system == "apscheduler" and name in ("add_job", "add_schedule"):
        return _of_trigger(call)
    if (name in _CLOCK_CALLS and system in _CLOCK_SYSTEMS) or call.named("cron_schedule"):
        return CRON
    before = call.name.rpartition("().")[0]  # what sets options: `task.configure(…)`
    chained = [c for c in call.function.calls if c.name == before and c.line == call.line]
    words = {keyword.name for each in [call, *chained] for keyword in each.keywords}
    is_later = bool(words & systems.LATER)
    return DELAYED if is_later or name in _LATER_CALLS else ""


def _of_trigger(call: Call) -> str:
    """When APScheduler runs a job; without a trigger, or with a date that is none, at once."""
    trigger = call.argument(1, "trigger")
    named = {keyword.name for keyword in call.keywords}
    at = {"run_date", "next_run_time"} & named
    match trigger:
        case None if None in named:
            return CRON  # the trigger is among what is handed on
        case None | ast.Constant(value=None | "date"):
            return DELAYED if at else ""
        case ast.Call(func=func) if last_part(ast.unparse(func)) == "DateTrigger":
            return DELAYED if at or trigger.args or trigger.keywords else ""
    return CRON


def of_decorators(work: Work) -> tuple[str, tuple[str, int]] | None:
    """The schedule that a decorator gives to work, and the line; None if none does."""
    found = None
    for decorator in work.function.decorators if work.function else ():
        if last_part(decorator.name) in _CLOCK_DECORATORS:
            found = CRON, (work.file, decorator.node.lineno)
    for key in ("schedule", "cron_trigger"):
        if key in work.options:
            found = CRON, (work.file, work.options[key].lineno)
    return found
