"""A recommendation as JSON: what the verdict says, and with details everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.answers import command
from taskpick.decision.decide import decide
from taskpick.decision.outlook import as_good
from taskpick.decision.restriction import left_out
from taskpick.formats.json import text
from taskpick.rulefile import short
from taskpick.rulefile.model import NOTHING_FITS, UNSURE
from taskpick.version import __version__

if TYPE_CHECKING:
    from taskpick.decision.decide import Decision
    from taskpick.report.report import Report
    from taskpick.report.verdict.comparison import Row
    from taskpick.report.verdict.verdict import Instead, Verdict
    from taskpick.rulefile.model import Note

SCHEMA = "taskpick.recommendation/2"


def render(report: Report, verdict: Verdict, *, details: bool) -> str:
    """The report as a JSON object; read back with `--answers` it leads to the same text."""
    decision, rules = report.decision, report.rules
    value: dict[str, Any] = {
        "schema": SCHEMA,
        "taskpick": __version__,
        "title": rules.title,
        "as_of": rules.as_of,
        "status": decision.status.value,
        "pick": decision.pick,
        "as_good": list(as_good(decision)),
        "safe_choice": _safe_choice(verdict),
        "possible": decision.possible,
        "may_fit_nothing": None in decision.counts,
        "headline": verdict.headline,
        "summary": verdict.sentence,
        "answers": decision.inputs,
        "assumed": dict(decision.assumed),
        "open": list(decision.open),
        "only": list(rules.only),
        "without": list(rules.without),
        "left_out": left_out(rules),
        "with_all_options": _with_all(decision),
        "have": _have(verdict),
        "differences": [_difference(row) for row in verdict.rows],
        "needs": verdict.needs,
        "before_you_ship": [_advice(note) for note in verdict.before],
        "choose_instead": [_instead(instead) for instead in verdict.instead],
        "outside": [_advice(note) for note in verdict.outside],
        "ruled_out": [
            {"option": out.option.id, "why": list(out.words)} for out in verdict.ruled_out
        ],
        "next_question": _question(report, verdict),
        "starter": _starter(report),
        "command": report.command,
    }
    if details:
        from taskpick.report.details.json_details import everything

        value["details"] = everything(report)
    return text(value)


def _difference(row: Row) -> dict[str, Any]:
    return {
        "criterion": row.criterion,
        "level": row.level,
        "words": row.words,
        "fits": {
            option: {"fit": fit.rating.value, "why": fit.why} for option, fit in row.fits.items()
        },
    }


def _instead(instead: Instead) -> dict[str, Any]:
    answers = [{"criterion": name, "level": level} for name, level in instead.answers]
    return {"option": instead.option.id, "if": answers}


def _with_all(decision: Decision) -> dict[str, Any] | None:
    """The decision among all options; None where none is left out."""
    whole = decision.rules.whole
    if whole is None:
        return None
    among_all = decide(whole, decision.inputs)
    return {"status": among_all.status.value, "pick": among_all.pick}


def _safe_choice(verdict: Verdict) -> dict[str, Any] | None:
    if verdict.safe is None:
        return None
    return {
        "option": verdict.safe.option,
        "strains_at_worst": verdict.safe.strains_at_worst,
        "strains": {name: list(levels) for name, levels in verdict.safe.strains.items()},
        "exceptions": {name: list(levels) for name, levels in verdict.safe.exceptions.items()},
        "words": verdict.safe_words,
    }


def _advice(note: Note) -> dict[str, Any]:
    return {
        "short": short.advice(note),
        "say": note.say,
        "source": note.evidence,
        "see": dict(note.see),
    }


def _have(verdict: Verdict) -> dict[str, Any] | None:
    if verdict.staying is None:
        return None
    from taskpick.report import staying

    return staying.data(verdict.staying)


def _question(report: Report, verdict: Verdict) -> dict[str, Any] | None:
    """The next question, with the command that goes on with each answer.

    Following the commands asks the same questions as `--quick`.
    """
    criterion, levels_given = verdict.question, report.decision.inputs
    if criterion is None:
        return None
    from taskpick.questions.conversation import UNSURE_MEANS

    flags = (("--have", verdict.staying.id),) if verdict.staying else ()
    possible = {level: branch.picks for branch in verdict.branches for level in branch.levels}
    levels = [(level.id, level.means, level.example) for level in criterion.levels]
    if criterion.id not in levels_given:
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
                "possible": [pick or NOTHING_FITS for pick in possible.get(level, ())],
                "command": command(report.rules, {**levels_given, criterion.id: level}, flags)
                + " --format json",
            }
            for level, means, example in levels
        ],
    }


def _starter(report: Report) -> dict[str, Any] | None:
    if report.snippet is None:
        return None
    return {"files": dict(report.snippet.files), "commands": dict(report.snippet.commands)}
