"""What `taskpick advise` prints, what it offers to run next, and with which code it ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from taskpick.answers import command
from taskpick.cli import shell
from taskpick.cli.options import option_of
from taskpick.decision.decide import Status
from taskpick.report.report_format import ReportFormat
from taskpick.rulefile.model import NOTHING_FITS
from taskpick.wording import shell_joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from taskpick.answers import Flags
    from taskpick.report.report import Report
    from taskpick.report.verdict.verdict import Verdict
    from taskpick.rulefile.model import Criterion, Rules


PROJECT, RECORDS = "my-service", "docs/decisions/"
"""Where a project and a record are written unless the person names another place."""


def expected(rules: Rules, expect: str | None) -> str | None:
    """The id of the option that is expected, `NOTHING_FITS`, or None where no pick is.

    Raises:
        Refused: it is none of the options.
    """
    if expect is None or expect == NOTHING_FITS:
        return expect
    return option_of(rules, expect, also=[NOTHING_FITS]).id


def render(
    report: Report,
    format: ReportFormat,  # noqa: A002
    next_command: str,
    expect: str | None,
    *,
    details: bool,
    stdout: bool,
) -> str:
    """The report in every format but Markdown, which is a record."""
    from taskpick.report.verdict.verdict import verdict

    match format:
        case ReportFormat.JSON:
            from taskpick.report.verdict import json

            return json.render(report, verdict(report), details=details)
        case ReportFormat.GITHUB:
            from taskpick.report.verdict import github

            return github.render(report, expect)
        case ReportFormat.TEXT | ReportFormat.MARKDOWN:
            return _text(report, verdict(report), next_command, details=details, stdout=stdout)


def _text(
    report: Report, verdict: Verdict, next_command: str, *, details: bool, stdout: bool
) -> str:
    """Details and code first, since a terminal shows the end of what is printed."""
    from taskpick.report.verdict import terminal

    stream = sys.stdout if stdout else None
    color = shell.color(stream)
    parts = []
    if details:
        from taskpick.report.details.details import render as render_details

        parts.append(render_details(report, width=shell.width(), color=color))
    if report.snippet:
        parts.append(terminal.render_code(report.snippet, color=color))
    width = shell.width() if stdout else terminal.WIDTH
    marks = shell.marks(stream)
    parts.append(terminal.render(verdict, next_command, marks=marks, width=width, color=color))
    return "".join(parts)


def next_command(
    report: Report, levels: Mapping[str, str], flags: Flags, starter: Path | None
) -> str:
    """What to run next, whole: the next question, the project, or what is in the way.

    `levels` and `flags` are those of this run.
    """
    decision, rules = report.decision, report.rules
    match decision.status:
        case Status.UNDECIDED:
            question = report.next_question
            if question is None or question.id in decision.unsure:
                return _as_record(rules, levels, flags)
            with_likeliest = {**levels, question.id: _likeliest(question)}
            return command(rules, with_likeliest, flags)
        case Status.NOTHING_FITS:
            nearest = decision.ranking[0]
            return command(rules, levels, deciding(flags), words=("explain", nearest))
        case Status.PICKED if report.staying and report.staying.stays:
            return _as_record(rules, levels, flags)
        case Status.PICKED if starter:
            return shell_joined(["cd", str(starter)])
        case Status.PICKED if report.has_project:
            return command(rules, levels, (*deciding(flags), ("--starter", PROJECT)))
        case _:
            return _as_record(rules, levels, flags)


def _as_record(rules: Rules, levels: Mapping[str, str], flags: Flags) -> str:
    record = (("--format", "markdown"), ("--output", RECORDS))
    return command(rules, levels, (*deciding(flags), *record))


def deciding(flags: Flags) -> Flags:
    """The flags that have a part in the decision; the others are about this one result."""
    return tuple(
        flag for flag in flags if flag[0] in ("--answers", "--only", "--without", "--have")
    )


def _likeliest(question: Criterion) -> str:
    return max(question.levels, key=lambda level: level.frequency).id


def finish(report: Report, expect: str | None, next_command: str, *, on_screen: bool) -> None:
    """End with the code that the decision asks for; `on_screen`: a person has just read why."""
    decision = report.decision
    if decision.status is Status.UNDECIDED and (missing := decision.unanswered):
        if not on_screen:
            _say_undecided(report, missing, next_command)
        raise typer.Exit(shell.ExitCode.UNDECIDED)
    if expect is not None and expect != decision.outcome:
        _say_difference(report, expect)
        raise typer.Exit(shell.ExitCode.FINDING)
    if decision.status is Status.NOTHING_FITS and expect is None:
        if not on_screen:
            shell.say(f"no option fits: {report.summary}")
        raise typer.Exit(shell.ExitCode.FINDING)


def _say_undecided(report: Report, missing: Sequence[str], next_command: str) -> None:
    shell.say(f"not decided: no answer to {', '.join(missing)}")
    if question := report.next_question:
        levels = ", ".join(level.id for level in question.levels)
        shell.say(f"next: --{question.id} ({levels}): {question.question}")
    shell.say(f"go on with: {next_command}")


def _say_difference(report: Report, expected: str) -> None:
    from taskpick.report.sentences import why_not

    outcome = report.decision.outcome or "not decided"
    shell.say(f"expected {expected}, but the pick is {outcome}")
    if expected in report.rules.options and expected not in report.decision.counts:
        name = report.rules.options[expected].name
        shell.say(f"{name} {why_not(report.decision, expected)}")
