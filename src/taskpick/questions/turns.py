"""The conversation for a script: one question at a time as data, each answer a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.questions.conversation import UNSURE_MEANS, Mode, start
from taskpick.rulefile.model import UNSURE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from taskpick.rulefile.model import Rules


def next_turn(
    rules: Rules, answers: Mapping[str, str], command: Callable[[Mapping[str, str]], str]
) -> dict[str, Any] | None:
    """The next best question after these answers; None if no answer can change the pick.

    Each level has the command that goes on with it, made by `command` from all answers.
    Following the commands asks the same questions as `--quick`.

    Raises:
        UnknownAnswer: an answer that the rules do not know.
    """
    criterion = start(rules, answers, Mode.QUICK).question
    if criterion is None:
        return None
    levels = [(level.id, level.means, level.example) for level in criterion.levels]
    return {
        "criterion": criterion.id,
        "question": criterion.question,
        "why": criterion.why,
        "levels": [
            {
                "level": level,
                "means": means,
                "example": example,
                "command": command({**answers, criterion.id: level}),
            }
            for level, means, example in [*levels, (UNSURE, UNSURE_MEANS, "")]
        ],
    }
