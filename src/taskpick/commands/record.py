"""Decision records on disk: writing one, and the command `taskpick record refresh`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taskpick import atomic
from taskpick.answers import levels
from taskpick.cli import files, shell
from taskpick.cli.completion import complete_path
from taskpick.cli.flags import OverrideFlag
from taskpick.cli.helpful import HelpfulCommand, HelpfulGroup
from taskpick.decision.decide import decide
from taskpick.decision.staying import kept
from taskpick.named_tuple import NamedTuple
from taskpick.problems import InvalidFile, Refused, Source
from taskpick.records import compose
from taskpick.records import record as form
from taskpick.records.basis import basis, given, relative, still_allowed
from taskpick.records.resolve import unknown_answers
from taskpick.records.rule_files import RuleFiles, is_readable
from taskpick.report.report import report_on
from taskpick.rulefile.document import decode
from taskpick.rulefile.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.answers import Given
    from taskpick.records.record import Basis
    from taskpick.report.report import Report

commands = typer.Typer(rich_markup_mode=None)


class _Records(HelpfulGroup):
    meant = dict.fromkeys(
        ["new", "add", "create", "write"],
        "'taskpick advise --format markdown --output docs/decisions/' writes a record",
    )


group = typer.Typer(name="record", cls=_Records, no_args_is_help=True, rich_markup_mode=None)
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
        typer.Option("--accept-change", help="Write a record even if its pick changes."),
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", "-f", help="Also replace the parts that somebody edited."),
    ] = False,
) -> None:
    """Bring records up to date, and keep what people wrote, byte for byte.

    A part that somebody edited stays as it is. The date changes only if something else does.
    A record whose pick would change is left as it is, and the command exits with 1.
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
        Refused: it is a folder.
        InvalidFile: it is no record, or its answers are not those of the rules.
        OSError: it or its rule file cannot be read.
    """
    from taskpick.records import madr

    if path.is_dir():
        raise Refused(f"'{path}' is a folder", f"name its records, such as {path / '*.md'}")
    old = form.read(Source(str(path), text_of(path)))
    rules = rule_files.load(old.basis.rules, path.parent)
    answers = given(old.basis)
    nodes = {name: old.answers.entries[name] for name in answers}
    if problems := list(unknown_answers(rules, old.source, old.answers._replace(entries=nodes))):
        raise InvalidFile(problems)
    then = old.basis
    allowed = still_allowed(rules, then.only, then.without)
    decision = decide(allowed, levels(answers))
    before, details = then.supersedes, then.details
    new = basis(decision, answers, file=path, supersedes=before, details=details, have=then.have)
    if new.pick != old.basis.pick and not accept_change:
        _say_change(path, old.basis, new)
        return False
    snippet = report_on(kept(decision, then.have)).snippet if details else None
    texts = madr.parts(decision, new, file=path.name, snippet=snippet)
    refreshed = compose.refreshed(old, new, texts, date=shell.today(), force=force)
    if refreshed.text == old.source.text:
        shell.say(f"{path} is up to date")
    else:
        shell.emit(refreshed.text, path, force=True, verbatim=True)
        if new.pick != old.basis.pick:
            # Other files link to the name, so it stays.
            shell.say(
                f"{path}: the pick was {_name(old.basis)}, so rename the file if its name says so"
            )
    if refreshed.edited:
        names = ", ".join(refreshed.edited)
        shell.say(f"{path}: kept as edited: {names} (--force rewrites them)")
    if refreshed.gone:
        shell.say(f"{path}: no longer there: {', '.join(refreshed.gone)}")
    return True


def _say_change(path: Path, old: Basis, new: Basis) -> None:
    shell.say(f"{path} is left as it is: its pick is {_name(old)}, and would be {_name(new)} now")
    shell.say("write a new record with 'taskpick advise --supersedes', or give --accept-change")


def _name(basis: Basis) -> str:
    return basis.pick or "undecided"


class Draft(NamedTuple):
    """A record that is to be written."""

    report: Report
    answers: Mapping[str, Given]
    deciders: Sequence[str] = ()
    supersedes: Path | None = None
    details: bool = False
    """Whether it is the long form."""

    def text(self, file: Path | None) -> str:
        """The record as it stands in a file; None is stdout.

        Raises:
            Refused: it cannot name its rule file.
        """
        from taskpick.records import madr

        decision = self.report.decision
        before = relative(self.supersedes, file.parent) if self.supersedes and file else ""
        made_of = basis(
            decision,
            self.answers,
            file=file,
            supersedes=before,
            details=self.details,
            have=self.report.have,
        )
        name = file.name if file else ""
        parts = madr.parts(decision, made_of, file=name, snippet=self.report.snippet)
        return compose.new(made_of, parts, date=shell.today(), deciders=self.deciders)


def write(draft: Draft, output: str | None, *, force: bool) -> None:
    """Write a record to a file, to the next free one of a folder, or to stdout.

    Raises:
        InvalidFile: the record it supersedes has no place to say so; nothing was written.
        OutputError: it could not be written.
    """
    if output is None:
        shell.emit(draft.text(None), None, force=False)
    elif not files.is_folder(output):
        _write(draft, Path(output), force=force)
    else:
        from taskpick.records import madr

        folder = _folder(output)
        # Nobody else may take a number before this record has it.
        with atomic.alone_in(folder):
            names = (path.name for path in folder.iterdir())
            title = madr.title(kept(draft.report.decision, draft.report.have))
            file = folder / form.next_name(names, title)
            _write(draft, file, force=False)


def check_supersedes(path: Path, folder: Path) -> None:
    """Refuse to supersede what cannot say so, before any work is done for it.

    `folder` is the one of the new record.

    Raises:
        InvalidFile: it has no place to say so, or is not text.
        OutputError: it is not there, could not be written, or `verify` would not read it.
    """
    if not path.is_file():
        raise files.OutputError(f"--supersedes: there is no file '{path}'")
    if not is_readable(path, folder):
        message = f"--supersedes: '{path}' is not in the repository of the new record"
        raise files.OutputError(message, "keep the records of a repository in it")
    files.check(path, force=True)
    _superseded(path, path)


def _write(draft: Draft, file: Path, *, force: bool) -> None:
    """Write a record, and then into the one that it supersedes that it does.

    In this order, as an old record that names one that is not there would be a lie; one that is
    not marked yet is only behind.
    """
    text = draft.text(file)
    old = _superseded(draft.supersedes, file) if draft.supersedes else ""
    with atomic.uninterrupted():
        shell.emit(text, file, force=force)
        if draft.supersedes:
            shell.emit(old, draft.supersedes, force=True, verbatim=True)


def _folder(output: str) -> Path:
    path = Path(output)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot use the folder '{output}': {error.strerror or error}"
        raise files.OutputError(message) from error
    return path


def _superseded(old: Path, new: Path) -> str:
    """The old record, saying that the new one stands in its place."""
    source = Source(str(old), text_of(old))
    return compose.superseded(source, by=relative(new, old.parent), number=form.number(new.name))


def text_of(path: Path) -> str:
    """The text of a record, with its line ends and byte order mark as they are.

    Raises:
        InvalidFile: it is too large or not text.
        OSError: it cannot be read.
    """
    data = read_bytes(path)
    decode(str(path), data)
    return data.decode()
