"""One run at a time: a folder is locked while somebody writes into it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from taskpick.atomic.stage import PREFIX
from taskpick.problems import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_LOCK = f"{PREFIX}lock"
_PATIENCE = 60.0
"""For so many seconds a run waits for another one that writes into the same folder."""
_held: set[Path] = set()
"""The folders that this process has locked."""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other run writes into a folder, and let none do so meanwhile.

    Raises:
        OSError: the folder is not there, or may not be written to.
        Refused: another run does not finish with it.
    """
    path = folder.resolve()
    if path in _held:
        yield
        return
    release = _locked(path)
    _held.add(path)
    try:
        yield
    finally:
        _held.remove(path)
        release()


@contextmanager
def uninterrupted(names: Iterable[str] = ("SIGINT", "SIGTERM", "SIGHUP")) -> Iterator[None]:
    """Let Ctrl-C and the signals that end a program wait until this is done.

    It is for what takes milliseconds: then they do what they always do. A process that is started
    meanwhile never gets them.
    """
    import signal

    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    signals = {signal.Signals[name] for name in names}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
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
                raise Refused(f"another run of taskpick is writing into '{folder}'") from None
        except FileExistsError:
            if time.monotonic() > last:
                message = f"another run of taskpick is writing into '{folder}', or was killed there"
                hint = f"if none is, remove '{folder / _LOCK}'"
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
