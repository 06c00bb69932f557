"""A conversation as the full prompt holds it: a highlighted row, and what keys make of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from taskpick.rulefile.model import UNSURE

if TYPE_CHECKING:
    from taskpick.questions.conversation import Conversation

FINISH, GO_ON = "", "+"
"""Rows of the summary that are no criterion."""


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
        wanted = FINISH if conversation.question is None else conversation.kept
        return replace(view, row=view.rows.index(wanted) if wanted in view.rows else 0)

    @property
    def rows(self) -> list[str]:
        """What can be highlighted: the levels and `unsure`, or the criteria and what is next."""
        if self.conversation.question is not None:
            return [*(level.id for level in self.conversation.question.levels), UNSURE]
        assumed = self.conversation.assumed
        answered = [name for name in self.conversation.rules.criteria if name not in assumed]
        return [*answered, *assumed, FINISH, *([GO_ON] if self.conversation.unanswered else [])]

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
    """Give the highlighted answer; in the summary, do what is highlighted."""
    conversation, row = view.conversation, view.highlighted
    if conversation.question is not None:
        return View.of(conversation.answer(row))
    if row == FINISH:
        return View.of(conversation.finish())
    return View.of(conversation.go_on() if row == GO_ON else conversation.change(row))


def forward(view: View) -> View:
    """Keep the answer one went back to."""
    conversation = view.conversation
    if conversation.asking in conversation.said and conversation.kept is not None:
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


def unsure(view: View) -> View:
    """Highlight `unsure`."""
    return view.at(view.rows.index(UNSURE)) if UNSURE in view.rows else view


def number(number: int, view: View) -> View:
    """Highlight the answer with that number."""
    return view.at(number - 1) if view.conversation.question is not None else view


def finish(view: View) -> View:
    """Leave the rest open; in the summary, end."""
    return View.of(view.conversation.finish())
