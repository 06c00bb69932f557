"""The rule files that come with taskpick."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from taskpick.rulefile import cache

if TYPE_CHECKING:
    from taskpick.rulefile.model import Rules


def folder() -> Path:
    """Where the rule files are that come with taskpick."""
    # In a checkout they stand beside `src`, where people look for them.
    return cache.PACKAGED if cache.PACKAGED.is_dir() else Path(__file__).parents[3] / "rules"


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


def load(file: str | Path) -> Rules:
    """The rules of a file: the name of one that comes with taskpick, or a path.

    What comes with taskpick loads faster the second time.

    Raises:
        InvalidRules: with every problem of the file, sorted by place.
        OSError: the file cannot be read.
    """
    path = find(str(file))
    if path.parent != cache.PACKAGED:
        return _read(path)
    key = f"{path}\n".encode() + path.read_bytes()
    data = cache.read(path, key)
    rules = _unpickled(data) if data else None
    if rules is None:
        rules = _read(path)
        cache.write(path, key, _pickle().dumps(rules))
    return rules


def _unpickled(data: bytes) -> Rules | None:
    try:
        rules: Rules = _pickle().loads(data)
    except Exception:
        # Damaged, or of other classes than there are now; pickle has an error for each.
        return None
    return rules


def _read(path: Path) -> Rules:
    from taskpick.rulefile import reader

    return reader.load(path)


def _pickle() -> Any:
    try:
        import _pickle  # the half of pickle in C, which is all that is needed, in half the time
    except ImportError:
        import pickle as _pickle  # type: ignore[no-redef]
    return _pickle
