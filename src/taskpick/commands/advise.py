"""The command `taskpick advise`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taskpick import answers
from taskpick.answers import Flags
from taskpick.cli import files, github, shell
from taskpick.cli.answers import ask, can_ask, gather, opened, repeatable, repeated
from taskpick.cli.completion import complete_option, complete_path
from taskpick.cli.flags import AnswersFlag, ForceFlag, rule_command
from taskpick.cli.options import Choice, HaveFlag, OnlyFlag, WithoutFlag
from taskpick.commands import advise_result
from taskpick.decision.decide import Status, decide
from taskpick.report.report_format import ReportFormat
from taskpick.rulefile.model import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping

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
      for CI: ends with 1 if the pick is another
  taskpick advise --answers answers.yaml --format markdown -o decision.md
      writes a decision record
"""


@rule_command(commands, examples=ADVISE_EXAMPLES)
def advise(
    rules: Rules,
    given: dict[str, str],
    flags: Flags,
    answers_file: AnswersFlag = None,
    format: Annotated[  # noqa: A002  the name of the flag
        ReportFormat, typer.Option("--format", help="What to print.", rich_help_panel="Result")
    ] = ReportFormat.TEXT,
    details: Annotated[
        bool,
        typer.Option(
            "--details",
            help="Show every reason, note and source above the verdict.",
            rich_help_panel="Result",
        ),
    ] = False,
    no_code: Annotated[
        bool, typer.Option("--no-code", help="Leave out the code.", rich_help_panel="Result")
    ] = False,
    output_file: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the result to a file, whole or not at all; - is stdout. With --format "
            "markdown also a folder, where it becomes the next free NNNN-title.md.",
            rich_help_panel="Result",
            autocompletion=complete_path(""),
        ),
    ] = None,
    force: ForceFlag = False,
    save_answers: Annotated[
        Path | None,
        typer.Option(
            "--save-answers",
            metavar="FILE",
            parser=files.file,
            help="Write the answers to a file that --answers reads.",
            rich_help_panel="Result",
            autocompletion=complete_path(".yaml", ".yml"),
        ),
    ] = None,
    expect: Annotated[
        str | None,
        typer.Option(
            "--expect",
            metavar="OPTION",
            help="End with 1 if the pick is not this option.",
            autocompletion=complete_option,
        ),
    ] = None,
    deciders: Annotated[
        list[str] | None,
        typer.Option(
            "--decider",
            metavar="NAME",
            help="Who decides, for the record; may be given again.",
            rich_help_panel="Result",
        ),
    ] = None,
    supersedes: Annotated[
        Path | None,
        typer.Option(
            "--supersedes",
            metavar="FILE",
            help="The record that the new one replaces; each then names the other.",
            rich_help_panel="Result",
            autocompletion=complete_path(".md"),
        ),
    ] = None,
    starter: Annotated[
        Path | None,
        typer.Option(
            "--starter",
            metavar="DIRECTORY",
            help="Write a project that runs the pick.",
            rich_help_panel="Result",
            autocompletion=complete_path("/"),
        ),
    ] = None,
    only: OnlyFlag = None,
    without: WithoutFlag = None,
    have: HaveFlag = None,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Never ask; end with 3 if answers are missing.")
    ] = False,
    plain: Annotated[
        bool,
        typer.Option(
            "--plain", help="Ask in numbered lines: for screen readers, and for piped answers."
        ),
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Ask the fewest questions that decide it.")
    ] = False,
    ask_all: Annotated[bool, typer.Option("--all", help="Ask about every criterion.")] = False,
) -> None:
    """Recommend an option, say why, and show code that runs.

    An answer comes from the first of these that has it: flag, environment (TASKPICK_<CRITERION>),
    --answers FILE, a question at the terminal, the criterion's default. Every criterion also takes
    'unsure'.
    """
    flags = repeatable(flags)
    _check_record(output_file, format, deciders, supersedes)
    place = _place(output_file, format)
    folder = Path(output_file) if output_file and _is_record_folder(output_file, format) else None
    _check_places(place, folder, save_answers, supersedes, starter, force=force)
    if quick and ask_all:
        shell.stop("--quick and --all exclude each other", "give one of them")
    stated = opened(answers_file)
    if stated and stated[0].task:
        _refuse_for_tasks({"--expect": expect, "--save-answers": save_answers})
        _refuse_for_tasks({"--decider": deciders, "--supersedes": supersedes})
        _refuse_for_tasks({"--starter": starter})
        from taskpick.commands import advise_tasks

        choice = Choice(rules, only, without, have)
        advise_tasks.advise(choice, given, stated, format, output_file, force=force)
        return
    choice, statement = Choice(rules, only, without, have), stated[0] if stated else None
    rules, in_use = choice.allowed(statement), choice.in_use(statement)
    advise_result.check_expect(rules, expect)
    known = gather(rules, given, statement)
    wanted = ask_all or any(name not in known for name in rules.core)
    asked = wanted and can_ask(plain=plain, no_input=no_input, answers_file=answers_file)
    if asked:
        known = ask(rules, known, _mode(quick=quick, ask_all=ask_all), flags, plain=plain)
    decision = decide(rules, answers.levels(known))
    expect = expect or (statement.pick if statement and statement.expects else "") or None
    from taskpick.report.report import report_on

    report = report_on(decision, code=not no_code and starter is None, have=in_use)
    if report.snippet_problem:
        # A recommendation stands without its code, but nobody should miss the code unawares.
        shell.say(f"no code to show: {report.snippet_problem}")
    project = _project(report, starter, force=force) if starter else None
    if save_answers:
        text = answers.to_text(rules, answers.levels(known), have=in_use)
        files.write(save_answers, text, force=force)
        shell.say(f"wrote {save_answers}")
    levels = repeated(known, decision.inputs, flags)
    following = advise_result.next_command(report, levels, flags, starter)
    shown = format is ReportFormat.TEXT and place is None and sys.stdout.isatty()
    has_menu = asked and shown and sys.stdin.isatty() and sys.stderr.isatty()
    # What depends on an answer that nobody has given is shown, but not written down.
    is_missing = decision.status is Status.UNDECIDED and set(decision.open) - set(decision.unsure)
    if output_file is None or not is_missing:
        if format is ReportFormat.MARKDOWN:
            from taskpick.commands import record

            draft = record.Draft(report, known, deciders or [], supersedes, details)
            record.write(draft, output_file, force=force)
        else:
            color = place is None and shell.color(sys.stdout)
            text = advise_result.render(
                report,
                format,
                "" if has_menu else following,
                expect,
                details=details,
                stdout=place is None,
            )
            shell.emit(text, place, force=force, colored=color)
    if format is ReportFormat.GITHUB:
        _tell_github(report)
    if starter and project:
        from taskpick.commands import starter as starters

        starters.write(project, starter, force=force)
    if has_menu:
        from taskpick.commands import advise_menu

        mode, code = _mode(quick=quick, ask_all=ask_all), not no_code and starter is None
        report = advise_menu.hold(
            advise_menu.Session(rules, known, report, mode, flags, plain, code, force, save_answers)
        )
    advise_result.finish(report, expect, following, shown=shown)


def _project(report: Report, directory: Path, *, force: bool) -> dict[str, str] | None:
    """The files of the starter; whatever keeps them from being written is found out here."""
    from taskpick.commands import starter as starters
    from taskpick.starter import project

    if report.pick is None:
        shell.say("no starter is written, since there is no pick")
        return None
    planned = starters.plan(report.decision, report.pick)
    project.check(planned, directory, force=force)
    return planned


def _check_places(
    place: Path | None,
    folder: Path | None,
    save_answers: Path | None,
    supersedes: Path | None,
    starter: Path | None,
    *,
    force: bool,
) -> None:
    """Refuse places that cannot all be written to, before anything is."""
    if str(save_answers) == "-":
        shell.stop("--save-answers needs a file", "standard output is for the result")
    shell.check_places(place, save_answers, force=force)
    if supersedes:
        from taskpick.commands import record

        record.check_supersedes(supersedes)
    folders = [each for each in (folder, starter) if each]
    for each in folders:
        files.check_folder(each)
    results = [each for each in (place, save_answers) if each and str(each) != "-"]
    files.check_apart(results + ([supersedes] if supersedes else []), folders)
    if starter:
        from taskpick.commands import starter as starters

        files.check_outside(results, starter)
        starters.mend(starter)


def _refuse_for_tasks(flags: Mapping[str, object]) -> None:
    for flag, value in flags.items():
        if value:
            hint = "an answers file with tasks has a 'pick:' for each"
            shell.stop(f"{flag} is for one decision", hint)


def _place(output_file: str | None, format: ReportFormat) -> Path | None:  # noqa: A002
    """The file for the result; None is stdout, or a folder where the record gets its own name."""
    if output_file is None or _is_record_folder(output_file, format):
        return None
    return files.file(output_file)


def _is_record_folder(output_file: str, format: ReportFormat) -> bool:  # noqa: A002
    return format is ReportFormat.MARKDOWN and files.is_folder(output_file)


def _check_record(
    output_file: str | None,
    format: ReportFormat,  # noqa: A002
    deciders: list[str] | None,
    supersedes: Path | None,
) -> None:
    if deciders and format is not ReportFormat.MARKDOWN:
        shell.stop("--decider is for a record", "add --format markdown")
    if supersedes is None:
        return
    if format is not ReportFormat.MARKDOWN or output_file in (None, "-"):
        shell.stop("--supersedes is for a record", "add --format markdown and --output FILE")


def _mode(*, quick: bool, ask_all: bool) -> Mode:
    from taskpick.questions.conversation import Mode

    return Mode.QUICK if quick else Mode.ALL if ask_all else Mode.NORMAL


def _tell_github(report: Report) -> None:
    from taskpick.records import madr

    decision = report.decision
    outputs = {"status": decision.status.value, "pick": decision.pick or ""}
    github.tell(madr.summary(report), outputs)
