"""Running the cases of a rule file, and what they would and would not notice.

Mutation analysis (DeMillo, Lipton and Sayward 1978, IEEE Computer 11(4)): a cell of the matrix is
edited to each of the other ratings, and a case has to notice. Edits that change no pick for any
answer set are left out, which for programs nobody can decide; here it is looked up.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from taskpick.answers import as_flags
from taskpick.checks.cases import counterexample, difference, holds, outcome
from taskpick.decision.decide import decide
from taskpick.decision.space import Space
from taskpick.problems import Problem, concise, full
from taskpick.rulefile.model import NOTHING_FITS, Rating
from taskpick.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from taskpick.problems import Span
    from taskpick.rulefile.model import Case, Fit, Rules

SCHEMA = "taskpick.test/1"


class Failure(NamedTuple):
    """A case whose pick is not the one expected."""

    case: Case
    outcome: str
    """What the rules say instead, in words."""
    witness: Mapping[str, str]
    """Complete answers to the case with another pick."""
    faults: tuple[tuple[Span, str], ...]
    """The fits that make the difference there, and what each is."""


class Cell(NamedTuple):
    """A place in the matrix."""

    option: str
    criterion: str
    level: str
    fit: Fit


class Edit(NamedTuple):
    """A cell with another rating, under which every case would still hold."""

    cell: Cell
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
    unvisited: tuple[Cell, ...]
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
    cells = list(_cells(rules))
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
        cells=len(cells),
        unvisited=tuple(
            cell
            for cell in cells
            if not any(one.get(cell.criterion, cell.level) == cell.level for one in held)
        ),
        edits=len(edits),
        unnoticed=tuple(edit for edit, noticed in edits if not noticed),
    )


def percent(share: Fraction) -> str:
    """The share in percent with one decimal, never rounded up."""
    tenths = int(share * 1000)
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def text(tested: Tested) -> str:
    """What the cases showed, in words."""
    parts = [_failure(tested.rules, failure) for failure in tested.failures]
    parts += [_unnoticed(tested.rules, edit) for edit in tested.unnoticed]
    if tested.unvisited:
        cells = [f"    {c.option}: {c.criterion} {c.level}" for c in tested.unvisited]
        parts.append("\n".join(["no case visits:", *cells]))
    visited, noticed = (
        tested.cells - len(tested.unvisited),
        tested.edits - len(tested.unnoticed),
    )
    parts.append(
        f"{tested.held} of {len(tested.rules.cases)} cases hold\n"
        f"{visited} of {tested.cells} cells are visited by a case ({percent(tested.coverage)})\n"
        f"{noticed} of {tested.edits} edits that change a pick are noticed "
        f"({percent(tested.score)})"
    )
    return "\n\n".join(parts) + "\n"


def data(tested: Tested) -> dict[str, Any]:
    """What the cases showed, as data; shares are exact fractions."""
    return {
        "schema": SCHEMA,
        "taskpick": __version__,
        "file": tested.rules.source.name,
        "cases": len(tested.rules.cases),
        "held": tested.held,
        "failures": [
            {
                "need": failure.case.need,
                "line": failure.case.span.line,
                "column": failure.case.span.column,
                "expected": failure.case.pick,
                "outcome": failure.outcome,
                "witness": dict(failure.witness),
                "faults": [
                    {"line": span.line, "column": span.column, "message": words}
                    for span, words in failure.faults
                ],
            }
            for failure in tested.failures
        ],
        "coverage": str(tested.coverage),
        "unvisited": [_cell(cell) for cell in tested.unvisited],
        "score": str(tested.score),
        "edits": tested.edits,
        "unnoticed": [
            {
                **_cell(edit.cell),
                "edited_to": edit.rating.value,
                "witness": dict(edit.witness),
                "pick": edit.pick or NOTHING_FITS,
            }
            for edit in tested.unnoticed
        ],
    }


def _failure(rules: Rules, failure: Failure) -> str:
    message = f"expected '{failure.case.pick}', but the rules say {failure.outcome}"
    answers = " ".join(as_flags(failure.witness))
    lines = [
        full(Problem(message, rules.source, failure.case.span, failure.case.need)),
        f"    for instance: {answers}",
        *(f"    {rules.source.name}:{s.line}:{s.column}: {words}" for s, words in failure.faults),
    ]
    return "\n".join(lines)


def _unnoticed(rules: Rules, edit: Edit) -> str:
    cell = edit.cell
    message = (
        f"no case notices if '{cell.option}' {edit.rating} at '{cell.criterion}: {cell.level}'"
    )
    answers = ", ".join(f"{name}: {level}" for name, level in edit.witness.items())
    case = f"    a case that does: answers: {{{answers}}}, pick: {edit.pick or NOTHING_FITS}"
    return f"{concise(Problem(message, rules.source, cell.fit.span))}\n{case}"


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "option": cell.option,
        "criterion": cell.criterion,
        "level": cell.level,
        "rating": cell.fit.rating.value,
        "line": cell.fit.span.line,
        "column": cell.fit.span.column,
    }


def _cells(rules: Rules) -> Iterator[Cell]:
    for option in rules.options.values():
        for criterion, row in option.fits.items():
            for level, fit in row.items():
                yield Cell(option.id, criterion, level, fit)


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
            for cell in _cells(rules):
                if (cell.criterion, cell.level) == (criterion.id, level.id):
                    yield from _edits_of(before, cell, looked_at)


def _edits_of(before: Space, cell: Cell, looked_at: int) -> Iterator[tuple[Edit, bool]]:
    rules = before.rules
    for rating in Rating:
        if rating is cell.fit.rating:
            continue
        after = Space(_edited(rules, cell, rating), {cell.criterion: cell.level})
        changed = 0
        for pick, bits in before.picks.items():
            changed |= bits ^ after.picks[pick]
        if changed:
            witness = before.example(changed)
            pick = decide(rules, witness).pick
            yield Edit(cell, rating, witness, pick), bool(changed & looked_at)


def _edited(rules: Rules, cell: Cell, rating: Rating) -> Rules:
    option = rules.options[cell.option]
    row = {**option.fits[cell.criterion], cell.level: cell.fit._replace(rating=rating)}
    edited = option._replace(fits={**option.fits, cell.criterion: row})
    return replace(rules, options={**rules.options, cell.option: edited})
