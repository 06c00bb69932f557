"""What is wrong in a file, and where."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from taskpick.named_tuple import NamedTuple
from taskpick.wording import printable

_LINE_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"
_WIDEST_EXCERPT = 68
"""With a line number before it, this is what fits into 80 columns."""
MOST_SHOWN = 100
"""How many problems of a file are worth looking for and showing: it may have a million."""


class Span(NamedTuple):
    """A range of characters in a file: lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    file: str = ""
    """The name of the file's `Source`; empty if it is clear from the context."""

    @classmethod
    def at(cls, line: int, column: int, file: str = "") -> Span:
        """The single character at a line and column."""
        return cls(line, column, line, column + 1, file)


class Source(NamedTuple):
    """A text and the name a person knows it by."""

    name: str
    text: str

    def line(self, number: int) -> str:
        """The line with that number, without its end; empty beyond the last."""
        lines = _lines(self.text)
        return lines[number - 1] if number <= len(lines) else ""

    def span(self, offset: int) -> Span:
        """The place of the character at an offset."""
        before = re.split(_LINE_BREAK, self.text[:offset])
        return Span.at(len(before), len(before[-1]) + 1, self.name)


class Problem(NamedTuple):
    """Something wrong in a text."""

    message: str
    """Lower case, no full stop, the culprit in quotes."""
    source: Source
    span: Span
    hint: str = ""
    """The way out; may be empty."""


class InvalidFile(Exception):
    """A file that cannot be used; `problems` says why, file by file, from top to bottom."""

    def __init__(self, problems: list[Problem]) -> None:
        files = list(dict.fromkeys(problem.source.name for problem in problems))
        self.problems = tuple(
            sorted(problems, key=lambda each: (files.index(each.source.name), each.span))
        )
        super().__init__("\n".join(map(concise, self.problems)))


class InvalidRules(InvalidFile):
    """A rule file that cannot be used."""


class InvalidArgument(TypeError):
    """An argument that is not of the kind that is documented."""


class UnknownAnswer(ValueError):
    """An answer to a criterion, or with a level, that the rules do not have."""


class Refused(Exception):
    """Something that cannot be done; the text says why, and `hint` the way out."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class TooLarge(Refused):
    """Something has too many cases, steps or parts to be followed one and all."""


def location(span: Span) -> str:
    """`file:line:column`, fit to print."""
    return printable(f"{span.file}:{span.line}:{span.column}")


def concise(problem: Problem) -> str:
    """`file:line:column: message`, on one line."""
    span = problem.span
    hint = f" ({problem.hint})" if problem.hint else ""
    place = f"{problem.source.name}:{span.line}:{span.column}"
    return printable(f"{place}: {problem.message}{hint}")


def full(problem: Problem) -> str:
    """The problem with the line it is in, a caret under the place, and the hint."""
    span = problem.span
    head = printable(f"{problem.source.name}:{span.line}:{span.column}: {problem.message}")
    if not problem.source.text:
        return f"{head}\n  = {printable(problem.hint)}" if problem.hint else head
    excerpt, caret = _excerpt(problem)
    number = str(span.line)
    gutter = " " * len(number)
    lines = [head, f"  {number} | {excerpt}", f"  {gutter} | {caret}"]
    if problem.hint:
        lines.append(f"  {gutter} = {printable(problem.hint)}")
    return "\n".join(line.rstrip() for line in lines)


NO_FORMAT = "the key 'format' is missing"
"""What is wrong with every file that is no rule file and has keys."""


def without_text(problem: Problem, hint: str) -> Problem:
    """The place and the kind of a problem, and nothing of the text: it may be secret.

    For a file that nothing shows to be what it was taken for, such as one with passwords.
    """
    kind = problem.message
    if kind != NO_FORMAT:
        kind = re.split("[\"']", kind)[0].rstrip(" ,:").removesuffix(", found")
    return Problem(kind, Source(problem.source.name, ""), problem.span, hint)


@lru_cache(maxsize=1)
def _lines(text: str) -> list[str]:
    return re.split(_LINE_BREAK, text)


def _excerpt(problem: Problem) -> tuple[str, str]:
    """The line and its caret line; a very long line is cut to what surrounds the place."""
    span = problem.span
    line = problem.source.line(span.line)
    width = span.end_column - span.column if span.end_line == span.line else 1
    far = span.column + width > _WIDEST_EXCERPT
    start = max(0, span.column - 1 - _WIDEST_EXCERPT // 2) if far else 0
    shown = line[start : start + _WIDEST_EXCERPT]
    before = span.column - 1 - start
    carets = max(1, min(width, len(shown) - before))
    return printable(shown), "".join(map(_blank, shown[:before])).ljust(before) + "^" * carets


def _blank(char: str) -> str:
    """A blank as wide as the character."""
    if char == "\t":
        return char
    return "  " if unicodedata.east_asian_width(char) in "WF" else " "
