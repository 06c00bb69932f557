"""Which questions are asked: in the order of the file, or so that the fewest are expected.

Where the exact plan would take too long, the plan looks one question ahead instead of all the way.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from taskpick.decision.decide import decide
from taskpick.decision.sensitivity import by_level, open_criteria
from taskpick.problems import TooLarge
from taskpick.questions.exact_plan import Planner, TooManySteps
from taskpick.rulefile.model import UNSURE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from taskpick.rulefile.model import Rules


class Mode(StrEnum):
    """Which questions are asked, and in which order."""

    NORMAL = "normal"
    """The core criteria, in the order of the file; at a terminal only those that matter."""
    QUICK = "quick"
    """The ones that are expected to settle the pick with the fewest questions."""
    ALL = "all"
    """Every criterion, in the order of the file."""


def next_question(
    rules: Rules, answers: Mapping[str, str], asked: tuple[str, ...] = ()
) -> str | None:
    """The criterion to ask or to find out next; None if no answer can change the pick.

    Every text that names a next question names this one. Of the criteria that `to_ask` allows it
    is the one that is expected to settle the pick with the fewest questions; beyond the bound of
    the exact plan, and where only answers of `unsure` are left to find out, the one after which
    the likeliest pick is surest. The criteria `asked` are asked although they have a default.

    Raises:
        UnknownAnswer: an answer that the rules do not know.
    """
    return _next_question(rules, frozenset(answers.items()), asked)


def to_ask(rules: Rules, answers: Mapping[str, str], asked: tuple[str, ...] = ()) -> list[str]:
    """The criteria whose answer can change the pick, in the order of the file.

    The criteria `asked` are asked although they have a default.

    What was answered with `unsure` is among them only where nothing else is. Where more is open
    than can be followed, the core criteria and those `asked` stand for those that matter.

    Raises:
        UnknownAnswer: an answer that the rules do not know.
    """
    try:
        matter = open_criteria(decide(rules, {**dict.fromkeys(asked, UNSURE), **answers}))
    except TooLarge:
        maybe = [name for name in rules.criteria if name in (*rules.core, *asked)]
        matter = [name for name in maybe if answers.get(name, UNSURE) == UNSURE]
    return [name for name in matter if name not in answers] or matter


def plan(rules: Rules) -> None:
    """Plan all questions, so that each can be looked up.

    Raises:
        TooLarge: the exact plan takes too long to work out.
    """
    planner = planner_of(rules)
    planner.best(planner.state({}, to_ask(rules, {})))


@lru_cache(maxsize=64)
def _next_question(
    rules: Rules, given: frozenset[tuple[str, str]], asked: tuple[str, ...]
) -> str | None:
    answers = dict(given)
    askable = to_ask(rules, answers, asked)
    if len(askable) < 2:
        return next(iter(askable), None)
    if askable[0] in answers:
        # Nobody is asked any more, so there is nothing to plan: one thing is to be found out.
        return _surest(rules, {**dict.fromkeys(asked, UNSURE), **answers}, askable)
    planner = planner_of(rules)
    try:
        return planner.best(planner.state(answers, askable)) or askable[0]
    except TooManySteps:
        planner_of.cache_clear()
        return _surest(rules, {**dict.fromkeys(asked, UNSURE), **answers}, askable)


@lru_cache(maxsize=8)
def planner_of(rules: Rules) -> Planner:
    """The plans for the rules; what has been worked out is kept."""
    return Planner(rules)


def _surest(rules: Rules, answers: Mapping[str, str], askable: Sequence[str]) -> str:
    """The criterion after whose answer the likeliest pick is surest; else the first."""
    try:
        decision = decide(rules, answers)
        counts = {name: by_level(decision, name) for name in askable}
    except TooLarge:
        return askable[0]

    from fractions import Fraction

    def surety(name: str) -> Fraction | int:
        levels = rules.criteria[name].levels
        total = sum(level.frequency for level in levels)
        # Each level has its part of all open answers, so criteria compare by the share in it.
        return sum(
            Fraction(level.frequency * len(levels), total) * max(counts[name][level.id].values())
            for level in levels
        )

    return max(askable, key=surety)
