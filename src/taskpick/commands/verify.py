"""The command `taskpick verify`."""

from __future__ import annotations

import os
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taskpick.cli import github, shell
from taskpick.cli.completion import complete_path
from taskpick.cli.files import STDIN, folder_of, is_special, read_bytes
from taskpick.cli.flags import ForceFlag, OutputFlag, OverrideFlag
from taskpick.cli.helpful import HelpfulCommand
from taskpick.cli.progress import progress
from taskpick.problems import InvalidFile, InvalidRules, Refused, TooLarge, concise
from taskpick.records import record as form
from taskpick.records import statements
from taskpick.records.rule_files import RuleFiles, is_readable
from taskpick.records.statements import ENDINGS, LARGEST, MARKDOWN, looks_like_decision
from taskpick.records.verification.formats import Format, counted, counts, markdown, render
from taskpick.records.verification.verify import (
    Outcome,
    Result,
    cannot_check,
    in_words,
    unreadable,
    verify,
)
from taskpick.rulefile.document import decode
from taskpick.wording import printable, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from taskpick.records.statements import Statement
    from taskpick.rulefile.model import Rules

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
            autocompletion=complete_path(*ENDINGS),
        ),
    ],
    format: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT,  # noqa: A002
    rules_path: OverrideFlag = None,
    output_file: OutputFlag = None,
    force: ForceFlag = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 even if only reasons have changed.")
    ] = False,
) -> None:
    """Recompute decisions and say which no longer hold.

    Each is compared with what its rule file says today. Exits with 1 if one no longer holds,
    shows a different pick than its answers give, or supersedes one that does not say so;
    otherwise with 2 if one could not be checked.
    """
    shell.check_places(output_file, force=force)
    results = _verified(files, RuleFiles(rules_path))
    shell.emit(render(results, format, show=_display_name), output_file, force=force)
    if format is not Format.TEXT or output_file:
        shell.say(counted(results))
    if format is Format.GITHUB:
        _tell_github(results)
    outcomes = {result.outcome for result in results}
    findings = {Outcome.NO_LONGER_HOLDS, Outcome.INCONSISTENT}
    if outcomes & findings or (strict and Outcome.REASONS_CHANGED in outcomes):
        raise typer.Exit(shell.ExitCode.FINDING)
    if Outcome.NOT_CHECKED in outcomes:
        raise typer.Exit(shell.ExitCode.UNUSABLE)


def _verified(arguments: Sequence[str], rule_files: RuleFiles) -> list[Result]:
    """What has become of the decisions in files, folders and patterns, each file once.

    Raises:
        Refused: there is no decision in a folder or pattern.
    """
    unread: list[OSError] = []
    inside = {argument: _files_in(argument, unread.append) for argument in arguments}
    paths = list(dict.fromkeys(path for files in inside.values() for path in files or []))
    named = [argument for argument, files in inside.items() if files is None]
    names = list(dict.fromkeys([*named, *paths]))
    results = {}
    with progress("files") as show:
        for done, name in enumerate(names):
            show(done, len(names))
            results[name] = list(_of_file(name, rule_files, named=name in named))
    for argument, files in inside.items():
        if files is not None and not unread and not any(results[path] for path in files):
            hint = "name a record, or a folder of them"
            raise Refused(f"nothing to verify in {quoted(argument)}", hint)
    found = [result for path in results.values() for result in path]
    return [
        *found,
        *(unreadable(str(error.filename), f"it {_unreadable(error)}") for error in unread),
    ]


def _files_in(argument: str, missed: Callable[[OSError], None]) -> list[str] | None:
    """The files in a folder or of a pattern that can have decisions; None if it is a file.

    A folder that cannot be read is `missed`.
    """
    if argument and Path(argument).is_dir():
        # Links into other folders are not followed: they may lead in circles.
        walk = os.walk(argument, onerror=missed)
        inside = sorted(str(Path(folder, name)) for folder, _, names in walk for name in names)
    elif has_magic(argument) and not Path(argument).exists():
        inside = sorted(glob(argument, recursive=True))  # noqa: PTH207  Path.glob takes no "a/../b"
    else:
        return None
    return [path for path in inside if path.lower().endswith(ENDINGS) and not is_special(path)]


def _of_file(name: str, rule_files: RuleFiles, *, named: bool) -> Iterator[Result]:
    """What has become of each decision of a file; of one that nobody named, if it has any."""
    try:
        data = read_bytes(name, largest=LARGEST)
        if not named and not looks_like_decision(name, data):
            return
        file = statements.read(decode(STDIN if name == "-" else name, data, largest=LARGEST))
    except InvalidFile as invalid:
        yield unreadable(name, in_words(invalid.problems), invalid.problems[0].span)
        return
    except OSError as error:
        yield unreadable(name, f"it {_unreadable(error)}")
        return
    entries = [entry for entry in file.entries if entry.is_verifiable]
    if not entries and not named and _is_open_result(name):
        return
    yield from _of_entries(entries or file.entries, file.rules, name, rule_files)


def _of_entries(
    entries: Sequence[Statement], rules_name: str, name: str, rule_files: RuleFiles
) -> Iterator[Result]:
    try:
        rules = rule_files.load(rules_name, folder_of(name))
    except InvalidRules as invalid:
        why = f"the rule file cannot be used: {concise(invalid.problems[0])}"
    except Refused as refused:
        why = f"{refused} ({refused.hint})"
    except OSError as error:
        why = f"the rule file '{error.filename}' {_unreadable(error)}"
    else:
        yield from (_superseding(_of_entry(rules, entry), entry) for entry in entries)
        return
    yield from (cannot_check(entry, why) for entry in entries)


def _of_entry(rules: Rules, entry: Statement) -> Result:
    try:
        return verify(rules, entry)
    except TooLarge as error:
        return cannot_check(entry, str(error))


def _superseding(result: Result, entry: Statement) -> Result:
    """The result, unless the record before it is still shown as one in force.

    Only a record that may be named is read: as with rule files, none outside the repository.
    """
    is_good = result.outcome in (Outcome.HOLDS, Outcome.REASONS_CHANGED)
    if entry.record is None or entry.record.before is None or not is_good:
        return result
    before, folder = entry.record.basis.supersedes, folder_of(result.file)
    if not is_readable(folder / before, folder):
        why = f"it supersedes {quoted(before)}, which is outside the folders that may be read"
        return result._replace(outcome=Outcome.NOT_CHECKED, span=entry.record.before, why=why)
    if not _in_force(folder / before):
        return result
    number = form.number(Path(result.file).name)
    why = f"it supersedes {quoted(before)}, whose status does not say so"
    hint = f"set it to {quoted(f'superseded by {number}')}"
    return result._replace(outcome=Outcome.INCONSISTENT, why=f"{why} ({hint})")


def _in_force(path: Path) -> bool:
    """Whether there is a record whose status does not say that another one supersedes it."""
    if not path.name.lower().endswith(MARKDOWN):
        return False
    try:
        text = decode(str(path), read_bytes(str(path), largest=LARGEST), largest=LARGEST).text
    except (InvalidFile, OSError):
        return False
    return form.FRONT.match(text) is not None and not form.is_superseded(text)


def _is_open_result(name: str) -> bool:
    """Whether a file without a pick is meant to have none: the result of an open decision."""
    return name.lower().endswith(".json")


def _unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "was not found"
    return f"cannot be read: {error.strerror or error}"


def _display_name(name: str) -> str:
    """A file's name as people and reviews know it: from the current folder if it is below that."""
    path = Path(name)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    name = name if name in ("-", STDIN) else Path(os.path.normpath(path)).as_posix()
    return printable(name)


def _tell_github(results: Sequence[Result]) -> None:
    values = {outcome.value: str(count) for outcome, count in counts(results).items()}
    github.tell(markdown(results, _display_name), values)
