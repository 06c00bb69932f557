"""The page of a question: its answers, and what the highlighted one would lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.questions import words
from taskpick.questions.conversation import UNSURE_MEANS
from taskpick.questions.keys import answer_keys
from taskpick.questions.prompt.page import Page, Part
from taskpick.rulefile import short
from taskpick.rulefile.model import UNSURE
from taskpick.wording import capitalised

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from taskpick.questions.prompt.page import Frame, Line
    from taskpick.questions.prompt.view import View
    from taskpick.rulefile.model import Criterion, Fit


class _Texts(NamedTuple):
    """What the page says; it takes decisions to work out, and so is for all frames."""

    progress: str
    trail: list[str]
    """The answers on the way here, in a few words each."""
    not_asked: str
    decided: str
    outlooks: list[str]
    """What the highlighted answer would lead to, in fewer and fewer words."""
    fits: tuple[tuple[str, Fit], ...]
    """What each option does then; empty if nobody asked."""


def pages(view: View, criterion: Criterion) -> Callable[[Frame], Page]:
    """What draws the page, with as much as a frame has room for."""
    texts = _texts(view)
    wide = max(map(len, view.rows))
    levels = [(level.id, level.means, level.example) for level in criterion.levels]
    keyed = [
        *((str(number) if number <= 9 else " ", level) for number, level in enumerate(levels, 1)),
        ("u", (UNSURE, capitalised(UNSURE_MEANS), "")),
    ]

    def page(frame: Frame) -> Page:
        rows = [_row(view, key, answer, frame, wide) for key, answer in keyed]
        outlook = _outlook(texts, frame)
        foot = [
            *frame.gap,
            *outlook,
            *(frame.gap if outlook else []),
            *frame.keys(_keys(view, criterion)),
        ]
        return Page([*_title(texts, criterion, frame), *frame.gap], rows, foot)

    return page


def _texts(view: View) -> _Texts:
    conversation, level = view.conversation, view.highlighted
    criteria, answered = conversation.rules.criteria, conversation.answered
    prospects = words.prospects(conversation) if view.more else ()
    return _Texts(
        words.progress(conversation),
        [short.level_name(criteria[name], answered[name]) for name in conversation.passed],
        words.not_asked(conversation),
        words.decided(conversation),
        [words.outlook(conversation, level, most) for most in range(words.MOST_NAMES, 0, -1)],
        next((p.fits for p in prospects if p.level.id == level), ()),
    )


def _title(texts: _Texts, criterion: Criterion, frame: Frame) -> list[Line]:
    flag = f"--{criterion.id}"
    first = f"{texts.progress} {frame.marks.dot} {flag}"
    if len(first) <= frame.width:
        head = frame.paragraph(first, "class:quiet")
    else:
        head = frame.paragraph(texts.progress, "class:quiet")
        head += [[("class:quiet", flag)]] if Part.FLAG in frame.parts else []
    if Part.TRAIL in frame.parts and texts.trail:
        trail = f" {frame.marks.dot} ".join(texts.trail)
        head += frame.paragraph(f"{frame.marks.tick} {trail}", "class:quiet")
    if Part.NOT_ASKED in frame.parts and texts.not_asked:
        head += frame.paragraph(texts.not_asked, "class:quiet")
    if Part.DECIDED in frame.parts and texts.decided:
        head += frame.paragraph(texts.decided, "class:accent")
    head += frame.paragraph(criterion.question, "class:title")
    return head + (frame.paragraph(criterion.why, "class:quiet") if Part.WHY in frame.parts else [])


def _row(view: View, key: str, answer: tuple[str, str, str], frame: Frame, wide: int) -> list[Line]:
    """An answer, what it means, an example, and the key that gives it."""
    name, means, example = answer
    here = view.highlighted == name
    style = "class:accent" if here else ""
    lead: Line = [frame.lead(here=here), ("class:quiet", f"{key} "), (style, name)]
    # In a small window only the name of an answer is shown.
    if frame.narrow and (Part.HERE if here else Part.ROWS) not in frame.parts:
        return [lead]
    column = 4 if frame.narrow else 4 + wide + 2
    paragraphs = frame.paragraph(means, "", column)
    if example and (Part.ALL_ROWS in frame.parts or (here and Part.EXAMPLE in frame.parts)):
        paragraphs += frame.paragraph(example, "class:quiet", column)
    return frame.beside(lead, column, paragraphs)


def _outlook(texts: _Texts, frame: Frame) -> list[Line]:
    """What the highlighted answer would lead to; on request what each option does."""
    if Part.OUTLOOK not in frame.parts:
        return []
    fitting = (line for line in texts.outlooks if len(line) <= frame.width)
    lines = frame.paragraph(next(fitting, texts.outlooks[-1]))
    if Part.REASONS in frame.parts:
        return lines + _reasons(texts.fits, frame)
    return lines + (_ratings(texts.fits, frame) if Part.RATINGS in frame.parts else [])


def _ratings(fits: Sequence[tuple[str, Fit]], frame: Frame) -> list[Line]:
    """The options for each rating."""
    by_rating: dict[str, list[str]] = {}
    for name, fit in fits:
        by_rating.setdefault(fit.rating.word, []).append(name)
    return [
        line
        for word, names in by_rating.items()
        for line in frame.paragraph(f"{word}: {', '.join(names)}", "class:quiet", 2)
    ]


def _reasons(fits: Sequence[tuple[str, Fit]], frame: Frame) -> list[Line]:
    """What each option does, with the reason; those without one share a line."""
    lines = _ratings([(name, fit) for name, fit in fits if not fit.why], frame)
    column = 2 + max((len(name) for name, fit in fits if fit.why), default=0) + 2
    for name, fit in fits:
        if fit.why:
            why = fit.why if Part.FULL_REASONS in frame.parts else fit.short or fit.why
            text = f"{fit.rating.word}: {why.rstrip('.')}"
            indent = 4 if frame.narrow else column
            paragraph = frame.paragraph(text, "class:quiet", indent)
            lines += frame.beside([("", f"  {name}")], column, paragraph)
    return lines


def _keys(view: View, criterion: Criterion) -> list[tuple[str, str]]:
    conversation = view.conversation
    keys = list(answer_keys(criterion))
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
