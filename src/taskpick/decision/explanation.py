"""One option under a decision: why it is the pick, or what stands in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taskpick.decision import boxes, conditions, reasons
from taskpick.decision.decide import decide, space
from taskpick.rulefile.model import UNSURE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.decision.boxes import Box
    from taskpick.decision.decide import Decision
    from taskpick.decision.reasons import ChangeSet, Reason
    from taskpick.rulefile.model import Option, Rules

MOST_DESCRIBED = 2**18
"""The most answer sets whose conditions are looked for; of more, only the number is told."""


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


class Standing(NamedTuple):
    """What can be the pick, and for which answers to what is open."""

    pick: str | None
    """None: nothing fits."""
    chance: Chance


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


def standings(decision: Decision) -> tuple[Standing, ...]:
    """All that can be the pick, in the order of the file; none if it is settled.

    Raises:
        TooManyOpen: there are more answer sets than can be followed.
    """
    if len(decision.counts) == 1:
        return ()
    return tuple(Standing(pick, _chance(decision, pick)) for pick in decision.counts)


def words(rules: Rules, chance: Chance) -> str:
    """`for 2 of 3 answers, if scheduling at most delayed`."""
    said = [boxes.sentence(rules, box) for box in chance.when]
    more = [f"in {chance.more:,} other cases"] if said and chance.more else []
    conditions = f", if {', or if '.join(said)}" if said else ""
    return f"for {chance.answers:,} of {chance.of:,} answers{', or '.join([conditions, *more])}"


def _unassumed(decision: Decision) -> Decision:
    """The decision with what was assumed left open."""
    return decide(
        decision.rules, {**dict.fromkeys(decision.rules.criteria, UNSURE), **decision.given}
    )


def _chance(decision: Decision, pick: str | None) -> Chance:
    answers = space(decision.rules, decision.answers)
    found = answers.picks[pick]
    count = found.bit_count()
    if count in (0, answers.size):
        return Chance(decision.open, count, answers.size, (), 0)
    if answers.size > MOST_DESCRIBED:
        return Chance(decision.open, count, answers.size, (), count)
    said = conditions.describe(answers, found, boxes.demands(decision.rules, pick), most=6)
    when = [{name: box[name] for name in decision.open} for box in said.boxes]
    return Chance(decision.open, count, answers.size, tuple(when), said.left)
