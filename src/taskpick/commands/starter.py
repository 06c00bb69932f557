"""The command for starters: `taskpick starter`, and what `taskpick advise --starter` does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from taskpick import answers
from taskpick.cli import shell
from taskpick.cli.answers import gather, one, opened
from taskpick.cli.flags import AnswersFlag, ForceFlag, rule_command
from taskpick.decision.decide import Decision, decide
from taskpick.rulefile.model import Option, Rules
from taskpick.wording import did_you_mean, quoted

commands = typer.Typer(rich_markup_mode=None)

EXAMPLES = """
\b
Examples:
  taskpick starter --list
      the options that have a starter
  taskpick starter rq my-service --retry basic --scheduling delayed
      writes a project that runs RQ, tuned by the answers
  taskpick starter celery my-service --infrastructure rabbitmq --dry-run
      shows what would be written
"""


@rule_command(commands, examples=EXAMPLES)
def starter(
    rules: Rules,
    given: dict[str, str],
    option: Annotated[
        str | None, typer.Argument(metavar="OPTION", help="The option to run.", show_default=False)
    ] = None,
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="DIRECTORY", help="Where to write it.", show_default=False),
    ] = None,
    answers_file: AnswersFlag = None,
    show_list: Annotated[
        bool, typer.Option("--list", help="Show the options that have a starter.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Show what would be written; write nothing.")
    ] = False,
    force: ForceFlag = False,
) -> None:
    """Write a small project that runs an option, tuned by the answers.

    What nobody answers is taken as the criterion's default, or as its least demanding level.
    Files that exist are kept unless --force is given, and it is written whole or not at all.
    """
    if show_list:
        _show_list(rules)
        return
    if option is None or directory is None:
        shell.stop("which option, and where to?", "taskpick starter OPTION DIRECTORY, or --list")
    if option not in rules.options:
        shell.stop(f"{quoted(option)} is no option", did_you_mean(option, rules.options))
    known = answers.levels(gather(rules, given, one(opened(answers_file))))
    decision = decide(rules, known)
    write(decision, rules.options[option], directory, force=force, dry_run=dry_run)


def write(
    decision: Decision, option: Option, directory: Path, *, force: bool, dry_run: bool = False
) -> None:
    """Write the starter of an option, saying what was assumed and what the option fails at.

    Raises:
        StarterError: it has none, or it could not be written; nothing was.
    """
    from taskpick.starter import project as starters

    rules = decision.rules
    files = starters.plan(
        Path(rules.source.name).parent,
        option,
        decision.completed,
        title=rules.title,
        as_of=rules.as_of,
        reasons=_reasons(decision, option),
        assumed=[name for name in rules.criteria if name not in decision.given],
    )
    _say_what_is_assumed(decision)
    _say_what_fails(decision, option)
    if dry_run:
        shell.emit("".join(f"{name}\n" for name in files), None, force=False)
        return
    written = starters.write(files, directory, force=force)
    unchanged = len(files) - len(written)
    kept = f", {unchanged} unchanged" if unchanged else ""
    shell.say(f"wrote {len(written)} files into {directory}{kept}")
    shell.say(f"next: read {directory / 'README.md'}")


def _reasons(decision: Decision, option: Option) -> list[str]:
    from taskpick.report.report import report

    said = report(decision)
    if decision.pick == option.id:
        return [said.summary, *said.why]
    against = [other.summary for other in said.against if other.option is option]
    return [f"It was asked for. By these answers it {against[0] if against else 'is possible'}."]


def _say_what_is_assumed(decision: Decision) -> None:
    known = decision.completed
    assumed = [f"{n} {known[n]}" for n in decision.rules.criteria if n not in decision.given]
    if assumed:
        shell.say(f"assumed: {', '.join(assumed)}")


def _say_what_fails(decision: Decision, option: Option) -> None:
    verdict = decision.verdicts[option.id]
    for name in verdict.fails:
        level = decision.answers[name]
        shell.say(f"note: {option.id} fails at {name} {level}: {verdict.fits[name].why}")


def _show_list(rules: Rules) -> None:
    from taskpick.starter.project import available

    options = available(Path(rules.source.name).parent, rules.options.values())
    width = max((len(option.id) for option in options), default=0)
    lines = [f"{option.id:<{width}}  {option.name}\n" for option in options]
    shell.emit("".join(lines), None, force=False)
