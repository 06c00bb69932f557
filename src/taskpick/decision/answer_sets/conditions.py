"""A set of answer sets in few words: conditions that hold for them and for no others.

Each condition is a box that cannot be widened, and together they hold for exactly the answer sets
in question. To find the fewest is as hard as minimising a logic formula (Umans 2001, Journal of
Computer and System Sciences 63(4)), so the search is greedy.
"""

from __future__ import annotations

from operator import add, le, sub
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from taskpick.decision.answer_sets.boxes import Box, Demand
    from taskpick.decision.answer_sets.space import Space

    _Worths = Mapping[str, Mapping[str, tuple[int, ...]]]
    """Criterion to level to what it adds to each of the demands."""

MOST_BITS = 2**30
"""How many bits of answer sets are looked at, which takes part of a second."""


class Conditions(NamedTuple):
    """Conditions of which exactly the answer sets meet one or more that were asked about."""

    boxes: tuple[Box, ...]
    """The one that holds for the most answer sets first."""
    left: int
    """How many answer sets they leave out, because more conditions would be too many."""


def describe(
    space: Space,
    answer_sets: int,
    demands: tuple[Demand, ...],
    *,
    most: int = 20,
    bits: int = MOST_BITS,
) -> Conditions:
    """The conditions for the answer sets of a space, which are those that meet all demands.

    No more than `most`, and fewer where so many answer sets are open that to find more would mean
    to look at more `bits`.
    """
    boxes: list[Box] = []
    left = answer_sets
    opened = sum(len(levels) > 1 for levels in space.levels.values())
    # Each is the best of two for each open criterion, found by looking at every criterion.
    most = min(most, bits // (2 * opened * opened * space.size)) if opened else most
    least = [demand.least for demand in demands]
    worths = {
        name: {lv: tuple(d.worth(name, frozenset([lv])) for d in demands) for lv in levels}
        for name, levels in space.levels.items()
    }
    while left and len(boxes) < most:
        start = space.example(left)
        candidates = {
            tuple(box.items()): box
            for box in (_grown(space, start, order, worths, least) for order in _orders(space))
        }
        best = max(candidates.values(), key=lambda box: (left & space.inside(box)).bit_count())
        boxes.append(best)
        left &= ~space.inside(best)
    kept = _without_needless(space, boxes) if not left else boxes
    kept.sort(key=lambda box: -space.inside(box).bit_count())
    return Conditions(tuple(kept), left.bit_count())


def _orders(space: Space) -> Iterator[list[str]]:
    """Every open criterion once as the first to be widened, and as the last."""
    names = [name for name, levels in space.levels.items() if len(levels) > 1]
    if not names:
        yield []
    for index in range(len(names)):
        turned = names[index:] + names[:index]
        yield turned
        yield turned[::-1]


def _grown(
    space: Space, start: dict[str, str], order: list[str], worths: _Worths, least: list[int]
) -> dict[str, frozenset[str]]:
    """The box around an answer set with levels added as long as all demands are met.

    The levels that can be added to one criterion do not depend on each other, since a box meets
    the demands if and only if each of its answer sets does; so its worth is that of its worst.
    """
    box = {name: frozenset([level]) for name, level in start.items()}
    lacks = [
        need - sum(column)
        for need, *column in zip(least, *(worths[n][lv] for n, lv in start.items()), strict=True)
    ]
    for name in order:
        by_level = worths[name]
        needed = list(map(add, lacks, by_level[start[name]]))
        levels = [level for level in space.levels[name] if all(map(le, needed, by_level[level]))]
        box[name] = frozenset(levels)
        lacks = list(map(sub, needed, _least(by_level[level] for level in levels)))
    return box


def _least(worths: Iterable[tuple[int, ...]]) -> Iterator[int]:
    """For each demand the least of its worths."""
    return map(min, zip(*worths, strict=True))


def _without_needless(space: Space, boxes: list[Box]) -> list[Box]:
    """The boxes without those whose answer sets are all in others, the smallest tried first."""
    kept = sorted(boxes, key=lambda box: space.inside(box).bit_count())
    for box in list(kept):
        others = 0
        for other in kept:
            others |= 0 if other is box else space.inside(other)
        if not space.inside(box) & ~others:
            kept = [other for other in kept if other is not box]
    return kept
