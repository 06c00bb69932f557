"""What the full prompt shows: lines of styled text for a conversation, for any size of window.

Nothing here draws; a style is a name such as `class:quiet`, and says nothing that the words and
symbols do not say as well.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from taskpick.decision.decide import Status
from taskpick.questions import words
from taskpick.questions.conversation import UNSURE_MEANS, EntryKind
from taskpick.questions.view import FINISH, GO_ON
from taskpick.rulefile.model import UNSURE, Rating

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskpick.decision.decide import Decision
    from taskpick.questions.conversation import Conversation, Entry
    from taskpick.questions.view import View
    from taskpick.rulefile.model import Criterion

Line = list[tuple[str, str]]
"""Pieces of a line: style and text."""

POINTER, TICK = "▸ ", "✓ "
NARROW = 60
"""Below this many columns every text gets lines of its own."""
WIDEST = 100
"""Lines longer than this are hard to read."""


def lines(view: View, width: int, height: int) -> list[Line]:
    """The view in at most `height` lines, with as much detail as there is room for.

    In a window too small for anything else the rows around the highlighted one remain.
    """
    inner = min(width - 3, WIDEST)
    for detail in (4, 3, 2, 1, 0):
        page = _page(view, inner, detail)
        shown = page.all()
        if len(shown) < height:
            break
    if len(shown) >= height:
        shown = page.around_highlighted(max(1, height - 1))
    return [_cropped([("", "  "), *line], width - 1) if line else [] for line in shown]


def trail(conversation: Conversation) -> Iterator[Line]:
    """One quiet line for each answer of the conversation."""
    said = [name for name in conversation.rules.criteria if name in conversation.said]
    wide = max(map(len, said), default=0)
    for name in said:
        yield [("class:in", TICK), ("", f"{name.ljust(wide)}  {conversation.said[name]}")]


def _page(view: View, width: int, detail: int) -> _Page:
    criterion = view.conversation.question
    if criterion is None:
        return _Summary(view, width, detail)
    return _Question(view, width, detail, criterion)


class _Page:
    """The parts of a screen, at one grade of detail.

    4 is all; 3 has examples only for the highlighted level, 2 the standing in one sentence, 1 no
    reason for the question, 0 only what cannot be missed.
    """

    def __init__(self, view: View, width: int, detail: int) -> None:
        self.view = view
        self.conversation = view.conversation
        self.rules = view.conversation.rules
        self.width = width
        self.detail = detail
        self.narrow = width < NARROW
        self.gap: list[Line] = [[]] if detail >= 1 else []
        self.head: list[Line] = []
        self.body: list[list[Line]] = []
        """The lines of each row."""
        self.foot: list[Line] = []

    def all(self) -> list[Line]:
        return [*self.head, *(line for row in self.body for line in row), *self.foot]

    def around_highlighted(self, height: int) -> list[Line]:
        """The rows near the highlighted one, and the ends of the page if there is room."""
        foot = self.foot[-1:] if height > 2 else []
        head = self.head[: height // 3]
        room = height - len(head) - len(foot)
        rows = [line for row in self.body for line in row]
        place = next(place for place, line in enumerate(rows) if line and line[0][1] == POINTER)
        first = max(0, min(place - room // 2, len(rows) - room))
        return [*head, *rows[first : first + room], *foot]

    def paragraph(self, text: str, style: str, indent: int = 0) -> list[Line]:
        """The text in lines; each begins with a piece for the indent."""
        width = max(10, self.width - indent)
        wrapped = textwrap.wrap(text, width, break_on_hyphens=False) or [""]
        return [[("", " " * indent), (style, line)] for line in wrapped]

    def keys(self, keys: list[tuple[str, str]]) -> list[Line]:
        """The keys that work, in one line if there is room; their names alone if there is none."""
        if self.detail < 1:
            return self.paragraph(" ".join(key for key, _ in keys), "class:quiet")
        shown: list[Line] = [[]]
        used = 0
        for key, does in keys:
            size = len(key) + len(does) + 1
            if used and used + size + 3 > self.width:
                shown.append([])
                used = 0
            if used:
                shown[-1].append(("class:quiet", " · "))
            shown[-1] += [("class:key", key), ("class:quiet", f" {does}")]
            used += size + (3 if used else 0)
        return shown


class _Question(_Page):
    """A question, its levels and how things would stand."""

    def __init__(self, view: View, width: int, detail: int, criterion: Criterion) -> None:
        super().__init__(view, width, detail)
        named = [(level.id, level.means, level.example) for level in criterion.levels]
        rows = [*named, (UNSURE, _capital(UNSURE_MEANS), "")]
        wide = max(len(name) for name, *_ in rows)
        self.criterion = criterion
        self.head = self.title()
        self.body = [self.level(place, row, wide) for place, row in enumerate(rows)]
        standing = self.standing()
        keys = self.keys(_question_keys(view))
        self.foot = [*self.gap, *standing, *(self.gap if standing else []), *keys]

    def title(self) -> list[Line]:
        conversation = self.conversation
        way = conversation.passed if self.detail >= 3 else ()
        ticks = [f"{TICK}{name} {conversation.said[name]}" for name in way]
        head = self.paragraph("  ".join([words.progress(conversation), *ticks]), "class:quiet")
        if self.detail > 0 and (settled := words.settled(conversation)):
            head += self.paragraph(settled, "class:in")
        head += self.paragraph(self.criterion.question, "class:title")
        if self.detail >= 2:
            head += self.paragraph(self.criterion.why, "class:quiet")
        return [*head, *self.gap]

    def level(self, place: int, row: tuple[str, str, str], wide: int) -> list[Line]:
        name, means, example = row
        here = place == self.view.row
        key = "u" if name == UNSURE else str(place + 1) if place < 9 else " "
        lead: Line = [
            ("class:here" if here else "", POINTER if here else "  "),
            ("class:quiet", f"{key} "),
        ]
        show_example = bool(example) and (self.detail >= 4 or (here and self.detail >= 2))
        style = "class:here" if here else ""
        if self.narrow:
            texts = self.paragraph(means, "", indent=4) if here or self.detail >= 3 else []
            if show_example:
                texts += self.paragraph(example, "class:quiet", indent=4)
            return [[*lead, (style, name)], *texts]
        column = 4 + wide + 2
        texts = self.paragraph(means, style, indent=column)
        if show_example:
            texts += self.paragraph(example, "class:quiet", indent=column)
        first = [*lead, (style, name.ljust(wide + 2)), *texts[0][1:]]
        return [first, *texts[1:]]

    def standing(self) -> list[Line]:
        """How things would stand with the highlighted level."""
        level = self.view.highlighted
        if self.view.more and level != UNSURE:
            return self.more(level)
        decision = self.conversation.preview(level)
        if decision is None:
            return self.paragraph("Too much is open to follow every answer.", "class:quiet")
        title = f"With {level}, " if level != UNSURE else "Left open, "
        if self.detail < 1:
            return []
        if self.detail < 3 or len(self.rules.options) > 8:
            return self.paragraph(
                f"{title}possible are: {words.possible(decision, self.rules)}", ""
            )
        settled = decision.status is not Status.UNDECIDED
        head = self.paragraph(f"{title}{self.outlook(decision)}", "class:in" if settled else "")
        return [*head, *self.options(lambda name: self.stand(decision, name))]

    def outlook(self, decision: Decision) -> str:
        match decision.status:
            case Status.PICKED:
                return "the pick is settled"
            case Status.NOTHING_FITS:
                return "nothing fits"
            case Status.UNDECIDED:
                left = len(decision.possible)
                nothing = ", and that nothing fits" if None in decision.counts else ""
                return f"{left} of {len(self.rules.options)} options are possible{nothing}"

    def stand(self, decision: Decision, option: str) -> tuple[bool, str]:
        possible = option in decision.counts
        if not possible:
            return False, words.out(decision, option)
        if decision.status is Status.PICKED:
            return True, "the pick"
        strains = decision.verdicts[option].strains
        return True, f"strains at {', '.join(strains)}" if strains else ""

    def more(self, level: str) -> list[Line]:
        """What each option does at the highlighted level."""

        def does(name: str) -> tuple[bool, str]:
            fit = self.rules.options[name].fits[self.criterion.id][level]
            why = f": {fit.why}" if fit.why else ""
            return fit.rating is not Rating.FAILS, f"{fit.rating}{why}"

        return [[("", f"At {level}")], *self.options(does)]

    def options(self, note: Callable[[str], tuple[bool, str]]) -> list[Line]:
        """A line for each option: whether it is in, its name and a note."""
        shown: list[Line] = []
        wide = max(len(option.name) for option in self.rules.options.values())
        for name, option in self.rules.options.items():
            inside, text = note(name)
            style = "class:in" if inside else "class:out"
            lead: Line = [(style, "● " if inside else "○ "), ("" if inside else style, option.name)]
            if self.narrow or wide > self.width // 2:
                shown += [lead, *(self.paragraph(text, "class:quiet", indent=4) if text else [])]
                continue
            texts = self.paragraph(text, "class:quiet", indent=2 + wide + 2) if text else [[]]
            pad = ("", " " * (wide + 2 - len(option.name)))
            shown += [[*lead, pad, *texts[0][1:]], *texts[1:]]
        return shown


class _Summary(_Page):
    """The answers, given and assumed, and what comes next."""

    def __init__(self, view: View, width: int, detail: int) -> None:
        super().__init__(view, width, detail)
        conversation = view.conversation
        self.head = self.paragraph(words.headline(conversation), "class:title")
        if asked := words.asked(conversation):
            self.head += self.paragraph(asked, "class:quiet")
        entries = {entry.criterion.id: entry for entry in conversation.summary()}
        wide = max(map(len, entries))
        before = None
        for name in self.view.rows:
            kind = entries[name].kind is EntryKind.ASSUMED if name in entries else None
            row = self.entry(entries[name], wide) if name in entries else self.action(name)
            if kind is not before:
                title = self.paragraph(_TITLES[kind], "class:quiet") if kind is not None else []
                row = [*self.gap, *title, *row]
            before = kind
            self.body.append(row)
        self.foot = [*self.gap, *self.keys(_summary_keys(view))]

    def entry(self, entry: Entry, wide: int) -> list[Line]:
        name = entry.criterion.id
        here = self.view.highlighted == name
        style = "class:here" if here else ""
        lead: Line = [("class:here" if here else "", POINTER if here else "  ")]
        lead.append((style, name.ljust(wide) if not self.narrow else name))
        lead.append((style, f"  {words.answer_of(entry)}"))
        if entry.kind is not EntryKind.ASSUMED or (self.detail < 1 and not here):
            return [lead]
        text = words.effect(self.rules, entry)
        used = sum(len(piece) for _, piece in lead) + 2
        column = 4 if self.narrow else max(wide + 14, used)
        texts = self.paragraph(text, "" if entry.changes else "class:quiet", indent=column)
        if self.narrow:
            return [lead, *texts]
        return [[*lead, ("", " " * (column - used + 2)), *texts[0][1:]], *texts[1:]]

    def action(self, name: str) -> list[Line]:
        here = self.view.highlighted == name
        text = "Accept and finish" if name == FINISH else _capital(words.go_on(self.conversation))
        style = "class:here" if here else ""
        first, *others = self.paragraph(text, style, indent=2)
        return [[(style, POINTER if here else "  "), *first[1:]], *others]


_TITLES = {False: "Answers", True: "Assumed, and what another level would make the pick"}


def _question_keys(view: View) -> list[tuple[str, str]]:
    conversation = view.conversation
    back = [("←", "back")] if conversation.passed or conversation.changing else []
    more = ("?", "less" if view.more else "more")
    return [
        ("↑↓", "choose"),
        ("enter", "answer"),
        *back,
        more,
        ("u", "unsure"),
        ("f", "finish"),
        ("q", "quit"),
    ]


def _summary_keys(view: View) -> list[tuple[str, str]]:
    enter = {FINISH: "finish", GO_ON: "go on"}.get(view.highlighted, "change")
    back = [("←", "back")] if view.conversation.passed else []
    finish = [("f", "finish")] if view.highlighted != FINISH else []
    return [("↑↓", "choose"), ("enter", enter), *back, *finish, ("q", "quit")]


def _cropped(line: Line, width: int) -> Line:
    """The line without what would not fit: names may be of any length."""
    cropped: Line = []
    for style, text in line:
        cropped.append((style, text[:width]))
        width -= len(cropped[-1][1])
    return cropped


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
