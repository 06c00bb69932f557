"""A set of answer sets in few words: conditions that hold for them and for no others.

Each condition is a box that cannot be widened, and together they hold for exactly the answer sets
in question. To find the fewest is as hard as minimising a logic formula (Umans 2001, Journal of
Computer and System Sciences 63(4)), so the search is greedy; it then looks for as many answer sets
of which no two can share a condition, and if it finds them, the conditions are proven to be the
fewest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.decision.boxes import Box, Demand
    from taskpick.decision.space import Space


class Conditions(NamedTuple):
    """Conditions of which exactly the answer sets meet one or more that were asked about."""

    boxes: tuple[Box, ...]
    """The one that holds for the most answer sets first."""
    left: int
    """How many answer sets they leave out, because more conditions would be too many."""
    fewest: bool
    """Whether fewer conditions are proven to be impossible."""


def describe(
    space: Space, answer_sets: int, wanted: tuple[Demand, ...], *, most: int = 20
) -> Conditions:
    """The conditions for the answer sets of a space, which are those that meet all demands."""
    found: list[Box] = []
    starts: list[dict[str, str]] = []
    left = answer_sets
    while left and len(found) < most:
        start = space.example(left)
        candidates = [_grown(space, start, order, wanted) for order in _orders(space)]
        best = max(candidates, key=lambda box: (left & space.inside(box)).bit_count())
        found.append(best)
        starts.append(start)
        left &= ~space.inside(best)
    kept = _without_needless(space, found) if not left else found
    kept.sort(key=lambda box: -space.inside(box).bit_count())
    apart = _apart(space, kept, wanted) if not left else 0
    return Conditions(tuple(kept), left.bit_count(), bool(kept) and apart == len(kept))


def _orders(space: Space) -> Iterator[list[str]]:
    """Every criterion once as the first to be widened, and as the last."""
    names = list(space.levels)
    for place in range(len(names)):
        turned = names[place:] + names[:place]
        yield turned
        yield turned[::-1]


def _grown(
    space: Space, start: dict[str, str], order: list[str], wanted: tuple[Demand, ...]
) -> dict[str, frozenset[str]]:
    """The box around an answer set with levels added as long as all demands are met.

    The levels that can be added to one criterion do not depend on each other, since a box meets
    the demands if and only if each of its answer sets does.
    """
    box = {name: frozenset([level]) for name, level in start.items()}
    for name in order:
        box[name] = frozenset(
            level
            for level in space.levels[name]
            if all(demand.lacks({**box, name: frozenset([level])}) <= 0 for demand in wanted)
        )
    return box


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


def _apart(space: Space, boxes: list[Box], wanted: tuple[Demand, ...]) -> int:
    """How many answer sets were found of which no two can share a condition.

    One is taken from each box, where no other box holds.
    """
    chosen: list[dict[str, str]] = []
    for box in boxes:
        own = space.inside(box)
        for other in boxes:
            own &= space.all if other is box else ~space.inside(other)
        for answers in _some(space, own):
            if not any(_can_share(answers, other, wanted) for other in chosen):
                chosen.append(answers)
                break
    return len(chosen)


def _some(space: Space, answer_sets: int) -> Iterator[dict[str, str]]:
    for _ in range(32):
        if not answer_sets:
            return
        yield space.example(answer_sets)
        answer_sets &= answer_sets - 1


def _can_share(one: dict[str, str], other: dict[str, str], wanted: tuple[Demand, ...]) -> bool:
    """Whether one box can hold both: the smallest box around them has to meet the demands."""
    both = {name: frozenset([level, other[name]]) for name, level in one.items()}
    return all(demand.lacks(both) <= 0 for demand in wanted)
