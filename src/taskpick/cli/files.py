"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from taskpick.problems import Refused


class OutputError(Refused):
    """A file that could not be written; nothing was."""


def check(path: Path, *, force: bool) -> None:
    """Refuse a place before any work is done for it.

    Raises:
        OutputError: there is a file already and `force` is not set, or it cannot be one.
    """
    try:
        _check(path, force=force)
    except OSError as error:
        raise _unwritable(path, error) from error


def _check(path: Path, *, force: bool) -> None:
    if path.is_dir():
        raise OutputError(f"'{path}' is a folder", "name a file in it")
    if path.exists() and not path.is_file():
        # A device that is replaced by a file would be gone for everybody.
        raise OutputError(f"'{path}' is not a file", "- is standard output")
    if path.exists() and not force:
        raise OutputError(f"'{path}' exists", "give --force to replace it, or another name")
    if not path.parent.is_dir():
        raise OutputError(f"there is no folder '{path.parent}'", "make it first")


def write(path: Path, text: str, *, force: bool) -> None:
    """Write the text to a file that is there whole afterwards, or as it was.

    Raises:
        OutputError: it could not be written, or is there already and `force` is not set.
    """
    check(path, force=force)
    # A link is followed, so that what is replaced is the file and not the link to it.
    target = path.resolve()
    try:
        _write(target, text, force=force)
    except FileExistsError as error:
        raise OutputError(f"'{path}' exists", "give --force to replace it") from error
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write '{path}': {error.strerror or error}")


def _write(target: Path, text: str, *, force: bool) -> None:
    import tempfile

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(target.stat().st_mode if target.exists() else 0o666 & ~_umask())
        if force:
            draft.replace(target)
        else:
            _link(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _link(draft: Path, target: Path) -> None:
    """Give the draft its name, unless a file has appeared there: a rename would replace it."""
    try:
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links.
        target.touch(exist_ok=False)
        draft.replace(target)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
