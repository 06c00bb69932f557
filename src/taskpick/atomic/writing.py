"""One file, a new folder, or several files in a folder: written whole, or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.atomic import stage as stages
from taskpick.atomic.locks import alone_in, uninterrupted
from taskpick.atomic.undo import undo

if TYPE_CHECKING:
    from collections.abc import Mapping


def write(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Write one file. A killed run leaves it as it was, or as it should be.

    Raises:
        FileExistsError: it is there already, and `replace` is not set.
        OSError: it cannot be written; it is as it was.
        Refused: another run does not finish with its folder.
    """
    with alone_in(path.parent), uninterrupted():
        draft = path.parent / stages.name(stages.PREFIX)
        try:
            _draft(draft, data, like=path if replace else None, sync=True)
            _move(draft, path, replace=replace)
        finally:
            draft.unlink(missing_ok=True)


def check_writable(folder: Path) -> None:
    """Refuse a folder that cannot be written to: only trying tells, above all for root.

    Raises:
        OSError: nothing new can stand in it.
        Refused: another run does not finish with it.
    """
    with alone_in(folder), uninterrupted():
        stages.make(folder).rmdir()


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Make a folder that is not there, with the parents it needs, from paths below it.

    Raises:
        OSError: it cannot be made; nothing is.
        Refused: another run does not finish with the folder around it.
    """
    missing = [parent for parent in folder.parents if not parent.exists()]
    home = next(parent for parent in folder.parents if parent.exists())
    with alone_in(home), uninterrupted():
        for parent in reversed(missing):
            parent.mkdir()
        stage = None
        try:
            with alone_in(folder.parent):
                stage = stages.make(folder.parent)
                for name, data in files.items():
                    _draft(stage / "whole" / name, data)
                (stage / "whole").rename(folder)
        except BaseException:
            if stage:
                stages.discard(stage)
            for parent in missing:
                with suppress(OSError):
                    parent.rmdir()
            raise
        stages.discard(stage)


def write_into(files: Mapping[str, bytes], folder: Path, *, replace: bool = False) -> None:
    """Write files, paths below a folder that is there: all of them, or none.

    All are written aside first. Then one after the other takes its place, and the one before it
    is kept until all have: so a run that fails, or `mend` after one that was killed, can put
    them back.

    Raises:
        FileExistsError: one is there already, and `replace` is not set.
        OSError: one cannot be written; all are as they were.
        Refused: another run does not finish with the folder.
    """
    with alone_in(folder), uninterrupted():
        stage = stages.make(folder)
        try:
            for name, data in files.items():
                if replace and (folder / name).exists():
                    _keep(folder / name, stage / "old" / name)
                _draft(stage / "new" / name, data)
            for name, data in files.items():
                _make_folders(folder, name, stage)
                _draft(stage / "next", data, like=folder / name)
                _move(stage / "next", folder / name, replace=(stage / "old" / name).exists())
        except BaseException:
            undo(stage, folder)
            raise
        finally:
            stages.discard(stage)


def _draft(path: Path, data: bytes, *, like: Path | None = None, sync: bool = False) -> None:
    """Write a new file, which is for whom `like` is; if that is not there, as the umask says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = like.stat().st_mode & 0o7777 if like and like.exists() else None
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        if sync:
            os.fsync(handle)
    if mode is not None:
        path.chmod(mode)


def _move(draft: Path, path: Path, *, replace: bool) -> None:
    """Give a draft its name, without a moment in which there is no file of that name."""
    if replace:
        draft.replace(path)
        return
    try:
        os.link(draft, path)  # unlike a rename, this never replaces
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(str(path)) from None
        draft.rename(path)
    else:
        draft.unlink()


def _keep(path: Path, old: Path) -> None:
    """A second name for a file that is about to be replaced, or a copy of it."""
    old.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, old)
    except OSError:
        import shutil

        shutil.copy2(path, old)


def _make_folders(top: Path, name: str, stage: Path) -> None:
    for parent in [*reversed(Path(name).parents)][1:]:
        if not (top / parent).exists():
            (stage / "made" / parent).mkdir(parents=True)
            (top / parent).mkdir()
