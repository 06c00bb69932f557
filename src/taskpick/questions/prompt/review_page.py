"""The page that ends the questions: the answers, what is assumed, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.questions import words
from taskpick.questions.prompt.page import Page, Part
from taskpick.questions.prompt.view import FINISH, GO_ON
from taskpick.rulefile import short
from taskpick.wording import capitalised

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskpick.questions.conversation import Conversation, Entry
    from taskpick.questions.prompt.page import Frame, Line
    from taskpick.questions.prompt.view import View


def pages(view: View) -> Callable[[Frame], Page]:
    """What draws the page, with as much as a frame has room for.

    What it says is worked out here, once for all frames that are tried.
    """
    conversation, highlighted = view.conversation, view.highlighted
    entries = {entry.criterion.id: entry for entry in conversation.entries()}
    review, go_on = words.review(conversation), words.go_on(conversation)
    effects = {
        name: words.effect(conversation.rules, entries[name], title)
        for title, names in review.items()
        for name in names
    }
    headline = words.headline(conversation)
    wide = max(len(short.noun(entry.criterion)) for entry in entries.values())
    answers = max(len(words.answer_of(entry)) for entry in entries.values())
    columns = (2 + wide + 2, 2 + wide + 2 + min(answers, 24) + 2)

    def page(frame: Frame) -> Page:
        rows = []
        for title, names in review.items():
            for name in names:
                here = name == highlighted
                row = _entry(entries[name], effects[name], title, frame, columns, here=here)
                if name == names[0]:
                    row = [*frame.gap, *frame.paragraph(title, "class:quiet"), *row]
                rows.append(row)
        finish = _action("Show the recommendation", frame, here=highlighted == FINISH)
        rows.append([*frame.gap, *finish])
        if go_on:
            rows.append(_action(capitalised(go_on), frame, here=highlighted == GO_ON))
        keys = frame.keys(_keys(conversation, highlighted))
        return Page(frame.paragraph(headline, "class:accent"), rows, [*frame.gap, *keys])

    return page


def _entry(
    entry: Entry, effect: str, title: str, frame: Frame, columns: tuple[int, int], *, here: bool
) -> list[Line]:
    style = "class:accent" if here else ""
    name = short.noun(entry.criterion)
    if not frame.narrow:
        name = name.ljust(columns[0] - 4)
    lead: Line = [frame.lead(here=here), (style, f"{name}  {words.answer_of(entry)}")]
    part = {words.ANSWERS: Part.ALL_ROWS, words.ASSUMED: Part.ROWS}.get(title)
    if not effect or (part not in frame.parts and not (here and Part.HERE in frame.parts)):
        return [lead]
    column = 4 if frame.narrow else columns[1]
    return frame.beside(lead, column, frame.paragraph(effect, "class:quiet", column))


def _action(text: str, frame: Frame, *, here: bool) -> list[Line]:
    first, *others = frame.paragraph(text, "class:accent" if here else "", indent=2)
    return [[frame.lead(here=here), *first[1:]], *others]


def _keys(conversation: Conversation, highlighted: str) -> list[tuple[str, str]]:
    enter = {FINISH: "finish", GO_ON: "go on"}.get(highlighted, "change")
    back = [("b", "back")] if conversation.passed else []
    finish = [("f", "finish")] if highlighted != FINISH else []
    return [("arrows", "choose"), ("enter", enter), *back, *finish, ("q", "quit")]
