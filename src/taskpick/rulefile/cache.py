"""What is slow to make of the files that come with taskpick, kept for the next run.

As Python keeps compiled modules: in a `__pycache__`, read always, written except where
`PYTHONDONTWRITEBYTECODE` forbids it, and as trustworthy, since who can write there can change
taskpick itself. Only where taskpick is installed: a checkout has nothing that could be stale.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from taskpick.version import __version__

PACKAGED = Path(__file__).parents[1] / "rules"
"""Where the rule files are in an installed taskpick."""


def read(path: Path, key: bytes) -> bytes | None:
    """What was kept for a file, if it was made of exactly `key` by this very installation."""
    if not path.is_relative_to(PACKAGED):
        return None
    try:
        data = _cached(path).read_bytes()
    except OSError:
        return None
    head = _head(key)
    return data[len(head) :] if data.startswith(head) else None


def write(path: Path, key: bytes, data: bytes) -> None:
    """Keep what was made of `key` for a file that came with taskpick; else do nothing."""
    if sys.dont_write_bytecode or not path.is_relative_to(PACKAGED):
        return
    cached = _cached(path)
    draft = cached.with_name(f"{cached.name}.{os.getpid()}")
    try:
        cached.parent.mkdir(exist_ok=True)
        draft.write_bytes(_head(key) + data)
        draft.replace(cached)
    except OSError:
        # A read-only installation works as well, only slower.
        draft.unlink(missing_ok=True)


def _cached(path: Path) -> Path:
    name = ".".join(path.relative_to(PACKAGED).parts)
    return PACKAGED / "__pycache__" / f"{name}.{sys.implementation.cache_tag}"


def _head(key: bytes) -> bytes:
    # A version under development is installed again and again; each time is a new time.
    installed = Path(__file__).stat().st_mtime_ns
    python = f"{sys.hexversion:x}"
    return f"taskpick {__version__} {installed} {python} {len(key)}\n".encode() + key
