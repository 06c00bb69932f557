"""The page that ends the questions: the answers, what is assumed, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.questions import words
from taskpick.questions.page import Page
from taskpick.questions.view import FINISH, GO_ON

if TYPE_CHECKING:
    from taskpick.questions.conversation import Entry
    from taskpick.questions.page import Frame, Line
    from taskpick.questions.view import View


def page(view: View, frame: Frame) -> Page:
    """The page, with as much as the frame has room for."""
    conversation = view.conversation
    entries = {entry.criterion.id: entry for entry in conversation.summary()}
    wide = max(len(words.noun(entry.criterion)) for entry in entries.values())
    answers = max(len(words.answer_of(entry)) for entry in entries.values())
    columns = (2 + wide + 2, 2 + wide + 2 + min(answers, 24) + 2)
    rows = []
    for title, names in words.review(conversation).items():
        for name in names:
            row = _entry(view, entries[name], title, frame, columns)
            if name == names[0]:
                row = [*frame.gap, *frame.paragraph(title, "class:quiet"), *row]
            rows.append(row)
    rows.append([*frame.gap, *_action(view, FINISH, "Show the recommendation", frame)])
    if go_on := words.go_on(conversation):
        rows.append(_action(view, GO_ON, f"{go_on[0].upper()}{go_on[1:]}", frame))
    head = frame.paragraph(words.headline(conversation), "class:accent")
    return Page(head, rows, [*frame.gap, *frame.keys(_keys(view))])


def _entry(
    view: View, entry: Entry, title: str, frame: Frame, columns: tuple[int, int]
) -> list[Line]:
    here = view.highlighted == entry.criterion.id
    style = "class:accent" if here else ""
    name = words.noun(entry.criterion)
    if not frame.narrow:
        name = name.ljust(columns[0] - 4)
    lead: Line = [frame.lead(here=here), (style, f"{name}  {words.answer_of(entry)}")]
    effect = words.effect(view.conversation.rules, entry)
    if title == words.ASSUMED:
        effect = effect or "does not matter here"
    least = {words.ANSWERS: 4, words.ASSUMED: 1}.get(title, 5)
    if not effect or (frame.detail < least and not (here and frame.detail)):
        return [lead]
    column = 4 if frame.narrow else columns[1]
    return frame.beside(lead, column, frame.paragraph(effect, "class:quiet", column))


def _action(view: View, row: str, text: str, frame: Frame) -> list[Line]:
    here = view.highlighted == row
    first, *others = frame.paragraph(text, "class:accent" if here else "", indent=2)
    return [[frame.lead(here=here), *first[1:]], *others]


def _keys(view: View) -> list[tuple[str, str]]:
    enter = {FINISH: "finish", GO_ON: "go on"}.get(view.highlighted, "change")
    back = [("b", "back")] if view.conversation.passed else []
    finish = [("f", "finish")] if view.highlighted != FINISH else []
    return [("arrows", "choose"), ("enter", enter), *back, *finish, ("q", "quit")]
