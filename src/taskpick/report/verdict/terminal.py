"""The verdict on one screen: plain strings, at most 23 rows of a terminal of 80 columns.

What is shown is chosen for 80 columns, whatever the width is, and only its lines differ: a narrow
screen loses nothing. Where there is too much, the least important goes first (`_TRIMS`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.report.layout import (
    Line,
    Piece,
    as_many,
    columns,
    cut,
    indented,
    labelled,
    padded,
    rows,
    text,
    whole,
    wrapped,
)
from taskpick.report.verdict.table import table
from taskpick.rulefile import short
from taskpick.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from taskpick.report.verdict.verdict import Instead, Verdict
    from taskpick.starter.project import Snippet
    from taskpick.wording import Marks

ROWS = 23
"""A terminal of 24 rows without the one that the prompt takes."""
WIDTH = 80
_TEXT = WIDTH - 1
_HEAD = 36
"""The widest list of answers that lead to the same."""
_LABEL = 19
"""Where the text begins that stands beside a label."""


class _Trim(NamedTuple):
    """How much is shown."""

    rows: int = 6
    instead: int = 2
    assumed: bool = True
    outside: bool = True
    as_good: bool = True
    needs: bool = True
    ruled_out: int = 2
    """In lines."""
    branches: int = 16
    branch: int = 3
    """In lines."""


_LEAST = _Trim(rows=4, instead=1, assumed=False, outside=False, as_good=False)
_TRIMS = (
    _Trim(),
    _Trim(rows=5),
    _Trim(rows=4, ruled_out=1),
    _Trim(rows=4, ruled_out=1, instead=1),
    _Trim(rows=4, ruled_out=1, instead=1, assumed=False),
    _Trim(rows=4, ruled_out=1, instead=1, assumed=False, outside=False),
    _LEAST._replace(ruled_out=1),
    _LEAST._replace(ruled_out=0, branch=2, needs=False),
    _LEAST._replace(ruled_out=0, branch=1, branches=6, needs=False, instead=0),
)
"""From everything to what always fits: what matters least goes first."""


def render(
    verdict: Verdict, command: str, *, marks: Marks, width: int = WIDTH, color: bool = False
) -> str:
    """The verdict; `command` is what to run next, empty where a menu follows in its place."""
    most = ROWS if command else ROWS - 1
    for trim in _TRIMS:
        if sum(rows(line, WIDTH) for line in _lines(verdict, command, marks, _TEXT, trim)) <= most:
            break
    return text(_lines(verdict, command, marks, min(width, WIDTH) - 1, trim), color=color)


def render_code(snippet: Snippet, *, color: bool = False) -> str:
    """The code with the commands that run it, to stand above the verdict."""
    lines: list[Line] = []
    for name, code in snippet.files.items():
        lines += [[Piece(f"# {name}", "quiet")], *([Piece(row)] for row in code.splitlines()), []]
    wide = max((len(purpose) for purpose, _ in snippet.commands), default=0)
    for purpose, command in snippet.commands:
        lines.append([Piece(f"{purpose:<{wide}}  ", "quiet"), Piece(command)])
    return text([*lines, []], color=color)


def _lines(verdict: Verdict, command: str, marks: Marks, width: int, trim: _Trim) -> list[Line]:
    blocks = [
        _answers(verdict, marks, width),
        _headline(verdict, marks, width),
        _question(verdict, marks, width, trim),
        table(verdict, marks, width=width, widest=_TEXT, most=trim.rows),
        list(_facts(verdict, marks, width, trim)),
        _next(verdict, command),
    ]
    lines: list[Line] = []
    for block in filter(None, blocks):
        lines += [*([[]] if lines else []), *block]
    return lines


def _answers(verdict: Verdict, marks: Marks, width: int) -> list[Line]:
    """What was answered, and what is open, in at most two lines at the full width."""
    rules, decision = verdict.rules, verdict.decision
    given = [
        whole(short.level_words(rules.criteria[name], level))
        for name, level in decision.given.items()
    ]
    left = [short.noun(rules.criteria[name]) for name in decision.open]
    if not given:
        begin = "Unsure: " if verdict.complete else "Nothing answered yet. Open: "
        words = as_many(left, _counted(begin, ", "), _TEXT, 2)
        words = words if left else "Nothing is answered."
    else:
        state = "open" if verdict.undecided else "does not matter"
        state = "unsure" if verdict.complete else state
        most = 1 if left else 2
        words = as_many(given, _counted(f"{marks.tick} ", f" {marks.dot} "), _TEXT, most)
        if left:
            more = as_many(left, _counted(f"{state}: ", ", "), _TEXT - 2, 1)
            joined = f"{words}   {more}"
            if columns(joined) > _TEXT:
                return [*_hanging(words, width), *indented(more, 2, width)]
            if columns(joined) <= width:
                return [[Piece(joined)]]
            words = joined
    return _hanging(words, width)


def _hanging(words: str, width: int) -> list[Line]:
    lines = wrapped(words, width - 2)
    return [[Piece(f"{'  ' if number else ''}{line}")] for number, line in enumerate(lines)]


def _headline(verdict: Verdict, marks: Marks, width: int) -> list[Line]:
    style = "accent" if verdict.decision.pick else "strong"
    head = [[Piece("  "), Piece(line, style)] for line in wrapped(verdict.headline, width - 2)]
    sentence = cut(verdict.sentence, _TEXT - 2, 2, marks.ellipsis)
    return [*head, *indented(sentence, 2, width)]


def _question(verdict: Verdict, marks: Marks, width: int, trim: _Trim) -> list[Line]:
    """What to find out first, and what its answers lead to."""
    if verdict.question is None:
        return []
    first = "Find out first" if verdict.complete else "Ask first"
    ask = cut(f"{first}: {verdict.question.question}", _TEXT - 4, 2, marks.ellipsis)
    lines = indented(ask, 2, width)
    branches = verdict.branches[: trim.branches]
    heads = [cut(listed(list(b.levels), "or"), _HEAD, 1, marks.ellipsis) for b in branches]
    wide = max(map(columns, heads))
    for head, branch in zip(heads, branches, strict=True):
        words = cut(branch.words, _TEXT - wide - 7, trim.branch, marks.ellipsis)
        if 4 + wide + 3 + 20 <= width:
            lines += _beside(f"    {padded(head, wide)}   ", words, width)
        else:
            lines += indented(head, 4, width) + indented(words, 6, width)
    if more := len(verdict.branches) - len(branches):
        lines.append([Piece(f"    ({more} more: --format json)", "quiet")])
    return lines


def _beside(head: str, words: str, width: int) -> list[Line]:
    indent = columns(head)
    return [
        [Piece(" " * indent if number else head), Piece(line)]
        for number, line in enumerate(wrapped(words, width - indent))
    ]


def _facts(verdict: Verdict, marks: Marks, width: int, trim: _Trim) -> Iterator[Line]:
    """The lines with a label."""
    room = _TEXT - _LABEL
    rules, assumed = verdict.rules, verdict.decision.assumed
    if verdict.needs and trim.needs:
        yield from labelled("You need", cut(verdict.needs, room, 1, marks.ellipsis), _LABEL, width)
    if verdict.safe and not verdict.complete:
        words = f"{short.column_name(verdict.about)}: it {verdict.safe_words}"
        words = cut(words, room, 3, marks.ellipsis)
        yield from labelled("Safe choice", words, _LABEL, width)
    if verdict.ruled_out and trim.ruled_out:
        outs = [
            f"{short.column_name(out.option)} ({', '.join(out.words)})" for out in verdict.ruled_out
        ]
        words = as_many(outs, _counted("", ", "), room, trim.ruled_out)
        yield from labelled("Ruled out", words, _LABEL, width)
    if verdict.staying:
        from taskpick.report import staying

        words = cut(staying.words(verdict.staying), room, 3, marks.ellipsis)
        yield from labelled("You have", words, _LABEL, width)
    if verdict.left_out:
        words = cut(verdict.left_out, room, 2, marks.ellipsis)
        yield from labelled("Left out", words, _LABEL, width)
    if verdict.before:
        notes = [short.advice(note) for note in verdict.before]
        words = as_many(notes, _counted("", ". ", " more: --details"), room, 2)
        stays = verdict.staying is not None and verdict.about is verdict.staying.option
        label = "Check" if stays else "Before you ship"
        yield from labelled(label, words, _LABEL, width)
    if assumed and trim.assumed:
        levels = [
            whole(short.level_words(rules.criteria[name], level)) for name, level in assumed.items()
        ]
        yield from labelled("Assumed", as_many(levels, _counted("", "; "), room, 1), _LABEL, width)
    for index, instead in enumerate(verdict.instead[: trim.instead]):
        words = _instead(verdict, instead, room, 1 if index else 2)
        yield from labelled("" if index else "Choose", words, _LABEL, width)
    if verdict.as_good and trim.as_good:
        names = [short.column_name(option) for option in verdict.as_good]
        words = as_many(names, _counted("", ", "), room, 1)
        name = short.column_name(verdict.about)
        ends = [f"; the rule file lists {name} first", f"; {name} is listed first"]
        if verdict.about.id == verdict.decision.pick:  # and not what one stays with
            words += next((end for end in ends if columns(words + end) <= room), "")
        yield from labelled("As good here", words, _LABEL, width)
    if verdict.outside and trim.outside:
        names = list(dict.fromkeys(name for note in verdict.outside for name in note.see))
        words = as_many(names, _counted("see ", ", "), room, 1)
        yield from labelled("Outside these", words, _LABEL, width)


def _instead(verdict: Verdict, instead: Instead, room: int, most: int) -> str:
    name, criteria = short.column_name(instead.option), verdict.rules.criteria
    answers = [short.level_words(criteria[name], level) for name, level in instead.answers]

    def join(parts: Sequence[str], left: int) -> str:
        return (
            f"{name} if {', '.join(parts)} (+{left})"
            if left
            else f"{name} if {listed(list(parts), 'or')}"
        )

    return as_many(answers, join, room, most)


def _counted(before: str, between: str, more: str = "") -> Callable[[Sequence[str], int], str]:
    """Joins parts and counts those that are left out."""

    def join(parts: Sequence[str], left: int) -> str:
        words = before + between.join(parts)
        counted = f"{left}{more}" if more else f"+{left}"
        return f"{words} ({counted})" if left else words

    return join


def _next(verdict: Verdict, command: str) -> list[Line]:
    if not command:
        return []
    label = "Go on" if verdict.undecided and not verdict.complete else "Next"
    return [[Piece(f"  {label:<7}", "quiet"), Piece(command)]]
