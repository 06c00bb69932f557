"""The hidden folder in which files wait until all of them can take their places."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = ".taskpick-"
DONE = f"{PREFIX}done-"
PATTERN = r"\.taskpick-(?:done-)?[0-9a-f]{8}"
"""The names of such a folder, and of a draft of a single file."""


def name(prefix: str) -> str:
    """A name that nothing has yet."""
    return prefix + os.urandom(4).hex()


def make(folder: Path) -> Path:
    """A hidden folder in which files wait for their places.

    `new` has them, `old` what they replace, and `made` the folders made for them: all that is
    needed to undo it.
    """
    stage = folder / name(PREFIX)
    stage.mkdir(mode=0o700)
    return stage


def discard(stage: Path) -> None:
    """Remove a stage; by its name a run that is killed here has left nothing to undo."""
    import shutil

    done = stage.with_name(name(DONE))
    with suppress(OSError):
        stage.rename(done)
        shutil.rmtree(done, ignore_errors=True)
