"""Reading the files of a rule file: it alone, or the main one of a folder and those it names."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "rules.yaml"
"""The file of a folder that names the others."""
LARGEST = 1024 * 1024
"""The largest file that is read, in bytes; the files of a folder together may have as many."""
_HANDED_OVER = (("/", "dev"), ("/", "proc"))
"""Where a shell puts the pipes of `<(…)`."""

ReadPart = Callable[[str], bytes]
"""Reads another file of the folder by its path from there; raises OSError."""


def main_file(path: Path) -> Path:
    """The rule file at a path, which may be the folder that holds it."""
    return path / MAIN if path.is_dir() else path


def whole(path: Path) -> Path:
    """The rule file at a path; of an option or of cases in a folder, the main one there."""
    path = main_file(path)
    folder = path.parent.parent if path.parent.name == "options" else path.parent
    main = folder / MAIN
    if path.name == MAIN or not main.is_file():
        return path
    if path.parent.name == "options":
        return main
    cases = re.search(
        r"^cases:[ \t]*[\"']?([\w.-]+)", main.read_text("utf-8", "replace"), re.MULTILINE
    )
    return main if cases and cases[1] == path.name else path


def read_bytes(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a file, and one more than `largest` if there are that many.

    Raises:
        OSError: it cannot be read, or it is something that may never end.
    """
    mode = path.stat().st_mode
    # Into a pipe elsewhere nobody may ever write.
    is_pipe = stat.S_ISFIFO(mode) and is_handed_over(path)
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or is_pipe):
        raise OSError(0, "it is not a regular file", str(path))
    with path.open("rb") as file:
        return file.read(largest + 1)


def is_handed_over(path: Path) -> bool:
    """Whether a shell gave the path, which means something else in the next command."""
    return path.parts[:2] in _HANDED_OVER


def below(folder: Path) -> ReadPart:
    """Reads the other files in a folder, and follows no link out of it."""

    def read(name: str) -> bytes:
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise OSError(0, "it points outside the folder of the rule file", str(path))
        return read_bytes(path)

    return read
