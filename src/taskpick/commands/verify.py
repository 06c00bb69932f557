"""The command `taskpick verify`."""

from __future__ import annotations

import os
import sys
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taskpick.cli import github, shell
from taskpick.cli.answers import read
from taskpick.cli.flags import ForceFlag, HelpfulCommand, OutputFlag, OverrideFlag, complete_path
from taskpick.problems import InvalidFile, InvalidRules, Refused, Source, Span, TooLarge, concise
from taskpick.records import statements as stated
from taskpick.records.formats import Format, counted, counts, markdown, render
from taskpick.records.rule_files import RuleFiles
from taskpick.records.verify import Outcome, Result, cannot_tell, invalid, verify
from taskpick.rulefile.document import Mapping
from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskpick.records.statements import Statement
    from taskpick.rulefile.model import Rules

_ENDINGS = (".md", ".yaml", ".yml", ".json")
_MANY = 200
"""From so many files on, a person who waits is told how far it is."""

VERIFY_EXAMPLES = """
\b
Examples:
  taskpick verify docs/decisions
      the records in a folder
  taskpick verify 'docs/**/*.md' answers.yaml --format github
      for CI: annotations, a summary, and 1 if one does not hold
"""
commands = typer.Typer(rich_markup_mode=None)


@commands.command(cls=HelpfulCommand, name="verify", epilog=VERIFY_EXAMPLES, no_args_is_help=True)
def verify_files(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Records, answers files with a pick, JSON results; folders and patterns of them.",
            autocompletion=complete_path(*_ENDINGS),
        ),
    ],
    format: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT,  # noqa: A002
    rules_path: OverrideFlag = None,
    output_file: OutputFlag = None,
    force: ForceFlag = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with 1 also where only reasons have changed.")
    ] = False,
) -> None:
    """Compute decisions again and say which of them no longer hold.

    Each is compared with what the rule file that it names says today. Ends with 1 if one no
    longer holds, with 2 if none does so but of one it cannot be told.
    """
    shell.check_places(output_file, force=force)
    loaded = RuleFiles(rules_path)
    results = [result for name in _progress(_found(files)) for result in _verified(name, loaded)]
    shell.emit(render(results, format, show=_shown), output_file, force=force)
    if format is not Format.TEXT or output_file:
        shell.say(counted(results))
    if format is Format.GITHUB:
        _tell_github(results)
    outcomes = {result.outcome for result in results}
    if Outcome.NO_LONGER_HOLDS in outcomes or (strict and Outcome.REASONS_CHANGED in outcomes):
        raise typer.Exit(shell.ExitCode.FINDING)
    if Outcome.CANNOT_TELL in outcomes:
        raise typer.Exit(shell.ExitCode.UNUSABLE)


def _found(names: Sequence[str]) -> list[str]:
    """The files that are meant, each once; in folders and patterns those that state a pick."""
    found: dict[str, None] = {}
    for name in names:
        if name and Path(name).is_dir():
            inside = _below(name)
        elif has_magic(name) and not Path(name).exists():
            inside = sorted(glob(name, recursive=True))  # noqa: PTH207  Path.glob takes no "a/../b"
        else:
            found[name] = None
            continue
        stating = [path for path in inside if _states(path)]
        if not stating:
            raise Refused(f"nothing to verify in '{name}'", "name a record, or a folder of them")
        found |= dict.fromkeys(stating)
    return list(found)


def _below(folder: str) -> list[str]:
    """The files below a folder, without following links into other folders or in circles."""
    return sorted(str(Path(place, name)) for place, _, names in os.walk(folder) for name in names)


def _states(path: str) -> bool:
    """Whether a file that nobody named is one to verify."""
    if not path.endswith(_ENDINGS) or not Path(path).is_file():
        return False
    if path.endswith(".md"):
        from taskpick.records.record import is_record

        return is_record(Path(path).read_text(encoding="utf-8", errors="replace"))
    try:
        return any(statement.pick for statement in _read(path).statements)
    except InvalidFile:
        return False


def _read(name: str) -> stated.Stated:
    return stated.read(read(name, largest=stated.LARGEST))


def _verified(name: str, loaded: RuleFiles) -> Iterator[Result]:
    """What has become of each decision of a file that has a pick.

    Raises:
        InvalidFile: with every problem of the file.
        OSError: it cannot be read.
    """
    try:
        file = _read(name)
    except InvalidFile as unusable:
        yield invalid(_nothing(name), unusable.problems)
        return
    except OSError as error:
        yield cannot_tell(_nothing(name), f"cannot read it: {error.strerror or error}")
        return
    statements = [each for each in file.statements if each.pick] or file.statements
    try:
        rules = loaded.load(file.rules, Path() if name == "-" else Path(name).parent)
    except InvalidRules as unusable:
        why = f"the rule file cannot be used: {concise(unusable.problems[0])}"
        yield from (cannot_tell(statement, why) for statement in statements)
        return
    except Refused as refused:
        yield from (cannot_tell(each, f"{refused} ({refused.hint})") for each in statements)
        return
    except OSError as error:
        why = f"cannot read the rule file '{error.filename}': {error.strerror or error}"
        yield from (cannot_tell(statement, why) for statement in statements)
        return
    yield from (_one(rules, statement) for statement in statements)


def _one(rules: Rules, statement: Statement) -> Result:
    try:
        return verify(rules, statement)
    except TooLarge as error:
        return cannot_tell(statement, str(error))


def _nothing(name: str) -> Statement:
    """What a file states that cannot be read."""
    place = Span.at(1, 1)
    return stated.Statement(Source(name, ""), "", Mapping({}, {}, place), "", place)


def _progress(names: list[str]) -> Iterator[str]:
    """The names, and how far they are where somebody waits and looks."""
    watched = len(names) >= _MANY and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    for at, name in enumerate(names):
        if watched and at % 50 == 0:
            sys.stderr.write(f"\rverifying {at:,} of {len(names):,}")
            sys.stderr.flush()
        yield name
    if watched:
        sys.stderr.write("\r\x1b[K")


def _shown(name: str) -> str:
    """A file's name as people and reviews know it: from the current folder if it is below that."""
    path = Path(name)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    shown = name if name in ("-", "<stdin>") else Path(os.path.normpath(path)).as_posix()
    return printable(shown)


def _tell_github(results: Sequence[Result]) -> None:
    values = {outcome.value: str(count) for outcome, count in counts(results).items()}
    github.tell(markdown(results, _shown), values)
