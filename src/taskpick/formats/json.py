"""JSON for programs that people read as well: indented, and with nothing in it that hides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.wording import replaced

if TYPE_CHECKING:
    from taskpick.problems import Span


def text(value: dict[str, Any]) -> str:
    """The value as JSON text that ends with a line break.

    What a terminal would not show is written as an escape, so that nothing is lost.
    """
    import json

    written = json.dumps(value, ensure_ascii=False, indent=2)
    return replaced(written, keep="\n", by=lambda char: json.dumps(char)[1:-1]) + "\n"


def place(span: Span) -> dict[str, Any]:
    """Where something stands, for a value."""
    return {"file": span.file, "line": span.line, "column": span.column}
