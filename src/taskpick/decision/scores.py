"""The fits of a rule file as numbers: the decision where only the pick is wanted, and fast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from operator import getitem
from typing import Any

from taskpick.problems import InvalidArgument, UnknownAnswer
from taskpick.rulefile.model import Rating, Rules


def sweep(rules: Rules, answers: Iterable[Sequence[str]]) -> Iterable[str | None]:
    """The pick for each complete set of answers, its levels in the order of `rules.criteria`.

    None: nothing fits. For comparing many needs: over a million a second, with no reasons.

    Raises:
        InvalidArgument: `rules` is not a `Rules`, or a set lacks a level for a criterion.
        UnknownAnswer: a level that the criterion does not have.
    """
    check_rules(rules)
    if not isinstance(answers, Iterable):
        raise InvalidArgument(f"expected sets of answers, not {answers!r:.60}")
    return scores(rules).sweep(answers)


def check_rules(rules: Rules) -> None:
    """Refuse what are no rules.

    Raises:
        InvalidArgument: `rules` is not a `Rules`.
    """
    if not isinstance(rules, Rules):
        raise InvalidArgument(f"expected rules from `load`, not {rules!r:.60}")


@lru_cache(maxsize=8)
def scores(rules: Rules) -> Scores:
    """The fits of the rules as numbers."""
    return Scores(rules)


class Scores:
    """The fits of a rule file as numbers that can be added: the fast form of the decision.

    The score of an answer is a whole number with one field of bits per option, in the order of
    the file; a field counts 1 for a strain and more than all strains together for a fail. The
    sum over all answers then holds every evaluation at once, and equal sums mean equal picks.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.options = list(rules.options)
        self.fail = len(rules.criteria) + 1
        """What a fail counts: more than all strains together."""
        self._width = (self.fail * len(rules.criteria)).bit_length()
        self._mask = (1 << self._width) - 1
        self.of = {
            name: {level.id: self._score(name, level.id) for level in criterion.levels}
            for name, criterion in rules.criteria.items()
        }
        self.pick = cache(self._pick)

    def sweep(self, answers: Iterable[Sequence[str]]) -> Iterable[str | None]:
        """The pick for each complete set of answers, its levels in the order of the criteria."""
        columns = list(self.of.values())
        count, pick = len(columns), self.pick
        for levels in answers:
            try:
                if len(levels) != count:
                    raise ValueError
                total = sum(map(getitem, columns, levels))
            except (KeyError, TypeError, ValueError):
                raise self._refusal(levels) from None
            yield pick(total)

    def _refusal(self, levels: Any) -> Exception:
        """What is wrong with a set of answers."""
        is_listed = isinstance(levels, Sequence) and not isinstance(levels, str)
        if not is_listed or len(levels) != len(self.of):
            count = len(self.of)
            message = f"expected {count} levels, in the order of the criteria, not {levels!r:.60}"
            return InvalidArgument(message)
        known = zip(self.of, levels, strict=True)
        name, level = next((n, lv) for n, lv in known if lv not in [*self.of[n]])
        return UnknownAnswer(f"unknown level of '{name}': {level!r:.60}")

    def points(self, option: str, criterion: str, level: str) -> int:
        """What a level counts against an option."""
        rating = self.rules.options[option].fits[criterion][level].rating
        return {Rating.FITS: 0, Rating.STRAINS: 1, Rating.FAILS: self.fail}[rating]

    def _score(self, criterion: str, level: str) -> int:
        return sum(
            self.points(option, criterion, level) << (index * self._width)
            for index, option in enumerate(self.options)
        )

    def _fields(self, total: int) -> list[int]:
        return [(total >> (index * self._width)) & self._mask for index in range(len(self.options))]

    def _pick(self, total: int) -> str | None:
        fields = self._fields(total)
        best = min(fields)
        return self.options[fields.index(best)] if best < self.fail else None
