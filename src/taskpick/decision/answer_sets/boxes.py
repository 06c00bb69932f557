"""Boxes: sets of answers with some levels for each criterion, and what they force.

A box forces a pick if it is the pick for every set of answers in the box. The points of an
option are a sum over the criteria and a box is a product of their levels, so the worst sum in the
box is the sum of the worst points, criterion by criterion: whether a box forces a pick is found
without looking at the answers one by one, exactly, and for rule files of any size.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from taskpick.decision.scores import scores
from taskpick.named_tuple import NamedTuple
from taskpick.problems import TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from taskpick.rulefile.model import Criterion, Rules

    Box = Mapping[str, frozenset[str]]
    """Criterion to the levels it may have. `Demand.lacks` needs every criterion; `Chance.when`
    leaves out those that may have any level."""


MOST_WORK = 3_000_000
"""How many moves are weighed before a search is given up; that takes a second or so."""


class Demand(NamedTuple):
    """One of the conditions for a pick: the worth of a box, summed over its criteria."""

    worth: Callable[[str, frozenset[str]], int]
    """How much these levels of a criterion add. Removing a level never lowers it."""
    least: int
    """What the sum must reach."""

    def lacks(self, box: Box) -> int:
        """By how much the box misses the condition; zero or less means that it is met."""
        return self.least - sum(self.worth(name, levels) for name, levels in box.items())


def box(rules: Rules, closed: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Every set of answers that agrees with the closed criteria."""
    return {
        name: frozenset([closed[name]] if name in closed else [lv.id for lv in criterion.levels])
        for name, criterion in rules.criteria.items()
    }


@lru_cache(maxsize=256)
def demands(rules: Rules, pick: str | None) -> tuple[Demand, ...]:
    """What a box has to meet to force the pick: all of it is needed, together it is enough."""
    if pick is None:
        return tuple(_excluded(rules, option) for option in rules.options)
    order = list(rules.options)
    rivals = [option for option in order if option != pick]
    return (
        _never_fails(rules, pick),
        *(
            _beaten(rules, pick, rival, ties=order.index(pick) < order.index(rival))
            for rival in rivals
        ),
    )


def smallest(
    demands: tuple[Demand, ...], start: Box, moves: Mapping[str, list[frozenset[str]]]
) -> list[dict[str, frozenset[str]]]:
    """All smallest sets of moves that lead from a box to one that meets what is wanted.

    A move gives a criterion other levels; each criterion can be moved once. No set that is
    returned can be smaller, and no other set is as small. Empty if no moves are enough.

    Say that `background-tasks` comes first and fails at retry basic, and `rq` fails nowhere. Why is
    `rq` the pick for retry basic, cron none? Start: all levels; moves: retry to basic, cron to
    none. No move: `background-tasks` may win where retry is none, so its demand is not met.
    Retry to basic rules it out, and all demands are met: {retry: basic}, of one move, is returned.

    Raises:
        TooLarge: it would take too long; the number of sets grows with every option and level.
    """
    most = MOST_WORK // (1 + len(demands) * sum(map(len, moves.values())))
    if any(_out_of_reach(demand, start, moves, len(moves)) for demand in demands):
        return []
    for size in range(len(moves) + 1):
        tried: dict[frozenset[tuple[str, frozenset[str]]], bool] = {}
        _search(demands, dict(start), moves, {}, size, tried, most)
        if sufficient := [dict(moved) for moved, enough in tried.items() if enough]:
            return [{name: moved[name] for name in start if name in moved} for moved in sufficient]
    return []


def words(criterion: Criterion, levels: frozenset[str]) -> str:
    """The levels of a criterion in words, such as `retry is at least basic`."""
    ids = [level.id for level in criterion.levels]
    indexes = [index for index, level in enumerate(ids) if level in levels]
    first, last = indexes[0], indexes[-1]
    if len(indexes) == 1:
        return f"{criterion.id} is {ids[first]}"
    if len(indexes) == len(ids):
        return f"{criterion.id} is anything"
    if criterion.ordered and len(indexes) == last - first + 1:
        if last == len(ids) - 1:
            return f"{criterion.id} is at least {ids[first]}"
        if first == 0:
            return f"{criterion.id} is at most {ids[last]}"
        return f"{criterion.id} is from {ids[first]} to {ids[last]}"
    if len(indexes) == len(ids) - 1:
        return f"{criterion.id} is not {next(level for level in ids if level not in levels)}"
    *others, end = [ids[index] for index in indexes]
    return f"{criterion.id} is {', '.join(others)} or {end}"


def sentence(rules: Rules, box: Box) -> str:
    """What the box asks for, in the order of the file; `always` if it asks for nothing."""
    parts = [
        words(criterion, box[name])
        for name, criterion in rules.criteria.items()
        if name in box and len(box[name]) < len(criterion.levels)
    ]
    return " and ".join(parts) or "always"


def _never_fails(rules: Rules, pick: str) -> Demand:
    points = scores(rules).points
    fail = scores(rules).fail

    @cache
    def worth(criterion: str, levels: frozenset[str]) -> int:
        return -any(points(pick, criterion, level) == fail for level in levels)

    return Demand(worth, 0)


def _beaten(rules: Rules, pick: str, rival: str, *, ties: bool) -> Demand:
    """The rival fails, or strains more; as much will do if the pick wins ties."""
    points = scores(rules).points
    fail = scores(rules).fail
    decisive = 2 * fail * (len(rules.criteria) + 1)
    """More than all other criteria together can take away."""

    @cache
    def worth(criterion: str, levels: frozenset[str]) -> int:
        alive = [level for level in levels if points(rival, criterion, level) != fail]
        leads = [points(rival, criterion, lv) - points(pick, criterion, lv) for lv in alive]
        return min(leads, default=decisive)

    return Demand(worth, 0 if ties else 1)


def _excluded(rules: Rules, option: str) -> Demand:
    """The option fails: there is a criterion at all of whose levels it does."""
    points = scores(rules).points
    fail = scores(rules).fail

    @cache
    def worth(criterion: str, levels: frozenset[str]) -> int:
        return int(all(points(option, criterion, level) == fail for level in levels))

    return Demand(worth, 1)


def _search(
    demands: tuple[Demand, ...],
    box: dict[str, frozenset[str]],
    moves: Mapping[str, list[frozenset[str]]],
    moved: dict[str, frozenset[str]],
    left: int,
    tried: dict[frozenset[tuple[str, frozenset[str]]], bool],
    most: int,
) -> None:
    """Note in `tried` every way of exactly `left` more moves, and whether it is enough.

    Any way that is enough must hold a move that helps the first demand that is not met yet, so
    only these are tried.
    """
    key = frozenset(moved.items())
    if key in tried:
        return
    if len(tried) == most:
        raise TooLarge(
            "too many answers decide together to find the fewest that do",
            "ask about another option, or leave out options with --without",
        )
    unmet = [demand for demand in demands if demand.lacks(box) > 0]
    tried[key] = not unmet
    free = {name: to for name, to in moves.items() if name not in moved}
    if not unmet or any(_out_of_reach(demand, box, free, left) for demand in unmet):
        return
    for name, to in _helpful(unmet[0], box, free):
        before = box[name]
        box[name] = to
        _search(demands, box, moves, {**moved, name: to}, left - 1, tried, most)
        box[name] = before


def _helpful(
    demand: Demand, box: Box, moves: Mapping[str, list[frozenset[str]]]
) -> Iterator[tuple[str, frozenset[str]]]:
    for name, choices in moves.items():
        for levels in choices:
            if demand.worth(name, levels) > demand.worth(name, box[name]):
                yield name, levels


def _out_of_reach(
    demand: Demand, box: Box, moves: Mapping[str, list[frozenset[str]]], left: int
) -> bool:
    """Whether even the most helpful moves, as many as are left, would not be enough."""
    gains: dict[str, int] = {}
    for name, levels in _helpful(demand, box, moves):
        gain = demand.worth(name, levels) - demand.worth(name, box[name])
        gains[name] = max(gain, gains.get(name, 0))
    return sum(sorted(gains.values(), reverse=True)[:left]) < demand.lacks(box)
