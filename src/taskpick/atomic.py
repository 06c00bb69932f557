"""Files are written whole or not at all, by one run at a time, and nothing is lost by it.

Whoever writes into a folder holds its lock. What is called `.taskpick-…` in a folder that nobody
has locked was therefore left by a run that was killed: `mend` puts the folder right by it.

The libraries for atomic writing replace one file, which `os.replace` does by itself; none takes
back a set of files, or clears up after a run that was killed.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.problems import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PREFIX = ".taskpick-"
_DONE = f"{_PREFIX}done-"
_LOCK = f"{_PREFIX}lock"
_OURS = r"\.taskpick-(?:done-)?[0-9a-f]{8}"
_PATIENCE = 60.0
"""For so many seconds a run waits for another one that writes into the same folder."""
_held: set[Path] = set()
"""The folders that this process has locked."""


def write(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Write one file. A killed run leaves it as it was, or as it should be.

    Raises:
        FileExistsError: it is there already, and `replace` is not set.
        OSError: it cannot be written; it is as it was.
        Refused: another run does not finish with its folder.
    """
    with alone_in(path.parent), uninterrupted():
        draft = path.parent / _name(_PREFIX)
        try:
            _draft(draft, data, like=path if replace else None, sync=True)
            _move(draft, path, replace=replace)
        finally:
            draft.unlink(missing_ok=True)


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Make a folder that is not there, with the parents it needs, from paths below it.

    Raises:
        OSError: it cannot be made; nothing is.
        Refused: another run does not finish with the folder around it.
    """
    missing = [place for place in folder.parents if not place.exists()]
    home = next(place for place in folder.parents if place.exists())
    with alone_in(home), uninterrupted():
        for place in reversed(missing):
            place.mkdir()
        stage = None
        try:
            with alone_in(folder.parent):
                stage = _stage(folder.parent)
                for name, data in files.items():
                    _draft(stage / "whole" / name, data)
                (stage / "whole").rename(folder)
        except BaseException:
            if stage:
                _discard(stage)
            for place in missing:
                with suppress(OSError):
                    place.rmdir()
            raise
        _discard(stage)


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
        stage = _stage(folder)
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
            _undo(stage, folder)
            raise
        finally:
            _discard(stage)


def mend(folder: Path) -> list[str]:
    """Put right what a run that was killed has left in a folder; says in words what was done.

    A file that somebody has changed since stays, and so does what was kept of it.

    Raises:
        OSError: the folder cannot be read, or not be put right.
        Refused: another run does not finish with the folder.
    """
    if not _left_over(folder):
        return []
    told = []
    folder = folder.resolve()
    with alone_in(folder), uninterrupted():
        for path in _left_over(folder):
            if not path.is_dir():
                path.unlink()
            elif path.name.startswith(_DONE):
                _discard(path)
            elif changed := _undo(path, folder):
                names = ", ".join(f"'{name}'" for name in changed)
                told.append(
                    f"a run was killed while it wrote into '{folder}', and {names} changed since; "
                    f"as it was before it is in '{path / 'old'}': remove '{path}' when you have "
                    "what you need"
                )
            else:
                _discard(path)
                told.append(f"undid what a run had written into '{folder}' before it was killed")
    return told


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other run writes into a folder, and let none do so meanwhile.

    Raises:
        OSError: the folder is not there, or may not be written to.
        Refused: another run does not finish with it.
    """
    place = folder.resolve()
    if place in _held:
        yield
        return
    release = _locked(place)
    _held.add(place)
    try:
        yield
    finally:
        _held.remove(place)
        release()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C and the signals that end a program wait until this is done.

    It is for what takes milliseconds: then they do what they always do.
    """
    import signal

    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    ending = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _locked(folder: Path) -> Callable[[], None]:
    """Lock a folder, as soon as nobody else has; returns what unlocks it."""
    import time

    last = time.monotonic() + _PATIENCE
    while True:
        try:
            return _lock(folder)
        except BlockingIOError:
            if time.monotonic() > last:
                raise Refused(f"another run of taskpick writes into '{folder}'") from None
        except FileExistsError:
            if time.monotonic() > last:
                message = f"another run of taskpick writes into '{folder}', or was killed there"
                hint = f"if none does, remove '{folder / _LOCK}'"
                raise Refused(message, hint) from None
        time.sleep(0.02)


def _lock(folder: Path) -> Callable[[], None]:
    """Lock a folder: the system unlocks it when the process ends, however it ends."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, PermissionError):
        return _lock_by_file(folder)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:  # a file system that does not lock folders, such as NFS
        os.close(handle)
        return _lock_by_file(folder)
    return partial(os.close, handle)


def _lock_by_file(folder: Path) -> Callable[[], None]:
    """Lock a folder where the system cannot: a run that is killed leaves it locked."""
    path = folder / _LOCK
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    return path.unlink


def _left_over(folder: Path) -> list[Path]:
    """What runs of this user have left in a folder, links aside: they may lead anywhere."""
    with os.scandir(folder) as entries:
        return [
            Path(entry.path)
            for entry in entries
            if re.fullmatch(_OURS, entry.name)
            if not entry.is_symlink() and (os.name == "nt" or entry.stat().st_uid == os.geteuid())
        ]


def _name(prefix: str) -> str:
    return prefix + os.urandom(4).hex()


def _stage(folder: Path) -> Path:
    """A hidden folder in which files wait for their places.

    `new` has them, `old` what they replace, and `made` the folders made for them: all that is
    needed to undo it.
    """
    stage = folder / _name(_PREFIX)
    stage.mkdir(mode=0o700)
    return stage


def _discard(stage: Path) -> None:
    """Remove a stage; by its name a run that is killed here has left nothing to undo."""
    import shutil

    done = stage.with_name(_name(_DONE))
    with suppress(OSError):
        stage.rename(done)
        shutil.rmtree(done, ignore_errors=True)


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


def _undo(stage: Path, top: Path) -> list[str]:
    """Make a folder as it was before the files of a stage took their places.

    It can be undone twice, as after a run that was killed while it did this. Returns the files
    that are not as they were, since somebody has changed them in the meantime.
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
        Path(place, name).relative_to(top).as_posix()
        for place, inner, names in os.walk(top)
        for name in (inner if folders else names)
    ]


def _leads_out(top: Path, name: str) -> bool:
    """Whether a link is on the way to a file: what it leads to is not this folder's."""
    return any((top / parent).is_symlink() for parent in Path(name).parents)


def _same(one: Path, other: Path) -> bool:
    """Whether both are files, and no links, with the same bytes."""
    if any(path.is_symlink() or not path.is_file() for path in (one, other)):
        return False
    return one.read_bytes() == other.read_bytes()
