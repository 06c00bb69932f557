"""What follows from the decision function: which answers still matter, and what they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.decision.decide import counts, space
from taskpick.decision.scores import scores
from taskpick.named_tuple import NamedTuple
from taskpick.problems import TooLarge

_MOST_BITS = 2**29
"""How many bits of answer sets are looked at, which takes seconds."""

if TYPE_CHECKING:
    from taskpick.decision.decide import Decision


class Change(NamedTuple):
    """One answer that differs, and what it would lead to."""

    criterion: str
    level: str
    picks: tuple[str | None, ...]
    """What can be the pick then; None: nothing fits."""


def changes(decision: Decision) -> list[Change]:
    """Every single changed answer that changes what can be the pick, in the order of the file.

    Raises:
        TooLarge: there are too many other answers, and too much is open, to look at each of them.
    """
    here = tuple(decision.counts)
    return [change for change in _neighbours(decision) if change.picks != here]


def open_criteria(decision: Decision) -> list[str]:
    """The open criteria whose answer can still change the pick, in the order of the file."""
    matters = space(decision.rules, decision.answers).matters
    return [name for name in decision.open if matters(name)]


def by_level(decision: Decision, criterion: str) -> dict[str, dict[str | None, int]]:
    """For each level of a criterion, what could be the pick then, for how many answer sets."""
    others = {name: level for name, level in decision.answers.items() if name != criterion}
    answers = space(decision.rules, others)
    return {level: answers.counts(criterion, level) for level in answers.levels[criterion]}


def deciding(decision: Decision) -> dict[str, list[str]]:
    """The closed criteria that speak against another option more than against the pick.

    Criterion to the options it rules out or strains, in the order of the file.
    """
    pick = decision.pick
    if pick is None:
        return {}
    points = scores(decision.rules).points
    against = {
        name: [
            option
            for option in decision.rules.options
            if points(option, name, level) > points(pick, name, level)
        ]
        for name, level in decision.answers.items()
    }
    return {name: options for name, options in against.items() if options}


def _neighbours(decision: Decision) -> list[Change]:
    closed, rules = decision.answers, decision.rules
    levels = sum(len(rules.criteria[name].levels) for name in closed)
    if levels * sum(decision.counts.values()) * (len(rules.options) + 1) > _MOST_BITS:
        raise TooLarge(
            "too much is open to look at every other answer", "answer more of the criteria"
        )
    return [
        Change(name, level.id, tuple(counts(rules, {**closed, name: level.id})))
        for name in closed
        for level in rules.criteria[name].levels
        if level.id != closed[name]
    ]
