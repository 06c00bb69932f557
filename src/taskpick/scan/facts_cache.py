"""What was read off a code base, kept until a file of it, or taskpick, changes.

In the user's own folder for such things, never in the code base. What is there may be deleted at
any time; what is damaged counts as not being there. After a change the files that stayed as they
were need not be parsed again: see `parsing/cache.py`.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.scan.facts import Facts
from taskpick.version import __version__

if TYPE_CHECKING:
    from taskpick.scan.reading.files import Files

_KEPT = 20
"""How many results are kept: the newest."""


def folder(files: Files) -> Path | None:
    """Where results are kept; None if there is no such place outside of the files themselves."""
    path = _folder()
    return None if path is None or path.is_relative_to(files.root.resolve()) else path


@cache
def version() -> bytes:
    """What changes with taskpick and with Python."""
    own = [path for path in Path(__file__).parent.rglob("*") if path.suffix in (".py", ".yaml")]
    newest = max(path.stat().st_mtime_ns for path in own)
    return f"{__version__} {newest} {sys.version}".encode()


def key(files: Files) -> str:
    """What the result for exactly these files is kept under."""
    digest = hashlib.sha256(version() + ".".join(files.packages).encode("utf-8", "surrogateescape"))
    unread = list(files.unread)
    for kind in (files.python, files.startup, files.requirements):
        for file in kind:
            data = files.read(file) or b""
            digest.update(f"\0{len(data)} {file}\0".encode("utf-8", "surrogateescape"))
            digest.update(data)
        digest.update(b"\0\0")
    digest.update(
        "\0".join(f"{entry.file} {entry.why}" for entry in files.unread).encode("utf-8", "replace")
    )
    files.unread[:] = unread
    return digest.hexdigest()


def _folder() -> Path | None:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")  # noqa: PTH111
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return Path(base, "taskpick", "scan").resolve() if os.path.isabs(base) else None  # noqa: PTH117


def read(file: Path) -> Facts | None:
    """What is kept there; None if nothing is, or it is damaged."""
    try:
        digest, _, text = file.read_bytes().partition(b"\n")
        if digest.decode() != hashlib.sha256(text).hexdigest():
            return None
        return Facts.of(json.loads(text))
    except (OSError, ValueError, TypeError):
        return None


def write(file: Path, facts: Facts) -> None:
    """Keep what was read, and forget what is older than the newest few."""
    text = json.dumps(facts).encode()
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
        draft.replace(file)
        results = sorted(file.parent.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        for old in results[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return  # without a place for it every scan reads all files, and is as right
