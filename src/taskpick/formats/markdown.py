"""Pieces of Markdown in which every text stays text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_ADDRESS = re.compile(r"https?://[\w.~:/?#@!$&*+,;=%-]+")
_CODE = re.compile(r"(`[^`]+`)")
_LIST = re.compile(r"^(\d*)([-+](?=[\s-]|$)|(?<=\d)[.)])")
"""What begins a list or draws a line where a text begins with it."""
_PIPE = re.compile(r"(?<!\\)\|")
_ESCAPED_PIPE = r"\\|"
_SPECIAL = re.compile(r"([\\`*\[\]<>|~$#]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")


def escape(text: str) -> str:
    """The text for Markdown on one line, its `code` kept as code and all else as it is."""
    pieces = _CODE.split(" ".join(printable(text, keep="\t\n").split()))
    escaped = (piece if at % 2 else _SPECIAL.sub(r"\\\1", piece) for at, piece in enumerate(pieces))
    return _LIST.sub(r"\1\\\2", "".join(escaped))


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Collection[int] = ()
) -> list[str]:
    """The lines of a table, its cells being Markdown; `right` are columns of numbers."""
    rule = ["---:" if column in right else "---" for column in range(len(head))]
    return [_row(head), _row(rule), *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    # A pipe ends a cell even within code.
    return f"| {' | '.join(_PIPE.sub(_ESCAPED_PIPE, cell) for cell in cells)} |"


def fenced(text: str, language: str) -> list[str]:
    """The lines of a block of code."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return [f"{fence}{language}", printable(text.rstrip("\n"), keep="\t\n"), fence]


def code(text: str) -> str:
    """The text as code within a line."""
    words = " ".join(printable(text, keep="\t\n").split())
    tick = "`" * (_longest_run(text) + 1)
    return f"{tick} {words} {tick}" if "`" in words else f"{tick}{words}{tick}"


def _longest_run(text: str) -> int:
    """How many backticks follow each other at most."""
    return max(map(len, re.findall("`+", text)), default=0)


def link(text: str, address: str) -> str:
    """A link to a web address, or to a path from the file that it stands in.

    What begins like a web address and is none stays text: nothing else is ever a link.
    """
    if _is_address(address):
        return f"[{escape(text)}](<{address}>)"
    if "://" in address:
        return f"{escape(text)} ({escape(address)})"
    from urllib.parse import quote

    return f"[{escape(text)}](<{quote(address, safe='/ ')}>)"


def address(text: str) -> str:
    """The text as a link to itself if it is a web address."""
    return f"<{text}>" if _is_address(text) else escape(text)


def _is_address(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text)) and printable(text) == text


def source(text: str) -> str:
    """Where a claim is from, to follow it: in brackets; empty if nothing is named."""
    if not text:
        return ""
    named, gap, rest = text.partition(" ")
    if not _is_address(named):
        return f" ({escape(text)})"
    return f" ({link('source', named)}{gap}{escape(rest)})"


def demoted(text: str, levels: int = 2) -> str:
    """The text with every heading so many levels further down."""
    lines, in_code = [], False
    for line in text.split("\n"):
        in_code ^= line.startswith("```")
        is_heading = line.startswith("#") and not in_code
        lines.append("#" * levels + line if is_heading else line)
    return "\n".join(lines)
