"""Where a file holds commands: all of a script, and of other files what they call a command."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_INSTRUCTION = re.compile(r"\s*(?:CMD|ENTRYPOINT)\s(.*)", re.DOTALL | re.IGNORECASE)
_ENTRY = re.compile(r"[\w-]+:\s*(.*)", re.DOTALL)
"""A line of a Procfile."""
_RECIPE = re.compile(r"\t[@+-]*(.*)", re.DOTALL)
"""A line of a Makefile that is run."""
_KEY = re.compile(
    r"""(?P<indent>\s*(?:-\s+)?)["']?(?P<key>[\w.-]+)["']?\s*(?:=|:(?=\s|$))(?P<value>.*)""",
    re.DOTALL,
)
_IS_RUN = re.compile(r"\w*command|entrypoint|args|cmd|ExecStart|attach-daemon2?", re.IGNORECASE)
"""Keys of compose files, Kubernetes, supervisor, systemd and uWSGI."""
_FLOW = re.compile(r"""("(?:[^"\\]|\\.)*"|'[^']*')|[\[\],]""")


def command_texts(file: str, source: str) -> Iterator[tuple[int, str]]:
    """The texts in a file that are commands of a shell, each with the line where it begins."""
    name = file.rpartition("/")[2].lower()
    if "dockerfile" in name:
        yield from _matching(_INSTRUCTION, source)
    elif name.startswith("procfile"):
        yield from _matching(_ENTRY, source)
    elif name == "makefile":
        yield from _matching(_RECIPE, source)
    elif name.endswith((".yml", ".yaml", ".ini", ".conf", ".service", ".toml")):
        yield from _values(source, every_key=name == "fly.toml")
    elif not source.startswith("#!") or "sh" in source.partition("\n")[0]:
        yield 1, source


def _joined(source: str) -> Iterator[tuple[int, str]]:
    """The lines, those that a backslash continues as one, each with its number."""
    number, parts = 1, list[str]()
    for line in source.split("\n"):
        parts.append(line)
        if not line.rstrip().endswith("\\"):
            yield number, "\n".join(parts)
            number, parts = number + len(parts), []
    if parts:
        yield number, "\n".join(parts)


def _matching(pattern: re.Pattern[str], source: str) -> Iterator[tuple[int, str]]:
    for number, line in _joined(source):
        if match := pattern.fullmatch(line):
            yield number, _argument_list(match[1])


def _argument_list(text: str) -> str:
    """The text, or what a list of arguments in it, `["celery", "worker"]`, is as a shell has it."""
    if not text.startswith("["):
        return text
    return _FLOW.sub(lambda part: part[1] or " ", text)


def _values(source: str, *, every_key: bool) -> Iterator[tuple[int, str]]:
    """The values of the keys that are run, with the lines that belong to each."""
    lines = list(_joined(source))
    for at, (number, line) in enumerate(lines):
        match = _KEY.fullmatch(line)
        if match and (every_key or _IS_RUN.fullmatch(match["key"])):
            first = re.sub(r"^[&!]\S+\s*", "", match["value"].strip())  # an anchor or a tag
            inner = list(_inner(lines, at + 1, len(match["indent"])))
            yield from _value(number, first, inner)


def _inner(lines: list[tuple[int, str]], at: int, indent: int) -> Iterator[tuple[int, str]]:
    """The lines that belong to a key: they are further in, or items of its list."""
    while at < len(lines):
        number, line = lines[at]
        text = line.strip()
        before = len(line) - len(line.lstrip())
        if text and (before < indent or (before == indent and not text.startswith("- "))):
            return
        yield number, text
        at += 1


def _value(number: int, first: str, inner: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """One value: a block, on the line of its key, as a list, or over several lines."""
    said = [(at, text) for at, text in inner if text and not text.startswith(("#", "{{"))]
    at, texts = said[0][0] if said else number, [text for _, text in said]
    if first.startswith("|"):
        yield inner[0][0] if inner else number, "\n".join(text for _, text in inner)
    elif first and not first.startswith(">"):
        yield number, _argument_list(" ".join([first, *texts]))
    elif texts and texts[0].startswith("- "):
        items = re.split(r"^- +", "\n".join(texts), flags=re.MULTILINE)[1:]
        yield at, " ".join(shlex.quote(_scalar(item)) for item in items)
    else:
        yield at, _argument_list(" ".join(texts))


def _scalar(item: str) -> str:
    """The text of an item of a list."""
    text = re.sub(r"^[|>][+-]?\n", "", item.strip())
    is_quoted = len(text) > 1 and text[0] in "\"'" and text[0] == text[-1]
    return text[1:-1] if is_quoted else text
