"""Everything that is known about a decision, as data for `--details`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.decision.explanation import obstacles
from taskpick.report.details.explanation import levels_data, obstacle_data
from taskpick.report.sentences import depends_on
from taskpick.rulefile.model import NOTHING_FITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.decision.decide import Evaluation
    from taskpick.decision.outlook import Chance
    from taskpick.report.report import Report
    from taskpick.report.sentences import Against
    from taskpick.rulefile.model import Criterion, Fit, Note, Option, Rules


def everything(report: Report) -> dict[str, Any]:
    """Reasons, proofs, notes, criteria and options."""
    decision = report.decision
    return {
        "about": report.rules.about,
        "shares": {name or NOTHING_FITS: str(n) for name, n in decision.shares.items()},
        "ranking": decision.ranking,
        "why": list(report.why),
        "forced_by": [
            {"answers": levels_data(report.rules, forced.levels), "words": list(forced.words)}
            for forced in report.forced
        ],
        "depends_on": [_chance(report.rules, chance) for chance in report.outlook],
        "costs": [_reason(reason) for reason in report.costs],
        "why_not": [_against(other) for other in report.against],
        "changes": [
            {
                "criterion": change.criterion,
                "level": change.level,
                "possible": [pick or NOTHING_FITS for pick in change.picks],
                "words": words,
            }
            for change, words in report.changes
        ],
        "notes": [_note(note) for note in report.notes],
        "outside": [_note(note) for note in report.outside],
        "criteria": [criterion_data(criterion) for criterion in report.rules.criteria.values()],
        "options": [
            {**option_data(evaluation.option), "fits": _fits(decision.answers, evaluation)}
            for evaluation in decision.evaluations.values()
        ],
    }


def criterion_data(criterion: Criterion) -> dict[str, Any]:
    """A criterion with its levels."""
    return {
        "criterion": criterion.id,
        "question": criterion.question,
        "why": criterion.why,
        "default": criterion.default,
        "levels": [
            {"level": level.id, "means": level.means, "example": level.example}
            for level in criterion.levels
        ],
    }


def option_data(option: Option) -> dict[str, Any]:
    """An option without its fits."""
    return {
        "id": option.id,
        "name": option.name,
        "url": option.url,
        "versions": dict(option.versions),
        "facts": dict(option.facts),
    }


def fit_data(fit: Fit) -> dict[str, str]:
    """What an option does at a level."""
    return {"fit": fit.rating.value, "why": fit.why, "source": fit.evidence}


def _chance(rules: Rules, chance: Chance) -> dict[str, Any]:
    return {
        "pick": chance.pick or NOTHING_FITS,
        "answers": chance.answers,
        "of": chance.of,
        "when": [levels_data(rules, box) for box in chance.when],
        "left_out": chance.left_out,
        "words": depends_on(rules, chance),
    }


def _against(other: Against) -> dict[str, Any]:
    return {
        "option": other.option.id,
        "summary": other.summary,
        "reasons": [_reason(reason) for reason in other.reasons],
        "instead": [dict(change.answers) for change in other.changes],
        "instead_words": list(other.instead),
        "obstacles": [obstacle_data(obstacle) for obstacle in obstacles(other.changes)],
    }


def _reason(fit: Fit) -> dict[str, str]:
    return {"criterion": fit.criterion, "level": fit.level, **fit_data(fit)}


def _note(note: Note) -> dict[str, Any]:
    return {"say": note.say, "source": note.evidence, "see": dict(note.see)}


def _fits(answers: Mapping[str, str], evaluation: Evaluation) -> dict[str, dict[str, str]]:
    """What an option does at the levels answered and assumed."""
    return {
        criterion: {"level": answers[criterion], **fit_data(fit)}
        for criterion, fit in evaluation.fits.items()
    }
