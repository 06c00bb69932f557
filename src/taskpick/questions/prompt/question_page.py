"""The page of a question: its answers, and what the highlighted one would lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.questions import words
from taskpick.questions.conversation import UNSURE_MEANS
from taskpick.questions.prompt.page import Page
from taskpick.questions.prompt.view import answer_keys
from taskpick.rulefile.model import UNSURE
from taskpick.wording import capitalised

if TYPE_CHECKING:
    from taskpick.questions.conversation import Conversation
    from taskpick.questions.prompt.page import Frame, Line
    from taskpick.questions.prompt.view import View
    from taskpick.rulefile.model import Criterion


def page(view: View, criterion: Criterion, frame: Frame) -> Page:
    """The page, with as much as the frame has room for."""
    wide = max(map(len, view.rows))
    levels = [(level.id, level.means, level.example) for level in criterion.levels]
    unsure = capitalised(UNSURE_MEANS)
    rows = [
        *(
            _row(view, str(number) if number <= 9 else " ", level, frame, wide)
            for number, level in enumerate(levels, 1)
        ),
        _row(view, "u", (UNSURE, unsure, ""), frame, wide),
    ]
    # Whoever asks for more gets it in a small window, too, in the place of what is known already.
    outlook = _outlook(view, frame) if frame.detail >= 1 or view.more else []
    keys = frame.keys(_keys(view))
    foot = [*frame.gap, *outlook, *(frame.gap if outlook else []), *keys]
    return Page([*_title(view, criterion, frame), *frame.gap], rows, foot)


def _title(view: View, criterion: Criterion, frame: Frame) -> list[Line]:
    conversation = view.conversation
    head = frame.paragraph(words.progress(conversation), "class:quiet")
    if frame.detail >= 3 and (trail := _trail(conversation)):
        head += frame.paragraph(
            f"{frame.marks.tick} {f' {frame.marks.dot} '.join(trail)}", "class:quiet"
        )
    if frame.detail >= 3 and (skipped := words.not_asked(conversation)):
        head += frame.paragraph(skipped, "class:quiet")
    if frame.detail >= 1 and (decided := words.decided(conversation)):
        head += frame.paragraph(decided, "class:accent")
    head += frame.paragraph(criterion.question, "class:title")
    return head + (frame.paragraph(criterion.why, "class:quiet") if frame.detail >= 2 else [])


def _trail(conversation: Conversation) -> list[str]:
    """The answers on the way here, in a few words each."""
    criteria = conversation.rules.criteria
    return [
        words.level_words(criteria[name], conversation.answered[name])
        for name in conversation.passed
    ]


def _row(view: View, key: str, answer: tuple[str, str, str], frame: Frame, wide: int) -> list[Line]:
    """An answer, what it means, an example, and the key that gives it."""
    name, means, example = answer
    here = view.highlighted == name
    style = "class:accent" if here else ""
    lead: Line = [frame.lead(here=here), ("class:quiet", f"{key} "), (style, name)]
    # In a small window only the name of an answer is shown.
    if frame.narrow and frame.detail < 3 and (not here or (view.more and frame.detail < 1)):
        return [lead]
    column = 4 if frame.narrow else 4 + wide + 2
    paragraphs = frame.paragraph(means, "", column)
    if example and (frame.detail >= 4 or (here and frame.detail >= 2)):
        paragraphs += frame.paragraph(example, "class:quiet", column)
    return frame.beside(lead, column, paragraphs)


def _outlook(view: View, frame: Frame) -> list[Line]:
    """What the highlighted answer would lead to, in one line; on request what each option does."""
    conversation, level = view.conversation, view.highlighted
    for most in range(words.MOST_NAMES, -1, -1):
        line = words.outlook(conversation, level, most)
        if len(line) <= frame.width:
            break
    lines = frame.paragraph(line)
    return [*lines, *_options(view, frame)] if view.more and level != UNSURE else lines


def _options(view: View, frame: Frame) -> list[Line]:
    """What each option does at the highlighted level, with the reason."""
    conversation = view.conversation
    prospect = next(p for p in words.prospects(conversation) if p.level.id == view.highlighted)
    column = 2 + max(len(name) for name, _ in prospect.fits) + 2
    lines = []
    for name, fit in prospect.fits:
        why = (fit.why if frame.detail >= 3 else fit.short or fit.why).rstrip(".")
        text = f"{fit.rating.word}: {why}" if why else fit.rating.word
        indent = 4 if frame.narrow else column
        lines += frame.beside(
            [("", f"  {name}")], column, frame.paragraph(text, "class:quiet", indent)
        )
    return lines


def _keys(view: View) -> list[tuple[str, str]]:
    conversation = view.conversation
    keys = list(answer_keys(view))
    numbers = [key for key in keys if key.isdecimal()]
    letters = [key for key in keys if not key.isdecimal()]
    answers = " ".join([f"1-{numbers[-1]}" if len(numbers) > 1 else "1", *letters])
    back = [("b", "back")] if conversation.passed or conversation.changing else []
    return [
        (answers, "answer"),
        ("arrows, enter", "choose"),
        *back,
        ("?", "less" if view.more else "more"),
        ("f", "finish"),
        ("q", "quit"),
    ]
