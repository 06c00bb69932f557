"""Decision records on disk: writing one, and the command `taskpick record refresh`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taskpick import atomic
from taskpick.answers import check, command, levels
from taskpick.cli import files, shell
from taskpick.cli.flags import HelpfulCommand, OverrideFlag, complete_path
from taskpick.decision.decide import decide
from taskpick.problems import InvalidFile, Source
from taskpick.records import record as form
from taskpick.records.basis import basis, given, relative
from taskpick.records.rule_files import RuleFiles
from taskpick.report.report import report_on
from taskpick.rulefile.document import LARGEST, decode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.answers import Given
    from taskpick.records.record import Basis
    from taskpick.report.report import Report
    from taskpick.rulefile.model import Rules

commands = typer.Typer(rich_markup_mode=None)
group = typer.Typer(name="record", no_args_is_help=True, rich_markup_mode=None)
commands.add_typer(group)

REFRESH_EXAMPLES = """
\b
Examples:
  taskpick record refresh docs/decisions/0001-background-tasks.md
"""


@group.callback()
def records() -> None:
    """Keep decision records up to date."""


@group.command(cls=HelpfulCommand, epilog=REFRESH_EXAMPLES, no_args_is_help=True)
def refresh(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Records.", autocompletion=complete_path(".md")),
    ],
    rules_path: OverrideFlag = None,
    accept_change: Annotated[
        bool,
        typer.Option("--accept-change", help="Write a record also if its pick is another now."),
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", "-f", help="Write also the parts anew that somebody edited."),
    ] = False,
) -> None:
    """Compute again what taskpick wrote in records; all else stays as it is, byte for byte.

    A part that somebody edited is theirs, and stays. The date changes only if anything else does.
    A record whose pick would become another is left as it is, and the command ends with 1.
    """
    rule_files = RuleFiles(rules_path)
    changed = [
        path
        for path in files
        if not _refresh(path, rule_files, accept_change=accept_change, force=force)
    ]
    if changed:
        raise typer.Exit(shell.ExitCode.FINDING)


def _refresh(path: Path, rule_files: RuleFiles, *, accept_change: bool, force: bool) -> bool:
    """Refresh a record; False, and nothing is written, if its pick is another and may not be.

    Raises:
        InvalidFile: it is no record, or its answers are not those of the rules.
        OSError: it or its rule file cannot be read.
    """
    from taskpick.records import madr

    text = text_of(path)
    old = form.read(Source(str(path), text))
    rules = rule_files.load(old.basis.rules, path.parent)
    answers = given(old.basis)
    nodes = {name: old.answers.entries[name] for name in answers}
    if problems := list(check(rules, old.source, old.answers._replace(entries=nodes))):
        raise InvalidFile(problems)
    decision = decide(rules, levels(answers))
    new = basis(decision, answers, file=path, supersedes=old.basis.supersedes)
    if new.pick != old.basis.pick and not accept_change:
        _say_change(path, old.basis, new)
        return False
    report = report_on(decision)._replace(command=again(rules, new))
    sections = madr.sections(report, new, file=path.name)
    refreshed, edited = form.refreshed(text, new, sections, date=shell.today(), force=force)
    if refreshed == text:
        shell.say(f"{path} is up to date")
    else:
        shell.emit(refreshed, path, force=True, verbatim=True)
        if new.pick != old.basis.pick:
            # Other files link to the name, so it stays.
            shell.say(f"{path}: the pick was {_name(old.basis)}, so rename the file if it says so")
    if edited:
        shell.say(f"{path}: kept as edited: {', '.join(edited)} (--force writes them anew)")
    return True


def _say_change(path: Path, old: Basis, new: Basis) -> None:
    shell.say(f"{path} is left as it is: its pick is {_name(old)}, and would be {_name(new)} now")
    shell.say("write a new record with 'taskpick advise --supersedes', or give --accept-change")


def _name(basis: Basis) -> str:
    return basis.pick or "undecided"


def write(
    report: Report,
    known: Mapping[str, Given],
    place: str | None,
    deciders: Sequence[str],
    supersedes: Path | None,
    *,
    force: bool,
) -> None:
    """Write the record of a decision to a file, to the next free one of a folder, or to stdout.

    Raises:
        InvalidFile: the record it supersedes has no place to say so; nothing was written.
        OutputError: it could not be written.
    """
    if place is None or place == "-":
        shell.emit(_text(report, known, None, deciders, None), None, force=False)
    elif not files.is_folder(place):
        _write(report, known, Path(place), deciders, supersedes, force=force)
    else:
        from taskpick.records import madr

        folder = _folder(place)
        # Nobody else may take a number before this record has it.
        with atomic.alone_in(folder):
            names = (each.name for each in folder.iterdir())
            file = folder / form.next_name(names, madr.title(report))
            _write(report, known, file, deciders, supersedes, force=False)


def check_supersedes(path: Path) -> None:
    """Refuse to supersede what cannot say so, before any work is done for it.

    Raises:
        InvalidFile: it has no place to say so, or is not text.
        OutputError: it is not there, or could not be written.
    """
    if not path.is_file():
        raise files.OutputError(f"--supersedes: there is no file '{path}'")
    files.check(path, force=True)
    _superseded(path, path)


def _write(
    report: Report,
    known: Mapping[str, Given],
    file: Path,
    deciders: Sequence[str],
    supersedes: Path | None,
    *,
    force: bool,
) -> None:
    """Write a record, and then into the one that it supersedes that it does.

    In this order, as an old record that names one that is not there would be a lie; one that is
    not marked yet is only behind.
    """
    text = _text(report, known, file, deciders, supersedes)
    old = _superseded(supersedes, file) if supersedes else ""
    with atomic.uninterrupted():
        shell.emit(text, file, force=force)
        if supersedes:
            shell.emit(old, supersedes, force=True, verbatim=True)


def _text(
    report: Report,
    known: Mapping[str, Given],
    file: Path | None,
    deciders: Sequence[str],
    supersedes: Path | None,
) -> str:
    from taskpick.records import madr

    before = relative(supersedes, file.parent) if supersedes and file else ""
    decided = basis(report.decision, known, file=file, supersedes=before)
    said = report._replace(command=again(report.rules, decided)) if file else report
    name = file.name if file else ""
    return madr.render(said, decided, date=shell.today(), deciders=deciders, file=name)


def _folder(place: str) -> Path:
    path = Path(place)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot use the folder '{place}': {error.strerror or error}"
        raise files.OutputError(message) from error
    return path


def _superseded(old: Path, new: Path) -> str:
    """The old record, saying that the new one stands in its place."""
    source = Source(str(old), text_of(old))
    return form.superseded(source, by=relative(new, old.parent), number=form.number(new.name))


def text_of(path: Path) -> str:
    """The text of a record, with its line ends and byte order mark as they are.

    Raises:
        InvalidFile: it is too large or not text.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    decode(str(path), data)
    return data.decode()


def again(rules: Rules, basis: Basis) -> str:
    """The command that leads to the same record, as the record's folder sees it."""
    return command(rules, levels(given(basis)), rules_name=basis.rules)
