"""What the paths of files say: the names they are imported by, and which are near each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.scan import systems

if TYPE_CHECKING:
    from taskpick.scan.reading.files import Files

LIBRARIES = systems.LIBRARIES.keys() | {
    *("asyncio", "concurrent", "django", "fastapi"),
    *("functools", "sqlalchemy", "starlette", "threading"),
}
"""What a name of one word is, also where a file of the project has it."""


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
