"""What the cases of a rule file showed, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.answers import as_flags
from taskpick.formats.json import place
from taskpick.problems import Problem, concise, full, location
from taskpick.rulefile.model import NOTHING_FITS
from taskpick.version import __version__

if TYPE_CHECKING:
    from fractions import Fraction

    from taskpick.checks.mutation.mutation import Edit, Failure, Tested
    from taskpick.problems import Span
    from taskpick.rulefile.model import Fit, Rules

SCHEMA = "taskpick.test/1"


def text(tested: Tested) -> str:
    """What the cases showed, in words."""
    parts = [_failure(tested.rules, failure) for failure in tested.failures]
    parts += [_unnoticed(tested.rules, edit) for edit in tested.unnoticed]
    if tested.unvisited:
        cells = [f"    {c.option}: {c.criterion} {c.level}" for c in tested.unvisited]
        parts.append("\n".join(["no case covers:", *cells]))
    visited, noticed = (
        tested.cells - len(tested.unvisited),
        tested.edits - len(tested.unnoticed),
    )
    parts.append(
        f"{tested.held} of {len(tested.rules.cases)} cases hold\n"
        f"{visited} of {tested.cells} ratings are covered by a case ({percent(tested.coverage)})\n"
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
                **place(failure.case.span),
                "expected": failure.case.pick,
                "outcome": failure.outcome,
                "witness": dict(failure.witness),
                "faults": [{**place(span), "message": words} for span, words in failure.faults],
            }
            for failure in tested.failures
        ],
        "coverage": str(tested.coverage),
        "unvisited": [_fit(fit) for fit in tested.unvisited],
        "score": str(tested.score),
        "edits": tested.edits,
        "unnoticed": [
            {
                **_fit(edit.fit),
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
        full(_problem(rules, message, failure.case.span, failure.case.need)),
        f"    for instance: {answers}",
        *(f"    {location(span)}: {words}" for span, words in failure.faults),
    ]
    return "\n".join(lines)


def _problem(rules: Rules, message: str, span: Span, hint: str = "") -> Problem:
    return Problem(message, rules.source_of(span), span, hint)


def _unnoticed(rules: Rules, edit: Edit) -> str:
    fit = edit.fit
    message = f"no case notices if '{fit.option}' {edit.rating} at '{fit.criterion}: {fit.level}'"
    answers = ", ".join(f"{name}: {level}" for name, level in edit.witness.items())
    case = f"    a case that does: answers: {{{answers}}}, pick: {edit.pick or NOTHING_FITS}"
    return f"{concise(_problem(rules, message, fit.span))}\n{case}"


def _fit(fit: Fit) -> dict[str, Any]:
    return {
        "option": fit.option,
        "criterion": fit.criterion,
        "level": fit.level,
        "rating": fit.rating.value,
        **place(fit.span),
    }


def percent(share: Fraction) -> str:
    """The share in percent with one decimal, never rounded up."""
    tenths = int(share * 1000)
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"
