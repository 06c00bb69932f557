"""Which options and which answers stand side by side, so that a table shows what decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.rulefile.model import Rating
from taskpick.rulefile.short import level_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.decision.decide import Decision
    from taskpick.rulefile.model import Fit, Rules

MOST_COLUMNS = 4


class Row(NamedTuple):
    """One answer and what the options do at it."""

    criterion: str
    level: str
    words: str
    fits: Mapping[str, Fit]
    """Option to fit, in the order of the columns."""


def columns(decision: Decision, *first: str) -> list[str]:
    """The options that the screen is about, those people expect to see, and those that are near.

    The options that most cases of the rule file pick are those people expect to see.
    """
    rules = decision.rules
    others = [name for name in decision.ranking if name not in first]
    expected = [name for name in _expected(rules) if name in others]
    return list(dict.fromkeys([*first, *expected, *others]))[:MOST_COLUMNS]


def rows(decision: Decision, options: Sequence[str]) -> list[Row]:
    """The answers at which these options differ or all fail, in the order of the file."""
    rules = decision.rules
    telling = []
    for name, level in decision.answers.items():
        fits = {option: decision.evaluations[option].fits[name] for option in options}
        ratings = {fit.rating for fit in fits.values()}
        if len(ratings) > 1 or Rating.FAILS in ratings:
            telling.append(Row(name, level, level_words(rules.criteria[name], level), fits))
    return telling


def most_telling(decision: Decision, rows: Sequence[Row], most: int) -> list[Row]:
    """At most so many of the rows, in their order.

    First the row at which each option does worst, so that none looks better than it is, then
    those that rule out most; an answer that was given before one that was assumed.
    """
    if len(rows) <= most:
        return list(rows)

    def weight(row: Row) -> tuple[int, int, bool]:
        ranks = [fit.rating.rank for fit in row.fits.values()]
        return -ranks.count(2), -ranks.count(1), row.criterion in decision.assumed

    ranked = sorted(rows, key=weight)
    worst = [_worst(ranked, option) for option in rows[0].fits]
    chosen = list(dict.fromkeys(row.criterion for row in [*filter(None, worst), *ranked]))[:most]
    return [row for row in rows if row.criterion in chosen]


def _worst(ranked: Sequence[Row], option: str) -> Row | None:
    """The row at which an option does worst; None if it fits in all."""
    row = max(ranked, key=lambda row: row.fits[option].rating.rank)
    return row if row.fits[option].rating.rank else None


def _expected(rules: Rules) -> list[str]:
    picks = [case.pick for case in rules.cases]
    often = sorted(rules.options, key=lambda name: -picks.count(name))
    most = [name for name in often[: MOST_COLUMNS - 1] if name in picks]
    return [name for name in rules.options if name in most]
