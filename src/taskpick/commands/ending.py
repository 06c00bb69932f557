"""How `taskpick advise` ends: with which code, and what it says then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from taskpick.cli import shell
from taskpick.decision.decide import Status
from taskpick.rulefile.model import NOTHING_FITS
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from taskpick.report.report import Report
    from taskpick.rulefile.model import Rules


def check_expect(rules: Rules, expect: str | None) -> None:
    """Refuse to expect what is no option of the rules."""
    known = [*rules.options, NOTHING_FITS]
    if expect is not None and expect not in known:
        shell.stop(f"unknown value {quoted(expect)} for --expect", did_you_mean(expect, known))


def finish(report: Report, expect: str | None) -> None:
    """End with the code that the decision asks for, saying why."""
    decision = report.decision
    if decision.status is Status.UNDECIDED:
        _say_undecided(report)
        raise typer.Exit(shell.ExitCode.UNDECIDED)
    if expect is not None and expect != decision.outcome:
        _say_difference(report, expect)
        raise typer.Exit(shell.ExitCode.FINDING)
    if decision.status is Status.NOTHING_FITS and expect is None:
        shell.say(f"nothing fits: {report.summary}")
        raise typer.Exit(shell.ExitCode.FINDING)


def _say_undecided(report: Report) -> None:
    shell.say(report.headline.lower()[0] + report.headline[1:])
    if question := report.next_question:
        levels = "|".join(level.id for level in question.levels)
        shell.say(f"'{question.id}' decides most: {question.question}")
        shell.say(f"go on with: {report.command} --{question.id} {levels}")


def _say_difference(report: Report, expected: str) -> None:
    shell.say(f"expected {expected}, but the pick is {report.decision.outcome}")
    for other in report.against:
        if other.option.id == expected:
            shell.say(f"  {other.option.name} {other.summary}")
            for reason in other.reasons:
                shell.say(f"    {reason.criterion} {reason.level} {reason.rating}: {reason.text}")
