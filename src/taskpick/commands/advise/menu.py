"""What comes after a verdict at a terminal: a menu whose steps run, each with its command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick import answers
from taskpick.cli import files, shell
from taskpick.cli.answers import ask, repeated
from taskpick.commands.advise import result
from taskpick.decision.decide import Status, decide
from taskpick.named_tuple import NamedTuple
from taskpick.problems import Refused
from taskpick.report.report import report_on
from taskpick.report.report_format import ReportFormat

if TYPE_CHECKING:
    from taskpick.answers import Flags, Given
    from taskpick.questions.conversation import Mode
    from taskpick.questions.keys import Step
    from taskpick.report.report import Report
    from taskpick.rulefile.model import Rules


STARTER = "--starter"
"""The flag with which a project is written; once it is, none is offered."""


class Session(NamedTuple):
    """A run in which questions were asked, and what they led to."""

    rules: Rules
    collected: dict[str, Given]
    report: Report
    mode: Mode
    flags: Flags
    """Those of the run."""
    plain: bool
    code: bool
    force: bool
    save_answers: Path | None


def hold(session: Session) -> Report:
    """Let the person choose what to do next until they are done; the report at the end."""
    from taskpick.questions import menu
    from taskpick.questions.keys import DONE

    while True:
        color = shell.color(sys.stderr)
        step = menu.choose(_steps(session), plain=session.plain, color=color)
        if step is DONE:
            return session.report
        try:
            session = _run(step, session)
        except Refused as error:
            shell.say(f"error: {error}")
            if error.hint:
                shell.say(error.hint)
        except OSError as error:
            shell.say(f"error: cannot write '{error.filename}': {error.strerror or error}")


def _steps(session: Session) -> list[Step]:
    """What can be done with a report and has not been."""
    from taskpick.questions.keys import Step

    decision = session.report.decision
    steps = [Step("d", "details"), Step("c", "change an answer")]
    if decision.status is not Status.UNDECIDED or not decision.unanswered:
        steps.insert(1, Step("r", "record"))
    if session.report.has_project and all(flag[0] != STARTER for flag in session.flags):
        steps.insert(0, Step("p", "project"))
    return steps


def _run(step: Step, session: Session) -> Session:
    """Do what was chosen.

    Raises:
        Refused: it could not be done; nothing was.
        OSError: it could not be written.
    """
    match step.key:
        case "p":
            return _write_project(session)
        case "r":
            _write_record(session)
        case "c":
            return _change(session)
        case _:
            _say_command(session, ("--details",))
            _show(session, details=True)
    return session


def _write_project(session: Session) -> Session:
    from taskpick.commands import starter
    from taskpick.questions import menu

    folder = menu.line("Folder of the project", result.PROJECT)
    report = session.report
    if folder is None or report.chosen is None:
        return session
    flag = (STARTER, folder)
    _say_command(session, flag)
    planned = starter.plan(report.decision, report.chosen, Path(folder))
    starter.write(planned.files, Path(folder), force=session.force)
    return session._replace(flags=(*session.flags, flag))


def _write_record(session: Session) -> None:
    from taskpick.commands import record
    from taskpick.questions import menu

    path = menu.line("Folder or file of the record", result.RECORDS)
    if path is None:
        return
    _say_command(session, ("--format", "markdown"), ("--output", path))
    record.write(record.Draft(session.report, session.collected), path, force=session.force)


def _change(session: Session) -> Session:
    """Back to the review, and the verdict anew."""
    rules, flags = session.rules, session.flags
    collected = ask(rules, session.collected, session.mode, flags, plain=session.plain, review=True)
    decision = decide(rules, answers.levels(collected))
    report = report_on(decision, code=session.code, have=session.report.have)
    # Another pick has another project.
    other = tuple(flag for flag in flags if flag[0] != STARTER)
    after = session._replace(collected=collected, report=report, flags=other)
    if session.save_answers:
        text = answers.to_text(rules, answers.levels(collected), have=report.have)
        files.write(session.save_answers, text, force=True)
    _say_command(after)
    _show(after, details=False)
    return after


def _show(session: Session, *, details: bool) -> None:
    text = result.render(session.report, ReportFormat.TEXT, "", None, details=details, stdout=True)
    colored = shell.color(sys.stdout)
    if details and not session.plain:
        shell.page(text, colored=colored)
    else:
        shell.emit(text, None, force=False, colored=colored)


def _say_command(session: Session, *flags: tuple[str, ...]) -> None:
    """Say which command does the same."""
    levels = repeated(session.collected, session.report.decision.inputs, session.flags)
    deciding = result.deciding(session.flags)
    shell.say(answers.command(session.rules, levels, (*deciding, *flags)), "$ ")
