"""The decision: pure and total, an evaluation of each option made of its reasons.

The pick is the option of whose fits none fails; among those the one with the fewest strains;
among those the first in the rule file. This is a lexicographic order
(Fishburn 1974, Management Science 20(11)): no weights, so no number that nobody can defend.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from taskpick.decision.answer_sets.space import Space
from taskpick.decision.scores import check_rules, sweep
from taskpick.named_tuple import NamedTuple
from taskpick.problems import InvalidArgument, UnknownAnswer
from taskpick.rulefile.model import NOTHING_FITS, UNSURE, Rating, Rules

if TYPE_CHECKING:
    from fractions import Fraction

    from taskpick.rulefile.model import Fit, Note, Option


class Status(StrEnum):
    """How a decision ended."""

    PICKED = "picked"
    UNDECIDED = "undecided"
    NOTHING_FITS = "nothing-fits"


class UnknownOption(ValueError):
    """An option that the rules do not have."""


class Evaluation(NamedTuple):
    """What the answers given say about one option."""

    option: Option
    fits: Mapping[str, Fit]
    """Criterion to fit, for the criteria that are closed."""

    @property
    def fails(self) -> list[str]:
        """The criteria at which the option fails."""
        return [name for name, fit in self.fits.items() if fit.rating is Rating.FAILS]

    @property
    def strains(self) -> list[str]:
        """The criteria at which the option works, with a cost."""
        return [name for name, fit in self.fits.items() if fit.rating is Rating.STRAINS]


class Decision(NamedTuple):
    """What follows from a set of answers."""

    rules: Rules
    given: Mapping[str, str]
    """The closed criteria that somebody answered: criterion to level."""
    assumed: Mapping[str, str]
    """The closed criteria that took their default: criterion to level."""
    unsure: tuple[str, ...]
    """The criteria that somebody answered with `unsure`."""
    open: tuple[str, ...]
    """The criteria without an answer, or with `unsure`."""
    counts: Mapping[str | None, int]
    """Option to the number of open answer sets that make it the pick; None: nothing fits."""
    evaluations: Mapping[str, Evaluation]

    def __hash__(self) -> int:
        return hash((self.rules, frozenset(self.given.items()), self.unsure, self.open))

    @property
    def unanswered(self) -> list[str]:
        """The open criteria that nobody has answered, not even with `unsure`."""
        return [name for name in self.open if name not in self.unsure]

    @property
    def inputs(self) -> dict[str, str]:
        """The answers it was decided from, `unsure` included, in the order of the file.

        `decide` with the same rules and these answers gives the same decision.
        """
        levels = {**self.given, **dict.fromkeys(self.unsure, UNSURE)}
        return {name: levels[name] for name in self.rules.criteria if name in levels}

    @property
    def answers(self) -> dict[str, str]:
        """The closed criteria, given and assumed, in the order of the file."""
        closed = {**self.given, **self.assumed}
        return {name: closed[name] for name in self.rules.criteria if name in closed}

    @property
    def shares(self) -> dict[str | None, Fraction]:
        """Option to the share of the open answer sets that make it the pick."""
        from fractions import Fraction

        total = sum(self.counts.values())
        return {pick: Fraction(count, total) for pick, count in self.counts.items()}

    @property
    def completed(self) -> dict[str, str]:
        """A level for every criterion: where one is open, the least demanding."""
        closed, criteria = self.answers, self.rules.criteria
        return {name: closed.get(name, criteria[name].levels[0].id) for name in criteria}

    @property
    def status(self) -> Status:
        """Whether there is one pick, whatever the open criteria turn out to be."""
        if len(self.counts) > 1:
            return Status.UNDECIDED
        return Status.NOTHING_FITS if None in self.counts else Status.PICKED

    @property
    def pick(self) -> str | None:
        """The option recommended; None if undecided or if nothing fits."""
        return next(iter(self.counts)) if self.status is Status.PICKED else None

    @property
    def outcome(self) -> str:
        """The pick, or `NOTHING_FITS`; empty while undecided."""
        if self.status is Status.UNDECIDED:
            return ""
        return self.pick or NOTHING_FITS

    @property
    def likeliest(self) -> str | None:
        """What most of the open answer sets lead to, the first of equals; None: nothing fits."""
        return max(self.counts, key=lambda pick: self.counts[pick])

    @property
    def possible(self) -> list[str]:
        """The options that can still be the pick, in the order of the file."""
        return [name for name in self.rules.options if name in self.counts]

    @property
    def notes(self) -> list[Note]:
        """The notes of the pick, and those that hold for every pick or where nothing fits."""
        notes, answers = self.rules.notes, self.answers
        return [n for n in notes if n.option in (None, self.pick) and n.holds(answers)]

    @property
    def ranking(self) -> list[str]:
        """Every option, best first: the likeliest pick, then fewest fails, fewest strains."""

        def key(name: str) -> tuple[int, int, int]:
            evaluation = self.evaluations[name]
            return -self.counts.get(name, 0), len(evaluation.fails), len(evaluation.strains)

        return sorted(self.rules.options, key=key)


def decide(rules: Rules, answers: Mapping[str, str]) -> Decision:
    """Decide by the rules, for complete answers and for incomplete ones.

    A criterion without an answer takes its default; without a default, or with the answer
    `unsure`, it is open, and the decision says what holds whatever it turns out to be.

    Raises:
        UnknownAnswer: an answer that the rules do not know.
        TooLarge: there are more answer sets than can be followed.
        InvalidArgument: `rules` is not a `Rules`, or the answers are not a mapping.
    """
    check_rules(rules)
    if not isinstance(answers, Mapping):
        raise InvalidArgument(
            f"answers must be a mapping of criterion to level, not {answers!r:.60}"
        )
    _refuse_unknown(rules, answers)
    given = {name: answers[name] for name in rules.criteria if answers.get(name, UNSURE) != UNSURE}
    assumed = {
        name: criterion.default
        for name, criterion in rules.criteria.items()
        if name not in answers and criterion.default is not None
    }
    closed = {**given, **assumed}
    return Decision(
        rules=rules,
        given=MappingProxyType(given),
        assumed=MappingProxyType(assumed),
        unsure=tuple(name for name in rules.criteria if answers.get(name) == UNSURE),
        open=tuple(name for name in rules.criteria if name not in closed),
        counts=MappingProxyType(counts(rules, closed)),
        evaluations=MappingProxyType(
            {name: _evaluation(rules, option, closed) for name, option in rules.options.items()}
        ),
    )


def check_decision(decision: Decision) -> None:
    """Refuse what is no decision.

    Raises:
        InvalidArgument: `decision` is not a `Decision`.
    """
    if not isinstance(decision, Decision):
        raise InvalidArgument(f"expected a decision from `decide`, not {decision!r:.60}")


def counts(rules: Rules, closed: Mapping[str, str]) -> dict[str | None, int]:
    """Pick to the number of answer sets to all criteria not closed that lead to it.

    Raises:
        TooLarge: there are more answer sets than can be followed.
    """
    if len(closed) == len(rules.criteria):  # a sum will do
        (pick,) = sweep(rules, [[closed[name] for name in rules.criteria]])
        return {pick: 1}
    by_pick = {pick: bits.bit_count() for pick, bits in space(rules, closed).picks.items()}
    return {pick: by_pick[pick] for pick in (*rules.options, None) if by_pick[pick]}


def space(rules: Rules, closed: Mapping[str, str]) -> Space:
    """All answer sets that agree with the closed criteria.

    Raises:
        TooLarge: there are more answer sets than can be followed.
    """
    return _space(rules, frozenset(closed.items()))


@lru_cache(maxsize=4)
def _space(rules: Rules, closed: frozenset[tuple[str, str]]) -> Space:
    return Space(rules, dict(closed))


def _refuse_unknown(rules: Rules, answers: Mapping[str, str]) -> None:
    for name, level in answers.items():
        criterion = rules.criteria.get(name)
        if criterion is None:
            raise UnknownAnswer(f"unknown criterion '{name}'")
        if level != UNSURE and level not in [lv.id for lv in criterion.levels]:
            raise UnknownAnswer(f"unknown level of '{name}': '{level}'")


def _evaluation(rules: Rules, option: Option, closed: Mapping[str, str]) -> Evaluation:
    fits = {name: option.fits[name][closed[name]] for name in rules.criteria if name in closed}
    return Evaluation(option, MappingProxyType(fits))
