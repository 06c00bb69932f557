"""What the paths of files say: the names they are imported by, and which are near each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.scan import systems
from taskpick.scan.parsing.modules import module_name

if TYPE_CHECKING:
    from taskpick.scan.reading.files import Files

LIBRARIES = systems.LIBRARIES.keys() | {
    *("asyncio", "concurrent", "django", "fastapi"),
    *("functools", "sqlalchemy", "starlette", "threading"),
}
"""What a name of one word is, also where a file of the project has it."""


class DottedPaths:
    """The files of a code base by the dotted paths that they may be imported by."""

    def __init__(self, files: Files) -> None:
        self._files: dict[str, list[str]] = {}
        above = packages_above(files)
        for file in files.python:
            parts = [*above, *module_name(file).split(".")]
            for start in range(len(parts)):
                self._files.setdefault(".".join(parts[start:]), []).append(file)

    def split(self, name: str, near: str) -> tuple[str, str] | None:
        """The file that a dotted name leads into, and the rest of the name."""
        parts = name.split(".")
        for end in range(len(parts), 0, -1):
            if file := self.file(".".join(parts[:end]), near):
                return file, ".".join(parts[end:])
        return None

    def file(self, path: str, near: str) -> str | None:
        """The file of that path; of several the one nearest to the file that names it."""
        files = self._files.get(path)
        if files and "." not in path:
            # `celery` is the library, also for the file `celery.py` of a project.
            files = [f for f in files if path not in LIBRARIES and is_above(f, near)]
        if not files:
            return None
        return max(files, key=lambda file: (folders_in_common(file, near), -file.count("/")))


def packages_above(files: Files) -> tuple[str, ...]:
    """What the files are imported by beside their own paths; empty where such a name has another
    meaning.
    """
    packages = files.packages
    first = packages[0]
    inside = (f"{first}/", f"{first}.py")
    is_other = first in LIBRARIES or any(file.startswith(inside) for file in files.python)
    return () if is_other else packages


def is_above(file: str, near: str) -> bool:
    """Whether a file, or package, stands in the folder of another file or further up."""
    folder = file.removesuffix("/__init__.py").rpartition("/")[0]
    return not folder or near.startswith(f"{folder}/")


def folders_in_common(file: str, other: str) -> int:
    """How many folders two files have in common."""
    pairs = zip(file.split("/")[:-1], other.split("/")[:-1], strict=False)
    count = 0
    for left, right in pairs:
        if left != right:
            break
        count += 1
    return count
