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
    from collections.abc import Iterator, Sequence

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


def to_text(rules: Rules, found: Sequence[Work], settings: Settings) -> str:
    """An answers file with a task for each kind of work, for `taskpick advise --answers`."""
    lines = [
        "# Background work that `taskpick scan` found: what the code shows, and the line.",
        "# Answer what is `unsure`, then: taskpick advise --answers FILE",
        "tasks:",
    ]
    for name, work in zip(_names(found), found, strict=True):
        lines.append(f"  # {_place(work)}, now {systems.NAMES[work.system]}")
        lines.append(f'  "{printable(name, "")}":')
        shown = {one.criterion: one for one in what_code_shows(work, settings)}
        for criterion, about in rules.criteria.items():
            levels = {level.id for level in about.levels}
            if criterion in shown and shown[criterion].level in levels:
                _, level, because = shown[criterion]
                lines.append(f"    {criterion}: {scalar(level)}  # {printable(because, '')}")
            elif about.default is None:
                lines.append(f"    {criterion}: unsure")
    return "\n".join(lines) + "\n"


def _names(work: Sequence[Work]) -> list[str]:
    """A name for each kind of work: as short as tells them apart."""
    short = [_plain(one.name) for one in work]
    counts = Counter(short)
    names, taken = [], Counter[str]()
    for one, name in zip(work, short, strict=True):
        if counts[name] > 1:
            name = f"{_plain(one.module.name.rpartition('.')[2])}-{name}"
        taken[name] += 1
        names.append(name if taken[name] == 1 else f"{name}-{taken[name]}")
    return names


def _plain(name: str) -> str:
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
    if work.schedule and work.schedule_at:
        yield Shown("scheduling", work.schedule, "{}:{}".format(*work.schedule_at))
    elif work.starts:
        first = work.starts[0].call
        yield Shown("scheduling", "none", f"sent at {first.function.module.file}:{first.line}")
    yield from _retry(work, place)
    limit = _limit(work)
    if limit:
        level = "seconds" if limit <= 30 else "minutes" if limit <= 1800 else "hours"
        yield Shown("duration", level, f"its limit is {limit:g} s, {place}")
    if work.function:
        yield Shown("code", "async" if work.function.is_async else "sync", place)
    if any(command.program == "celery flower" for command in settings.commands):
        flower = next(c for c in settings.commands if c.program == "celery flower")
        yield Shown("monitoring", "dashboard", f"Flower runs, {flower.file}:{flower.line}")


def _retry(work: Work, place: str) -> Iterator[Shown]:
    stated = [key for key in _RETRIES if key in work.options]
    grows = {"retry_backoff", "retry_jitter", "min_backoff", "max_backoff"} & work.options.keys()
    if grows or work.system in _OWN_RETRY:
        yield Shown("retry", "advanced", f"backs off today, {place}")
    elif stated and stated != ["max_retries"]:
        yield Shown("retry", "basic", f"{stated[0]}, {place}")
    elif work.function and "retry" in work.function.attributes:
        yield Shown("retry", "basic", f"calls retry, {place}")


def _limit(work: Work) -> float:
    """The task's own limit in seconds; 0 if it has none."""
    for key in ("time_limit", "soft_time_limit", "timeout", "job_timeout"):
        value = evaluate(work.options.get(key), work.module)
        if isinstance(value, int | float) and value > 0:
            return value / 1000 if work.system == "dramatiq" else value
    return 0


def _place(work: Work) -> str:
    return printable(f"{work.file}:{work.line}", "")


def questions(found: Sequence[Work]) -> list[str]:
    """The questions worth asking: what decides most and no code shows, once for each group."""
    result = []
    in_process = [work for work in found if work.system in systems.IN_PROCESS]
    queued = [work for work in found if work.system not in systems.IN_PROCESS]
    if in_process:
        result.append(f"May {_these(in_process)} be lost when you deploy?")
    if failing := [work for work in queued if not list(_retry(work, ""))]:
        result.append(f"Must {_these(failing)} be tried again when they fail?")
    if unlimited := [work for work in queued if not _limit(work)]:
        result.append(f"Does any of {_these(unlimited)} run longer than half a minute?")
    return result


def _these(work: Sequence[Work]) -> str:
    names = ", ".join(_plain(one.name) for one in work[:2])
    return (
        f"these {len(work)} ({names}{', …' if len(work) > 2 else ''})" if len(work) > 1 else names
    )
