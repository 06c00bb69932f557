"""What the code shows of a kind of work, as answers, each with the line that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.scan import systems
from taskpick.scan.parsing.values import evaluate
from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.evidence.queues import Queue
    from taskpick.scan.evidence.settings import Settings
    from taskpick.scan.inventory.work import Work

_RETRIES = ("max_retries", "autoretry_for", "retry", "retries", "retry_on_error")
_GROWS = frozenset({"retry_backoff", "retry_jitter", "min_backoff", "max_backoff"})
"""Options of delays that grow."""
_OWN_RETRY = frozenset({"dramatiq"})
"""Systems that try again with growing delays unless they are told not to."""


class Evidence(NamedTuple):
    """What the code shows of one criterion."""

    criterion: str
    level: str
    because: str


def what_code_shows(work: Work, settings: Settings, queue: Queue | None) -> Iterator[Evidence]:
    """The answers that the code gives about a kind of work."""
    queued = work.system not in systems.IN_PROCESS
    where = _place(work)
    if queued:
        yield Evidence("persistence", "durable", f"on a queue today, {where}")
    if queue and queue.is_own:
        place = printable(f"{queue.file}:{queue.line}", "")
        yield Evidence("distribution", "many-workers", f"a queue of its own, {place}")
    elif queued:
        yield Evidence("distribution", "one-worker", f"in a worker today, {where}")
    elif any("BlockingScheduler" in start.call.name for start in work.starts):
        yield Evidence("distribution", "one-worker", f"in a scheduler of its own today, {where}")
    else:
        yield Evidence(
            "distribution", "in-process", f"in the process that starts it today, {where}"
        )
    if work.schedule and work.schedule_at:
        yield Evidence("scheduling", work.schedule, "{}:{}".format(*work.schedule_at))
    elif work.starts and not work.is_loop:
        first = work.starts[0].call
        yield Evidence("scheduling", "none", f"sent at {first.function.module.file}:{first.line}")
    if work.system != "dramatiq" or settings.dramatiq_retries:
        yield from _retry(work, where)
    seconds, place = _limit(work)
    if seconds:
        level = "seconds" if seconds <= 30 else "minutes" if seconds <= 1800 else "hours"
        yield Evidence("duration", level, f"its limit is {seconds:g} s, {place}")
    if work.function and not (work.system == "celery" and settings.awaits_tasks):
        yield Evidence("code", "async" if work.function.is_async else "sync", where)
    flowers = [command for command in settings.commands if command.program == "celery flower"]
    if flowers and work.system == "celery":
        place = f"{flowers[0].file}:{flowers[0].line}"
        yield Evidence("monitoring", "dashboard", f"Flower runs, {place}")


def _retry(work: Work, where: str) -> Iterator[Evidence]:
    stated = [key for key in (*_RETRIES, *_GROWS) if key in work.options]
    off = [key for key in stated if evaluate(work.options[key], work.module) in (False, [])]
    on = [key for key in stated if key not in off]
    is_own = work.system in _OWN_RETRY and "max_retries" not in off
    basic = [key for key in on if key != "max_retries"]
    if is_own or set(on) & _GROWS:
        yield Evidence("retry", "advanced", f"backs off today, {where}")
    elif basic:
        yield Evidence("retry", "basic", f"{basic[0]}, {where}")
    elif work.function and "retry" in work.function.attributes:
        yield Evidence("retry", "basic", f"calls retry, {where}")
    elif off:
        yield Evidence("retry", "none", f"{off[0]} is off, {where}")


_LIMIT_OF_SEND = {"rq": "job_timeout", "saq": "timeout"}
"""The keyword of a send that limits the job."""


def _limit(work: Work) -> tuple[float, str]:
    """The task's own limit in seconds, or the longest of all its sends, and where; 0 if none."""
    for key in ("time_limit", "soft_time_limit", "timeout", "job_timeout"):
        value = evaluate(work.options.get(key), work.module)
        if isinstance(value, int | float) and value > 0:
            return value / 1000 if work.system == "dramatiq" else value, _place(work)
    limits = []
    keyword = _LIMIT_OF_SEND.get(work.system, "")
    for call in (start.call for start in work.starts if keyword):
        value = evaluate(call.named(keyword), call.function.module)
        if not (isinstance(value, int | float) and value > 0):
            return 0, ""
        limits.append((value, printable(f"{call.function.module.file}:{call.line}", "")))
    return max(limits, default=(0, ""))


def _place(work: Work) -> str:
    return printable(f"{work.file}:{work.line}", "")
