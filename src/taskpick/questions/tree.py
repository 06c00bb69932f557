"""The decision as a tree of questions: the one that `--quick` walks, drawn.

It is made by having the conversation answered in every way, so it is the questions that are asked,
and its leaves are the picks that are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.decision.decide import decide
from taskpick.named_tuple import NamedTuple
from taskpick.problems import TooLarge
from taskpick.questions.conversation import Mode, start
from taskpick.questions.planner import plan

if TYPE_CHECKING:
    from taskpick.questions.conversation import Conversation
    from taskpick.rulefile.model import Criterion, Rules


class Leaf(NamedTuple):
    """Where the pick is settled."""

    pick: str | None
    """None: nothing fits."""


class Branch(NamedTuple):
    """Levels that lead on in the same way."""

    levels: tuple[str, ...]
    to: Tree


class Question(NamedTuple):
    """Where a question is asked."""

    criterion: Criterion
    branches: tuple[Branch, ...]


Tree = Leaf | Question


MOST_QUESTIONS = 2_000
"""The largest tree that is made: a larger one nobody could read."""
MOST_STEPS = 500_000
"""How many fits are looked at, which takes seconds: each answer looks at every fit once."""


def grow(rules: Rules, *, everything: bool = False) -> Tree:
    """The tree of the questions to the core criteria, the others at their defaults.

    With `everything`, no default is assumed and every criterion may be asked.

    Raises:
        TooLarge: the tree has more than `MOST_QUESTIONS` or takes more than `MOST_STEPS`, or too
            much is open to find them.
    """
    hint = "give more of the criteria a default"
    if everything:
        some = any(criterion.default is not None for criterion in rules.criteria.values())
        hint = "leave out --all" if some else "leave out --all, and give criteria a default"
        criteria = {n: criterion._replace(default=None) for n, criterion in rules.criteria.items()}
        rules = rules._replace(criteria=criteria)
    try:
        decide(rules, {})
        plan(rules)
    except TooLarge as error:
        raise TooLarge(str(error), hint) from None
    return _Growth(rules, hint).tree(start(rules, {}, Mode.QUICK))


class _Growth:
    """The growth of one tree, with a bound."""

    def __init__(self, rules: Rules, hint: str) -> None:
        self.hint = hint
        self.asked = 0
        self.answered = 0
        self.most = MOST_STEPS // (len(rules.options) * len(rules.criteria))

    def tree(self, conversation: Conversation) -> Tree:
        question = conversation.question
        if question is None:
            decision = conversation.preview()
            assert decision is not None and len(decision.counts) == 1  # noqa: PT018, S101  all asked
            return Leaf(next(iter(decision.counts)))
        self.asked += 1
        if self.asked > MOST_QUESTIONS:
            raise TooLarge(f"the tree has more than {MOST_QUESTIONS:,} questions", self.hint)
        merged: dict[Tree, list[str]] = {}
        self.answered += len(question.levels)
        if self.answered > self.most:
            raise TooLarge(f"the tree takes more than {MOST_STEPS:,} steps to grow", self.hint)
        for level in question.levels:
            merged.setdefault(self.tree(conversation.answer(level.id)), []).append(level.id)
        return Question(question, tuple(Branch(tuple(lv), to) for to, lv in merged.items()))
