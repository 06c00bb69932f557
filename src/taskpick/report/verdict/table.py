"""The answers at which the options differ or all fail: a table, or a list on a narrow screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.report.layout import Line, Piece, columns, padded, wrapped
from taskpick.report.sentences import mark
from taskpick.report.verdict.comparison import most_telling
from taskpick.rulefile import short
from taskpick.rulefile.model import Rating

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskpick.report.verdict.comparison import Row
    from taskpick.report.verdict.verdict import Verdict
    from taskpick.wording import Marks

STYLES = {Rating.FITS: "good", Rating.STRAINS: "fair", Rating.FAILS: "bad"}


def table(verdict: Verdict, marks: Marks, *, width: int, widest: int, most: int) -> list[Line]:
    """At most so many rows; the columns are those for which `widest` has room."""
    if not verdict.rows:
        return []
    options = list(verdict.rows[0].fits)
    names = [short.column_name(verdict.rules.options[option]) for option in options]
    chosen = most_telling(verdict.decision, verdict.rows, most)
    left_out = len(chosen) < len(verdict.rows)
    corner = f"{len(chosen)} of {len(verdict.rows)} rows" if left_out else ""
    first = max(columns(words) for words in [corner, *(row.words for row in chosen)])
    wide = [max(10, columns(name)) for name in names]
    while 4 + first + sum(wide) + 2 * len(wide) > widest and len(names) > 2:
        # The last one is the least expected.
        del names[-1], options[-1], wide[-1]
    room = width - 4 - first - sum(wide)
    if room < 2 * len(wide):
        return _list(chosen, options, names, corner, marks, width)
    gap = " " * min(4, room // len(wide))
    head = [Piece(f"    {padded(corner, first)}", "quiet")]
    for index, name in enumerate(names):
        head += [Piece(gap), Piece(padded(name, wide[index]), "accent" if index == 0 else "")]
    return [head, *(_row(row, options, first, wide, gap, marks) for row in chosen)]


def _row(
    row: Row, options: Sequence[str], first: int, wide: Sequence[int], gap: str, marks: Marks
) -> Line:
    line = [Piece(f"    {padded(row.words, first)}")]
    for option, columns_wide in zip(options, wide, strict=True):
        rating = row.fits[option].rating
        word = padded(f" {rating.word}", columns_wide - 1)
        line += [Piece(gap), Piece(mark(rating, marks), STYLES[rating]), Piece(word)]
    return line


def _list(
    chosen: Sequence[Row],
    options: Sequence[str],
    names: Sequence[str],
    corner: str,
    marks: Marks,
    width: int,
) -> list[Line]:
    """The same for a narrow screen: each answer with the options below it."""
    lines: list[Line] = [[Piece(f"  {corner}", "quiet")]] if corner else []
    for row in chosen:
        lines.append([Piece(f"  {row.words}", "quiet")])
        cells = [
            f"{mark(row.fits[option].rating, marks)} {name}"
            for option, name in zip(options, names, strict=True)
        ]
        lines += [[Piece(f"    {line}")] for line in wrapped("  ".join(cells), width - 4)]
    return lines
