"""What the full prompt shows: lines of styled text for a conversation, for any size of window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.questions.prompt import question_page, review_page
from taskpick.questions.prompt.page import Frame, Part
from taskpick.rulefile import short
from taskpick.rulefile.model import UNSURE
from taskpick.wording import LONGEST_LINE, UNICODE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskpick.questions.conversation import Conversation
    from taskpick.questions.prompt.page import Line, Page
    from taskpick.questions.prompt.view import View
    from taskpick.wording import Marks


def lines(view: View, width: int, height: int, marks: Marks = UNICODE) -> list[Line]:
    """The view in at most `height` lines, with every part there is room for.

    In a window too small for anything else the rows around the highlighted one remain.
    """
    draw, frame = _pages(view), Frame(min(width - 3, LONGEST_LINE), frozenset(), marks)
    for part in Part:
        fuller = frame._replace(parts=frame.parts | {part})
        if len(draw(fuller).lines()) < height:
            frame = fuller
    drawn = draw(frame).lines()
    if len(drawn) >= height:
        page = draw(frame._replace(parts=frozenset({Part.HERE})))
        drawn = page.around(view.row, max(1, height - 1))
    return [_cropped([("", "  "), *line], width - 1) if line else [] for line in drawn]


def trail(conversation: Conversation, marks: Marks = UNICODE) -> Iterator[Line]:
    """One quiet line for each answer of the conversation."""
    criteria = conversation.rules.criteria
    names = [name for name in criteria if name in conversation.answered]
    wide = max((len(short.noun(criteria[name])) for name in names), default=0)
    for name in names:
        level = conversation.answered[name]
        answer = level if level == UNSURE else short.level_name(criteria[name], level)
        noun = short.noun(criteria[name]).ljust(wide)
        yield [("class:accent", f"{marks.tick} "), ("", f"{noun}  {answer}")]


def _pages(view: View) -> Callable[[Frame], Page]:
    """What draws the view for a frame."""
    criterion = view.conversation.question
    if criterion is None:
        return review_page.pages(view)
    return question_page.pages(view, criterion)


def _cropped(line: Line, width: int) -> Line:
    """The line without what would not fit: names may be of any length."""
    cropped: Line = []
    for style, text in line:
        cropped.append((style, text[:width]))
        width -= len(cropped[-1][1])
    return cropped
