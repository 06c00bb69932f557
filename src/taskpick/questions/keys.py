"""The keys that answer a question or choose a step, at the full prompt and in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple

if TYPE_CHECKING:
    from taskpick.rulefile.model import Criterion

COMMANDS = frozenset("bfjkqu")
"""Letters that are no answers, since they do something else."""


def answer_keys(criterion: Criterion) -> dict[str, str]:
    """The number of each level, and its first letter.

    A letter that more than one level begins with, or that is a command, is none.
    """
    levels = [level.id for level in criterion.levels]
    keys = {str(number): level for number, level in enumerate(levels[:9], 1)}
    letters = [level[0].casefold() for level in levels]
    for letter, level in zip(letters, levels, strict=True):
        if letters.count(letter) == 1 and letter not in keys and letter not in COMMANDS:
            keys[letter] = level
    return keys


class Step(NamedTuple):
    """Something to do next."""

    key: str
    """One letter."""
    label: str


DONE = Step("q", "done")
"""The last step of every menu; Enter takes it, too."""
