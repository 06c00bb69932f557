"""The files of a command: reading them, which names are refused, and writing them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.problems import Refused

if TYPE_CHECKING:
    from taskpick.problems import Source

STDIN = "<stdin>"
"""What stdin is called where a file has its name."""
_ahead: dict[str, bytes] = {}
"""What was read of pipes before its time, since they cannot be read a second time."""


class OutputError(Refused):
    """A file that could not be written; nothing was."""


def file(name: str) -> Path:
    """The file of that name; the name of a folder ends in a slash and is refused.

    Raises:
        OutputError: it is the name of a folder.
    """
    if is_folder(name):
        raise OutputError(f"'{name or '.'}' is a folder", "name a file in it")
    return Path(name)


def result_file(name: str) -> Path | None:
    """The file for a result; None for `-`, which is stdout.

    Raises:
        OutputError: it is the name of a folder.
    """
    return file(name) if result_place(name) else None


def result_place(name: str) -> str | None:
    """The name of a file or a folder for a result; None for `-`, which is stdout."""
    return None if name == "-" else name


def is_folder(name: str) -> bool:
    """Whether a name is one of a folder, be it there already or not."""
    return name.endswith(("/", os.sep)) or Path(name).is_dir()


def target(path: Path) -> Path:
    """What is written for a name: a link is followed, and so stays a link."""
    return Path(os.path.realpath(path))  # Path.resolve may not lead in a circle


def check(path: Path, *, force: bool) -> None:
    """Refuse a place before any work is done for it.

    Raises:
        OutputError: there is a file already and `force` is not set, or it cannot be one.
    """
    try:
        _check(path, force=force)
    except OSError as error:
        raise _unwritable(path, error) from error


def _check(path: Path, *, force: bool) -> None:
    from taskpick import atomic

    real = target(path)
    if path.is_dir():
        raise OutputError(f"'{path}' is a folder", "name a file in it")
    if path.exists() and not path.is_file():
        # A device that is replaced by a file would be gone for everybody.
        raise OutputError(f"'{path}' is not a file", "- is standard output")
    if path.exists() and not force:
        raise OutputError(f"'{path}' exists", "give --force to replace it, or another name")
    if path.is_symlink() and not path.exists() and not force:
        message = f"'{path}' is a link to '{real}', which does not exist"
        raise OutputError(message, "give --force to write it there, or another name")
    if not real.parent.is_dir():
        folder = real.parent if path.is_symlink() else path.parent
        raise OutputError(f"there is no folder '{folder}'", "create it first")
    atomic.check_writable(real.parent)


def check_folder(folder: Path) -> None:
    """Refuse a folder that is not there and cannot be made, or cannot be written to.

    Raises:
        OutputError: saying what is in the way.
    """
    from taskpick import atomic

    try:
        top = target(folder)
        there = next(path for path in [top, *top.parents] if os.path.lexists(path))
        if not there.is_dir():
            raise OutputError(f"'{there}' is not a folder", "name a folder, or a new one")
        atomic.check_writable(there)
    except OSError as error:
        raise _unwritable(folder, error) from error


def check_apart(places: list[Path], folders: list[Path]) -> None:
    """Refuse files of which one would be written over another, or stand where a folder will.

    Raises:
        OutputError: naming the first such file.
    """
    tops = [_key(folder) for folder in folders]
    seen: set[Path] = set()
    for path in places:
        key = _key(path)
        if key in seen or any(_is_same(path, other) for other in places if other != path):
            raise OutputError(f"'{path}' is given for two results", "name two files")
        seen.add(key)
        if any(key == top or key in top.parents for top in tops):
            raise OutputError(f"'{path}' is given as both a file and a folder", "name two places")


def check_outside(places: list[Path], folder: Path) -> None:
    """Refuse files in a folder that is written as a whole.

    Raises:
        OutputError: naming the first such file.
    """
    for path in places:
        if _key(folder) in _key(path).parents:
            message = f"'{path}' is in the folder of the starter"
            raise OutputError(message, f"name a file outside of '{folder}'")


def _key(path: Path) -> Path:
    """What two names of one place have in common; other letters are the same on some systems."""
    return Path(str(target(path)).casefold())


def _is_same(path: Path, other: Path) -> bool:
    return path.exists() and other.exists() and path.samefile(other)


def write(path: Path, text: str, *, force: bool) -> None:
    """Write the text to a file that is there whole afterwards, or as it was.

    Raises:
        OutputError: it could not be written, or is there already and `force` is not set.
    """
    from taskpick import atomic

    check(path, force=force)
    try:
        atomic.write(target(path), text.encode(errors="replace"), replace=force)
    except FileExistsError as error:
        raise OutputError(f"'{path}' exists", "give --force to replace it") from error
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write '{path}': {error.strerror or error}")


def read(name: str, *, largest: int) -> Source:
    """The text of a file, or of stdin for `-`.

    Raises:
        InvalidFile: it is larger than `largest` bytes or not UTF-8.
        Refused: stdin is a terminal.
        OSError: it cannot be read.
    """
    from taskpick.rulefile.document import decode

    data = read_bytes(name, largest=largest)
    return decode(STDIN if name == "-" else name, data, largest=largest)


def read_bytes(name: str, *, largest: int) -> bytes:
    """What is in a file, or in stdin for `-`; of a larger file one byte more than `largest`.

    Raises:
        Refused: stdin is a terminal.
        OSError: it cannot be read.
    """
    if name in _ahead:
        return _ahead.pop(name)
    if name != "-":
        from taskpick.rulefile import files

        return files.read_bytes(Path(name), largest)
    if sys.stdin.isatty():
        raise Refused("standard input is a terminal", "pipe a file into it, or name a file")
    return sys.stdin.buffer.read(largest + 1)


def folder_of(name: str) -> Path:
    """The folder from which a file names others: its own, of a pipe or stdin the current one."""
    return Path(name).parent if name != "-" and not is_special(name) else Path()


def is_special(name: str) -> bool:
    """Whether it is a folder, or a device or a pipe, which may never end."""
    return Path(name).exists() and not Path(name).is_file()


def read_ahead(name: str, *, largest: int) -> bytes:
    """The same, leaving it to be read once more, be it a file, a pipe or stdin.

    Raises:
        Refused: stdin is a terminal.
        OSError: it cannot be read.
    """
    data = read_bytes(name, largest=largest)
    if name == "-" or is_special(name):
        _ahead[name] = data
    return data
