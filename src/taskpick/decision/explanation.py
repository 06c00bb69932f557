"""Why a pick, why not another option, and all about one option: proven, in the fewest answers.

A reason is a smallest set of answers that forces the pick whatever the others are, each answer
widened to as many levels as the pick allows: a prime implicant over sets of values, which say
more than single values where criteria have several levels (Ji and Darwiche 2023, arXiv
2304.14760). Why not is the contrastive form: the smallest sets of other answers under which the
option asked about is the pick (Ignatiev and others 2020, arXiv 2012.11067). Both are exact.
"""

from __future__ import annotations

from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING

from taskpick.decision.answer_sets import boxes
from taskpick.decision.decide import UnknownOption, check_decision, decide
from taskpick.decision.outlook import chance
from taskpick.named_tuple import NamedTuple
from taskpick.rulefile.model import UNSURE, Rating

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.decision.decide import Decision
    from taskpick.decision.outlook import Chance
    from taskpick.rulefile.model import Criterion, Fit, Option


class Reason(NamedTuple):
    """Answers that force the pick, whatever all other answers are."""

    levels: Mapping[str, frozenset[str]]
    """Criterion to the levels that would do; the answer today is one of them."""
    words: tuple[str, ...]
    """Each criterion in words, such as `retry is at least basic`."""


class ChangeSet(NamedTuple):
    """Other answers that together, and not fewer, make an option the pick."""

    option: str
    answers: Mapping[str, str]
    """Criterion to its other level."""
    obstacles: tuple[Fit, ...]
    """The fits that keep the option from being the pick today; none for an open criterion."""


class Explanation(NamedTuple):
    """What there is to say about one option."""

    decision: Decision
    option: Option
    reasons: tuple[Reason, ...]
    """All smallest reasons, if the option is the pick."""
    changes: tuple[ChangeSet, ...]
    """All smallest sets of other answers that make it the pick, if it is not."""
    instead: tuple[Mapping[str, frozenset[str]], ...]
    """The same, those that differ in one level drawn together."""
    open: Chance | None
    """Over the open criteria; None if there are none."""
    assumed: Chance | None
    """Over the open criteria and those that took their default; None if none did."""

    @property
    def is_pick(self) -> bool:
        """Whether the option is the pick."""
        return self.decision.pick == self.option.id


def why(decision: Decision) -> list[Reason]:
    """All smallest reasons for the pick, or for nothing fitting, the clearest first.

    Clearest is what rests on the fewest assumed answers, then what holds for the most answers,
    then what comes first in the file. None if undecided.

    Raises:
        InvalidArgument: `decision` is not a `Decision`.
        TooLarge: it would take too long to find them.
    """
    check_decision(decision)
    if len(decision.counts) != 1:
        return []
    rules = decision.rules
    demands = boxes.demands(rules, next(iter(decision.counts)))
    moves = {name: [frozenset([level])] for name, level in decision.answers.items()}
    smallest = boxes.smallest(demands, boxes.box(rules, {}), moves)

    def clearest(levels: Mapping[str, frozenset[str]]) -> tuple[int, float]:
        criteria = rules.criteria
        share = prod(len(levels[name]) / len(criteria[name].levels) for name in levels)
        return sum(name in decision.assumed for name in levels), -share

    widest = sorted((_widened(decision, demands, reason) for reason in smallest), key=clearest)
    return [
        Reason(
            MappingProxyType(reason),
            tuple(boxes.words(rules.criteria[name], reason[name]) for name in reason),
        )
        for reason in widest
    ]


def why_not(decision: Decision, option: str) -> list[ChangeSet]:
    """All smallest sets of other answers that make the option the pick, the nearest first.

    An open criterion may be given any answer, a closed one another one; what stays open then
    changes nothing. Empty if the option is the pick, or can never be.

    Raises:
        InvalidArgument: `decision` is not a `Decision`.
        UnknownOption: the rules have no such option.
        TooLarge: it would take too long to find them.
    """
    check_decision(decision)
    if option not in list(decision.rules.options):
        raise UnknownOption(f"unknown option {option!r:.60}")
    if decision.pick == option:
        return []
    rules = decision.rules
    moves = {
        name: [
            frozenset([level.id])
            for level in criterion.levels
            if level.id != decision.answers.get(name)
        ]
        for name, criterion in rules.criteria.items()
    }
    start = boxes.box(rules, decision.answers)
    smallest = boxes.smallest(boxes.demands(rules, option), start, moves)
    changes = [{name: next(iter(levels)) for name, levels in moved.items()} for moved in smallest]
    changes.sort(key=lambda answers: _distance(decision, answers))
    return [
        ChangeSet(option, MappingProxyType(answers), _obstacles(decision, option, answers))
        for answers in changes
    ]


def explain(decision: Decision, option: str) -> Explanation:
    """Say all that follows for an option.

    Raises:
        UnknownOption: the rules have no such option.
        InvalidArgument: `decision` is not a `Decision`.
        TooLarge: there are more answer sets than can be followed.
    """
    changes = why_not(decision, option)
    return Explanation(
        decision=decision,
        option=decision.rules.options[option],
        reasons=tuple(why(decision)) if decision.pick == option else (),
        changes=tuple(changes),
        instead=tuple(joined(changes)),
        open=chance(decision, option) if decision.open else None,
        assumed=chance(_unassumed(decision), option) if decision.assumed else None,
    )


def joined(changes: list[ChangeSet]) -> list[dict[str, frozenset[str]]]:
    """The change sets with those that differ in one level drawn together, the nearest first.

    Each stands for every choice of one level per criterion, and all together for exactly the
    change sets given: eight of them may read as `retry is at most basic and workflow is at most
    chain`.
    """
    groups = [{name: frozenset([lv]) for name, lv in change.answers.items()} for change in changes]
    for name in dict.fromkeys(name for group in groups for name in group):
        alike: dict[frozenset[tuple[str, frozenset[str]]], list[dict[str, frozenset[str]]]] = {}
        for group in groups:
            rest = frozenset(item for item in group.items() if item[0] != name)
            alike.setdefault(rest, []).append(group)
        groups = [
            {**same[0], name: frozenset[str]().union(*(group[name] for group in same))}
            if name in same[0]
            else same[0]
            for same in alike.values()
        ]
    return groups


def obstacles(changes: Sequence[ChangeSet]) -> list[Fit]:
    """The fits that any of the change sets gets out of the way, each once."""
    fits = {(o.option, o.criterion): o for change in changes for o in change.obstacles}
    return list(fits.values())


def _unassumed(decision: Decision) -> Decision:
    """The decision with what was assumed left open."""
    return decide(
        decision.rules, {**dict.fromkeys(decision.rules.criteria, UNSURE), **decision.given}
    )


def _widened(
    decision: Decision, demands: tuple[boxes.Demand, ...], reason: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """The reason with as many levels as it can have, from the first criterion to the last."""
    rules = decision.rules
    wide = {**boxes.box(rules, {}), **reason}
    for name in reason:
        allowed = [
            level.id
            for level in rules.criteria[name].levels
            if all(d.lacks({**wide, name: frozenset([level.id])}) <= 0 for d in demands)
        ]
        wide[name] = _around(rules.criteria[name], decision.answers[name], allowed)
    return {name: wide[name] for name in reason}


def _around(criterion: Criterion, answer: str, allowed: list[str]) -> frozenset[str]:
    """The allowed levels; of an ordered criterion only those that join up with the answer."""
    if not criterion.ordered:
        return frozenset(allowed)
    ids = [level.id for level in criterion.levels]
    first = last = ids.index(answer)
    while first > 0 and ids[first - 1] in allowed:
        first -= 1
    while last < len(ids) - 1 and ids[last + 1] in allowed:
        last += 1
    return frozenset(ids[first : last + 1])


def _distance(decision: Decision, answers: Mapping[str, str]) -> tuple[int, list[int]]:
    """How many levels the answers are from those of today; unordered levels are one apart."""
    steps = 0
    for name, level in answers.items():
        criterion = decision.rules.criteria[name]
        ids = [lv.id for lv in criterion.levels]
        today = decision.answers.get(name)
        if today is not None:
            steps += abs(ids.index(level) - ids.index(today)) if criterion.ordered else 1
    order = list(decision.rules.criteria)
    return steps, [order.index(name) for name in answers]


def _obstacles(decision: Decision, option: str, changed: Mapping[str, str]) -> tuple[Fit, ...]:
    """Per changed criterion the option's own fit today if it is not a good one, else the pick's."""
    options = decision.rules.options
    fits = []
    for name in changed:
        level = decision.answers.get(name)
        if level is None:
            continue
        own = options[option].fits[name][level]
        if own.rating is not Rating.FITS:
            fits.append(own)
        elif decision.pick is not None:
            fits.append(options[decision.pick].fits[name][level])
    return tuple(fits)
