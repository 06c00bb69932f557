"""The syntax tree of a Python file, also of one that is newer than the Python that runs."""

from __future__ import annotations

import re
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

_LARGEST = 900_000
"""The largest file that is parsed, in bytes."""
_MOST_MARKS = 75_000
"""The most marks in a file that is parsed, which takes up to 1.8 kB for each.

Where the last line is no Python it takes 2 to 4 kB for each. Of 21,251 files of 18 applications the
densest, a table of airports, has 66,572 marks, and the densest with code in it 46,107.
"""
_NEWEST = (3, 14)
"""The newest Python of which syntax is known."""
_MARKS = b"\n,;:.=([{@+-*/%&|^~<>"
_EXCEPT = re.compile(r"^([ \t]*except\*?[ \t]+)([^:(\n]+,[^:\n]*?)([ \t]*:)", re.MULTILINE)
_GENERIC = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+[ \t]*(\[)", re.MULTILINE)
_TYPE = re.compile(r"^([ \t]*)type[ \t]+(\w+)[ \t]*(?=[\[=])", re.MULTILINE)
_TYPE_PARAMETERS = re.compile(r"^[ \t]*\w+(\[)(?=[^=\n]*\][ \t]*=)", re.MULTILINE)


class Unparsable(Exception):
    """A file of which there is no syntax tree; the text says why."""


def parse(data: bytes) -> ast.Module:
    """The tree of a Python file; every node has the line that it has in the file.

    Raises:
        Unparsable: it is no Python that this interpreter reads, or too large, dense or deep.
    """
    if len(data) > _LARGEST:
        raise Unparsable(f"larger than {_LARGEST / 1e6:g} MB")
    if len(data) - len(data.translate(None, _MARKS)) > _MOST_MARKS:
        lines = data.count(b"\n") + 1
        raise Unparsable(f"too large ({lines:,} lines, {len(data) / 1e6:.1f} MB)")
    if b"\0" in data:
        raise Unparsable("null bytes")
    try:
        return _parse(data)
    except SyntaxError as error:
        try:
            return _parse(older(data.decode("utf-8-sig")))
        except (SyntaxError, UnicodeDecodeError, ValueError):
            raise Unparsable(f"line {error.lineno or 1}: {error.msg}{_newer()}") from None
    except ValueError as error:
        raise Unparsable(str(error)) from None


def _parse(text: bytes | str) -> ast.Module:
    import ast

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (RecursionError, MemoryError):
            raise Unparsable("nested too deeply") from None


def _newer() -> str:
    """What else may be the cause where this Python does not know all syntax that there is."""
    major, minor = sys.version_info[:2]
    is_older = (major, minor) < _NEWEST
    return f" (Python {major}.{minor}; a newer one may read it)" if is_older else ""


def older(text: str) -> str:
    """The text without syntax that came after Python 3.11, as far as lines can stay in place.

    Those are `except A, B:` (3.14), and type parameters of functions, classes and aliases, and
    the statement `type` itself (3.12). Columns may change, lines do not.
    """
    text = _EXCEPT.sub(r"\1(\2)\3", text)
    text = _without_brackets(text, _GENERIC)
    text = _TYPE.sub(r"\1\2", text)
    return _without_brackets(text, _TYPE_PARAMETERS)


def _without_brackets(text: str, pattern: re.Pattern[str]) -> str:
    """The text without the brackets that the pattern finds, and only their line breaks left."""
    pieces, start = [], 0
    for match in pattern.finditer(text):
        opening = match.start(1)
        depth, end = 0, opening
        while end < len(text):
            depth += (text[end] == "[") - (text[end] == "]")
            end += 1
            if not depth:
                break
        if opening < start or depth:
            continue
        # A line break outside of brackets would end the statement.
        breaks = "\\\n" * text.count("\n", opening, end)
        pieces += [text[start:opening], breaks]
        start = end
    return "".join([*pieces, text[start:]])
