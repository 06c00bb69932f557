"""Plain lines of text with a hanging indent and a few colours; no word is ever broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Piece(NamedTuple):
    """Part of a line, in one style."""

    text: str
    style: str = ""
    """A key of `COLOURS`, or nothing."""


Line = list[Piece]
_NO_BREAK = "\u00a0"

COLOURS = {"accent": "1;35", "strong": "1", "quiet": "2", "good": "32", "fair": "33", "bad": "31"}
"""Of the sixteen colours that a theme sets itself; magenta is the one that is as easy to read on a
light background as on a dark one. The questions have the same accent."""


def text(lines: Sequence[Line], *, color: bool) -> str:
    """The lines as one text; only its own codes can drive a terminal."""
    return "".join(f"{_line(line, color).rstrip()}\n" for line in lines)


def _line(line: Line, color: bool) -> str:
    pieces = [
        (printable(piece.text).replace(_NO_BREAK, " "), COLOURS.get(piece.style)) for piece in line
    ]
    if not color:
        return "".join(words for words, _ in pieces)
    return "".join(f"\x1b[{code}m{words}\x1b[0m" if code else words for words, code in pieces)


def whole(text: str) -> str:
    """The text, not to be broken between its words."""
    return text.replace(" ", _NO_BREAK)


def rows(line: Line, width: int) -> int:
    """How many rows of a terminal a line takes."""
    return max(1, -(-columns("".join(piece.text for piece in line)) // width))


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii() or all(char < "\u0300" or "\u2010" <= char < "\u2e80" for char in text):
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(char) in ("Mn", "Me", "Cf") else 2 if east_asian_width(char) in "WF" else 1
        for char in text
    )


def padded(text: str, width: int) -> str:
    """The text, filled up with blanks to so many columns."""
    return text + " " * (width - columns(text))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of so many columns; a longer word has a line of its own."""
    lines: list[str] = []
    for word in filter(None, text.replace("\n", " ").split(" ")):
        if lines and columns(lines[-1]) + 1 + columns(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def cut(text: str, width: int, most: int, ellipsis: str) -> str:
    """The text, ended at a word where it would take more than so many lines."""
    if len(wrapped(text, width)) <= most:
        return text
    words = " ".join(wrapped(text, width)[:most]).split()
    while len(words) > 1 and len(wrapped(" ".join([*words, ellipsis]), width)) > most:
        words.pop()
    return " ".join([*words, ellipsis])


def as_many(
    parts: Sequence[str], join: Callable[[Sequence[str], int], str], width: int, most: int
) -> str:
    """As many of the parts, from the first, as fit into that many lines.

    `join` makes the text of some of them, and is told how many are left out.
    """
    for count in range(len(parts), 0, -1):
        words = join(parts[:count], len(parts) - count)
        if len(wrapped(words, width)) <= most:
            return words
    return join(parts[:1], len(parts) - 1)


def indented(words: str, indent: int, width: int) -> list[Line]:
    """A text in lines that all begin at the same column."""
    return [[Piece(" " * indent + line)] for line in wrapped(words, width - indent)]


def labelled(label: str, words: str, indent: int, width: int) -> list[Line]:
    """A label with a text beside it; on a narrow screen the text stands below it."""
    if width < 2 * indent + 14:
        lines: list[Line] = [[Piece(f"  {label}", "quiet")]] if label else []
        return lines + [[Piece(f"    {line}")] for line in wrapped(words, width - 4)]
    head = padded(f"  {label}", indent)
    return [
        [Piece(head if number == 0 else " " * indent, "quiet"), Piece(line)]
        for number, line in enumerate(wrapped(words, width - indent))
    ]
