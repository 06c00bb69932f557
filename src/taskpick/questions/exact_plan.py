"""The plan with the fewest questions expected, found exactly.

By dynamic programming over the criteria not yet asked and the points so far, each level weighted
by its frequency. No efficient method exists in general (Hyafil and Rivest 1976, Information
Processing Letters 5(1)), so the work is bounded: what has the same consequences is followed once,
and beyond `Planner.MOST_STEPS` the plan is given up.
"""

from __future__ import annotations

from functools import cache
from math import prod
from operator import add
from typing import TYPE_CHECKING

from taskpick.decision.scores import scores
from taskpick.named_tuple import NamedTuple
from taskpick.problems import TooLarge
from taskpick.rulefile.model import UNSURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from taskpick.rulefile.model import Rules

Points = tuple[int, ...]
"""What the answers count against each option, in the order of the file."""


class TooManySteps(TooLarge):
    """The exact plan takes too long to work out."""


class State(NamedTuple):
    """What may still be asked, and all that matters of what is known."""

    askable: int
    """The criteria that may be asked, one bit each."""
    points: frozenset[Points]
    """The points for each way in which the criteria that stay open can turn out; the ways that
    are settled are left out, so none is left when there is nothing more to find out."""


class Planner:
    """The plans for one rule file."""

    MOST_STEPS = 60_000
    """How much is followed for one question with few options: below a second of work."""
    MOST_POINTS = 200_000
    """The same in points, of which each step has one for each option: they take the memory."""

    def __init__(self, rules: Rules) -> None:
        points = scores(rules).points
        self.rules = rules
        self.fail = len(rules.criteria) + 1
        self.bits = {name: 1 << index for index, name in enumerate(rules.criteria)}
        self.levels = {
            self.bits[name]: [
                (level.frequency, tuple(points(option, name, level.id) for option in rules.options))
                for level in criterion.levels
            ]
            for name, criterion in rules.criteria.items()
        }
        self.weights = {b: sum(weight for weight, _ in ls) for b, ls in self.levels.items()}
        self.weight = cache(lambda bits: prod(self.weights[bit] for bit in _bits(bits)))
        self.sum = cache(self._sum)
        self.picks = cache(self._picks)
        self.agree = cache(self._agree)
        self.reduced = cache(self._reduced)
        self.costs: dict[State, tuple[int, int]] = {}
        self._taken = 0

    def state(self, answers: Mapping[str, str], askable: Iterable[str]) -> State:
        """The state after some answers; what is neither answered nor assumed stays open.

        Raises:
            TooManySteps: too much stays open.
        """
        self._taken = 0
        asked = sum(self.bits[name] for name in askable)
        totals: set[Points] = {(0,) * len(self.rules.options)}
        for name, criterion in self.rules.criteria.items():
            if self.bits[name] & asked:
                continue
            level = answers.get(name, criterion.default or UNSURE)
            column = zip(criterion.levels, self.levels[self.bits[name]], strict=True)
            possible = [points for lv, (_, points) in column if level in (lv.id, UNSURE)]
            totals = {self.sum(total, points) for total in totals for points in possible}
            self._steps(len(totals))
        return self._state(asked, totals)

    def best(self, state: State) -> str | None:
        """The criterion to ask first; None if no answer can change the pick.

        Raises:
            TooManySteps: the plan takes more than `MOST_STEPS`.
        """
        _, bit = self.cost(state)
        return next((name for name, its in self.bits.items() if its == bit), None)

    def cost(self, state: State) -> tuple[int, int]:
        """The expected number of questions and the criterion to ask first, 0 for none.

        The number is multiplied by the weights of all criteria that may be asked, which makes it
        a whole one.

        Raises:
            TooManySteps: the plan takes more than `MOST_STEPS`.
        """
        if not state.points:
            return 0, 0
        if state in self.costs:
            return self.costs[state]
        self._steps(1)
        self.costs[state] = cheapest = self._cheapest(state)
        return cheapest

    def _cheapest(self, state: State) -> tuple[int, int]:
        """The cost and the criterion of the best first question, by trying each that matters.

        Say `load` (bag or piano, as likely) settles the pick with piano, and `season` (summer or
        winter) never does. Load first: 1 question, and in half of the cases 1 more: 1.5.
        Season first: 1, and always load after it: 2. So it is load, at 1.5 * 2 * 2 = 6.
        """
        best = (0, 0)
        for least, bit, children in self._by_least_cost(state):
            if best[1] and least >= best[0]:
                break
            cost = self.weight(state.askable) + sum(
                w * self.cost(child)[0] for w, child in children
            )
            if not best[1] or cost < best[0]:
                best = cost, bit
        return best

    def _by_least_cost(self, state: State) -> list[tuple[int, int, list[tuple[int, State]]]]:
        """The criteria that matter, the most promising first.

        Each with what asking it costs at least: one question, and one more after each level that
        does not settle the pick.
        """
        candidates = []
        for bit in _bits(state.askable):
            if self._matters(state, bit):
                children = self.children(state, bit)
                unsettled = sum(weight for weight, child in children if child.points)
                least = self.weight(state.askable) + unsettled * self.weight(state.askable ^ bit)
                candidates.append((least, bit, children))
        return sorted(candidates, key=lambda candidate: candidate[:2])

    def children(self, state: State, bit: int) -> list[tuple[int, State]]:
        """The states after each level of a criterion, with the weight of the level."""
        rest = state.askable ^ bit
        return [
            (weight, self._state(rest, {self.sum(total, points) for total in state.points}))
            for weight, points in self.levels[bit]
        ]

    def _matters(self, state: State, bit: int) -> bool:
        """Whether the answer to a criterion can change the pick."""
        return any(
            not self.agree(
                state.askable ^ bit,
                frozenset(self.sum(total, points) for _, points in self.levels[bit]),
            )
            for total in state.points
        )

    def _agree(self, askable: int, totals: frozenset[Points]) -> bool:
        """Whether all these points lead to the same pick, whatever is answered."""
        if len(totals) == 1:
            return True
        self._steps(1)
        if not askable:
            return len({self.picks(0, total) for total in totals}) == 1
        bit = askable & -askable
        return all(
            self.agree(askable ^ bit, frozenset(self.sum(total, more) for total in totals))
            for _, more in self.levels[bit]
        )

    def _state(self, askable: int, totals: Iterable[Points]) -> State:
        reduced = (self.reduced(askable, total) for total in totals)
        return State(askable, frozenset(points for points in reduced if points is not None))

    def _reduced(self, askable: int, points: Points) -> Points | None:
        """The points, made equal for all that have the same consequences; None if settled."""
        picks = self.picks(askable, points)
        if len(picks) == 1:
            return None
        return self._level([p if o in picks else self.fail for o, p in enumerate(points)])

    def _picks(self, askable: int, points: Points) -> frozenset[int]:
        """What can be the pick, as the place of the option; -1: nothing fits."""
        self._steps(1)
        if not askable:
            least = min(points)
            return frozenset([points.index(least) if least < self.fail else -1])
        bit = askable & -askable
        return frozenset().union(
            *(self.picks(askable ^ bit, self.sum(points, more)) for _, more in self.levels[bit])
        )

    def _steps(self, count: int) -> None:
        self._taken += count
        if self._taken > min(self.MOST_STEPS, self.MOST_POINTS // len(self.rules.options)):
            raise TooManySteps("too many questions are possible to plan the fewest of them exactly")

    def _sum(self, points: Points, more: Points) -> Points:
        return self._level(list(map(add, points, more)))

    def _level(self, points: Sequence[int]) -> Points:
        """The points with failed options at one value, and the least of the others at zero."""
        fail = self.fail
        least = min([p for p in points if p < fail], default=0)
        return tuple([p - least if p < fail else fail for p in points])


def _bits(bits: int) -> Iterator[int]:
    while bits:
        bit = bits & -bits
        yield bit
        bits ^= bit
