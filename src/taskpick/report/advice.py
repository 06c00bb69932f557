"""A decision with all that is said about it, its snippet and its command line included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from taskpick.cli import shell
from taskpick.cli.answers import command
from taskpick.decision.decide import Status
from taskpick.rulefile.model import UNSURE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.decision.decide import Decision
    from taskpick.report.report import Report
    from taskpick.rulefile.model import Rules
    from taskpick.starter.project import Snippet


def report_on(decision: Decision) -> Report:
    """The report on a decision."""
    from taskpick.report.report import report

    given = {**decision.given, **dict.fromkeys(decision.unsure, UNSURE)}
    return report(
        decision,
        snippet=_snippet(decision),
        again=command(decision.rules, given),
        turn=_turn(decision.rules, given) if decision.status is Status.UNDECIDED else None,
    )


def _turn(rules: Rules, given: Mapping[str, str]) -> dict[str, Any] | None:
    from taskpick.questions.turns import next_turn

    return next_turn(rules, given, lambda answers: f"{command(rules, answers)} --format json")


def _snippet(decision: Decision) -> Snippet | None:
    option = decision.rules.options.get(decision.pick or "")
    if option is None or option.starter is None:
        return None
    from taskpick.starter.project import StarterError, snippet

    folder = Path(decision.rules.source.name).parent
    try:
        return snippet(folder, option, decision.completed, as_of=decision.rules.as_of)
    except StarterError as error:
        # A recommendation stands without its code, but nobody should miss the code unawares.
        shell.say(f"no code to show: {error}")
        return None
