"""Records as files: where a new one goes, which rule file it names, which one it supersedes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.answers import Given, Origin, check, levels
from taskpick.cli import files, shell
from taskpick.cli.answers import command
from taskpick.decision.decide import Status, decide
from taskpick.problems import InvalidFile, Source
from taskpick.records import record
from taskpick.records.record import Basis
from taskpick.report import advice
from taskpick.rulefile import bundled
from taskpick.rulefile.document import LARGEST, decode
from taskpick.rulefile.format import FORMAT
from taskpick.rulefile.model import NOTHING_FITS
from taskpick.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from taskpick.decision.decide import Decision
    from taskpick.report.report import Report
    from taskpick.rulefile.model import Rules


def is_folder(place: str) -> bool:
    """Whether a place for a record names a folder, be it there already or not."""
    return place.endswith(("/", os.sep)) or Path(place).is_dir()


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
    from taskpick.records import madr

    file = _file(place, madr.title(report)) if place and place != "-" else None
    before = relative(supersedes, file.parent) if supersedes and file else ""
    decided = basis(report.decision, known, file=file, supersedes=before)
    said = report._replace(again=again(report.rules, decided)) if file else report
    name = file.name if file else ""
    text = madr.render(said, decided, date=shell.today(), deciders=deciders, file=name)
    old = _superseded(supersedes, file) if supersedes and file else ""
    shell.emit(text, file, force=force)
    if supersedes and old:
        shell.emit(old, supersedes, force=True)


def _file(place: str, title: str) -> Path:
    path = Path(place)
    if not is_folder(place):
        return path
    try:
        path.mkdir(parents=True, exist_ok=True)
        return path / record.next_name((each.name for each in path.iterdir()), title)
    except OSError as error:
        message = f"cannot use the folder '{place}': {error.strerror or error}"
        raise files.OutputError(message) from error


def _superseded(old: Path, new: Path) -> str:
    """The old record, saying that the new one stands in its place."""
    source = Source(str(old), text_of(old))
    return record.superseded(source, by=relative(new, old.parent), number=record.number(new.name))


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


def refreshed(
    path: Path, rules_of: Callable[[str, Path], Rules], *, force: bool
) -> tuple[str | None, list[str]]:
    """A record computed again, None if it stays as it is, and the parts that are left as edited.

    Raises:
        InvalidFile: it is no record, or its answers are not those of the rules.
        OSError: it or its rule file cannot be read.
    """
    from taskpick.records import madr

    old = text_of(path)
    found = record.read(Source(str(path), old))
    rules = rules_of(found.basis.rules, path.parent)
    known = _given(found.basis)
    nodes = {name: found.answers.entries[name] for name in known}
    if problems := list(check(rules, found.source, found.answers._replace(entries=nodes))):
        raise InvalidFile(problems)
    decision = decide(rules, levels(known))
    now = basis(decision, known, file=path, supersedes=found.basis.supersedes)
    said = advice.report_on(decision)._replace(again=again(rules, now))
    sections = madr.sections(said, now, file=path.name)
    new, kept = record.refreshed(old, now, sections, date=shell.today(), force=force)
    return (None if new == old else new), kept


def basis(
    decision: Decision, known: Mapping[str, Given], *, file: Path | None, supersedes: str = ""
) -> Basis:
    """What the record of a decision in that file is computed from; None is stdout."""
    from hashlib import sha256

    rules = decision.rules
    assumed = {name: Given(level, Origin.DEFAULT) for name, level in decision.assumed.items()}
    answers = {**known, **assumed}
    undecided = decision.status is Status.UNDECIDED
    return Basis(
        version=__version__,
        rules=reference(rules, file.parent if file else None),
        format=FORMAT,
        as_of=rules.as_of,
        sha256=sha256(rules.source.text.replace("\r\n", "\n").encode()).hexdigest(),
        pick="" if undecided else decision.pick or NOTHING_FITS,
        answers={name: answers[name] for name in rules.criteria if name in answers},
        supersedes=supersedes,
    )


def reference(rules: Rules, folder: Path | None) -> str:
    """How a file in that folder names the rules: by name, or by the path from the folder."""
    path = Path(rules.source.name)
    if name := bundled.name(path):
        return name
    if folder is None:
        return path.as_posix()
    return relative(path, folder)


def relative(path: Path, folder: Path) -> str:
    """The path as seen from a folder, with forward slashes; it begins with a dot."""
    try:
        seen = os.path.relpath(path.resolve(), folder.resolve())
    except ValueError:  # another drive
        return path.resolve().as_posix()
    seen = Path(seen).as_posix()
    return seen if seen.startswith("..") else f"./{seen}"


def again(rules: Rules, basis: Basis) -> str:
    """The command that leads to the same record, as the record's folder sees it."""
    return command(rules, levels(_given(basis)), rules_name=basis.rules)


def _given(basis: Basis) -> dict[str, Given]:
    answers = basis.answers.items()
    return {name: answer for name, answer in answers if answer.origin is not Origin.DEFAULT}
