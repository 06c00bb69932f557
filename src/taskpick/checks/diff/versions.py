"""Rule files as they stand on disk, or in a revision of git."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.problems import Refused
from taskpick.rulefile import bundled, document, files, reader
from taskpick.wording import quoted

if TYPE_CHECKING:
    from taskpick.rulefile.model import Rules


def load_version(name: str) -> Rules:
    """The rules of that name, or those at `REVISION:PATH` in git, a file or a folder.

    Raises:
        InvalidRules: with every problem of their files.
        Refused: there is nothing of that name.
        OSError: a file cannot be read.
    """
    revision, colon, path = name.partition(":")
    if not colon or not revision or Path(name).exists():
        return bundled.load(bundled.find(name))
    main = name
    if _git(name, "-t").strip() == b"tree":
        main = f"{name.rstrip('/')}/{files.MAIN}" if path else f"{name}{files.MAIN}"
    folder = main[: max(main.rfind("/"), main.find(":")) + 1]

    def read_part(part: str) -> bytes:
        try:
            return _git(folder + part, "blob")
        except Refused as refused:
            raise OSError(0, str(refused)) from refused

    return reader.read(document.decode(main, _git(main, "blob")), read_part)


def _git(name: str, what: str) -> bytes:
    # The plumbing command: no pager, no filters, no configuration of the person.
    command = ["git", "cat-file", what, name]
    try:
        completed = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise Refused(f"cannot read {quoted(name)}: git is not installed") from None
    if completed.returncode:
        words = completed.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise Refused(f"cannot read {quoted(name)}: {words}", "name a file, or REVISION:FILE")
    return completed.stdout
