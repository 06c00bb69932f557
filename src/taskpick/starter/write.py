"""Put files into a directory: all of them or none, nothing outside it, nothing overwritten."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from taskpick.problems import Refused
from taskpick.wording import first_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MANY = 5
"""As many names are listed in a message; the rest are counted."""


class StarterError(Refused):
    """Why a starter cannot be made or written, and what to do about it."""


def write(files: Mapping[str, str], directory: Path, *, force: bool = False) -> list[Path]:
    """Write `files`, a path below `directory` to its text each; returns what was written.

    What is there with the same text already is left alone and not returned. If anything goes
    wrong, or the user interrupts, the directory is as it was before.

    Raises:
        StarterError: a path leads out of the directory, a file is there already and `force` is
            not given, a link is in the way, or the system refuses.
    """
    check_paths(files)
    try:
        top = directory.resolve()
        _check_room(top, files, force=force)
        todo = [name for name, text in files.items() if not _is_there(top / name, text)]
        if not top.exists():
            return _write_new(files, top)
        return _write_into(todo, files, top)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StarterError(f"cannot write to '{directory}': {reason}") from error


def check_paths(names: Iterable[str]) -> None:
    """Refuse a path that leads out of where it is put, or that does harm there.

    Raises:
        StarterError: naming the first such path.
    """
    seen: dict[str, str] = {}
    for name in names:
        parts = name.split("/")
        if any(part in ("", ".", "..") or set(part) & set("\\:\0") for part in parts):
            raise StarterError(f"the starter has a path that leads out of its directory: '{name}'")
        if first_hidden(name, "") is not None:
            raise StarterError(
                f"the starter has a path with a character that cannot be seen: {name!r}"
            )
        if any(part.casefold() == ".git" for part in parts):
            raise StarterError(f"the starter has a file for git itself: '{name}'")
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise StarterError(f"the starter has two files that are one on some systems: '{name}'")


def _check_room(top: Path, files: Mapping[str, str], *, force: bool) -> None:
    """Refuse before anything is written what could only be refused in the middle of it."""
    if top.exists() and not top.is_dir():
        raise StarterError(f"'{top}' is not a directory")
    taken = []
    for name, text in files.items():
        for parent in [*reversed(PurePosixPath(name).parents)][1:]:
            if (top / parent).is_symlink() or (
                (top / parent).exists() and not (top / parent).is_dir()
            ):
                raise StarterError(f"'{parent}' in '{top}' is not a folder of its own")
        path = top / name
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise StarterError(f"'{name}' in '{top}' is not a file of its own", "move it away")
        if path.exists() and not _is_there(path, text):
            taken.append(name)
    if taken and not force:
        listed = ", ".join(f"'{name}'" for name in taken[:MANY])
        more = f" and {len(taken) - MANY} more" if len(taken) > MANY else ""
        raise StarterError(f"already there: {listed}{more}", "give --force to overwrite")


def _is_there(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _write_new(files: Mapping[str, str], top: Path) -> list[Path]:
    """Make the directory beside its place, whole, and then move it there."""
    missing = [place for place in [top, *top.parents] if not place.exists()]
    home = missing[-1].parent
    stage = Path(tempfile.mkdtemp(prefix=".taskpick-", dir=home))
    try:
        _write_all(files, stage / top.relative_to(home))
        (stage / missing[-1].name).rename(missing[-1])
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return [top / name for name in files]


@dataclass
class _Undo:
    """What has been done to a directory, noted before it is done."""

    stage: Path
    top: Path
    placed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)

    def undo(self) -> None:
        for name in self.placed:
            new = (self.stage / "new" / name).read_text(encoding="utf-8")
            if _is_there(self.top / name, new):
                (self.top / name).unlink()
        for name in self.moved:
            with suppress(FileNotFoundError):
                (self.stage / "old" / name).rename(self.top / name)
        for folder in reversed(self.made):
            with suppress(OSError):
                folder.rmdir()


def _write_into(todo: list[str], files: Mapping[str, str], top: Path) -> list[Path]:
    """Write all files aside, and only then put one after the other into its place."""
    stage = Path(tempfile.mkdtemp(prefix=".taskpick-", dir=top))
    undo = _Undo(stage, top)
    try:
        _write_all({name: files[name] for name in todo}, stage / "new")
        for name in todo:
            _make_folders(top, name, undo)
            if (top / name).exists():
                (stage / "old" / name).parent.mkdir(parents=True, exist_ok=True)
                undo.moved.append(name)
                (top / name).rename(stage / "old" / name)
            undo.placed.append(name)
            _put(stage / "new" / name, top / name)
    except BaseException:
        undo.undo()
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return [top / name for name in todo]


def _write_all(files: Mapping[str, str], folder: Path) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def _make_folders(top: Path, name: str, undo: _Undo) -> None:
    for parent in [*reversed(PurePosixPath(name).parents)][1:]:
        if not (top / parent).exists():
            undo.made.append(top / parent)
            (top / parent).mkdir()


def _put(new: Path, place: Path) -> None:
    """Put a copy of a file where nothing is: unlike a rename, this never overwrites."""
    try:
        os.link(new, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        with place.open("xb") as file:
            try:
                file.write(new.read_bytes())
                file.flush()
            except BaseException:
                place.unlink()
                raise
