"""The rule files that come with taskpick, kept in a form that loads fast.

As Python keeps its compiled modules: in `__pycache__` beside the source, never where
`PYTHONDONTWRITEBYTECODE` forbids it, and only where taskpick is installed, so that a checkout
under development has nothing that could be stale.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.rulefile import model, reader
from taskpick.version import __version__

if TYPE_CHECKING:
    from taskpick.rulefile.model import Rules

_PACKAGED = Path(__file__).parents[1] / "rules"


def folder() -> Path:
    """Where the rule files are that come with taskpick."""
    # In a checkout they stand beside `src`, where people look for them.
    return _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parents[3] / "rules"


def default() -> Path:
    """The rule file that is used when none is named."""
    return folder() / "background-tasks.yaml"


def find(name: str, beside: Path = Path()) -> Path:
    """The rule file of that name: one that comes with taskpick, or a path from a folder."""
    path, kept = beside / name, folder() / f"{name}.yaml"
    return kept if kept.parent == folder() and kept.is_file() and not path.exists() else path


def name(path: Path) -> str:
    """The name of a rule file that comes with taskpick; empty for others."""
    return path.stem if path.parent == folder() and path.suffix == ".yaml" else ""


def kept_folder(folder: Path) -> Path | None:
    """Where the fast form of what stands in a folder is kept; None if it is not."""
    return folder / "__pycache__" if folder == _PACKAGED else None


def load(path: Path) -> Rules:
    """As `rulefile.load`, but faster the second time if the file came with taskpick.

    Raises:
        InvalidRules: with every problem of the file, sorted by place.
        OSError: the file cannot be read.
    """
    beside = kept_folder(path.parent)
    if beside is None:
        return reader.load(path)
    # A version under development has more than one form of the model.
    changed = Path(model.__file__).stat().st_mtime_ns
    head = f"taskpick {__version__} {changed}\n{path}\n".encode() + path.read_bytes()
    kept = beside / f"{path.stem}.{sys.implementation.cache_tag}.rules"
    rules = _read(kept, head)
    if rules is None:
        rules = reader.load(path)
        if not sys.dont_write_bytecode:
            _keep(kept, head, rules)
    return rules


def _read(kept: Path, head: bytes) -> Rules | None:
    """The rules kept for exactly this text by exactly this version; None if there are none."""
    import pickle

    try:
        data = kept.read_bytes()
        if not data.startswith(head):
            return None
        # As trustworthy as the bytecode beside it: who can write here can change taskpick itself.
        rules: Rules = pickle.loads(data[len(head) :])  # noqa: S301
    except Exception:
        # Missing, damaged, or of other classes than there are now; pickle has an error for each.
        return None
    return rules


def _keep(kept: Path, head: bytes, rules: Rules) -> None:
    import os
    import pickle

    draft = kept.with_suffix(f".{os.getpid()}")
    try:
        kept.parent.mkdir(exist_ok=True)
        draft.write_bytes(head + pickle.dumps(rules))
        draft.replace(kept)
    except OSError:
        # A read-only installation works as well, only slower.
        draft.unlink(missing_ok=True)
