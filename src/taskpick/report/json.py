"""A report as JSON: everything that the other formats show, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.answers import command
from taskpick.decision.explanation import obstacles
from taskpick.decision.outlook import as_good, safe_choice
from taskpick.formats.json import text
from taskpick.questions.conversation import UNSURE_MEANS
from taskpick.report.explanation import obstacle_data
from taskpick.report.report import depends
from taskpick.rulefile.model import NOTHING_FITS, UNSURE
from taskpick.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.decision.decide import Decision, Verdict
    from taskpick.report.report import Reason, Report
    from taskpick.rulefile.model import Criterion, Fit, Note, Option, Rules

SCHEMA = "taskpick.recommendation/1"
MATRIX_SCHEMA = "taskpick.matrix/1"


def render(report: Report) -> str:
    """The report as a JSON object; its `answers`, given again, lead to the same text."""
    decision = report.decision
    return text(
        {
            "schema": SCHEMA,
            "taskpick": __version__,
            "title": report.rules.title,
            "about": report.rules.about,
            "as_of": report.rules.as_of,
            "status": decision.status.value,
            "pick": decision.pick,
            "headline": report.headline,
            "summary": report.summary,
            "answers": decision.inputs,
            "assumed": dict(decision.assumed),
            "open": list(decision.open),
            "possible": decision.possible,
            "may_fit_nothing": None in decision.counts,
            "shares": {name or NOTHING_FITS: str(n) for name, n in decision.shares.items()},
            "ranking": decision.ranking,
            "as_good": list(as_good(decision)),
            "safe_choice": _safe_choice(decision),
            "why": list(report.why),
            "forced_by": [
                {
                    "answers": {
                        name: _levels(report.rules, name, of) for name, of in way.levels.items()
                    },
                    "words": list(way.words),
                }
                for way in report.forced
            ],
            "depends_on": [
                {
                    "pick": chance.pick or NOTHING_FITS,
                    "answers": chance.answers,
                    "of": chance.of,
                    "when": [
                        {
                            name: _levels(report.rules, name, levels)
                            for name, levels in box.items()
                            if len(levels) < len(report.rules.criteria[name].levels)
                        }
                        for box in chance.when
                    ],
                    "left_out": chance.left_out,
                    "words": line,
                }
                for chance, line in zip(report.outlook, depends(report), strict=True)
            ],
            "costs": [_reason(reason) for reason in report.costs],
            "why_not": [
                {
                    "option": other.option.id,
                    "summary": other.summary,
                    "reasons": [_reason(reason) for reason in other.reasons],
                    "instead": [dict(change.answers) for change in other.changes],
                    "instead_words": list(other.instead),
                    "obstacles": [obstacle_data(obstacle) for obstacle in obstacles(other.changes)],
                }
                for other in report.against
            ],
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
            "next_question": _question(report),
            "starter": _starter(report),
            "criteria": [_criterion(criterion) for criterion in report.rules.criteria.values()],
            "options": [
                {**_option(verdict.option), "fits": _verdict(decision.answers, verdict)}
                for verdict in decision.verdicts.values()
            ],
            "again": report.command,
        }
    )


def render_matrix(rules: Rules, answers: dict[str, str]) -> str:
    """The decision matrix of the rules as a JSON object."""
    return text(
        {
            "schema": MATRIX_SCHEMA,
            "taskpick": __version__,
            "title": rules.title,
            "as_of": rules.as_of,
            "answers": answers,
            "criteria": [_criterion(criterion) for criterion in rules.criteria.values()],
            "options": [
                {**_option(option), "fits": _fits(option)} for option in rules.options.values()
            ],
        }
    )


def _levels(rules: Rules, criterion: str, levels: frozenset[str]) -> list[str]:
    return [level.id for level in rules.criteria[criterion].levels if level.id in levels]


def _reason(reason: Reason) -> dict[str, str]:
    return {
        "criterion": reason.criterion,
        "level": reason.level,
        "fit": reason.rating.value,
        "why": reason.text,
        "source": reason.source,
    }


def _note(note: Note) -> dict[str, Any]:
    return {"say": note.say, "source": note.source, "see": dict(note.see)}


def _safe_choice(decision: Decision) -> dict[str, Any] | None:
    choice = safe_choice(decision)
    if choice is None:
        return None
    return {
        "option": choice.option,
        "strains_at_worst": choice.strains_at_worst,
        "strains": {name: list(levels) for name, levels in choice.strains.items()},
        "exceptions": {name: list(levels) for name, levels in choice.exceptions.items()},
    }


def _question(report: Report) -> dict[str, Any] | None:
    """The next question, with the command that goes on with each answer.

    Following the commands asks the same questions as `--quick`.
    """
    criterion, inputs = report.next_question, report.decision.inputs
    if criterion is None:
        return None
    levels = [(level.id, level.means, level.example) for level in criterion.levels]
    if criterion.id not in inputs:
        levels.append((UNSURE, UNSURE_MEANS, ""))
    return {
        "criterion": criterion.id,
        "question": criterion.question,
        "why": criterion.why,
        "levels": [
            {
                "level": level,
                "means": means,
                "example": example,
                "command": command(report.rules, {**inputs, criterion.id: level})
                + " --format json",
            }
            for level, means, example in levels
        ],
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
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


def _starter(report: Report) -> dict[str, Any] | None:
    if report.snippet is None:
        return None
    return {"files": dict(report.snippet.files), "commands": dict(report.snippet.commands)}


def _option(option: Option) -> dict[str, Any]:
    return {
        "id": option.id,
        "name": option.name,
        "url": option.url,
        "versions": dict(option.versions),
        "facts": dict(option.facts),
    }


def _verdict(answers: Mapping[str, str], verdict: Verdict) -> dict[str, dict[str, str]]:
    """What an option does at the levels answered and assumed."""
    return {
        criterion: {"level": answers[criterion], **_fit(fit)}
        for criterion, fit in verdict.fits.items()
    }


def _fits(option: Option) -> dict[str, dict[str, dict[str, str]]]:
    return {
        criterion: {level: _fit(fit) for level, fit in row.items()}
        for criterion, row in option.fits.items()
    }


def _fit(fit: Fit) -> dict[str, str]:
    return {"fit": fit.rating.value, "why": fit.why, "source": fit.source}
