"""Whether to stay with the system that is in use: few people start from scratch.

Whoever has something that fails at nothing stays with it, whatever the pick would be: a better one
saves some drawbacks, and a move costs more than that.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from taskpick.decision.decide import Status
from taskpick.decision.restriction import known_system, unknown_option
from taskpick.named_tuple import NamedTuple
from taskpick.problems import Refused
from taskpick.rulefile.model import Rating

if TYPE_CHECKING:
    from taskpick.decision.decide import Decision
    from taskpick.rulefile.model import Fit, KnownSystem, Note, Option


class Advice(StrEnum):
    """What to do with the system in use."""

    STAY = "stay"
    MOVE = "move"
    UNKNOWN = "unknown"
    """It is no option of the rule file, so that nothing is known of how it does."""


class Staying(NamedTuple):
    """The system in use, and what the decision says of it."""

    id: str
    decision: Decision
    option: Option | None
    """None where it is no option of the rule file."""
    system: KnownSystem | None
    """What is known of it where it is none."""
    fails: tuple[Fit, ...]
    """Where it fails for the closed answers."""
    may_fail: tuple[Fit, ...]
    """Where it fails for some answers to the open criteria."""
    costs: tuple[Fit, ...]
    """Its drawbacks that the pick does not have; all of its drawbacks where there is no pick."""
    brings: tuple[Fit, ...]
    """The drawbacks of the pick that it does not have."""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.option.name if self.option else self.system.name if self.system else self.id

    @property
    def is_left_out(self) -> bool:
        """Whether it is an option that may not be used any more."""
        return self.option is not None and self.id not in self.decision.rules.options

    @property
    def is_pick(self) -> bool:
        """Whether it is what would be picked without it, too."""
        return self.id == self.decision.pick

    @property
    def is_last_resort(self) -> bool:
        """Whether it does not work, or may not be used, and no other option works either."""
        return self.option is not None and self.decision.status is Status.NOTHING_FITS

    @property
    def stays(self) -> bool:
        """Whether the advice is to stay."""
        return self.advice is Advice.STAY

    @property
    def advice(self) -> Advice:
        """Stay if it may and fails at nothing, or where nothing else works either."""
        if self.option is None:
            return Advice.UNKNOWN
        if self.decision.status is Status.NOTHING_FITS:
            return Advice.STAY
        return Advice.MOVE if self.fails or self.is_left_out else Advice.STAY

    @property
    def notes(self) -> tuple[Note, ...]:
        """What to set right: the advice for whoever uses it with these answers."""
        rules = self.decision.rules.unrestricted
        answers = self.decision.answers
        return tuple(n for n in rules.notes if n.option == self.id and n.holds(answers))


def staying(decision: Decision, name: str) -> Staying:
    """What the decision says of a system in use: an option, or one that the rule file knows.

    Raises:
        Refused: the rule file does not know it.
    """
    whole = decision.rules.unrestricted
    option = whole.options.get(name)
    if option is None:
        system = known_system(whole, name)
        if system is None:
            raise unknown_option(whole, name)
        return Staying(system.id, decision, None, system, (), (), (), ())
    pick = decision.rules.options.get(decision.pick or "")
    fails, costs, brings = [], [], []
    for criterion, level in decision.answers.items():
        fit = option.fits[criterion][level]
        other = pick.fits[criterion][level] if pick else None
        if fit.rating is Rating.FAILS:
            fails.append(fit)
        elif fit.rating is Rating.STRAINS and not (other and other.rating is Rating.STRAINS):
            costs.append(fit)
        if other and other.rating is Rating.STRAINS and fit.rating is Rating.FITS:
            brings.append(other)
    may_fail = [
        fit
        for criterion in decision.open
        for fit in option.fits[criterion].values()
        if fit.rating is Rating.FAILS
    ]
    return Staying(
        name, decision, option, None, tuple(fails), tuple(may_fail), tuple(costs), tuple(brings)
    )


def kept(decision: Decision, name: str) -> Decision:
    """The decision with the system in use as its pick, where the advice is to stay with it.

    Else it is the decision as it was, as it is without a name or with one that nobody knows.
    """
    if not name or decision.pick is None:
        return decision
    try:
        in_use = staying(decision, name)
    except Refused:
        return decision
    if not in_use.stays:
        return decision
    return decision._replace(counts=MappingProxyType({in_use.id: sum(decision.counts.values())}))
