"""The one, two or three options that serve several tasks best."""

from __future__ import annotations

from itertools import combinations

from taskpick.named_tuple import NamedTuple

_STEP = 32
"""More than there can be options, or criteria at which one strains."""
_FAILS = _STEP * _STEP
"""From this rank on an option fails."""


def rank(fails: int, strains: int, index: int) -> int:
    """How an option does beside the others: fails, then strains, then its place in the file."""
    return (fails * _STEP + strains) * _STEP + index


class Ranked(NamedTuple):
    """Tasks with the same answers and the same system in use."""

    ranks: list[int]
    """Of each option at the answers."""
    in_use: int | None
    """The index of the system in use, where the advice is to stay with it; else None."""
    tasks: int


def best_sets(options: int, ranked: list[Ranked]) -> list[tuple[int, ...]]:
    """The indexes of the best one, two and three options; empty where fewer do as well.

    Sets of three are all tried while that takes a second or so; beyond it the best two are kept
    and a third is sought.
    """
    sets: list[tuple[int, ...]] = []
    best: tuple[int, ...] = ()
    for size in (1, 2, 3):
        subsets = list(combinations(range(options), size))
        if size == 3 and len(subsets) * len(ranked) > _MOST_TRIALS:
            subsets = [subset for subset in subsets if set(best) <= set(subset)]
        subset = min(subsets, key=lambda subset: _cost(subset, ranked), default=())
        if subset and (not best or _cost(subset, ranked) < _cost(best, ranked)):
            best = subset
            sets.append(subset)
        else:
            sets.append(())
    return sets


_MOST_TRIALS = 2_000_000
"""How many sets of options, times kinds of work, are weighed."""


def _cost(indexes: tuple[int, ...], ranked: list[Ranked]) -> tuple[int, int, int, int, list[int]]:
    """What serving all tasks by the options at these indexes costs; less is better."""
    fails = moves = strains = beyond = 0
    for ranks, in_use, tasks in ranked:
        if in_use in indexes:
            best = ranks[in_use]
        else:
            best = min([ranks[index] for index in indexes])
            moves += tasks * (in_use is not None)
        if best >= _FAILS:
            fails += tasks
        else:
            strains += tasks * (best // _STEP)
            beyond += tasks * (in_use not in indexes and best != min(ranks))
    return fails, moves, strains, beyond, sorted(indexes, reverse=True)
