"""The commands: the only place that prints problems, knows exit codes and opens output files."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from taskpick import __version__, advice, answers, archive, output, several_cli, shell
from taskpick.decide import Status, TooManyOpen, decide
from taskpick.flags import (
    AnswersFlag,
    ForceFlag,
    HelpfulCommand,
    complete_option,
    complete_path,
    rule_command,
)
from taskpick.formats import Format, ReportFormat
from taskpick.gather import ask, can_ask, gather, one, opened
from taskpick.model import NOTHING_FITS, Rules
from taskpick.problems import (
    MOST_SHOWN,
    InvalidFile,
    Refused,
    did_you_mean,
    full,
    printable,
    quoted,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.conversation import Mode
    from taskpick.decide import Decision
    from taskpick.model import Option
    from taskpick.report import Report

_ELSEWHERE = {
    "explain": "taskpick.explain_cli",
    "verify": "taskpick.verify_cli",
    "record": "taskpick.verify_cli",
    "rules": "taskpick.rules_cli",
    "starter": "taskpick.starter_cli",
}


class _Program(TyperGroup):
    """The commands, those of other modules imported only when they are used."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All, the commonest first."""
        return [*(n for n in super().list_commands(ctx) if n != "help"), *_ELSEWHERE, "help"]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; None if there is none."""
        module = _ELSEWHERE.get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        group = typer.main.get_group(import_module(module).commands)
        return group.get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that a line begins with."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            ctx.fail(f"no command {quoted(args[0])}; {did_you_mean(args[0], known)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; whoever interrupts it is told so."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            shell.stop("interrupted", code=shell.ExitCode.INTERRUPTED)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Usage, the words, the examples, then the commands and the flags."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_epilog(ctx, formatter)
        self.format_options(ctx, formatter)


app = typer.Typer(
    name="taskpick",
    cls=_Program,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
FormatFlag = Annotated[
    Format, typer.Option("--format", help="What to print.", rich_help_panel="Result")
]
OutputFlag = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the result to a file, whole or not at all; - is stdout.",
        rich_help_panel="Result",
        autocompletion=complete_path(""),
    ),
]


def main() -> None:
    """Run the command line."""
    shell.ready()
    try:
        app(args=_arguments(sys.argv[1:]), prog_name="taskpick")
    except InvalidFile as invalid:
        for problem in invalid.problems[:MOST_SHOWN]:
            shell.say(full(problem), "")
        shell.stop(_found(len(invalid.problems)))
    except Refused as error:
        shell.stop(str(error), error.hint)
    except TooManyOpen as error:
        shell.stop(str(error), "answer more of the criteria")
    except UnicodeEncodeError:
        shell.stop("a file name is not UTF-8, so the result cannot name it", "rename the file")
    except OSError as error:
        name = f" '{error.filename}'" if error.filename else ""
        shell.stop(f"cannot read{name}: {error.strerror or error}")
    except Exception as error:
        if os.environ.get("TASKPICK_DEBUG"):
            raise
        shell.stop(
            f"a bug in taskpick: {type(error).__name__}: {printable(str(error))}",
            "please report it, with what TASKPICK_DEBUG=1 shows",
            shell.ExitCode.BUG,
        )


def _arguments(words: list[str]) -> list[str]:
    """The arguments; where they ask for help, nothing else in them can be wrong."""
    asked = words[: words.index("--")] if "--" in words else words
    if not {"-h", "--help"} & set(asked):
        return words
    names = [word for word in asked[:2] if not word.startswith("-")]
    rules = words.index("--rules") if "--rules" in asked[:-1] else None
    if rules is None or names[:1] in ([], ["rules"], ["record"]):
        return [*names, "--help"]
    return [*names[:1], *words[rules : rules + 2], "--help"]


def _found(count: int) -> str:
    if count >= MOST_SHOWN:
        return f"there may be more problems than these {MOST_SHOWN}"
    return f"{count} problem{'s' if count > 1 else ''} found"


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"taskpick {__version__}")
        raise typer.Exit


PROGRAM_EXAMPLES = """
\b
Examples:
  taskpick advise
      asks what matters, and recommends
  taskpick advise --retry basic --format markdown --output docs/decisions/
      asks for the rest, and writes a decision record
  taskpick verify docs/decisions
      says which decisions no longer hold
  taskpick help advise
      shows the flags of a command
"""


@app.callback(epilog=PROGRAM_EXAMPLES)
def taskpick(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Decide with reasons you can defend: by default, how to run work in the background of a
    FastAPI service.
    """


def _complete_command(incomplete: str) -> list[str]:
    known = ["advise", "compare", *_ELSEWHERE]
    return [name for name in known if name.startswith(incomplete)]


@app.command(name="help", cls=HelpfulCommand)
def show_help(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[COMMAND]...", show_default=False, autocompletion=_complete_command
        ),
    ] = None,
) -> None:
    """Show the help of a command, or of the program."""
    app(args=[*(words or []), "--help"], prog_name="taskpick")


ADVISE_EXAMPLES = """
\b
Examples:
  taskpick advise
      asks, and recommends
  taskpick advise --duration minutes --persistence durable --retry basic \\
      --scheduling none --distribution one-worker
      decides from flags, asking nothing that no longer matters
  taskpick advise --answers answers.yaml --no-input --expect rq
      for CI: ends with 1 if the pick is another
  taskpick advise --answers answers.yaml --format markdown -o decision.md
      writes a decision record
"""


@rule_command(app, examples=ADVISE_EXAMPLES)
def advise(
    rules: Rules,
    given: dict[str, str],
    answers_file: AnswersFlag = None,
    format: Annotated[  # noqa: A002  the name of the flag
        ReportFormat,
        typer.Option("--format", help="What to print.", rich_help_panel="Result"),
    ] = ReportFormat.TERMINAL,
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
            help="The record that the new one takes the place of; each names the other.",
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
        bool, typer.Option("--quick", help="Ask the fewest questions that settle the pick.")
    ] = False,
    ask_all: Annotated[bool, typer.Option("--all", help="Ask about every criterion.")] = False,
) -> None:
    """Recommend an option, say why, and show code that runs.

    Answers come from, first wins: flag, environment (TASKPICK_<CRITERION>), --answers FILE, a
    question at the terminal, the criterion's default. Every criterion also takes 'unsure'.
    """
    _check_expect(rules, expect)
    if str(save_answers) == "-":
        shell.stop("--save-answers needs a file", "standard output is for the result")
    _check_record(output_file, format, deciders, supersedes)
    place = _place(output_file, format)
    shell.check_places(place, save_answers, force=force)
    mode = _mode(quick=quick, ask_all=ask_all)
    stated = opened(answers_file)
    if stated and stated[0].task:
        _refuse_for_tasks({"--expect": expect, "--save-answers": save_answers})
        _refuse_for_tasks({"--decider": deciders, "--supersedes": supersedes})
        several_cli.advise(rules, given, stated, format, output_file, force=force)
        return
    known = gather(rules, given, stated[0] if stated else None)
    if can_ask(plain=plain, no_input=no_input, answers_file=answers_file):
        known = ask(rules, known, mode, plain=plain)
    decision = decide(rules, answers.levels(known))
    expect = expect or (stated[0].pick if stated and stated[0].expects else "") or None
    if save_answers:
        output.write(save_answers, answers.to_text(rules, answers.levels(known)), force=force)
    report = advice.report_on(decision)
    if output_file is None or decision.status is not Status.UNDECIDED:
        if format is ReportFormat.MARKDOWN:
            archive.write(report, known, output_file, deciders or [], supersedes, force=force)
        else:
            text = _render(report, format, expect, to_file=place is not None)
            shell.emit(text, place, force=force)
    if format is ReportFormat.GITHUB:
        _tell_github(report)
    if starter and report.pick:
        _write_starter(decision, report.pick, starter, force=force)
    _finish(report, expect)


@rule_command(
    app, examples="\b\nExamples:\n  taskpick compare\n  taskpick compare --format markdown"
)
def compare(
    rules: Rules,
    given: dict[str, str],
    answers_file: AnswersFlag = None,
    format: FormatFlag = Format.TERMINAL,  # noqa: A002  the name of the flag
    output_file: OutputFlag = None,
    force: ForceFlag = False,
) -> None:
    """Show the decision matrix: what each option does at each level.

    The levels that are answered are marked.
    """
    shell.check_places(output_file, force=force)
    known = answers.levels(gather(rules, given, one(opened(answers_file))))
    shell.emit(
        _render_matrix(rules, known, format, output_file is not None), output_file, force=force
    )


def _write_starter(decision: Decision, option: Option, directory: Path, *, force: bool) -> None:
    from taskpick import starter_cli

    starter_cli.write(decision, option, directory, force=force)


def _refuse_for_tasks(flags: Mapping[str, object]) -> None:
    for flag, value in flags.items():
        if value:
            hint = "an answers file with tasks has a 'pick:' for each"
            shell.stop(f"{flag} is for one decision", hint)


def _place(output_file: str | None, format: ReportFormat) -> Path | None:  # noqa: A002
    """The file for the result; None is stdout, or a folder where the record gets its own name."""
    folder = output_file and format is ReportFormat.MARKDOWN and archive.is_folder(output_file)
    return None if folder or output_file is None else Path(output_file)


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
    if not supersedes.is_file():
        shell.stop(f"--supersedes: there is no file '{supersedes}'")


def _mode(*, quick: bool, ask_all: bool) -> Mode:

    from taskpick.conversation import Mode

    if quick and ask_all:
        shell.stop("--quick and --all exclude each other", "give one of them")
    return Mode.QUICK if quick else Mode.ALL if ask_all else Mode.NORMAL


def _render(report: Report, format: ReportFormat, expect: str | None, *, to_file: bool) -> str:  # noqa: A002
    match format:
        case ReportFormat.JSON:
            from taskpick.formats import json

            return json.render(report)
        case ReportFormat.GITHUB:
            from taskpick.formats import github

            return github.recommendation(report, expect)
        case _:
            from taskpick.formats import terminal

            color = not to_file and shell.color()
            return terminal.render(report, width=shell.width(), color=color)


def _tell_github(report: Report) -> None:
    from taskpick.formats import markdown

    decision = report.decision
    outputs = {"status": decision.status.value, "pick": decision.pick or ""}
    shell.tell_github(markdown.summary(report), outputs)


def _render_matrix(rules: Rules, known: dict[str, str], format: Format, to_file: bool) -> str:  # noqa: A002
    match format:
        case Format.JSON:
            from taskpick.formats import json

            return json.render_matrix(rules, known)
        case Format.MARKDOWN:
            from taskpick.formats import markdown

            return markdown.render_matrix(rules, known)
        case Format.TERMINAL:
            from taskpick.formats import terminal

            color = not to_file and shell.color()
            return terminal.render_matrix(rules, known, width=shell.width(), color=color)


def _check_expect(rules: Rules, expect: str | None) -> None:
    known = [*rules.options, NOTHING_FITS]
    if expect is not None and expect not in known:
        shell.stop(f"--expect {quoted(expect)} is no option", did_you_mean(expect, known))


def _finish(report: Report, expect: str | None) -> None:
    """End with the code that the decision asks for, saying why."""
    decision = report.decision
    if decision.status is Status.UNDECIDED:
        _say_undecided(report)
        raise typer.Exit(shell.ExitCode.UNDECIDED)
    outcome = decision.pick or NOTHING_FITS
    if expect is not None and expect != outcome:
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
        shell.say(f"go on with: {report.again} --{question.id} {levels}")


def _say_difference(report: Report, expected: str) -> None:
    shell.say(f"expected {expected}, but the pick is {report.decision.pick or NOTHING_FITS}")
    for other in report.against:
        if other.option.id == expected:
            shell.say(f"  {other.option.name} {other.summary}")
            for reason in other.reasons:
                shell.say(f"    {reason.criterion} {reason.level} {reason.rating}: {reason.text}")
