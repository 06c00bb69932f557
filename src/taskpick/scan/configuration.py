"""The flags of a scan that a project writes down, in `[tool.taskpick]` of its pyproject.toml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.problems import InvalidFile, Problem, Refused, Source
from taskpick.scan.findings import known_rule
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = "pyproject.toml"
_LARGEST = 1_000_000
_SECTION = re.compile(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*taskpick[ \t]*\]", re.MULTILINE)
_LISTS = ("select", "ignore", "exclude")
_KEYS = (*_LISTS, "baseline")


class Configuration(NamedTuple):
    """What a project says about how it is scanned."""

    folder: Path = Path()
    """Where its pyproject.toml is: paths in it lead from there."""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    baseline: str = ""


def read(path: Path) -> Configuration:
    """What the nearest pyproject.toml says, from a folder upwards to the top of its repository.

    Raises:
        InvalidFile: a key or a value in it is unknown, or it is no TOML.
        OSError: it cannot be read.
        Refused: it is too large.
    """
    folder = (path if path.is_dir() else path.parent).resolve()
    for parent in (folder, *folder.parents):
        file = parent / _FILE
        if file.is_file():
            return _read(file)
        if (parent / ".git").exists():
            break
    return Configuration()


def _read(file: Path) -> Configuration:
    import tomllib

    with file.open("rb") as opened:
        data = opened.read(_LARGEST + 1)
    source = Source(str(file), data.decode("utf-8", "replace"))
    if len(data) > _LARGEST:
        raise Refused(f"{quoted(str(file))} is larger than {_LARGEST / 1e6:g} MB")
    try:
        tool = tomllib.loads(source.text).get("tool", {})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        match = re.search(r"line (\d+), column (\d+)", str(error))
        line = int(match.group(1)) if match else 1
        # Nothing of the text is shown: a link may lead to a file with secrets.
        unshown = Source(source.name, "")
        raise InvalidFile(
            [_problem(unshown, line, "this is not valid TOML", "fix it first")]
        ) from None
    section = tool.get("taskpick", {}) if isinstance(tool, dict) else {}
    if not isinstance(section, dict):
        line = _line(source.text, "taskpick")
        raise InvalidFile([_problem(source, line, "'taskpick' is not a table", "[tool.taskpick]")])
    return _checked(section, source, file.parent)


def _checked(section: Mapping[str, object], source: Source, folder: Path) -> Configuration:
    problems: list[Problem] = []

    def wrong(key: str, message: str, hint: str) -> None:
        problems.append(_problem(source, _line(source.text, key), message, hint))

    lists: dict[str, tuple[str, ...]] = {}
    for key, value in section.items():
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS) or f"the keys are {', '.join(_KEYS)}"
            wrong(key, f"unknown key {quoted(key)}", hint)
        elif key in _LISTS:
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                wrong(key, f"{quoted(key)} is not a list of strings", f'{key} = ["…"]')
                continue
            lists[key] = tuple(value)
            for name in value if key != "exclude" else ():
                try:
                    known_rule(name)
                except Refused as error:
                    wrong(key, str(error), error.hint)
        elif not isinstance(value, str):
            wrong(key, "'baseline' is not a string", 'baseline = "…"')
    if problems:
        raise InvalidFile(problems)
    baseline = str(section.get("baseline", ""))
    return Configuration(folder, **lists, baseline=str(folder / baseline) if baseline else "")


def _problem(source: Source, line: int, message: str, hint: str) -> Problem:
    from taskpick.problems import Span

    return Problem(message, source, Span.at(line, 1), hint)


def _line(text: str, key: str) -> int:
    """The line of a key of the section, as well as a text shows it."""
    section = _SECTION.search(text)
    start = section.end() if section else 0
    pattern = rf"""^[ \t]*(?:[\w.\- \t]*\.)?["']?{re.escape(key)}["']?[ \t]*[=.]"""
    match = re.compile(pattern, re.MULTILINE).search(text, start)
    at = match.start() if match else section.start() if section else 0
    return text.count("\n", 0, at) + 1
