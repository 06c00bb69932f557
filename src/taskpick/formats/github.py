"""Diagnostics as commands that GitHub Actions turns into annotations.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from taskpick.formats.diagnostics import Diagnostic, Location

_COMMAND: dict[str, Literal["error", "warning", "notice"]] = {
    "error": "error",
    "warning": "warning",
    "note": "notice",
}


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """An annotation for each diagnostic, and a note for each related location, each once."""
    lines = []
    for diagnostic in diagnostics:
        lines.append(
            _annotation(
                _COMMAND[diagnostic.level], diagnostic.id, diagnostic.message, diagnostic.location
            )
        )
        lines += [
            _annotation("notice", diagnostic.id, location.message or diagnostic.message, location)
            for location in diagnostic.related
        ]
    return "".join(dict.fromkeys(lines))


def command(
    level: Literal["error", "warning", "notice"], properties: Mapping[str, object], message: str
) -> str:
    """One annotation, as a line."""
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {listed}::{_data(message)}\n"


def _annotation(
    level: Literal["error", "warning", "notice"], title: str, message: str, location: Location
) -> str:
    span = location.span
    properties = {
        "file": location.file,
        "line": span.line,
        "endLine": span.end_line,
        "col": span.column,
        "endColumn": span.end_column,
        "title": f"taskpick: {title}",
    }
    if span.end_line != span.line:
        # Columns are taken for those of one line.
        del properties["col"], properties["endColumn"]
    return command(level, properties, message)


def _data(text: str) -> str:
    return printable(text, keep="\t\n").replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
