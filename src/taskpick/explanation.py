"""One option under a decision: why it is the pick, or what stands in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taskpick import boxes, conditions, reasons
from taskpick.decide import decide, space
from taskpick.model import UNSURE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.boxes import Box
    from taskpick.decide import Decision
    from taskpick.model import Option
    from taskpick.reasons import ChangeSet, Obstacle, Reason


class Chance(NamedTuple):
    """For how many of the answers to some criteria an option is the pick."""

    asked: tuple[str, ...]
    """The criteria whose answers are counted."""
    answers: int
    of: int
    when: tuple[Box, ...]
    """Exactly when, if it is not always or never: what the criteria asked have to be."""
    more: int
    """How many of the answers are left out of `when`, because it would be too long."""


class Explanation(NamedTuple):
    """What there is to say about one option."""

    decision: Decision
    option: Option
    reasons: tuple[Reason, ...]
    """All smallest reasons, if the option is the pick."""
    ways: tuple[ChangeSet, ...]
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

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """The fits that keep it from being the pick, each once."""
        found = {(o.option, o.criterion): o for way in self.ways for o in way.obstacles}
        return tuple(found.values())


def explain(decision: Decision, option: str) -> Explanation:
    """Say all that follows for an option.

    Raises:
        TooManyOpen: there are more answer sets than can be followed.
    """
    ways = reasons.why_not(decision, option)
    return Explanation(
        decision=decision,
        option=decision.rules.options[option],
        reasons=tuple(reasons.why(decision)) if decision.pick == option else (),
        ways=tuple(ways),
        instead=tuple(reasons.joined(ways)),
        open=_chance(decision, option) if decision.open else None,
        assumed=_chance(_unassumed(decision), option) if decision.assumed else None,
    )


def _unassumed(decision: Decision) -> Decision:
    """The decision with what was assumed left open."""
    return decide(
        decision.rules, {**dict.fromkeys(decision.rules.criteria, UNSURE), **decision.given}
    )


def _chance(decision: Decision, option: str) -> Chance:
    answers = space(decision.rules, decision.answers)
    found = answers.picks[option]
    if found in (0, answers.all):
        return Chance(decision.open, found.bit_count(), answers.size, (), 0)
    said = conditions.describe(answers, found, boxes.demands(decision.rules, option), most=6)
    when = [{name: box[name] for name in decision.open} for box in said.boxes]
    return Chance(decision.open, found.bit_count(), answers.size, tuple(when), said.left)
