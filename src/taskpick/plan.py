"""The fewest questions: which one to ask next."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from taskpick.decide import TooManyOpen, decide
from taskpick.explain import by_level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.model import Rules


def next_question(rules: Rules, answers: Mapping[str, str], askable: Sequence[str]) -> str:
    """Of the criteria that may be asked, the best to ask next."""
    return _surest(rules, answers, askable)


def _surest(rules: Rules, answers: Mapping[str, str], askable: Sequence[str]) -> str:
    """The criterion after whose answer the likeliest pick is surest; else the first."""
    try:
        decision = decide(rules, answers)
        known = {name: by_level(decision, name) for name in askable}
    except TooManyOpen:
        return askable[0]

    def surety(name: str) -> Fraction:
        levels = rules.criteria[name].levels
        total = sum(level.frequency for level in levels)
        return (
            sum(
                (level.frequency * max(known[name][level.id].values()) for level in levels),
                Fraction(0),
            )
            / total
        )

    return max(askable, key=surety)
