"""What may stand before the program that a command runs."""

from __future__ import annotations

import re

LONGEST = 2_000
"""So much of a command is looked at, so that a hostile one costs no more than its length."""
_BEFORE = r"""(?:(?:
    \w+=\S* | then | do | else | if | while | until | ! | \{ | time | env | nohup | setsid
  | exec | eval
  | (?:\S*/)?(?:
      sudo(?:\ -[ugh]\ \S+|\ -\S+)*+ | (?:gosu|su-exec)\ \S+ | timeout(?:\ -\S+)*+\ \S+
    | (?:tini|dumb-init|opentelemetry-instrument)(?:\ -\S+)*+ | ddtrace-run
    | newrelic-admin\ run-program | (?:poetry|pipenv|pdm|hatch|rye|uv)\ run(?:\ -\S+)*+
    | python[\d.]*(?:\ -\w+)*+ | (?:ba|da|a|z)?sh(?!(?:\ \S+)*?\ -\w*c\ )(?:\ -\w+)*+
    | manage\.py | flask | \S*(?:\.sh|entrypoint)
    )
  | \$[^\s/]+(?:\ -\w+)*+
)\ )*+(?:\S*/)?"""
"""What may stand before the program that is run: its folder, and programs that run another."""
_PREFIX = re.compile(_BEFORE, re.VERBOSE)
SHELL = re.compile(rf"{_BEFORE}(?:(?:ba|da|a|z)?sh|su|runuser)(?:\ \S+)*?\ -\w*c\ ", re.VERBOSE)
"""A shell that is given a text with commands."""


def plain(words: list[str]) -> str:
    """The command with one space for each between two words."""
    return " ".join(re.sub(r"\s", "_", word) for word in words)[:LONGEST]


def without_prefix(command: str) -> int:
    """Where the program that it runs begins."""
    prefix = _PREFIX.match(command)
    return prefix.end() if prefix else 0


def front(words: list[str]) -> list[str]:
    """The words up to the program that is run."""
    command = plain(words)
    return words[: command.count(" ", 0, without_prefix(command)) + 1]
