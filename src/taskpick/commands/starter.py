"""The command for starters: `taskpick starter`, and what `taskpick advise --starter` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taskpick import answers
from taskpick.cli import shell
from taskpick.cli.answers import collect, only_decision, opened
from taskpick.cli.completion import complete_option, complete_second
from taskpick.cli.flags import AnswersFlag, ForceFlag, rule_command
from taskpick.cli.options import option_of
from taskpick.commands import starter_compare
from taskpick.commands.compare import MatrixFormat
from taskpick.decision.decide import Decision, decide
from taskpick.rulefile.model import Option, Rating, Rules
from taskpick.starter import places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from taskpick.starter.project import Project

commands = typer.Typer(rich_markup_mode=None)
_MOST_REASONS = 6
"""A project names at most this many reasons for its option."""

EXAMPLES = """
\b
Examples:
  taskpick starter --list
      the options that have a starter
  taskpick starter rq my-service --retry basic --scheduling delayed
      writes a project that runs RQ, tuned by the answers
  taskpick starter celery my-service --infrastructure rabbitmq --dry-run
      shows what would be written
  taskpick starter --compare rq celery
      what differs between two of them
"""


@rule_command(commands, examples=EXAMPLES)
def starter(
    rules: Rules,
    given: dict[str, str],
    option: Annotated[
        str | None,
        typer.Argument(
            metavar="OPTION",
            help="The option to run.",
            show_default=False,
            autocompletion=complete_option,
        ),
    ] = None,
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIRECTORY",
            help="Where to write it.",
            show_default=False,
            autocompletion=complete_second,
        ),
    ] = None,
    answers_file: AnswersFlag = None,
    show_list: Annotated[
        bool, typer.Option("--list", help="Show the options that have a starter.")
    ] = False,
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Show what differs between the starters of two options."),
    ] = False,
    format: Annotated[  # noqa: A002  the name of the flag
        MatrixFormat | None,
        typer.Option("--format", help="What --compare prints.", show_default="text"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Show what would be written; write nothing.")
    ] = False,
    force: ForceFlag = False,
) -> None:
    """Write a small project that runs an option, tuned by the answers.

    A criterion without an answer takes its default, or else its least demanding value. Either
    all files are written or none, and existing files are kept unless --force is given.
    """
    if compare:
        _check_alone({"--list": show_list, "--dry-run": dry_run, "--force": force})
    elif format is not None:
        shell.stop("--format works only with --compare", starter_compare.USAGE)
    if show_list:
        _show_list(rules)
        return
    if option is None or directory is None:
        question = "which two starters?" if compare else "which option, and where to?"
        usage = starter_compare.USAGE if compare else "taskpick starter OPTION DIRECTORY, or --list"
        shell.stop(question, usage)
    levels = answers.levels(collect(rules, given, only_decision(opened(answers_file))))
    decision = decide(rules, levels)
    if compare:
        from taskpick.starter.comparison import compare as compare_projects

        options = starter_compare.two_of(rules, option, str(directory))
        compared = compare_projects(places.folder_of(rules), options, decision.completed)
        _say_what_is_assumed(decision)
        for each, notes in zip(options, compared.notes, strict=True):
            _say_what_fails(decision, each)
            say_notes(each, notes)
        starter_compare.show(compared, decision, format or MatrixFormat.TEXT)
        return
    chosen = option_of(rules, option)
    project = plan(decision, chosen, directory)
    _say_what_is_assumed(decision)
    _say_what_fails(decision, chosen)
    say_notes(chosen, project.notes)
    if dry_run:
        shell.emit("".join(f"{name}\n" for name in project.files), None, force=False)
    else:
        write(project.files, directory, force=force)


def _check_alone(others: Mapping[str, bool]) -> None:
    for flag in (flag for flag, given in others.items() if given):
        shell.stop(f"{flag} and --compare cannot be used together", "give one of them")


def plan(decision: Decision, option: Option, directory: Path) -> Project:
    """The project of the starter of an option, named after the directory.

    Raises:
        StarterError: it has none, or its templates are not as they should be.
        TooLarge: its templates take too many steps.
    """
    from taskpick.starter import project

    rules = decision.rules
    return project.plan(
        places.folder_of(rules),
        option,
        decision.completed,
        name=directory.resolve().name,
        title=rules.title,
        as_of=rules.as_of,
        reasons=_reasons(decision, option),
        assumed=[name for name in rules.criteria if name not in decision.given],
    )


def write(files: Mapping[str, str], directory: Path, *, force: bool) -> None:
    """Write the files of a starter, and say so.

    Raises:
        StarterError: they could not be written; none was.
    """
    from taskpick.starter.write import write as write_files

    mend(directory)
    written = write_files(files, directory, force=force)
    unchanged = len(files) - len(written)
    kept = f", {unchanged} unchanged" if unchanged else ""
    count = "1 file" if len(written) == 1 else f"{len(written)} files"
    shell.say(f"wrote {count} into {directory}{kept}")
    if "README.md" in files:
        shell.say(f"next: read {directory / 'README.md'}")


def mend(directory: Path) -> None:
    """Put right what a run that was killed has left where a starter is to be written."""
    top = directory.resolve()
    for parent in (top.parent, top):
        shell.mend(parent)


def _reasons(decision: Decision, option: Option) -> list[str]:
    from taskpick.report import sentences

    if decision.pick == option.id:
        return _reasons_for_the_pick(decision, option)
    decision = decide(decision.rules, decision.completed)
    if decision.pick == option.id:
        return ["You asked for it; it suits these answers."]
    return [f"You asked for it; it {sentences.why_not(decision, option.id)}."]


def _reasons_for_the_pick(decision: Decision, option: Option) -> list[str]:
    """What speaks for it, then what the other options do not do, in the order of the file."""
    from taskpick.report import sentences

    strengths = [
        f"{sentences.answer_words(decision, criterion)}: {fit.why}"
        for criterion, fit in decision.evaluations[option.id].fits.items()
        if fit.rating is Rating.FITS and fit.why
    ]
    as_good = {other.id for other in sentences.other_as_good(decision)}
    losers = [
        f"{other.name} {sentences.why_not(decision, name)}."
        for name, other in decision.rules.options.items()
        if name != option.id and name not in as_good
    ]
    equal = sentences.equally_good(decision)
    reasons = [sentences.summary(decision), *strengths[:3], *losers]
    return [*reasons[: _MOST_REASONS - len(equal)], *equal]


def _say_what_is_assumed(decision: Decision) -> None:
    completed = decision.completed
    assumed = [f"{n} {completed[n]}" for n in decision.rules.criteria if n not in decision.given]
    if assumed:
        shell.say(f"assumed: {', '.join(assumed)}")


def _say_what_fails(decision: Decision, option: Option) -> None:
    evaluation = decision.evaluations[option.id]
    for name in evaluation.fails:
        level = decision.answers[name]
        shell.say(f"note: {option.id} fails at {name} {level}: {evaluation.fits[name].why}")


def say_notes(option: Option, notes: Iterable[str]) -> None:
    """Say in what the project of an option is not what the answers ask for."""
    for note in notes:
        shell.say(f"note: {option.id}: {note}")


def _show_list(rules: Rules) -> None:
    options = places.available(places.folder_of(rules), rules.options.values())
    width = max((len(option.id) for option in options), default=0)
    lines = [f"{option.id:<{width}}  {option.name}\n" for option in options]
    shell.emit("".join(lines), None, force=False)
