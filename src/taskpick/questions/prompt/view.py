"""A conversation as the full prompt holds it: a highlighted row, and what keys make of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from taskpick.questions.keys import answer_keys
from taskpick.questions.words import review
from taskpick.rulefile.model import UNSURE

if TYPE_CHECKING:
    from taskpick.questions.conversation import Conversation

FINISH, GO_ON = "", "+"
"""Rows of the review that are no criterion."""


@dataclass(frozen=True, slots=True)
class View:
    """A conversation, the row that is highlighted, and whether more is shown."""

    conversation: Conversation
    row: int
    more: bool = False

    @classmethod
    def of(cls, conversation: Conversation, more: bool = False) -> View:
        """The view with the answer highlighted that there is already, else the first row."""
        view = cls(conversation, 0, more)
        row = FINISH if conversation.question is None else conversation.kept
        return replace(view, row=view.rows.index(row) if row in view.rows else 0)

    @property
    def rows(self) -> list[str]:
        """What can be highlighted: the levels and `unsure`, or the criteria and what is next."""
        if self.conversation.question is not None:
            return [*(level.id for level in self.conversation.question.levels), UNSURE]
        names = [name for group in review(self.conversation).values() for name in group]
        return [*names, FINISH, *([GO_ON] if self.conversation.unanswered else [])]

    @property
    def highlighted(self) -> str:
        """The row that is highlighted."""
        return self.rows[self.row]

    def moved(self, by: int) -> View:
        """The view with another row highlighted; after the last comes the first."""
        return replace(self, row=(self.row + by) % len(self.rows))

    def at(self, row: int) -> View:
        """The view with that row highlighted, if there is one."""
        return replace(self, row=row) if row < len(self.rows) else self


def enter(view: View) -> View:
    """Give the highlighted answer; in the review, do what is highlighted."""
    conversation, row = view.conversation, view.highlighted
    if conversation.question is not None:
        return View.of(conversation.answer(row))
    if row == FINISH:
        return View.of(conversation.finish())
    return View.of(conversation.go_on() if row == GO_ON else conversation.change(row))


def forward(view: View) -> View:
    """Keep the answer one went back to."""
    conversation = view.conversation
    if conversation.asking in conversation.answered and conversation.kept is not None:
        return View.of(conversation.answer(conversation.kept))
    return view


def back(view: View) -> View:
    """The question before; a change that is given up leads to where it was chosen."""
    before = View.of(view.conversation.back())
    if view.conversation.changing and view.conversation.asking in before.rows:
        return before.at(before.rows.index(view.conversation.asking))
    return before


def more(view: View) -> View:
    """Show what each option does at the highlighted level, or stop showing it."""
    return replace(view, more=not view.more)


def answer(level: str, view: View) -> View:
    """Give that answer at once, if it is one of the question."""
    conversation = view.conversation
    if conversation.question is None or level not in view.rows:
        return view
    return View.of(conversation.answer(level))


def key(pressed: str, view: View) -> View:
    """Give the answer that a digit or a letter stands for; `h` is help where it is none."""
    criterion = view.conversation.question
    level = answer_keys(criterion).get(pressed.casefold()) if criterion else None
    if level is None:
        return more(view) if pressed.casefold() == "h" else view
    return answer(level, view)


def finish(view: View) -> View:
    """Leave the rest open; in the review, end."""
    return View.of(view.conversation.finish())
