"""A menu of one line: a key for each step, at the full prompt or in plain lines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskpick.questions.ask import can_draw
from taskpick.questions.keys import DONE, Step
from taskpick.wording import marks

if TYPE_CHECKING:
    from collections.abc import Sequence


def choose(steps: Sequence[Step], *, plain: bool, color: bool) -> Step:
    """Let the person choose one of the steps; who leaves chooses `DONE`."""
    if not plain and can_draw(sys.stdin):
        from taskpick.questions.prompt import full

        if terminal := full.terminal():
            return full.choose([*steps, DONE], terminal, color=color)
    return _in_lines([*steps, DONE])


def line(question: str, default: str) -> str | None:
    """A line that the person types; the default for an empty one, None for who leaves."""
    sys.stderr.write(f"{question} (Enter: {default}): ")
    sys.stderr.flush()
    try:
        typed = sys.stdin.readline()
    except KeyboardInterrupt:
        typed = ""
    if not typed:
        sys.stderr.write("\n")
        return None
    return typed.strip() or default


def _in_lines(steps: Sequence[Step]) -> Step:
    by_key = {step.key: step for step in steps}
    dot = f" {marks(sys.stderr.encoding).dot} "
    choices = dot.join(f"{step.key} {step.label}" for step in steps if step != DONE)
    sys.stderr.write("\n")
    while True:
        typed = line(f"Next: {choices}", DONE.label)
        if typed is None or typed == DONE.label:
            return DONE
        if step := by_key.get(typed.casefold()):
            return step
        sys.stderr.write(f"One of: {', '.join(by_key)}.\n")
