"""What was written is taken back: by the run that fails, or after one that was killed."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from taskpick.atomic import stage as stages
from taskpick.atomic.locks import alone_in, uninterrupted


def mend(folder: Path) -> list[str]:
    """Put right what a run that was killed has left in a folder; says in words what was done.

    A file that somebody has changed since stays, and so does what was kept of it.

    Raises:
        OSError: the folder cannot be read, or not be put right.
        Refused: another run does not finish with the folder.
    """
    if not _left_over(folder):
        return []
    messages = []
    folder = folder.resolve()
    with alone_in(folder), uninterrupted():
        for path in _left_over(folder):
            if not path.is_dir():
                path.unlink()
            elif path.name.startswith(stages.DONE):
                stages.discard(path)
            elif changed := undo(path, folder):
                names = ", ".join(f"'{name}'" for name in changed)
                messages.append(
                    f"a run was killed while it wrote into '{folder}', and {names} changed since; "
                    f"its earlier state is in '{path / 'old'}': remove '{path}' when you have "
                    "what you need"
                )
            else:
                stages.discard(path)
                messages.append(
                    f"undid what a run had written into '{folder}' before it was killed"
                )
    return messages


def _left_over(folder: Path) -> list[Path]:
    """What runs of this user have left in a folder, links aside: they may lead anywhere."""
    with os.scandir(folder) as entries:
        return [
            Path(entry.path)
            for entry in entries
            if re.fullmatch(stages.PATTERN, entry.name)
            if not entry.is_symlink() and (os.name == "nt" or entry.stat().st_uid == os.geteuid())
        ]


def undo(stage: Path, top: Path) -> list[str]:
    """Make a folder as it was before the files of a stage took their places.

    Running it twice does no harm, as after a run that was killed while it did this. Returns the
    files that are not as they were, since somebody has changed them in the meantime.
    """
    changed = []
    for name in _below(stage / "new"):
        new, old, path = stage / "new" / name, stage / "old" / name, top / name
        if _leads_out(top, name) or _leads_out(stage / "old", name):
            continue
        if not old.exists():
            if _same(path, new):
                path.unlink()
        elif _same(path, new) or not os.path.lexists(path):
            old.replace(path)
        elif not _same(path, old):
            changed.append(name)
    for folder in sorted(_below(stage / "made", folders=True), reverse=True):
        if not _leads_out(top, folder):
            with suppress(OSError):  # somebody has put something into it
                (top / folder).rmdir()
    return changed


def _below(top: Path, *, folders: bool = False) -> list[str]:
    """The files below a folder, or the folders, as paths from it; no link is followed."""
    if top.is_symlink():
        return []
    return [
        Path(folder, name).relative_to(top).as_posix()
        for folder, inner, names in os.walk(top)
        for name in (inner if folders else names)
    ]


def _leads_out(top: Path, name: str) -> bool:
    """Whether a link is on the way to a file: what it leads to is not this folder's."""
    return any((top / parent).is_symlink() for parent in Path(name).parents)


def _same(path: Path, other: Path) -> bool:
    """Whether both are files, and no links, with the same bytes."""
    if any(file.is_symlink() or not file.is_file() for file in (path, other)):
        return False
    return path.read_bytes() == other.read_bytes()
