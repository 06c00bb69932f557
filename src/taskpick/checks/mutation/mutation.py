"""Running the cases of a rule file, and what they would and would not notice.

Mutation analysis (DeMillo, Lipton and Sayward 1978, IEEE Computer 11(4)): a cell of the matrix is
edited to each of the other ratings, and a case has to notice. Edits that change no pick for any
answer set are left out, which for programs nobody can decide; here it is looked up.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING

from taskpick.checks.cases import counterexample, difference, holds, outcome
from taskpick.decision.answer_sets.space import SMALLER, Space
from taskpick.decision.decide import decide
from taskpick.named_tuple import NamedTuple
from taskpick.problems import TooLarge
from taskpick.rulefile.model import Rating

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from taskpick.problems import Span
    from taskpick.rulefile.model import Case, Fit, Rules

_MOST_BITS = 2**30
"""How many bits of answer sets are looked at, which takes seconds."""


class Failure(NamedTuple):
    """A case whose pick is not the one expected."""

    case: Case
    outcome: str
    """What the rules say instead, in words."""
    witness: Mapping[str, str]
    """Complete answers to the case with another pick."""
    faults: tuple[tuple[Span, str], ...]
    """The fits that make the difference there, and what each is."""


class Edit(NamedTuple):
    """A fit with another rating, under which every case would still hold."""

    fit: Fit
    rating: Rating
    witness: Mapping[str, str]
    """Answers whose pick changes: a case with them would notice."""
    pick: str | None
    """The pick for them today."""


class Tested(NamedTuple):
    """What running the cases of a rule file showed."""

    rules: Rules
    failures: tuple[Failure, ...]
    cells: int
    unvisited: tuple[Fit, ...]
    """The cells at whose level no case that holds has its answers."""
    edits: int
    """How many edits of a single cell change any pick."""
    unnoticed: tuple[Edit, ...]

    @property
    def held(self) -> int:
        """How many cases hold."""
        return len(self.rules.cases) - len(self.failures)

    @property
    def coverage(self) -> Fraction:
        """The share of the cells that some case visits."""
        return Fraction(self.cells - len(self.unvisited), self.cells)

    @property
    def score(self) -> Fraction:
        """The share of the edits that change any pick and that some case notices."""
        return Fraction(self.edits - len(self.unnoticed), self.edits) if self.edits else Fraction(1)


def run(rules: Rules) -> Tested:
    """Run every case, and edit every cell to see whether a case notices.

    Raises:
        TooLarge: there are more answer sets than can be followed.
    """
    decisions = [(case, decide(rules, case.answers)) for case in rules.cases]
    held = [decision.answers for case, decision in decisions if holds(case, decision)]
    fits = rules.fits
    _refuse_large(rules, len(fits))
    edits = list(_edits(rules, held))
    return Tested(
        rules=rules,
        failures=tuple(
            Failure(
                case,
                outcome(decision),
                (witness := counterexample(case, decision)),
                difference(rules, case, witness),
            )
            for case, decision in decisions
            if not holds(case, decision)
        ),
        cells=len(fits),
        unvisited=tuple(
            fit
            for fit in fits
            if not any(answers.get(fit.criterion, fit.level) == fit.level for answers in held)
        ),
        edits=len(edits),
        unnoticed=tuple(edit for edit, noticed in edits if not noticed),
    )


def _refuse_large(rules: Rules, cells: int) -> None:
    size = prod(len(criterion.levels) for criterion in rules.criteria.values())
    fewest = min(len(criterion.levels) for criterion in rules.criteria.values())
    if cells * (size // fewest) * (len(rules.options) + 1) > _MOST_BITS:
        raise TooLarge(
            f"{cells:,} ratings and {size:,} answer sets are too many to edit each of them and see "
            "whether a case notices",
            SMALLER,
        )


def _edits(rules: Rules, held: list[dict[str, str]]) -> Iterator[tuple[Edit, bool]]:
    """Every edit of a cell that changes any pick, and whether a case notices.

    Only answer sets with the level of the cell can change, so only those are compared.
    """
    for criterion in rules.criteria.values():
        for level in criterion.levels:
            here = {criterion.id: level.id}
            before = Space(rules, here)
            cases = [case for case in held if case.get(criterion.id, level.id) == level.id]
            looked_at = 0
            for case in cases:
                looked_at |= before.inside({name: [answer] for name, answer in case.items()})
            for option in rules.options.values():
                yield from _edits_of(before, option.fits[criterion.id][level.id], looked_at)


def load_bearing(rules: Rules, fits: Iterable[Fit]) -> Iterator[Fit]:
    """Those fits with which some pick would change if their rating were another.

    Raises:
        TooLarge: there are more answer sets than can be followed.
    """
    spaces: dict[tuple[str, str], Space] = {}
    for fit in fits:
        cell, here = (fit.criterion, fit.level), {fit.criterion: fit.level}
        before = spaces.get(cell) or spaces.setdefault(cell, Space(rules, here))
        others = (rating for rating in Rating if rating is not fit.rating)
        if any(Space(_edited(rules, fit, other), here).picks != before.picks for other in others):
            yield fit


def _edits_of(before: Space, fit: Fit, looked_at: int) -> Iterator[tuple[Edit, bool]]:
    rules = before.rules
    for rating in Rating:
        if rating is fit.rating:
            continue
        after = Space(_edited(rules, fit, rating), {fit.criterion: fit.level})
        changed = 0
        for pick, bits in before.picks.items():
            changed |= bits ^ after.picks[pick]
        if changed:
            witness = before.example(changed)
            pick = decide(rules, witness).pick
            yield Edit(fit, rating, witness, pick), bool(changed & looked_at)


def _edited(rules: Rules, fit: Fit, rating: Rating) -> Rules:
    option = rules.options[fit.option]
    row = {**option.fits[fit.criterion], fit.level: fit._replace(rating=rating)}
    edited = option._replace(fits={**option.fits, fit.criterion: row})
    return rules._replace(options={**rules.options, fit.option: edited})
