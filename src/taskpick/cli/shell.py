"""What the program has to do with the shell: exit codes, messages, colour, width, files written."""

from __future__ import annotations

import io
import os
import re
import sys
from enum import IntEnum
from typing import TYPE_CHECKING, NoReturn, TextIO

from taskpick import wording
from taskpick.cli import files as output
from taskpick.wording import ASCII, UNICODE, Marks, printable

if TYPE_CHECKING:
    from pathlib import Path


class ExitCode(IntEnum):
    """What the program says to the shell."""

    OK = 0
    FINDING = 1
    UNUSABLE = 2
    UNDECIDED = 3
    BUG = 70
    INTERRUPTED = 130


def ready() -> None:
    """Make the standard streams fit to be used, whatever they are."""
    import codecs

    codecs.register_error(_ENCODABLE, _encodable)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_ENCODABLE)
    # Closed ones are None in Python; nothing comes from there and nobody reads there.
    sys.stdout = sys.stdout or _Closed()
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


class _Closed(io.TextIOBase):
    """A standard output that is closed: what is written to it must not be lost in silence."""

    def write(self, text: str) -> int:
        raise output.OutputError("standard output is closed")


_COLORS = r"(\x1b\[[\d;]*m)"
_ENCODABLE = "taskpick.encodable"
_IN_ASCII = dict(zip(UNICODE, ASCII, strict=True))


def _encodable(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that a stream cannot encode: other marks, or escapes."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    escaped = (char.encode("ascii", "backslashreplace").decode() for char in lost)
    return "".join(map(_IN_ASCII.get, lost, escaped)), error.end


def marks(stream: TextIO | None) -> Marks:
    """The marks that a stream can show; None is a file, which can hold all."""
    return wording.marks(getattr(stream, "encoding", None))


def say(message: str, prefix: str = "taskpick: ") -> None:
    """Tell the person something, in characters that only print; stdout is for results alone."""
    try:
        print(printable(f"{prefix}{message}", "\t\n"), file=sys.stderr)  # noqa: T201
    except OSError:
        # There is no room for it and nobody to tell; the exit code still says what was found.
        silence(sys.stderr)


def stop(message: str, hint: str = "", code: ExitCode = ExitCode.UNUSABLE) -> NoReturn:
    """End with a message and the way out."""
    say(message if code is ExitCode.INTERRUPTED else f"error: {message}")
    if hint:
        say(hint)
    sys.exit(code)


def emit(
    text: str,
    path: Path | None,
    *,
    force: bool,
    colored: bool = False,
    verbatim: bool = False,
) -> None:
    """Write a result to stdout, or to a file that is named then.

    Whatever the text was made of, nothing in it can move a cursor or hide: of what drives a
    terminal only colours pass, and only where the text is `colored`. A text that somebody else
    wrote and that goes back where it was is written `verbatim`.

    Raises:
        OutputError: the file could not be written; nothing was.
    """
    if not verbatim:
        text = _harmless(text, colored=colored)
    if path is None or str(path) == "-":
        _print(text)
        return
    mend(output.target(path).parent)
    output.write(path, text, force=force)
    say(f"wrote {path}")


def page(text: str, *, colored: bool) -> None:
    """Show a text in the pager that `PAGER` names, or print it where there is no terminal."""
    import pydoc

    os.environ.setdefault("LESS", "-R")  # or it shows colours as codes
    pydoc.pager(_harmless(text, colored=colored))


def _harmless(text: str, *, colored: bool) -> str:
    pieces = re.split(_COLORS, text) if colored else [text]
    pieces[::2] = [printable(piece, "\t\n") for piece in pieces[::2]]
    return "".join(pieces)


def mend(folder: Path) -> None:
    """Put right what a run that was killed has left in a folder, and say so."""
    from taskpick import atomic

    try:
        for line in atomic.mend(folder):
            say(line)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        say(f"cannot look for what a run left in '{folder}': {error.strerror or error}")


def check_places(*places: Path | None, force: bool) -> None:
    """Refuse places that cannot be written to, before any work is done.

    What a run that was killed left beside them is put right first.

    Raises:
        OutputError: one of them cannot be written to.
    """
    files = [path for path in places if path is not None and str(path) != "-"]
    for path in files:
        mend(output.target(path).parent)
        output.check(path, force=force)
    output.check_apart(files, [])


def today() -> str:
    """The day, as YYYY-MM-DD; `SOURCE_DATE_EPOCH` sets it.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    from datetime import UTC, datetime

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        try:
            return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
        except (OverflowError, ValueError, OSError):
            stop(f"SOURCE_DATE_EPOCH={epoch} is beyond the calendar", "it counts seconds")
    return datetime.now().astimezone().date().isoformat()


def width() -> int:
    """How many columns there are."""
    import shutil

    return max(20, shutil.get_terminal_size().columns)


def color(stream: TextIO | None) -> bool:
    """Whether to colour what a stream shows: https://no-color.org, https://force-color.org.

    None is a file, which is never coloured.
    """
    plain = os.environ.get("NO_COLOR") or os.environ.get("TASKPICK_NO_COLOR")
    if stream is None or plain:
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def silence(stream: TextIO | None = None) -> None:
    """Let what is still to be written, to stdout if no other stream is named, go nowhere.

    Or Python complains when it ends.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), (stream or sys.stdout).fileno())


def _print(text: str) -> None:
    if isinstance(sys.stdout, _Closed):
        raise output.OutputError("standard output is closed", "name a file with --output")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who stops reading has seen enough; the exit code still says what was found.
        silence()
    except OSError as error:
        silence()
        raise output.OutputError(f"cannot write the result: {error.strerror or error}") from error
