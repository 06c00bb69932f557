"""A report as JSON: everything that the other formats show, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.decision.reasons import obstacles
from taskpick.formats.json import text
from taskpick.report.explanation import obstacle_data
from taskpick.report.report import depends
from taskpick.rulefile.model import UNSURE
from taskpick.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.decision.decide import Verdict
    from taskpick.report.report import Reason, Report
    from taskpick.rulefile.model import Criterion, Fit, Note, Option, Rules

SCHEMA = "taskpick.recommendation/1"
MATRIX_SCHEMA = "taskpick.matrix/1"


def render(report: Report) -> str:
    """The report as a JSON object; its `answers`, given again, lead to the same text."""
    decision = report.decision
    answers = {name: decision.given.get(name, UNSURE) for name in _answered(report)}
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
            "answers": answers,
            "assumed": dict(decision.assumed),
            "open": list(decision.open),
            "possible": decision.possible,
            "may_fit_nothing": None in decision.counts,
            "shares": {name or "nothing-fits": str(n) for name, n in decision.shares.items()},
            "ranking": decision.ranking,
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
                    "pick": standing.pick or "nothing-fits",
                    "answers": standing.chance.answers,
                    "of": standing.chance.of,
                    "when": [
                        {
                            name: _levels(report.rules, name, levels)
                            for name, levels in box.items()
                            if len(levels) < len(report.rules.criteria[name].levels)
                        }
                        for box in standing.chance.when
                    ],
                    "left_out": standing.chance.more,
                    "words": line,
                }
                for standing, line in zip(report.standings, depends(report), strict=True)
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
                    "possible": [pick or "nothing-fits" for pick in change.picks],
                    "words": words,
                }
                for change, words in report.changes
            ],
            "notes": [_note(note) for note in report.notes],
            "outside": [_note(note) for note in report.outside],
            "next_question": report.turn or _question(report.next_question),
            "starter": _starter(report),
            "criteria": [_criterion(criterion) for criterion in report.rules.criteria.values()],
            "options": [
                {**_option(verdict.option), "fits": _verdict(decision.answers, verdict)}
                for verdict in decision.verdicts.values()
            ],
            "again": report.again,
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


def _answered(report: Report) -> list[str]:
    """The criteria that somebody answered, if only with `unsure`."""
    asked = report.decision.unsure
    return [
        name for name in report.rules.criteria if name in report.decision.given or name in asked
    ]


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


def _question(criterion: Criterion | None) -> dict[str, Any] | None:
    return _criterion(criterion) if criterion else None


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
