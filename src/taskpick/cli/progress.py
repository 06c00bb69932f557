"""How far a command is, on a line of standard error that goes away again."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_AFTER, _EVERY = 1.0, 0.1
"""Seconds before anything is shown, and between two numbers."""
_CLEAR = "\r\x1b[K"


@contextmanager
def progress(things: str) -> Iterator[Callable[[int, int], None]]:
    """What shows how many things are done; only where somebody looks and it takes long."""
    following = time.monotonic() + _AFTER
    is_watched = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    has_shown = False

    def show(done: int, total: int) -> None:
        nonlocal following, has_shown
        if is_watched and time.monotonic() >= following:
            following, has_shown = time.monotonic() + _EVERY, True
            sys.stderr.write(f"{_CLEAR}{done:,} of {total:,} {things}")
            sys.stderr.flush()

    try:
        yield show
    finally:
        if has_shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()
