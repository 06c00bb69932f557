"""What a script runs by a name of its own: a variable with a command, a function that runs one."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from taskpick.scan.startup.prefixes import LONGEST, front

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Commands = Sequence[tuple[int, list[str]]]
    """The words of each command, and its line."""

_BEFORE = frozenset(
    ["then", "do", "else", "{", "export", "local", "readonly", "declare", "typeset"]
)
"""What may stand before an assignment."""
_ASSIGNMENT = re.compile(r"(\w+)=(.*)", re.DOTALL)
_VARIABLE = re.compile(
    r"\$(?:\{(?P<braced>\w+)(?:\[@\]|:?[-=](?P<default>[^}]*))?\}|(?P<plain>[A-Za-z_]\w*))"
)
_FUNCTION = re.compile(r"(?:^|[\n;])[ \t]*(?:function[ \t]+)?([\w-]+)[ \t]*\(\)")
_ARGUMENTS = frozenset({"$@", "${@}", "$*", "${*}"})
_MOST_VALUES, _MOST_USES = 4, 500
"""How many values of a variable, and uses of names, are followed: a hostile script costs little."""


def is_own(word: str) -> bool:
    """Whether a word gives a variable a value, or stands for the value of one."""
    return bool(_ASSIGNMENT.fullmatch(word) or _VARIABLE.fullmatch(word))


class OwnNames:
    """The variables that a script gives a value, and its functions that run what they are given."""

    def __init__(self, text: str, commands: Commands) -> None:
        self._values: dict[str, list[tuple[int, str]]] = {}
        self._runners: dict[str, int] = {}
        """Functions, and how many of their arguments they do not run."""
        self._uses = 0
        for line, words in commands:
            if "=" in words[0] or words[0] in _BEFORE:
                self._assign(line, words)
        names = set(_FUNCTION.findall(text)) if "()" in text else set()
        if names or "function " in text:
            self._find_runners(names, commands)

    def _assign(self, line: int, words: list[str]) -> None:
        """Note the values in a command that does nothing but to give some."""
        found = [_ASSIGNMENT.fullmatch(word) for word in words if word not in _BEFORE]
        for match in found if all(found) else ():
            if match:
                values = self._values.setdefault(match[1], [])
                value = _VARIABLE.sub(self._last, match[2][:LONGEST])[:LONGEST]
                if len(values) < _MOST_VALUES:
                    values.append((line, value))

    def _last(self, variable: re.Match[str]) -> str:
        """What a variable stands for within a value; itself where the script does not say it."""
        values = self._values.get(variable["braced"] or variable["plain"])
        return values[-1][1] if values else variable["default"] or variable[0]

    def _find_runners(self, names: set[str], commands: Commands) -> None:
        name, shifted = "", 0
        for (_, before), (_, words) in pairwise([(0, [""]), *commands]):
            if words[0] == "function" and words[2:3] == ["{"]:
                name, words, shifted = words[1], words[2:], 0
            elif words[0] == "{" and before[-1] in names:
                name, shifted = before[-1], 0
            elif words[0] == "}":
                name = ""
            if name and "shift" in words:
                count = words[-1]
                shifted += int(count) if count.isdecimal() and len(count) < 3 else 1
            elif name and not _ARGUMENTS.isdisjoint(words) and _ARGUMENTS & set(front(words)):
                self._runners[name] = shifted

    def may_be_in(self, command: str) -> bool:
        """Whether a command may have such a name that is followed."""
        return ("$" in command or bool(self._runners)) and self._uses < _MOST_USES

    def written_out(
        self, line: int, words: list[str]
    ) -> Iterator[tuple[int, list[str], list[str]]]:
        """What the first such name in front of a command stands for, its line, and what follows."""
        for position, word in enumerate(front(words)):
            rest = words[position + 1 :]
            if word in self._runners:
                self._uses += 1
                yield line, [], rest[self._runners[word] :]
                return
            if values := self._values_of(word, line):
                self._uses += 1
                yield from ((at, value.split(), rest) for at, value in values)
                return

    def _values_of(self, word: str, line: int) -> list[tuple[int, str]]:
        """The values of a variable; its default if the script gives it none."""
        variable = _VARIABLE.fullmatch(word)
        if variable is None:
            return []
        values = self._values.get(variable["braced"] or variable["plain"])
        return values or ([(line, variable["default"])] if variable["default"] else [])
