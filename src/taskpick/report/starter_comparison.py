"""What differs between two starters, side by side: as text, Markdown and JSON."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from taskpick.report.layout import (
    Line,
    Piece,
    columns,
    cut,
    labelled,
    padded,
    text,
    whole,
    wrapped,
)
from taskpick.rulefile import short
from taskpick.wording import LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskpick.starter.comparison import Comparison, Measured
    from taskpick.wording import Marks

SCHEMA = "taskpick.starters/1"
NOTHING = "-"
_LABEL = 17
_SCREEN = 23
"""The rows of a terminal without the one of the prompt."""
_UNCUT = 99
_NARROW = 64
"""On fewer columns what both say stands below one another."""


def as_text(comparison: Comparison, *, marks: Marks, width: int, color: bool) -> str:
    """The differences in two columns; long texts are cut so that all of it fits on a screen."""
    width = min(width - 1, LONGEST_LINE)
    if width < _NARROW:
        return text(_below_one_another(comparison, width) + _end(comparison, width), color=color)
    lines = _beside(comparison, _UNCUT, width, marks) + _end(comparison, width)
    for most in (4, 3, 2):
        if len(lines) > _SCREEN:
            lines = _beside(comparison, most, width, marks)
            lines += _end(comparison, width, most - 1, marks.ellipsis)
            lines += labelled("in full", "--format markdown", _LABEL, width)
    return text(lines, color=color)


def _rows(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    """Each subject with what both say."""
    for pair in comparison.differences:
        yield pair.subject, _said(pair.first), _said(pair.second)
    for each in comparison.figures:
        yield each.table.title, _values(each.first), _values(each.second)


def _beside(comparison: Comparison, most: int, width: int, marks: Marks) -> list[Line]:
    wide = (width - _LABEL - 2) // 2
    names = (short.column_name(option) for option in comparison.options)
    first, second = (Piece(padded(name, wide + 2), "strong") for name in names)
    lines = [[Piece(" " * _LABEL), first, second]]
    figures = {each.table.title for each in comparison.figures}
    for subject, *both in _rows(comparison):
        # Half a figure would be another one.
        kept = _UNCUT if subject in figures else most
        cells = [_cell(words, wide, kept, marks) for words in both]
        for head, left, right in zip_longest(wrapped(subject, _LABEL - 3), *cells, fillvalue=""):
            row = f"{padded(left, wide)}  {right}"
            lines.append([Piece(padded(f"  {head}", _LABEL), "quiet"), Piece(row)])
    return lines


def _cell(words: str, wide: int, most: int, marks: Marks) -> list[str]:
    """The lines of a cell; what is longer than a line, such as an address, is cut."""
    fitting = (
        word if columns(word) <= wide else word[: wide - len(marks.ellipsis)] + marks.ellipsis
        for word in words.split(" ")
    )
    return wrapped(cut(" ".join(fitting), wide, most, marks.ellipsis), wide)


def _below_one_another(comparison: Comparison, width: int) -> list[Line]:
    names = [short.column_name(option) for option in comparison.options]
    lines: list[Line] = []
    for subject, *both in _rows(comparison):
        lines.append([Piece(subject, "strong")])
        for name, words in zip(names, both, strict=True):
            lines += labelled(name, words, _LABEL, width)
    return lines


def _end(comparison: Comparison, width: int, most: int = _UNCUT, ellipsis: str = "") -> list[Line]:
    below = (
        labelled(label, cut(words, width - _LABEL, most, ellipsis), _LABEL, width)
        for label, words in _below(comparison)
    )
    return [line for lines in below for line in lines]


def _below(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """What is not said of one of them, each with its label."""
    if comparison.changed:
        yield "they differ in", ", ".join(comparison.changed)
    files = f"{comparison.unchanged} files" if comparison.unchanged else ""
    yield "the same", ", ".join(filter(None, [*comparison.same, files])) or "nothing"
    for each in comparison.figures:
        yield f"({each.table.title})", each.table.conditions


def as_markdown(comparison: Comparison) -> str:
    """The differences as a table, and what was measured as others."""
    from taskpick.formats.markdown import code, escape, table

    names = [escape(option.name) for option in comparison.options]
    lines = [f"# {' and '.join(names)}", ""]
    rows = [
        [escape(pair.subject), escape(_said(pair.first)), escape(_said(pair.second))]
        for pair in comparison.differences
    ]
    lines += table(["", *names], rows)
    for label, words in list(_below(comparison))[: -len(comparison.figures) or None]:
        lines += ["", f"{escape(label)}: {escape(words)}"]
    for each in comparison.figures:
        rows = [
            [
                escape(column),
                escape(each.first.get(column, NOTHING)),
                escape(each.second.get(column, NOTHING)),
            ]
            for column in each.table.columns
        ]
        lines += ["", *table([escape(each.table.title), *names], rows)]
        lines += ["", f"{escape(each.table.conditions)} ({code(each.table.command)})"]
    return "\n".join(lines) + "\n"


def as_json(comparison: Comparison, answers: Mapping[str, str]) -> str:
    """The same as a JSON object."""
    from taskpick.formats.json import text as json_text
    from taskpick.version import __version__

    first, second = (option.id for option in comparison.options)
    return json_text(
        {
            "schema": SCHEMA,
            "taskpick": __version__,
            "answers": dict(answers),
            "options": [first, second],
            "differences": [
                {"subject": pair.subject, first: pair.first, second: pair.second}
                for pair in comparison.differences
            ],
            "same": comparison.same,
            "files_changed": comparison.changed,
            "files_unchanged": comparison.unchanged,
            "figures": [_figures(each, first, second) for each in comparison.figures],
        }
    )


def _figures(measured: Measured, first: str, second: str) -> dict[str, object]:
    return {
        "subject": measured.table.title,
        "command": measured.table.command,
        "conditions": measured.table.conditions,
        first: measured.first or None,
        second: measured.second or None,
    }


def _said(texts: list[str]) -> str:
    return "; ".join(texts) or NOTHING


def _values(values: Mapping[str, str]) -> str:
    words = (whole(f"{column} {value}") for column, value in values.items())
    return ", ".join(words) or "not measured"
