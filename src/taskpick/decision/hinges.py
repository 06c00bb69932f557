"""What an open decision hinges on: the likeliest pick, and when it would be another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taskpick.decision import boxes
from taskpick.decision.sensitivity import decides_most, open_criteria

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskpick.decision.boxes import Box
    from taskpick.decision.decide import Decision
    from taskpick.rulefile.model import Rules

MOST_SAID = 3
"""How many conditions are put into words; more are only counted."""
MOST_REGIONS = 2_000
"""How many parts of the open answers are looked at before giving up."""


class Unless(NamedTuple):
    """A condition under which the pick is another one."""

    when: Mapping[str, frozenset[str]]
    """Open criterion to the levels it has then; all of them together."""
    pick: str | None
    """The pick then, whatever else is open; None: nothing fits."""


class Hinges(NamedTuple):
    """The pick for every way in which the open criteria can turn out."""

    pick: str | None
    """The likeliest pick; it holds where none of the conditions does. None: nothing fits."""
    unless: tuple[Unless, ...]
    complete: bool
    """Whether the conditions could be listed; if not, there are none."""
    first: str | None
    """The criterion to find out first, since it decides most; None if the pick is settled."""


class _TooManyRegions(Exception):
    """The conditions cannot be listed."""


def depends_on(decision: Decision) -> Hinges:
    """What the pick depends on. The conditions are exact, and none of them can be left out.

    Raises:
        TooManyOpen: there are more different consequences than can be followed exactly.
    """
    likeliest = max(decision.counts, key=lambda pick: decision.counts[pick])
    first = decides_most(decision)
    try:
        unless = _Search(decision, likeliest).run()
    except _TooManyRegions:
        return Hinges(likeliest, (), False, first)
    return Hinges(likeliest, unless, True, first)


def words(rules: Rules, hinges: Hinges) -> str:
    """`RQ, unless scheduling turns out to be cron: then Celery`.

    Of many conditions the simplest are said and the others counted.
    """
    pick = _name(rules, hinges.pick)
    if not hinges.complete:
        return f"most likely {pick}, but that depends on too much to list"
    outcomes: dict[str | None, list[str]] = {}
    said = sorted(hinges.unless, key=lambda unless: len(unless.when))[:MOST_SAID]
    for unless in said:
        outcomes.setdefault(unless.pick, []).append(_condition(rules, unless.when))
    conditions = [f"{', or '.join(ways)}: then {_name(rules, p)}" for p, ways in outcomes.items()]
    if others := len(hinges.unless) - len(said):
        conditions.append(f"in {others} other case{'s' if others > 1 else ''} another pick")
    return f"{pick}, unless {'; or '.join(conditions)}" if conditions else pick


def _name(rules: Rules, pick: str | None) -> str:
    return rules.options[pick].name if pick else "nothing fits"


def _condition(rules: Rules, when: Mapping[str, frozenset[str]]) -> str:
    first, *others = [
        boxes.words(criterion, when[name])
        for name, criterion in rules.criteria.items()
        if name in when
    ]
    name, _, rest = first.partition(" ")
    turns = "turns out not to be" if rest.startswith("is not ") else "turns out to be"
    bare = rest.removeprefix("is not ").removeprefix("is ")
    return " and ".join([f"{name} {turns} {bare}", *others])


class _Search:
    """Covers all open answers whose pick is not the likeliest with boxes as large as can be."""

    def __init__(self, decision: Decision, likeliest: str | None) -> None:
        self.rules = decision.rules
        self.picks = [pick for pick in decision.counts if pick != likeliest]
        self.likeliest = likeliest
        self.matter = open_criteria(decision)
        self.whole = boxes.box(self.rules, decision.answers)
        self.found: list[tuple[Box, str | None]] = []
        self.regions = 0

    def run(self) -> tuple[Unless, ...]:
        self.cover(self.whole)
        for entry in list(self.found):
            rest = [box for box, _ in self.found if box is not entry[0]]
            if self.covered(entry[0], rest):
                self.found.remove(entry)
        return tuple(Unless(self.bounds(box), pick) for box, pick in self.found)

    def cover(self, region: Box) -> None:
        """Find boxes for all of a region."""
        self.count()
        if any(_within(region, box) for box, _ in self.found):
            return
        if boxes.forces(self.rules, region, self.likeliest):
            return
        for pick in self.picks:
            if boxes.forces(self.rules, region, pick):
                self.found.append((self.grown(region, pick), pick))
                return
        for part in self.parts(region):
            self.cover(part)

    def grown(self, region: Box, pick: str | None) -> Box:
        """The region with levels added as long as the pick stays forced."""
        box = dict(region)
        for name in self.matter:
            # All at once first: a condition that falls away says more than one that is wider.
            for more in [self.whole[name], *(frozenset([lv]) for lv in self.whole[name])]:
                wider = {**box, name: box[name] | more}
                if boxes.forces(self.rules, wider, pick):
                    box = wider
        return box

    def covered(self, region: Box, found: list[Box]) -> bool:
        """Whether every answer of a region is in one of the boxes."""
        self.count()
        if any(_within(region, box) for box in found):
            return True
        meeting = [b for b in found if all(region[name] & b[name] for name in self.matter)]
        if not meeting:
            return False
        return all(self.covered(part, meeting) for part in self.parts(region))

    def parts(self, region: Box) -> Iterator[Box]:
        """The region in parts, one for each level of a criterion."""
        name = next(name for name in self.matter if len(region[name]) > 1)
        for level in self.rules.criteria[name].levels:
            if level.id in region[name]:
                yield {**region, name: frozenset([level.id])}

    def bounds(self, box: Box) -> dict[str, frozenset[str]]:
        return {name: box[name] for name in self.matter if box[name] != self.whole[name]}

    def count(self) -> None:
        self.regions += 1
        if self.regions > MOST_REGIONS:
            raise _TooManyRegions


def _within(region: Box, box: Box) -> bool:
    return all(levels <= box[name] for name, levels in region.items())
