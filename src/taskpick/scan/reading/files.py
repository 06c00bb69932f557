"""Which files of a code base are read, which are left out, and which could not be read."""

from __future__ import annotations

import os
import re
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.problems import Refused
from taskpick.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LARGEST = 5_000_000
"""The largest file that is read, in bytes."""
_LARGEST_STARTUP = 300_000
_LEFT_OUT = {
    **dict.fromkeys(("tests", "test", "testing", "e2e"), "tests"),
    **dict.fromkeys(("example", "examples", "samples"), "examples"),
    **dict.fromkeys(("doc", "docs", "documentation"), "documentation"),
    "migrations": "migrations",
    **dict.fromkeys(("vendor", "vendored", "_vendor", "third_party", "extern"), "vendored code"),
    **dict.fromkeys(("node_modules", "site-packages", "__pycache__", "venv"), "vendored code"),
}
"""Names of folders that hold no work of the project, and what they are called."""
_TEST_FILE = re.compile(r"(test_.*|.*_tests?|tests?|conftest)\.py")
_STARTUP = re.compile(
    r"(.*dockerfile.*|(docker-)?compose.*\.ya?ml|procfile.*|.*\.(sh|bash|service|conf|ini)|"
    r".*(worker|celery|deploy|beat|supervisor).*\.ya?ml|fly\.toml|makefile)",
    re.IGNORECASE,
)
_REQUIREMENTS = re.compile(
    r"(requirements.*\.txt|pyproject\.toml|poetry\.lock|uv\.lock|setup\.cfg)"
)


class Unread(NamedTuple):
    """A file that should have been read and was not."""

    file: str
    why: str


class Files(NamedTuple):
    """The files below a folder, each as its path from there."""

    root: Path
    python: tuple[str, ...]
    startup: tuple[str, ...]
    """Files that may hold a command that starts a process: compose files, scripts and so on."""
    requirements: tuple[str, ...]
    left_out: Counter[str]
    """How many folders (of tests: files, too) were left out, by what they hold."""
    unread: list[Unread]

    @property
    def packages(self) -> tuple[str, ...]:
        """The names of the folder and of the packages around it, by which files are imported."""
        folder = self.root.resolve()
        names = [folder.name]
        while (folder / "__init__.py").exists() and folder.parent != folder:
            folder = folder.parent
            names.insert(0, folder.name)
        return tuple(names[1:] if len(names) > 1 else names)

    def read(self, file: str, largest: int = LARGEST) -> bytes | None:
        """What is in a file; None if it cannot be read, which is noted once."""
        try:
            # A Path for each file is slow.
            with open(f"{self.root}/{file}" if file else self.root, "rb") as opened:  # noqa: PTH123
                data = opened.read(largest + 1)
        except OSError as error:
            self.note(file, error.strerror or str(error))
            return None
        if len(data) > largest:
            self.note(file, f"larger than {largest / 1e6:g} MB")
            return None
        return data

    def note(self, file: str, why: str) -> None:
        """Note that a file was not read."""
        if all(entry.file != file for entry in self.unread):
            self.unread.append(Unread(file, why))


class Excluded(NamedTuple):
    """Files and folders that are not looked at."""

    folder: Path
    """Where the pattern leads from."""
    pattern: str
    """As a shell has it; one without a slash is about names anywhere."""

    def holds(self, path: Path) -> bool:
        """Whether it is about this file or folder."""
        pattern = self.pattern.rstrip("/").removeprefix("./")
        if "/" not in pattern:
            return fnmatchcase(path.name, pattern)
        relative = os.path.relpath(path, self.folder).replace(os.sep, "/")
        return fnmatchcase(relative, pattern.removeprefix("/"))

    def moved(self, root: Path, other: Path) -> Excluded:
        """The same for a copy of a code base in another folder."""
        return self._replace(folder=other / os.path.relpath(self.folder, root))


def find(root: Path, excluded: Sequence[Excluded] = ()) -> Files:
    """The files below a folder, or the file itself; links are not followed.

    Raises:
        Refused: there is no such folder, or nothing in it is Python.
    """
    if not root.is_dir():
        if not root.is_file():
            raise Refused(f"no folder {quoted(str(root))}", "name the folder of a code base")
        return Files(root.parent, (root.name,), (), (), Counter(), [])
    left_out: Counter[str] = Counter()
    unread: list[Unread] = []
    python, startup, requirements = [], [], []
    for file in _walk(root, excluded, left_out, unread):
        name = file.rpartition("/")[2]
        if name.endswith(".py"):
            python.append(file)
        elif _REQUIREMENTS.fullmatch(name):
            requirements.append(file)
        elif _STARTUP.fullmatch(name) or _is_script(root, file):
            startup.append(file)
    if not python:
        raise Refused(f"no Python file in {quoted(str(root))}", "name the folder of a code base")
    return Files(root, tuple(python), tuple(startup), tuple(requirements), left_out, unread)


def matters(file: str) -> bool:
    """Whether a file of that name may be read."""
    name = file.rpartition("/")[2]
    patterns = (_REQUIREMENTS, _STARTUP)
    return (
        name.endswith(".py")
        or "." not in name
        or name == "pyvenv.cfg"
        or any(pattern.fullmatch(name) for pattern in patterns)
    )


def _walk(
    root: Path, excluded: Sequence[Excluded], left_out: Counter[str], unread: list[Unread]
) -> Iterator[str]:
    """The regular files that may be of interest, folder by folder in the order of their names."""
    pending = [""]
    while pending:
        prefix = pending.pop()
        try:
            with os.scandir(root / prefix) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            unread.append(Unread(prefix.rstrip("/") or ".", error.strerror or str(error)))
            continue
        folders = []
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            kind = _left_out(entry, excluded, is_folder=is_folder)
            if kind:
                left_out[kind] += 1
            elif is_folder:
                folders.append(f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False) and not entry.name.startswith("."):
                # A pipe or a device may never end, a link lead anywhere.
                yield prefix + entry.name
        pending += reversed(folders)


def _left_out(entry: os.DirEntry[str], excluded: Sequence[Excluded], *, is_folder: bool) -> str:
    """Why a file or folder is not looked at; empty if it is."""
    name = entry.name
    if any(exclusion.holds(Path(entry.path)) for exclusion in excluded):
        return "excluded"
    if not is_folder:
        return "tests" if _TEST_FILE.fullmatch(name) else ""
    if name.startswith("."):
        return "hidden"
    if os.path.exists(f"{entry.path}/pyvenv.cfg"):  # noqa: PTH110  a Path for each folder is slow
        return "vendored code"
    return _LEFT_OUT.get(name.lower(), "")


def _is_script(root: Path, file: str) -> bool:
    """Whether a file without an ending begins as scripts do."""
    if "." in file.rpartition("/")[2]:
        return False
    try:
        with (root / file).open("rb") as opened:
            return opened.read(2) == b"#!"
    except OSError:
        return False


def startup_texts(files: Files) -> Iterator[tuple[str, str]]:
    """The files with start-up commands and their texts."""
    for file in files.startup:
        data = files.read(file, _LARGEST_STARTUP)
        if data is not None and b"\0" not in data:
            yield file, data.decode("utf-8", "replace")
