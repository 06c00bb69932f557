"""A real program at a real pseudo-terminal, and what a person sees there as readable text.

A film is a file in `screens/`: the keys pressed and the screen after each. A test presses the
keys and waits until the screen is the one in the file. `pytest --update` films anew.
"""

from __future__ import annotations

import copy
import os
import re
import sys
import time

import pexpect
import pyte
from commute import SCREENS

PATIENCE = 30
"""Seconds until a screen that differs counts as wrong; no test passes or fails by less."""
KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "shift-tab": "\x1b[Z",
    "enter": "\r",
    "ctrl-c": "\x03",
    "F5": "\x1b[15~",
    "alt-q": "\x1bq",
}
_COLOR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")
_ALTERNATE = 1049


class Screen(pyte.Screen):
    """A terminal's screen; unlike pyte's own it knows the alternate one."""

    def set_mode(self, *modes, **settings):
        if settings.get("private") and _ALTERNATE in modes:
            self.before = copy.deepcopy((self.buffer, self.cursor))
            self.erase_in_display(2)
        super().set_mode(*modes, **settings)

    def reset_mode(self, *modes, **settings):
        super().reset_mode(*modes, **settings)
        if settings.get("private") and _ALTERNATE in modes:
            self.buffer, self.cursor = self.before

    def text(self):
        return "\n".join(line.rstrip() for line in self.display).rstrip() + "\n"


class Film:
    """A run of taskpick, compared with the film of that name."""

    def __init__(
        self, name, *arguments, update, rules="commute.yaml", columns=80, rows=24, **environment
    ):
        self.file = SCREENS / f"{name}.txt"
        self.update = update
        self.expected = iter(_frames(self.file.read_text()) if not update else [])
        self.frames = []
        self.output = b""
        self.screen = Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("TASKPICK_")}
        for variable in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
            inherited.pop(variable, None)
        line = ["advise", *(["--rules", rules] if rules else []), *arguments]
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "taskpick", *line],
            cwd=SCREENS,
            env={**inherited, "TERM": "xterm-256color", **environment},
            dimensions=(rows, columns),
            timeout=PATIENCE,
        )
        self.shot(f"$ taskpick {' '.join(line)}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.child.close(force=True)
        if self.update and kind is None:
            self.file.write_text("".join(self.frames))
        elif kind is None:
            assert not list(self.expected), "the film goes on"

    def press(self, *keys):
        """Press keys, each on the screen that the one before left."""
        for key in keys:
            self.child.send(KEYS.get(key, key))
            self.shot(f"press {key}" if key.isprintable() else f"paste {key!r}")

    def type(self, line):
        """Type a line, as one does where lines are read."""
        self.child.send(f"{line}\r")
        self.shot(f"type {line}")

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)
        self.shot(f"resize to {columns} x {rows}")

    def shot(self, title):
        frame = f"──── {title}\n{self.seen()}"
        self.frames.append(frame)

    def seen(self):
        """The screen, once it is as expected or, when filming, once nothing moves any more."""
        expected = None if self.update else next(self.expected, "")
        until = time.monotonic() + PATIENCE
        quiet = 0
        while time.monotonic() < until and self.screen.text() != expected and quiet < 8:
            quiet = 0 if self.read() else quiet + bool(self.update and self.output)
        if expected is not None:
            assert self.screen.text() == expected
        return self.screen.text()

    def end(self):
        """Wait until the program has ended; its exit code."""
        until = time.monotonic() + PATIENCE
        while self.read() is not None:
            assert time.monotonic() < until, f"it goes on:\n{self.screen.text()}"
        self.child.close()
        return self.child.exitstatus

    def read(self):
        """Feed the screen what has been written; None once nothing more can be."""
        try:
            data = self.child.read_nonblocking(65536, timeout=0.1)
        except pexpect.TIMEOUT:
            return b""
        except pexpect.EOF:
            return None
        self.output += data
        self.stream.feed(data)
        return data

    @property
    def colored(self):
        """Whether any colour was written."""
        return bool(_COLOR.search(self.output))


def _frames(text):
    return [frame.partition("\n")[2] for frame in re.split(r"(?m)^──── ", text)[1:]]
