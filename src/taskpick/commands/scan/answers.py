"""The answers file of `taskpick scan --answers`, and what is asked before it is written."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

from taskpick.cli import shell
from taskpick.scan import answers
from taskpick.scan.questions import questions
from taskpick.wording import printable

if TYPE_CHECKING:
    from pathlib import Path

    from taskpick.scan.facts import Kind
    from taskpick.scan.questions import Question
    from taskpick.scan.result import Scan

_LONGEST = 1_000
"""How much of a line is read: no answer is as long."""
_WORDS = {"y": True, "yes": True, "n": False, "no": False, "u": None, "unsure": None, "": None}


def write(scan: Scan, file: Path, *, force: bool, ask: bool) -> None:
    """Write what the code shows, and what is answered at a terminal, as an answers file."""
    from taskpick.rulefile import bundled

    if not any(kind.is_job for kind in scan.work):
        shell.stop("there is no background job to write answers for", "nothing was written")
    answered: dict[tuple[str, Kind], str] = {}
    if ask and sys.stdin.isatty() and sys.stderr.isatty():
        for question in questions(scan.work):
            answered |= _answered(question)
    rules = bundled.load(bundled.default())
    text = answers.to_text(rules, scan.work, answered, lacks_fastapi=scan.lacks_fastapi)
    shell.emit(text, file, force=force)
    if str(file) != "-":
        shell.say(f"next: taskpick advise --answers {file}")


def _answered(question: Question) -> dict[tuple[str, Kind], str]:
    """What an answer to a question says of each kind of work that it is about."""
    _write("\n".join(textwrap.wrap(question.text, shell.width(), break_on_hyphens=False)) + "\n")
    while True:
        _write("  y, n, or Enter if you are unsure: ")
        line = sys.stdin.readline(_LONGEST)
        word = line.strip().lower()
        if word in _WORDS:
            break
        _write(f"  '{word[:20]}' is not an answer.\n")
    if not line:
        _write("\n")  # the end of the input: the prompt has no line end
    level = {True: question.yes, False: question.no, None: ""}[_WORDS[word]]
    return {(question.criterion, work): level for work in question.work if level}


def _write(text: str) -> None:
    sys.stderr.write(printable(text, "\n"))
    sys.stderr.flush()
