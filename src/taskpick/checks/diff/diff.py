"""What changes for people between two rule files: their picks, not their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.decision.answer_sets import boxes, conditions
from taskpick.decision.answer_sets.space import Space
from taskpick.named_tuple import NamedTuple
from taskpick.rulefile.model import Fit, Rating

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskpick.decision.answer_sets.conditions import Conditions
    from taskpick.rulefile.model import Criterion, Option, Rules


_MOST_BITS = 2**34
"""How many bits of answer sets are looked at for all conditions, which takes seconds."""


class Change(NamedTuple):
    """All answer sets that go from one pick to the same other one."""

    before: str | None
    after: str | None
    answers: int
    """How many they are."""
    conditions: Conditions
    example: Mapping[str, str]


class Edited(NamedTuple):
    """A fit whose rating differs."""

    before: Fit
    after: Fit


class Diff(NamedTuple):
    """Two rule files side by side.

    Compared are the answer sets that both know: the criteria of either, at the levels that are
    not only in one of them. A criterion that is new is taken at its default, as answers that do
    not name it are; without a default, and where a criterion is gone, every level counts.
    """

    old: Rules
    new: Rules
    compared: Rules
    """The new rules over the criteria and levels compared."""
    answers: int
    """How many answer sets were compared."""
    changes: tuple[Change, ...]
    """The largest first."""
    edited: tuple[Edited, ...]

    @property
    def changed(self) -> int:
        """How many answer sets change their pick."""
        return sum(change.answers for change in self.changes)

    @property
    def structure(self) -> list[str]:
        """What was added, removed or moved, in words."""
        return list(_structure(self.old, self.new))


def diff(old: Rules, new: Rules) -> Diff:
    """Compare two rule files over all answer sets that both know.

    Raises:
        TooLarge: there are more answer sets than can be followed.
    """
    compared = _compared(old, new)
    old_compared, new_compared = _over(old, compared), _over(new, compared)
    before, after = Space(old_compared), Space(new_compared)
    moved = {
        (left, right): both
        for left, bits in before.picks.items()
        for right, others in after.picks.items()
        if left != right and (both := bits & others)
    }
    changes = []
    for (left, right), both in moved.items():
        demands = (*boxes.demands(old_compared, left), *boxes.demands(new_compared, right))
        share = _MOST_BITS // len(moved)
        described = conditions.describe(before, both, demands, bits=share)
        changes.append(Change(left, right, both.bit_count(), described, before.example(both)))
    changes.sort(key=lambda change: -change.answers)
    return Diff(old, new, new_compared, before.size, tuple(changes), tuple(_edited(old, new)))


def _compared(old: Rules, new: Rules) -> dict[str, Criterion]:
    criteria = {}
    for name in dict.fromkeys([*new.criteria, *old.criteria]):
        before, after = old.criteria.get(name), new.criteria.get(name)
        criterion = after or before
        assert criterion  # noqa: S101  one of the files has it
        if before and after:
            ids = {level.id for level in before.levels}
            levels = tuple(level for level in after.levels if level.id in ids)
        elif after and after.default:
            levels = tuple(level for level in after.levels if level.id == after.default)
        else:
            levels = criterion.levels
        # Where all levels were renamed the criterion is as good as new.
        criteria[name] = criterion._replace(levels=levels or criterion.levels)
    return criteria


def _over(rules: Rules, criteria: Mapping[str, Criterion]) -> Rules:
    """The rules with these criteria and levels; what they do not know makes no difference."""
    return rules._replace(
        criteria=criteria,
        options={
            name: option._replace(fits=_fits(option, criteria))
            for name, option in rules.options.items()
        },
    )


def _fits(option: Option, criteria: Mapping[str, Criterion]) -> dict[str, dict[str, Fit]]:
    def unknown(criterion: str, level: str) -> Fit:
        return Fit(option.id, criterion, level, Rating.FITS, "", "", option.span)

    return {
        name: {
            level.id: option.fits.get(name, {}).get(level.id) or unknown(name, level.id)
            for level in criterion.levels
        }
        for name, criterion in criteria.items()
    }


def _edited(old: Rules, new: Rules) -> Iterator[Edited]:
    for option in new.options.values():
        earlier = old.options.get(option.id)
        for criterion, row in option.fits.items():
            for level, fit in row.items():
                was = earlier.fits.get(criterion, {}).get(level) if earlier else None
                if was and was.rating is not fit.rating:
                    yield Edited(was, fit)


def _structure(old: Rules, new: Rules) -> Iterator[str]:
    for name, criterion in new.criteria.items():
        if name in old.criteria:
            yield from _levels(old.criteria[name], criterion)
        else:
            taken = f"its default, {criterion.default}" if criterion.default else "every level"
            yield f"criterion added: {name}, compared at {taken}"
    for name in old.criteria:
        if name not in new.criteria:
            yield f"criterion removed: {name}, compared at every level"
    for name in new.options:
        if name not in old.options:
            yield f"option added: {name}"
    for name in old.options:
        if name not in new.options:
            yield f"option removed: {name}"
    before = [name for name in old.options if name in new.options]
    after = [name for name in new.options if name in old.options]
    if before != after:
        yield f"options in another order: {', '.join(before)} -> {', '.join(after)}"


def _levels(old: Criterion, new: Criterion) -> Iterator[str]:
    before, after = ([level.id for level in criterion.levels] for criterion in (old, new))
    for level in after:
        if level not in before:
            yield f"level added: {new.id} {level}, not compared"
    for level in before:
        if level not in after:
            yield f"level removed: {new.id} {level}, not compared"
    if old.default != new.default:
        yield f"default of {new.id}: {old.default or 'none'} -> {new.default or 'none'}"
