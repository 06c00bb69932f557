"""The questions, held at a terminal or with the lines of a pipe."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from taskpick.questions import plain as plain_front
from taskpick.questions.conversation import Mode, resume, start
from taskpick.questions.unfinished import BadLine, Interrupted, OutOfInput
from taskpick.wording import LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.rulefile.model import Rules

__all__ = ["BadLine", "Interrupted", "Mode", "OutOfInput", "ask"]


def ask(
    rules: Rules,
    given: Mapping[str, str],
    *,
    mode: Mode = Mode.NORMAL,
    plain: bool = False,
    color: bool = True,
    lines: TextIO | None = None,
    answered: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Ask what is still to be asked and return the answers, those given included.

    What was assumed, and left so, is not among them. Questions go to stderr. `lines` are the
    answers, stdin if None. At a terminal also the criteria with `ask` are asked, and nothing that
    cannot change the pick any more; lines that no person types answer each core criterion in
    turn, and must all be right. With what was `answered` in an earlier conversation this one
    begins at its review. The full prompt needs a terminal on both sides and `plain` not to be
    set; everywhere else the questions are plain lines of text. `color` is for the full prompt:
    plain text has none.

    Raises:
        Interrupted: the person left; its `answers` are those so far.
        OutOfInput: the lines ended before the questions did; `answers` are those so far.
        BadLine: a line that no person typed is no answer.
        UnknownAnswer: an answer given that the rules do not know.
    """
    source = sys.stdin if lines is None else lines
    if isinstance(source, TextIOWrapper) and source.errors != "replace":
        # What is not text is then no answer, instead of a UnicodeDecodeError.
        source.reconfigure(errors="replace")
    if answered is None:
        conversation = start(rules, given, mode, at_terminal=source.isatty())
    else:
        conversation = resume(rules, given, answered, mode)
    if not plain and can_draw(source):
        from taskpick.questions.prompt import full

        if terminal := full.terminal():
            return full.hold(conversation, terminal, color=color).answers
    return plain_front.hold(conversation, source, sys.stderr, _width()).answers


def can_draw(lines: TextIO) -> bool:
    """Whether the full prompt has a terminal to work on."""
    dumb = os.environ.get("TERM", "") in ("", "dumb", "unknown") and os.name != "nt"
    return not dumb and lines is sys.stdin and lines.isatty() and sys.stderr.isatty()


def _width() -> int:
    """How wide plain text may be."""
    try:
        return max(20, min(os.get_terminal_size(sys.stderr.fileno()).columns, LONGEST_LINE))
    except (OSError, ValueError):
        return 80
