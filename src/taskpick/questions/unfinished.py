"""How a conversation can end before all is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskpick.questions.conversation import Conversation


class Unfinished(Exception):
    """The conversation ended too early."""

    def __init__(self, conversation: Conversation, message: str) -> None:
        super().__init__(message)
        self.answers = conversation.answers
        """The answers so far, those given beforehand included."""
        self.missing = conversation.asking
        """The criterion that was asked; None if it was the review."""


class Interrupted(Unfinished):
    """The person left."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(conversation, "stopped")


class OutOfInput(Unfinished):
    """The answers ended before the questions did."""

    def __init__(self, conversation: Conversation, line: int) -> None:
        message = f"the input ended after line {line}, at the question '{conversation.asking}'"
        super().__init__(conversation, message)
        self.line = line
        """How many lines there were."""


class BadLine(Exception):
    """A line of a pipe that is no answer to the question asked then."""

    def __init__(self, number: int, text: str, message: str) -> None:
        super().__init__(f"line {number}: {message}")
        self.number = number
        self.text = text
        self.message = message
