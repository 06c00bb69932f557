"""Put files into a directory: all of them or none, nothing outside it, nothing overwritten."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from taskpick.problems import Refused
from taskpick.wording import as_few, first_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in "123456789¹²³"
}
"""Names that Windows keeps for itself, with any ending:
https://learn.microsoft.com/windows/win32/fileio/naming-a-file"""


class StarterError(Refused):
    """Why a starter cannot be made or written, and what to do about it."""


def write(files: Mapping[str, str], directory: Path, *, force: bool = False) -> list[Path]:
    """Write `files`, a path below `directory` to its text each; returns what was written.

    What is there with the same text already is left alone and not returned. If anything goes
    wrong the directory is as it was before; a signal that ends the program waits until all is
    written; and what a kill leaves behind, `taskpick.atomic.mend` puts right.

    Raises:
        StarterError: a path leads out of the directory, a file is there already and `force` is
            not given, a link is in the way, or the system refuses.
        Refused: another run does not finish with the directory.
    """
    from taskpick import atomic

    check(files, directory, force=force)
    top = directory.resolve()
    try:
        todo = {
            name: text.encode() for name, text in files.items() if not _is_there(top / name, text)
        }
        if top.exists():
            atomic.write_into(todo, top, replace=force)
        else:
            atomic.write_folder(todo, top)
    except FileExistsError as error:
        raise StarterError(f"a file has just appeared in '{directory}'", "try again") from error
    except OSError as error:
        raise _unwritable(directory, error) from error
    return [top / name for name in todo]


def check(files: Mapping[str, str], directory: Path, *, force: bool = False) -> None:
    """Refuse before anything is written what could only be refused in the middle of it.

    Raises:
        StarterError: as `write` would.
    """
    check_paths(files)
    try:
        _check_room(directory.resolve(), files, force=force)
    except OSError as error:
        raise _unwritable(directory, error) from error


def check_paths(names: Iterable[str], place: str = "") -> None:
    """Refuse a path that leads out of where it is put, or that does harm there.

    `place` is the folder that the files come from, for the message.

    Raises:
        StarterError: naming the first such path.
    """
    source = f" in '{place}'" if place else ""
    seen: dict[str, str] = {}
    for name in names:
        parts = name.split("/")
        if any(part in ("", ".", "..") or set(part) & set("\\:\0") for part in parts):
            message = f"the starter has a path that leads out of its directory{source}: '{name}'"
            raise StarterError(message)
        if first_hidden(name, "") is not None:
            message = f"the starter has a path with an invisible character{source}"
            raise StarterError(f"{message}: {name!r}")
        if any(map(_cannot_be_on_windows, parts)):
            message = f"the starter has a path that Windows does not allow{source}: '{name}'"
            raise StarterError(message, "give it another name")
        if any(part.casefold() == ".git" for part in parts):
            raise StarterError(f"the starter has a file for git itself{source}: '{name}'")
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            message = f"the starter has two files that some systems treat as one{source}: '{name}'"
            raise StarterError(message)


def _cannot_be_on_windows(name: str) -> bool:
    stem = name.partition(".")[0].rstrip()
    return stem.casefold() in _DEVICES or name[-1] in ". " or not set(name).isdisjoint('<>"|?*')


def _check_room(top: Path, files: Mapping[str, str], *, force: bool) -> None:
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
        names = as_few([f"'{name}'" for name in taken])
        raise StarterError(f"already there: {names}", "give --force to overwrite")


def _is_there(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _unwritable(directory: Path, error: OSError) -> StarterError:
    return StarterError(f"cannot write to '{directory}': {error.strerror or error}")
