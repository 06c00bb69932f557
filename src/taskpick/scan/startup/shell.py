"""The commands in a text for a shell: what it quotes, or has in a comment, is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<space> (?: [ \t\r] | \\\n | \#[^\n]* | <<< )+ )
    | (?P<here> \d?<<-?[ \t]*["']?(?P<tag>\w+)["']? )
    | (?P<word> (?:
        [$%]\(\w+\)s? | \$\{[^}\n]{0,999}\}  # variables, also of make
        | \{\{[^}\n]{0,999}\}\}  # and of Helm
        | '[^']*' | "(?:[^"\\]|\\.)*" | \\[^\n] | [>]&|&> | [^\s;&|()<'"\\]
      )+ )
    | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)""", re.DOTALL)


def simple_commands(text: str, line: int) -> Iterator[tuple[int, list[str]]]:
    """The words of each command, and its line; the text begins in the given line."""
    words: list[str] = []
    tags: list[str] = []
    position, began, depth = 0, line, 0
    while token := _TOKEN.match(text, position):
        position, mark = token.end(), token["mark"]
        if token["word"]:
            began = began if words else line
            words.append(_unquoted(token["word"]))
        elif token["here"]:
            tags.append(token["tag"])
        elif mark == ")" and not depth:
            words = []  # what stood before it is a pattern of `case`
        elif mark and mark in "\n;&|()":
            depth += (mark == "(") - (mark == ")")
            if words:
                yield began, words
            words = []
        line += token.group().count("\n")
        if mark == "\n" and tags:
            end = re.compile(rf"^\s*{tags.pop(0)}[ \t]*$", re.MULTILINE).search(text, position)
            line += text.count("\n", position, end.end() if end else len(text))
            position = end.end() if end else len(text)
    if words:
        yield began, words


def _unquoted(word: str) -> str:
    return _QUOTED.sub(lambda part: part[1] or part[2] or part[3] or "", word)
