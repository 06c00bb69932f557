"""Notices as commands that GitHub Actions turns into annotations, and what its files may hold.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from taskpick.formats.diagnostics import Notice, Place
    from taskpick.report.report import Report

LARGEST_SUMMARY = 1024 * 1024
"""What a step may write to its summary, in bytes; GitHub drops the whole of one that is larger."""
_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}


def render(notices: Iterable[Notice]) -> str:
    """One annotation for each notice, and a note for each related place, none of them twice."""
    lines = []
    for notice in notices:
        lines.append(_annotation(_COMMAND[notice.level], notice.id, notice.message, notice.place))
        lines += [
            _annotation("notice", notice.id, place.message or notice.message, place)
            for place in notice.related
        ]
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))


def recommendation(report: Report, expect: str | None) -> str:
    """One annotation with the pick; an error if it is not the one expected, or if there is none."""
    decision = report.decision
    outcome = decision.pick or decision.status.value
    if expect is not None and expect != outcome:
        kind, title, said = "error", "another-pick", f"expected {expect}, but the pick is {outcome}"
    elif decision.pick is None and expect is None:
        kind, title, said = "error", outcome, report.headline
    else:
        kind, title, said = "notice", "pick", report.headline
    return f"::{kind} title=taskpick%3A {title}::{_data(f'{said}. {report.summary}')}\n"


def summary(markdown: str, used: int = 0) -> str:
    """As much of a text as the step's summary has room for, cut at a line, and a word on that."""
    room = LARGEST_SUMMARY - used
    if len(markdown.encode()) <= room:
        return markdown
    cut = "\n\nThe rest is left out: a summary may not be longer.\n"
    kept = markdown.encode()[: max(0, room - len(cut))].decode(errors="ignore")
    return (kept[: kept.rfind("\n") + 1].rstrip("\n") + cut) if room >= len(cut) else ""


def outputs(values: Mapping[str, str]) -> str:
    """Values for `$GITHUB_OUTPUT`, one a line."""
    return "".join(f"{name}={' '.join(value.split())}\n" for name, value in values.items())


def _annotation(command: str, title: str, message: str, place: Place) -> str:
    span = place.span
    properties = {
        "file": place.file,
        "line": span.line,
        "endLine": span.end_line,
        "col": span.column,
        "endColumn": span.end_column,
        "title": f"taskpick: {title}",
    }
    if span.end_line != span.line:
        # Columns are taken for those of one line.
        del properties["col"], properties["endColumn"]
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{command} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
