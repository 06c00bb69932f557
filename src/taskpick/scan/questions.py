"""What no code shows and decides most, asked once for all kinds of work that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.scan import answers, systems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskpick.scan.facts import Kind


class Question(NamedTuple):
    """A question that yes or no answers, for some kinds of work at once."""

    text: str
    criterion: str
    work: tuple[Kind, ...]
    yes: str
    """The level that a yes means; empty if it leaves the criterion open."""
    no: str


def questions(work: Sequence[Kind]) -> list[Question]:
    """The questions worth asking."""
    jobs = [kind for kind in work if kind.is_job]
    lost = [kind for kind in jobs if kind.system in systems.IN_PROCESS]
    failing = [kind for kind in jobs if not kind.shows("retry")]
    unlimited = [kind for kind in jobs if not kind.shows("duration")]
    asked = [
        _question("May {} be lost when you deploy?", "persistence", lost, "none", "durable"),
        _question("Must {} be tried again after a failure?", "retry", failing, "basic", "none"),
        _question("Does {} run longer than half a minute?", "duration", unlimited, "", "seconds"),
    ]
    return [question for question in asked if question.work]


def _question(text: str, criterion: str, work: Sequence[Kind], yes: str, no: str) -> Question:
    of = "any of " if criterion == "duration" and len(work) > 1 else ""
    return Question(text.format(of + _these(work)), criterion, tuple(work), yes, no)


def _these(work: Sequence[Kind]) -> str:
    often = sorted(work, key=lambda kind: -len(kind.starts))
    names = list(dict.fromkeys(answers.plain_name(kind.name) for kind in often))
    if len(work) == 1:
        return names[0]
    return f"these {len(work)} ({', '.join(names[:2])}{', …' if len(names) > 2 else ''})"
