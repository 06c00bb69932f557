"""What changes between two rule files, as text, Markdown or JSON."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from taskpick.answers import as_flags
from taskpick.decision.answer_sets import boxes
from taskpick.formats import json
from taskpick.formats.markdown import escape, table
from taskpick.problems import location
from taskpick.rulefile.model import NOTHING_FITS
from taskpick.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.checks.diff.diff import Change, Diff, Edited

SCHEMA = "taskpick.diff/1"


class Format(StrEnum):
    """How the difference is shown."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def render(diff: Diff, format: Format) -> str:  # noqa: A002  the name of the flag
    """The difference in a format."""
    match format:
        case Format.TEXT:
            return "\n\n".join(_text(diff)) + "\n"
        case Format.MARKDOWN:
            return "\n\n".join(_markdown(diff)) + "\n"
        case Format.JSON:
            return json.text(_data(diff))
        case _:
            assert_never(format)


def _headline(diff: Diff) -> str:
    if not diff.changes:
        return f"No pick changes in {diff.answers:,} answer sets"
    return f"{diff.changed:,} of {diff.answers:,} answer sets change their pick"


def _text(diff: Diff) -> Iterator[str]:
    yield _headline(diff)
    if diff.structure:
        yield "\n".join(diff.structure)
    if diff.edited:
        yield "\n".join(
            f"{location(edited.after.span)}: {_edited(edited)}" for edited in diff.edited
        )
    for change in diff.changes:
        sets = f"{change.answers:,} answer set{'' if change.answers == 1 else 's'}"
        lines = [f"{_name(change.before)} → {_name(change.after)}: {sets}"]
        lines += [f"  {'or ' * (n > 0)}if {words}" for n, words in enumerate(_words(diff, change))]
        lines.append(f"  for instance: {_flags(change)}")
        yield "\n".join(lines)


def _markdown(diff: Diff) -> Iterator[str]:
    yield f"### {_headline(diff)}"
    if diff.changes:
        rows = [
            [
                escape(_name(change.before)),
                escape(_name(change.after)),
                f"{change.answers:,}",
                "<br>or ".join(map(escape, _words(diff, change))),
                f"`{_flags(change)}`",
            ]
            for change in diff.changes
        ]
        head = ["From", "To", "Answer sets", "If", "For instance"]
        yield "\n".join(table(head, rows, right={2}))
    listed = [*diff.structure, *map(_edited, diff.edited)]
    if listed:
        yield "\n".join(f"- {escape(words)}" for words in listed)


def _data(diff: Diff) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "taskpick": __version__,
        "old": diff.old.source.name,
        "new": diff.new.source.name,
        "answer_sets": diff.answers,
        "changed": diff.changed,
        "structure": diff.structure,
        "edited": [
            {
                "option": edited.after.option,
                "criterion": edited.after.criterion,
                "level": edited.after.level,
                "from": edited.before.rating.value,
                "to": edited.after.rating.value,
                **json.place(edited.after.span),
            }
            for edited in diff.edited
        ],
        "changes": [
            {
                "from": _name(change.before),
                "to": _name(change.after),
                "answer_sets": change.answers,
                "conditions": [
                    {
                        name: [level.id for level in criterion.levels if level.id in box[name]]
                        for name, criterion in diff.compared.criteria.items()
                        if len(box[name]) < len(criterion.levels)
                    }
                    for box in change.conditions.boxes
                ],
                "words": _words(diff, change),
                "example": dict(change.example),
            }
            for change in diff.changes
        ],
    }


def _words(diff: Diff, change: Change) -> list[str]:
    words = [boxes.sentence(diff.compared, box) for box in change.conditions.boxes]
    left = change.conditions.left
    return (
        [*words, f"the answers are among {left:,} {'more ' if words else ''}answer sets"]
        if left
        else words
    )


def _edited(edited: Edited) -> str:
    before, after = edited
    fit = f"'{after.option}' at '{after.criterion}: {after.level}'"
    return f"{fit}: {before.rating} → {after.rating}"


def _name(pick: str | None) -> str:
    return pick or NOTHING_FITS


def _flags(change: Change) -> str:
    return " ".join(as_flags(change.example))
