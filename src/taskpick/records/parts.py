"""The parts of a decision record that taskpick wrote, told apart from what people wrote.

A part is a heading and the lines after it. The record keeps how many lines taskpick wrote, and
their digest: a part that somebody edited is known by that, and is theirs from then on, as are all
lines between the parts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

HEADINGS = {
    "title": "# ",
    "context": "## Context and Problem Statement",
    "answers": "## Decision Drivers",
    "options": "## Considered Options",
    "outcome": "## Decision Outcome",
    "consequences": "### Consequences",
    "revisit": "### Revisit If",
    "confirmation": "### Confirmation",
    "comparison": "## Pros and Cons of the Options",
    "more": "## More Information",
    "code": "## Code to Begin With",
}
"""Each part and its heading, in the order of a record; of the title only how it begins."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MOST_LINES = 2000
"""Of a part; one of more lines, which taskpick never wrote, counts as edited."""
_HEADING = re.compile(r"(#{1,6}) ")


class Stamp(NamedTuple):
    """What a record keeps of a part to know whether it is still as taskpick wrote it."""

    lines: int
    """0 for a part that had nothing to say."""
    digest: str


class Part(NamedTuple):
    """A part that was found in a record."""

    name: str
    text: str
    start: int
    end: int
    """The offsets of the text, without the line break after it."""
    edited: bool


class Line(NamedTuple):
    """A line of Markdown outside of code."""

    text: str
    start: int
    end: int


def stamp_of(text: str) -> Stamp:
    """The stamp of a part as it is written."""
    return Stamp(text.count("\n") + 1, digest(text)) if text else Stamp(0, "-")


def digest(text: str) -> str:
    """Eight digits that tell this text from others, whatever its line ends."""
    from hashlib import sha256

    return sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()[:8]


def lines_outside_code(text: str) -> Iterator[Line]:
    """The lines of a Markdown text that are not within a fenced block of code."""
    fence, start = "", 0
    for row in text.split("\n"):
        line = Line(row.rstrip("\r"), start, start + len(row.rstrip("\r")))
        start += len(row) + 1
        mark = _FENCE.match(line.text)
        if fence:
            if mark and mark[1].startswith(fence) and not line.text.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            yield line


def find(text: str, stamps: Mapping[str, Stamp]) -> dict[str, Part]:
    """The parts of a text of which there are stamps; those that are gone, or never were, are not.

    One whose heading somebody has changed is gone, too.
    """
    lines = list(lines_outside_code(text))
    parts = {}
    for name, heading in HEADINGS.items():
        if (stamp := stamps.get(name)) and stamp.lines:
            for index, line in enumerate(lines):
                if line.text.rstrip() == heading or (name == "title" and line.text[:2] == heading):
                    parts[name] = _part(text, name, stamp, lines[index:])
                    break
    return parts


def _part(text: str, name: str, stamp: Stamp, lines: list[Line]) -> Part:
    start = lines[0].start
    # So many lines and no more: what people write after them is theirs, and changes nothing.
    pattern = rf"(?:[^\n]*\n){{{min(stamp.lines, _MOST_LINES) - 1}}}[^\r\n]*"
    written = re.compile(pattern).match(text, start)
    if written and digest(written[0]) == stamp.digest:
        return Part(name, written[0], start, written.end(), edited=False)
    end = _end(text, lines)
    return Part(name, text[start:end], start, end, edited=True)


def _end(text: str, lines: Iterable[Line]) -> int:
    """Where a part ends that is no longer as it was written: before what begins the next one."""
    first, *others = lines
    depth = len(first.text.split(" ")[0])
    for line in others:
        heading = _HEADING.match(line.text)
        is_ours = line.text.rstrip() in HEADINGS.values()
        if (
            is_ours
            or (heading and len(heading[1]) <= depth)
            or line.text.startswith("<!-- taskpick")
        ):
            return len(text[: line.start].rstrip())
    return len(text.rstrip())
