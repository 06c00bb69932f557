"""The command `taskpick advise`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from taskpick import answers
from taskpick.answers import Flags
from taskpick.cli import files, shell
from taskpick.cli.answers import ask, can_ask, collect, opened, repeatable, repeated
from taskpick.cli.flags import AnswersFlag, ForceFlag, rule_command
from taskpick.cli.options import Choice, HaveFlag, OnlyFlag, WithoutFlag
from taskpick.commands.advise import result
from taskpick.commands.advise.flags import (
    AllFlag,
    DecidersFlag,
    DetailsFlag,
    ExpectFlag,
    FormatFlag,
    NoCodeFlag,
    NoInputFlag,
    OutputFlag,
    PlainFlag,
    QuickFlag,
    SaveAnswersFlag,
    StarterFlag,
    SupersedesFlag,
)
from taskpick.commands.advise.places import Places
from taskpick.decision.decide import Status, decide
from taskpick.report.report_format import ReportFormat
from taskpick.rulefile.model import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from taskpick.answers import Given
    from taskpick.questions.conversation import Mode
    from taskpick.report.report import Report

commands = typer.Typer(rich_markup_mode=None)

ADVISE_EXAMPLES = """
\b
Examples:
  taskpick advise
      asks, and recommends
  taskpick advise --duration minutes --persistence durable --retry basic \\
      --scheduling none --distribution one-worker
      decides from flags alone
  taskpick advise --answers answers.yaml --no-input --expect rq
      for CI: exits with 1 if the pick is different
  taskpick advise --answers answers.yaml --format markdown -o decision.md
      writes a decision record
"""


@rule_command(commands, examples=ADVISE_EXAMPLES)
def advise(
    rules: Rules,
    given: dict[str, str],
    flags: Flags,
    answers_file: AnswersFlag = None,
    format: FormatFlag = ReportFormat.TEXT,  # noqa: A002  the name of the flag
    details: DetailsFlag = False,
    no_code: NoCodeFlag = False,
    output_file: OutputFlag = None,
    force: ForceFlag = False,
    save_answers: SaveAnswersFlag = None,
    expect: ExpectFlag = None,
    deciders: DecidersFlag = None,
    supersedes: SupersedesFlag = None,
    starter: StarterFlag = None,
    only: OnlyFlag = None,
    without: WithoutFlag = None,
    have: HaveFlag = None,
    no_input: NoInputFlag = False,
    plain: PlainFlag = False,
    quick: QuickFlag = False,
    ask_all: AllFlag = False,
) -> None:
    """Recommend an option, say why, and show code that runs.

    An answer comes from the first of these that has it: flag, environment (TASKPICK_<CRITERION>),
    --answers FILE, a question at the terminal, the criterion's default. Every criterion also takes
    'unsure'.
    """
    places = Places(format, output_file, save_answers, supersedes, starter, deciders or [], force)
    places.check()
    if quick and ask_all:
        shell.stop("--quick and --all cannot be used together", "give one of them")
    choice, statements = Choice(rules, only, without, have), opened(answers_file)
    if statements and statements[0].task:
        from taskpick.commands.advise import tasks

        places.check_for_tasks(expect)
        tasks.advise(choice, given, statements, format, output_file, force=force)
        return
    statement = statements[0] if statements else None
    rules, in_use = choice.allowed(statement), choice.in_use(statement)
    expect = result.expected(rules, expect)
    collected, flags = collect(rules, given, statement), repeatable(flags)
    has_questions = ask_all or any(name not in collected for name in rules.core)
    asked = has_questions and can_ask(plain=plain, no_input=no_input, answers_file=answers_file)
    if asked:
        mode = _mode(quick=quick, ask_all=ask_all)
        collected = ask(rules, collected, mode, flags, plain=plain)
    expect = expect or (statement.pick if statement and statement.expects else "") or None
    from taskpick.report.report import report_on

    with_code = not no_code and starter is None
    report = report_on(decide(rules, answers.levels(collected)), code=with_code, have=in_use)
    levels = repeated(collected, report.decision.inputs, flags)
    next_command = result.next_command(report, levels, flags, starter)
    on_screen = format is ReportFormat.TEXT and places.file is None and sys.stdout.isatty()
    has_menu = asked and on_screen and sys.stdin.isatty() and sys.stderr.isatty()
    _write(report, collected, places, "" if has_menu else next_command, expect, details=details)
    if has_menu:
        from taskpick.commands.advise import menu

        session = menu.Session(
            rules, collected, report, mode, flags, plain, with_code, force, save_answers
        )
        report = menu.hold(session)
    result.finish(report, expect, next_command, on_screen=on_screen)


def _write(
    report: Report,
    collected: Mapping[str, Given],
    places: Places,
    next_command: str,
    expect: str | None,
    *,
    details: bool,
) -> None:
    """Write all that the flags ask for; the verdict ends with `next_command`."""
    decision, starter = report.decision, places.starter
    if report.snippet_problem:
        # A recommendation stands without its code, but nobody should miss the code unawares.
        shell.say(f"no code to show: {report.snippet_problem}")
    project = _project(report, starter, force=places.force) if starter else None
    if places.save_answers:
        text = answers.to_text(report.rules, answers.levels(collected), have=report.have)
        files.write(places.save_answers, text, force=places.force)
        shell.say(f"wrote {places.save_answers}")
    # What depends on an answer that nobody has given is shown, but not written down.
    is_missing = decision.status is Status.UNDECIDED and decision.unanswered
    if places.output is None or not is_missing:
        if places.format is ReportFormat.MARKDOWN:
            from taskpick.commands import record

            draft = record.Draft(
                report, dict(collected), places.deciders, places.supersedes, details
            )
            record.write(draft, places.output, force=places.force)
        else:
            is_printed = places.file is None
            text = result.render(
                report, places.format, next_command, expect, details=details, stdout=is_printed
            )
            colored = is_printed and shell.color(sys.stdout)
            shell.emit(text, places.file, force=places.force, colored=colored)
    if places.format is ReportFormat.GITHUB:
        _tell_github(report)
    if starter and project:
        from taskpick.commands import starter as starters

        starters.write(project, starter, force=places.force)


def _project(report: Report, directory: Path, *, force: bool) -> Mapping[str, str] | None:
    """The files of the starter; whatever keeps them from being written is found out here."""
    from taskpick.commands import starter as starters
    from taskpick.starter import project

    if report.chosen is None:
        shell.say("no starter is written, since there is no pick")
        return None
    planned = starters.plan(report.decision, report.chosen, directory)
    project.check(planned.files, directory, force=force)
    starters.say_notes(report.chosen, planned.notes)
    return planned.files


def _mode(*, quick: bool, ask_all: bool) -> Mode:
    from taskpick.questions.conversation import Mode

    return Mode.QUICK if quick else Mode.ALL if ask_all else Mode.NORMAL


def _tell_github(report: Report) -> None:
    from taskpick.cli import github
    from taskpick.records import madr

    decision = report.decision
    outputs = {"status": decision.status.value, "pick": decision.pick or ""}
    github.tell(madr.summary(report), outputs)
