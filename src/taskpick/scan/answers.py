"""The work of a code base as an answers file: what the code shows, and `unsure` for the rest."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from taskpick.answers import scalar
from taskpick.scan import systems
from taskpick.scan.settings import evaluate
from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taskpick.rulefile.model import Rules
    from taskpick.scan.settings import Settings
    from taskpick.scan.work import Work

_RETRIES = ("max_retries", "autoretry_for", "retry", "retries", "retry_on_error", "retry_backoff")
_OWN_RETRY = frozenset({"dramatiq"})
"""Systems that try again with growing delays unless they are told not to."""


class Shown(NamedTuple):
    """What the code shows of one criterion."""

    criterion: str
    level: str
    because: str


def to_text(
    rules: Rules,
    found: Sequence[Work],
    settings: Settings,
    told: Mapping[tuple[str, Work], str],
) -> str:
    """An answers file with a task for each kind of work, for `taskpick advise --answers`.

    What a person has `told` is the level for a criterion and a kind of work.
    """
    lines = [
        "# Background work that `taskpick scan` found: what the code shows, and the line.",
        "# Answer what is `unsure`, then: taskpick advise --answers FILE",
        "tasks:",
    ]
    for name, work in zip(names(found), found, strict=True):
        lines.append(f"  # {_place(work)}, now {systems.NAMES[work.system]}")
        lines.append(f'  "{printable(name, "")}":')
        if work.system in rules.options or work.system in rules.known:
            lines.append(f"    have: {scalar(work.system)}")
        shown = {one.criterion: one for one in what_code_shows(work, settings)}
        for criterion, about in rules.criteria.items():
            levels = {level.id for level in about.levels}
            if criterion in shown and shown[criterion].level in levels:
                _, level, because = shown[criterion]
                lines.append(f"    {criterion}: {scalar(level)}  # {printable(because, '')}")
            elif (criterion, work) in told:
                lines.append(f"    {criterion}: {scalar(told[criterion, work])}  # answered")
            elif about.default is None:
                lines.append(f"    {criterion}: unsure")
    return "\n".join(lines) + "\n"


def names(work: Sequence[Work]) -> list[str]:
    """A name for each kind of work: as short as tells them apart."""
    short = [plain_name(one.name) for one in work]
    counts = Counter(short)
    result, taken = [], Counter[str]()
    for one, name in zip(work, short, strict=True):
        if counts[name] > 1:
            name = f"{plain_name(one.module.name.rpartition('.')[2])}-{name}"
        taken[name] += 1
        result.append(name if taken[name] == 1 else f"{name}-{taken[name]}")
    return result


def plain_name(name: str) -> str:
    """The last part of a name, in the letters that names of tasks have."""
    last = name.rpartition(".")[2] or name
    return re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-")[:48] or "work"


def what_code_shows(work: Work, settings: Settings) -> Iterator[Shown]:
    """The answers that the code gives about a kind of work."""
    queued = work.system not in systems.IN_PROCESS
    place = _place(work)
    if queued:
        yield Shown("persistence", "durable", f"on a queue today, {place}")
    if queued and "queue" in work.options:
        yield Shown("distribution", "many-workers", f"a queue of its own, {place}")
    elif queued:
        yield Shown("distribution", "one-worker", f"in a worker today, {place}")
    else:
        yield Shown("distribution", "in-process", f"in the process that starts it today, {place}")
    if work.schedule and work.schedule_at:
        yield Shown("scheduling", work.schedule, "{}:{}".format(*work.schedule_at))
    elif work.starts:
        first = work.starts[0].call
        yield Shown("scheduling", "none", f"sent at {first.function.module.file}:{first.line}")
    yield from retry(work, place)
    if seconds := limit(work):
        level = "seconds" if seconds <= 30 else "minutes" if seconds <= 1800 else "hours"
        yield Shown("duration", level, f"its limit is {seconds:g} s, {place}")
    if work.function:
        yield Shown("code", "async" if work.function.is_async else "sync", place)
    if any(command.program == "celery flower" for command in settings.commands):
        flower = next(c for c in settings.commands if c.program == "celery flower")
        yield Shown("monitoring", "dashboard", f"Flower runs, {flower.file}:{flower.line}")


def retry(work: Work, place: str = "") -> Iterator[Shown]:
    stated = [key for key in _RETRIES if key in work.options]
    grows = {"retry_backoff", "retry_jitter", "min_backoff", "max_backoff"} & work.options.keys()
    if grows or work.system in _OWN_RETRY:
        yield Shown("retry", "advanced", f"backs off today, {place}")
    elif stated and stated != ["max_retries"]:
        yield Shown("retry", "basic", f"{stated[0]}, {place}")
    elif work.function and "retry" in work.function.attributes:
        yield Shown("retry", "basic", f"calls retry, {place}")


def limit(work: Work) -> float:
    """The task's own limit in seconds; 0 if it has none."""
    for key in ("time_limit", "soft_time_limit", "timeout", "job_timeout"):
        value = evaluate(work.options.get(key), work.module)
        if isinstance(value, int | float) and value > 0:
            return value / 1000 if work.system == "dramatiq" else value
    return 0


def _place(work: Work) -> str:
    return printable(f"{work.file}:{work.line}", "")
