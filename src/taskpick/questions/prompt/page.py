"""The parts of a screen and what they are made of: styled lines, wrapped to a width.

A style is a name such as `class:quiet`, and says nothing that the words do not say as well.
"""

from __future__ import annotations

import textwrap
from enum import Enum, auto
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskpick.wording import Marks

Line = list[tuple[str, str]]
"""Pieces of a line: style and text."""
NARROW = 60
"""Below this many columns every text gets lines of its own."""


class Part(Enum):
    """What is only shown where there is room for it, the most useful first."""

    HERE = auto()
    """What the highlighted row means, or what it would change."""
    KEYS = auto()
    """What the keys do."""
    OUTLOOK = auto()
    RATINGS = auto()
    """Which options cope with the highlighted answer, for whoever asks for more."""
    REASONS = auto()
    """Each option with the reason."""
    DECIDED = auto()
    ROWS = auto()
    """What every answer means, or what another one in the place of a default would change."""
    GAPS = auto()
    WHY = auto()
    EXAMPLE = auto()
    """That of the highlighted answer."""
    FLAG = auto()
    """The name of the question, where it needs a line of its own."""
    TRAIL = auto()
    NOT_ASKED = auto()
    FULL_REASONS = auto()
    ALL_ROWS = auto()
    """The examples of all answers, or what another one in the place of any would change."""


class Page(NamedTuple):
    """What is on a screen, from top to bottom."""

    head: list[Line]
    rows: list[list[Line]]
    """The lines of each row that can be highlighted."""
    foot: list[Line]

    def lines(self) -> list[Line]:
        """All of it."""
        return [*self.head, *(line for row in self.rows for line in row), *self.foot]

    def around(self, row: int, height: int) -> list[Line]:
        """The lines near a row, and the ends of the page if there is room."""
        foot = self.foot[-1:] if height > 2 else []
        head = self.head[: height // 3]
        room = height - len(head) - len(foot)
        lines = [line for lines in self.rows for line in lines]
        at = sum(map(len, self.rows[:row])) + _leading(self.rows[row])
        first = max(0, min(at - room // 2, len(lines) - room))
        return [*head, *lines[first : first + room], *foot]


def _leading(row: list[Line]) -> int:
    """How many lines stand above a row as the title of its group."""
    leads = (index for index, line in enumerate(row) if line and line[0][0] == "class:accent")
    return next(leads, 0)


class Frame(NamedTuple):
    """How much room there is, and what is shown in it."""

    width: int
    parts: frozenset[Part]
    marks: Marks

    @property
    def narrow(self) -> bool:
        """Whether every text needs lines of its own."""
        return self.width < NARROW

    @property
    def gap(self) -> list[Line]:
        """An empty line, where there is room for one."""
        return [[]] if Part.GAPS in self.parts else []

    def lead(self, *, here: bool) -> tuple[str, str]:
        """What a row begins with: the pointer, if the row is highlighted."""
        return ("class:accent", f"{self.marks.pointer} ") if here else ("", "  ")

    def paragraph(self, text: str, style: str = "", indent: int = 0) -> list[Line]:
        """The text in lines; each begins with a piece for the indent."""
        width = max(10, self.width - indent)
        wrapped = textwrap.wrap(text, width, break_on_hyphens=False) or [""]
        return [[("", " " * indent), (style, line)] for line in wrapped]

    def beside(self, lead: Line, column: int, text: list[Line]) -> list[Line]:
        """A lead with a paragraph indented to `column` beside it; below it if that is narrow."""
        used = sum(len(piece) for _, piece in lead)
        if self.narrow or used > column:
            return [lead, *text]
        return [[*lead, ("", " " * (column - used)), *text[0][1:]], *text[1:]]

    def keys(self, keys: Sequence[tuple[str, str]]) -> list[Line]:
        """The keys that work; their names alone if there is no room for what they do."""
        if Part.KEYS not in self.parts:
            return [[("class:quiet", " ".join(key for key, _ in keys))]]
        lines: list[Line] = [[]]
        used = 0
        for key, does in keys:
            size = len(key) + len(does) + 1
            if used and used + size + 3 > self.width:
                lines, used = [*lines, []], 0
            if used:
                lines[-1].append(("class:quiet", f" {self.marks.dot} "))
            lines[-1] += [("", key), ("class:quiet", f" {does}")]
            used += size + (3 if used else 0)
        return lines
