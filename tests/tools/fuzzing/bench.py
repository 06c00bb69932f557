"""Where one trial runs the program, and what must hold of every run, whatever it was given."""

from __future__ import annotations

import contextlib
import io
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import random

CODES = {0, 1, 2, 3, 130}
LONGEST = 10.0
"""Seconds of computing that one run may take."""
HANGS = 60
"""Seconds after which a run is given up."""
MOST_MEMORY = 200 * 1024
"""In KiB, as the operating system counts it."""
TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Done(NamedTuple):
    """What came of a run."""

    code: object
    out: str
    err: str
    seconds: float
    written: dict[str, bytes]
    """The files that are new or other than before, by their path below the folder."""


class Bench:
    """An empty folder, the runs in it, and the faults that they had."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.folder = Path(tempfile.mkdtemp(prefix="taskpick-fuzz-"))
        self.faults: list[str] = []
        self.runs: list[list[str]] = []

    def close(self) -> None:
        shutil.rmtree(self.folder)

    def write(self, name: str, data: str | bytes) -> str:
        """Put a file into the folder; its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return name

    def files(self) -> dict[str, bytes]:
        paths = [path for path in self.folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in sorted(paths)}

    def fault(self, text: str) -> None:
        self.faults.append(text)

    def same(self, what: str, expected: object, found: object) -> None:
        """Note a fault if what was found is not what was expected."""
        if expected != found:
            self.fault(f"{what}: expected {expected!r}, found {found!r}"[:300])

    def run(
        self,
        *words: str,
        stdin: bytes = b"",
        env: tuple[tuple[str, str], ...] = (),
        code: int | None = None,
    ) -> Done:
        """Run the program; `code` is how it has to end, if that is known."""
        self.runs.append(list(words))
        before = self.files()
        ended, out, err, seconds = _call(list(words), stdin, env, self.folder)
        after = self.files()
        written = {name: data for name, data in after.items() if before.get(name) != data}
        done = Done(ended, out, err, seconds, written)
        self.faults += [
            *faults(list(words), done, before.keys()),
            *(f"took {name} away" for name in before if name not in after),
        ]
        if code is not None:
            self.same(f"exit code of {' '.join(words)}", code, ended)
        return done


def faults(words: list[str], done: Done, before: object = ()) -> list[str]:
    """What should not have happened, whatever the program was given."""
    found = []
    if isinstance(done.code, BaseException):
        found.append(f"raised {type(done.code).__name__}: {done.code}"[:300])
    elif done.code not in CODES:
        found.append(f"ended with {done.code!r}")
    elif done.code != 0 and not done.err and not done.out:
        found.append(f"ended with {done.code} and said nothing")
    new = sorted(set(done.written) - set(before))  # type: ignore[call-overload]
    # Answers that do not settle the pick are saved, so that they need not be given again.
    if done.code not in (0, 1) and new and not (done.code == 3 and "--save-answers" in words):
        found.append(f"failed, and wrote {new}")
    texts = {"stdout": done.out, "stderr": done.err}
    texts |= {name: data.decode(errors="replace") for name, data in done.written.items()}
    for name, text in texts.items():
        if hidden := hidden_in(text):
            found.append(f"sent {hidden} to {name}")
    if done.seconds > LONGEST:
        found.append(f"took {done.seconds:.1f} s")
    return found


def hidden_in(text: str) -> str:
    """The first character that a terminal obeys or nobody sees, as U+XXXX; empty if none."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return ""
    for char in text:
        bad = unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") and char not in "\n\t"
        if bad or char in TURNS:
            return f"U+{ord(char):04X}"
    return ""


def memory() -> int:
    """The most memory that this process has taken, in KiB."""
    # Linux counts in ru_maxrss what the process had before it became this program.
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s*(\d+) kB", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def too_long(*_: object) -> None:
    raise TimeoutError(f"still running after {HANGS} s")


def _call(
    words: list[str], stdin: bytes, env: tuple[tuple[str, str], ...], folder: Path
) -> tuple[object, str, str, float]:
    from taskpick.cli.main import main

    streams = [io.TextIOWrapper(io.BytesIO(data), "utf-8") for data in (stdin, b"", b"")]
    kept = sys.argv, sys.stdin, sys.stdout, sys.stderr
    given = {name: value for name, value in env if "\x00" not in value}
    sys.argv = ["taskpick", *words]
    sys.stdin, sys.stdout, sys.stderr = streams
    os.environ.update(TASKPICK_DEBUG="1", **given)
    code: object = 0
    start = time.process_time()
    signal.alarm(HANGS)
    try:
        with contextlib.chdir(folder):
            main()
    except SystemExit as end:
        code = end.code or 0
    except BaseException as error:  # a bug, whatever it is
        code = error
    finally:
        signal.alarm(0)
        seconds = time.process_time() - start
        sys.argv, sys.stdin, sys.stdout, sys.stderr = kept
        for name in ("TASKPICK_DEBUG", *given):
            os.environ.pop(name, None)
    out, err = (_written(stream) for stream in streams[1:])
    return code, out, err, seconds


def _written(stream: io.TextIOWrapper) -> str:
    with contextlib.suppress(ValueError, OSError):
        stream.flush()
    return stream.buffer.getvalue().decode(errors="replace")  # type: ignore[attr-defined]
