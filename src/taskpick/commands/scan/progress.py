"""How far a scan is, on a line of standard error that goes away again."""

from __future__ import annotations

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
def progress() -> Iterator[Callable[[int, int], None]]:
    """What shows the number of files that are done; only where somebody looks and it takes long."""
    following = time.monotonic() + _AFTER
    has_shown = False

    def show(done: int, total: int) -> None:
        nonlocal following, has_shown
        if time.monotonic() >= following:
            following, has_shown = time.monotonic() + _EVERY, True
            sys.stderr.write(f"{_CLEAR}{done:,} of {total:,} Python files")
            sys.stderr.flush()

    try:
        yield show if sys.stderr.isatty() else lambda _done, _total: None
    finally:
        if has_shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()
