"""The decision matrix, options as columns: as text, Markdown and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.formats.json import text as json_text
from taskpick.report.layout import Line, Piece, columns, labelled, padded, text
from taskpick.report.sentences import mark
from taskpick.report.verdict.table import STYLES
from taskpick.rulefile import short
from taskpick.wording import UNICODE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.rulefile.model import Criterion, Fit, Option, Rules
    from taskpick.wording import Marks

SCHEMA = "taskpick.matrix/1"


def as_text(
    rules: Rules,
    options: Sequence[Option],
    answers: Mapping[str, str],
    *,
    marks: Marks,
    width: int,
    color: bool,
) -> str:
    """The matrix in as many blocks of columns as it takes; the levels answered are pointed at."""
    first = max(columns(level.id) for c in rules.criteria.values() for level in c.levels) + 4
    lines: list[Line] = [[Piece(rules.title, "strong")]]
    for block in _blocks(options, width - 1 - first):
        lines += [[], *_block(rules, block, answers, first, marks)]
    for option in options:
        if option.facts:
            lines += [[], [Piece(option.name, "strong")]]
        indent = max(map(columns, option.facts), default=0) + 4
        for fact, words in option.facts.items():
            lines += labelled(fact, words, indent, width - 1)
    if rules.as_of:
        lines += [[], [Piece(f"Checked {rules.as_of}. The reasons: --format markdown", "quiet")]]
    return text(lines, color=color)


def as_markdown(rules: Rules, options: Sequence[Option], answers: Mapping[str, str]) -> str:
    """The matrix with its reasons as a table; the levels answered are in bold."""
    from taskpick.formats.markdown import escape, table

    rows = []
    for criterion in rules.criteria.values():
        for level in criterion.levels:
            head = escape(f"{criterion.id} {level.id}: {level.means}")
            fits = [option.fits[criterion.id][level.id] for option in options]
            given = answers.get(criterion.id) == level.id
            rows.append([f"**{head}**" if given else head, *map(_cell, fits)])
    for fact in dict.fromkeys(fact for option in options for fact in option.facts):
        rows.append([escape(fact), *(escape(option.facts.get(fact, "")) for option in options)])
    lines = [f"# {escape(rules.title)}", ""]
    lines += table(["Answer", *(escape(option.name) for option in options)], rows)
    lines += ["", *(f"* {escape(_checked(rules, option))}" for option in options)]
    return "\n".join(lines) + "\n"


def as_json(rules: Rules, options: Sequence[Option], answers: Mapping[str, str]) -> str:
    """The matrix with its reasons and sources as a JSON object."""
    from taskpick.report.details.json_details import criterion_data, fit_data, option_data
    from taskpick.version import __version__

    value = {
        "schema": SCHEMA,
        "taskpick": __version__,
        "title": rules.title,
        "as_of": rules.as_of,
        "answers": dict(answers),
        "criteria": [criterion_data(criterion) for criterion in rules.criteria.values()],
        "options": [
            {
                **option_data(option),
                "fits": {
                    criterion: {level: fit_data(fit) for level, fit in fits.items()}
                    for criterion, fits in option.fits.items()
                },
            }
            for option in options
        ],
    }
    return json_text(value)


def _blocks(options: Sequence[Option], room: int) -> list[list[Option]]:
    """The options in groups whose columns stand side by side."""
    blocks: list[list[Option]] = []
    left = 0
    for option in options:
        wide = _wide(option) + 2
        if not blocks or wide > left:
            blocks.append([])
            left = room
        blocks[-1].append(option)
        left -= wide
    return blocks


def _wide(option: Option) -> int:
    return max(10, columns(short.column_name(option)))


def _block(
    rules: Rules, block: Sequence[Option], answers: Mapping[str, str], first: int, marks: Marks
) -> list[Line]:
    head = [Piece(" " * first)]
    head += [Piece(padded(f"  {short.column_name(o)}", _wide(o) + 2), "strong") for o in block]
    lines = [head]
    for criterion in rules.criteria.values():
        lines.append([Piece(short.noun(criterion), "quiet")])
        lines += _rows(criterion, block, answers.get(criterion.id), first, marks)
    return lines


def _rows(
    criterion: Criterion, block: Sequence[Option], answer: str | None, first: int, marks: Marks
) -> list[Line]:
    lines = []
    for level in criterion.levels:
        given = level.id == answer
        pointer = marks.pointer if given else " "
        line = [Piece(padded(f"{pointer} {level.id}", first), "strong" if given else "")]
        for option in block:
            rating = option.fits[criterion.id][level.id].rating
            word = padded(f" {rating.word}", _wide(option) - 1)
            line += [Piece("  "), Piece(mark(rating, marks), STYLES[rating]), Piece(word)]
        lines.append(line)
    return lines


def _cell(fit: Fit) -> str:
    from taskpick.formats.markdown import escape

    words = f"{mark(fit.rating, UNICODE)} {fit.rating.word}"
    return f"{words}: {escape(fit.why)}" if fit.why else words


def _checked(rules: Rules, option: Option) -> str:
    on = ", ".join(short.packages(option))
    return ", ".join(filter(None, [option.name, f"on {on}" if on else "", rules.as_of]))
