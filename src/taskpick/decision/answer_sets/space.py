"""Every answer set at once: a set of answer sets is a whole number, one bit each.

Answer sets are numbered like a counter whose last criterion turns fastest, so that union,
intersection and size are `|`, `&` and `bit_count`. The picks are found for all numbers together:
the strains of an option are binary numbers held digit by digit (bit-slicing, as in bitmap indexes:
O'Neil and Quass 1997, SIGMOD), built from the last criterion to the first, so that all answer
sets with the same end share its sum.

Nothing is sampled, and neither time nor memory depends on what the file says: with A answer sets,
O options and C criteria both grow as A * O * log(C) bits. A decision diagram would be smaller for
most files and larger than this for the worst.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from taskpick.problems import TooLarge
from taskpick.rulefile.model import Rating

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from taskpick.rulefile.model import Option, Rules

MOST_BITS = 2**27
"""The largest number of answer sets that is followed, times all that can be the pick: the bits
that a space holds. With three options these are 33 million answer sets, with 32 four million."""
SMALLER = "make the rule file smaller: fewer criteria or levels"
"""What to do where a whole rule file is too large."""


class Space:
    """All answer sets of some rules that agree with the closed criteria, and the pick for each."""

    def __init__(self, rules: Rules, closed: Mapping[str, str] | None = None) -> None:
        """Find every pick.

        Raises:
            TooLarge: there are more answer sets than `MOST_BITS` allows.
        """
        self.rules = rules
        self.levels = {
            name: [closed[name]]
            if closed and name in closed
            else [lv.id for lv in criterion.levels]
            for name, criterion in rules.criteria.items()
        }
        """Criterion to its levels; of a closed criterion only the one."""
        self.size = prod(map(len, self.levels.values()))
        most = MOST_BITS // (len(rules.options) + 1)
        if self.size > most:
            raise TooLarge(
                f"{self.size:,} answer sets are open, and more than {most:,} are too many "
                "to follow each of them",
                "answer more of the criteria" if closed is not None else SMALLER,
            )
        self.all = (1 << self.size) - 1
        self._strides = _strides(self.levels)
        self.works: dict[str, int] = {}
        """Option to the answer sets at which none of its fits fails."""
        self.picks: dict[str | None, int] = {}
        """Pick to its answer sets; None: nothing fits. Every option is there."""
        self._fewest: list[int] = []
        """The strains of the pick, the lowest binary digit first; nothing where nothing fits."""
        self._decide()

    def as_good(self) -> list[str]:
        """The options that somewhere work with as few strains as the pick, the picks included."""
        options = []
        for name, option in self.rules.options.items():
            if not self.picks[name]:
                works, strains = sums(option, self.levels)
                # None has fewer strains than the pick where it works, so the others have as few.
                if not works & ~_less(self._fewest, strains):
                    continue
            options.append(name)
        return options

    def having(self, criterion: str, levels: Iterable[str]) -> int:
        """The answer sets with one of these levels."""
        stride = self._strides[criterion]
        ids = self.levels[criterion]
        block = sum(((1 << stride) - 1) << (ids.index(level) * stride) for level in levels)
        period = stride * len(ids)
        return _repeated(block, period, self.size // period)

    def inside(self, levels: Mapping[str, Iterable[str]]) -> int:
        """The answer sets with one of the levels named for each criterion named."""
        answer_sets = self.all
        for criterion, some in levels.items():
            # Most criteria of a condition may have any level.
            if len(chosen := set(some)) < len(self.levels[criterion]):
                answer_sets &= self.having(criterion, chosen)
        return answer_sets

    def matters(self, criterion: str) -> bool:
        """Whether the answer to a criterion can change the pick at all."""
        first, *others = self.levels[criterion]
        return not all(self.alike(criterion, first, other) for other in others)

    def alike(self, criterion: str, level: str, other: str) -> bool:
        """Whether two levels lead to the same pick, whatever the answers to the other criteria."""
        ids, stride = self.levels[criterion], self._strides[criterion]
        low, high = ids.index(level) * stride, ids.index(other) * stride
        here, there = self.having(criterion, [level]), self.having(criterion, [other])
        return all((bits & here) >> low == (bits & there) >> high for bits in self.picks.values())

    def counts(self, criterion: str, level: str) -> dict[str | None, int]:
        """Pick to the number of answer sets with the level that lead to it, if any does."""
        having = self.having(criterion, [level])
        by_pick = {pick: (bits & having).bit_count() for pick, bits in self.picks.items()}
        return {pick: count for pick, count in by_pick.items() if count}

    def example(self, answer_sets: int) -> dict[str, str]:
        """The first answer set of a set that is not empty."""
        number = (answer_sets & -answer_sets).bit_length() - 1
        return {
            name: levels[number // self._strides[name] % len(levels)]
            for name, levels in self.levels.items()
        }

    def number(self, answers: Mapping[str, str]) -> int:
        """The number of a complete answer set."""
        return sum(
            levels.index(answers[name]) * self._strides[name]
            for name, levels in self.levels.items()
        )

    def _decide(self) -> None:
        """The design's rule: nothing fails, then the fewest strains, then the first in the file."""
        best: list[int] = []
        nothing = self.all
        for name, option in self.rules.options.items():
            works, strains = sums(option, self.levels)
            better = works & (nothing | _less(strains, best))
            for other in self.picks:
                self.picks[other] &= ~better
            self.works[name] = works
            self.picks[name] = better
            nothing &= ~better
            best = [
                (old & ~better) | (new & better)
                for old, new in zip(*_same_length(best, strains), strict=True)
            ]
        self.picks[None] = nothing
        self._fewest = best


def sums(option: Option, levels: dict[str, list[str]]) -> tuple[int, list[int]]:
    """The answer sets at which an option works, and its strains, the lowest binary digit first.

    Say it strains at retry advanced (of none, advanced) and fails at cron (of none, cron). By cron
    alone: works 01, strains 00, the lowest bit being the first level. By retry none: the same two
    bits; by advanced: works 01, strains 11. Joined, none lowest: works 0101, strains 1100.
    """
    works, digits, size = 1, [0], 1
    for criterion in reversed(levels):
        ratings = [option.fits[criterion][level].rating for level in levels[criterion]]
        one_more = _plus_one(digits, (1 << size) - 1) if Rating.STRAINS in ratings else digits
        same, one_more = _same_length(digits, one_more)
        digits = [
            _joined([up if rating is Rating.STRAINS else stay for rating in ratings], size)
            for stay, up in zip(same, one_more, strict=True)
        ]
        works = _joined([0 if rating is Rating.FAILS else works for rating in ratings], size)
        size *= len(ratings)
    return works, digits


def _less(left: list[int], right: list[int]) -> int:
    """Where the left number is less, all of them compared at once."""
    less = 0
    for a, b in zip(*_same_length(left, right), strict=True):
        less = (b & ~a) | (less & ~(a ^ b))
    return less


def _plus_one(digits: list[int], ones: int) -> list[int]:
    raised, carry = [], ones
    for digit in digits:
        raised.append(digit ^ carry)
        carry &= digit
    return [*raised, carry] if carry else raised


def _same_length(left: list[int], right: list[int]) -> tuple[list[int], list[int]]:
    length = max(len(left), len(right))
    return left + [0] * (length - len(left)), right + [0] * (length - len(right))


def _joined(parts: list[int], size: int) -> int:
    """The parts one after another, the first at the lowest bits."""
    whole = 0
    for index, part in enumerate(parts):
        whole |= part << (index * size)
    return whole


def _repeated(block: int, size: int, times: int) -> int:
    """The block that many times over, by doubling."""
    whole, filled = 0, 0
    while times:
        if times & 1:
            whole |= block << filled
            filled += size
        block |= block << size
        size *= 2
        times >>= 1
    return whole


def _strides(levels: dict[str, list[str]]) -> dict[str, int]:
    strides, stride = {}, 1
    for name in reversed(levels):
        strides[name] = stride
        stride *= len(levels[name])
    return strides
