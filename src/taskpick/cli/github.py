"""The summary and the outputs of a GitHub Actions step."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_SUMMARY = 1024 * 1024
"""What a step may write to its summary, in bytes; GitHub drops the whole of one that is larger."""


def tell(summary: str, outputs: Mapping[str, str]) -> None:
    """Add a Markdown text to the summary of a step, and values to its outputs, if this is one.

    Raises:
        OSError: the files that GitHub names cannot be written.
    """
    if name := os.environ.get("GITHUB_STEP_SUMMARY"):
        used = Path(name).stat().st_size if Path(name).exists() else 0
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(_fitting(printable(summary, keep="\t\n"), used))
    if name := os.environ.get("GITHUB_OUTPUT"):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(_outputs(outputs))


def _fitting(markdown: str, used: int = 0) -> str:
    """As much of a text as the step's summary has room for, cut at a line, and a word on that."""
    room = LARGEST_SUMMARY - used
    if len(markdown.encode()) <= room:
        return markdown
    cut = "\n\nThe rest is left out: a summary cannot be longer.\n"
    kept = markdown.encode()[: max(0, room - len(cut))].decode(errors="ignore")
    return (kept[: kept.rfind("\n") + 1].rstrip("\n") + cut) if room >= len(cut) else ""


def _outputs(values: Mapping[str, str]) -> str:
    """Values for `$GITHUB_OUTPUT`, one a line."""
    return "".join(
        f"{name}={' '.join(printable(value).split())}\n" for name, value in values.items()
    )
