"""What the program and its surroundings tell each other: exit codes, streams, width, colour, day."""

from __future__ import annotations

import os
import sys
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from taskpick import output
from taskpick.document import LARGEST, decode

if TYPE_CHECKING:
    from taskpick.problems import Source


class ExitCode(IntEnum):
    """What the program says to the shell."""

    OK = 0
    FINDING = 1
    UNUSABLE = 2
    UNDECIDED = 3
    INTERRUPTED = 130


def say(message: str, prefix: str = "taskpick: ") -> None:
    """Tell a person something, on stderr."""
    typer.echo(f"{prefix}{message}", err=True)


def stop(message: str, hint: str = "") -> NoReturn:
    """End because the input cannot be used, saying why and what to do."""
    say(f"error: {message}")
    if hint:
        say(hint)
    sys.exit(ExitCode.UNUSABLE)


def emit(text: str, place: Path | None, *, force: bool) -> None:
    """Write a result to its place; none, or `-`, is stdout."""
    if place is None or str(place) == "-":
        typer.echo(text, nl=False)
        return
    output.write(place, text, force=force)
    say(f"wrote {place}")


def read(name: str, *, largest: int = LARGEST) -> Source:
    """The text of a file; `-` is stdin.

    Raises:
        InvalidFile: it is too large or not text.
        OSError: it cannot be read.
    """
    if name != "-":
        with Path(name).open("rb") as file:
            return decode(name, file.read(largest + 1), largest=largest)
    if sys.stdin.isatty():
        stop("'-' reads standard input, which is a terminal", "pipe a file into it")
    return decode("<stdin>", sys.stdin.buffer.read(largest + 1), largest=largest)


def today() -> str:
    """The day, as YYYY-MM-DD."""
    from datetime import UTC, datetime

    # https://reproducible-builds.org/specs/source-date-epoch/
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    return datetime.now().astimezone().date().isoformat()


def width() -> int:
    """How many columns there are for the result."""
    import shutil

    return max(20, shutil.get_terminal_size().columns)


def color() -> bool:
    """Whether to colour stdout: https://no-color.org and https://force-color.org."""
    if os.environ.get("NO_COLOR") or os.environ.get("TASKPICK_NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
