"""The small programs beside a rule file that measure its claims again.

A probe is a Python script in `probes/OPTION/`. Its header names the packages it needs (inline
script metadata, https://packaging.python.org/specifications/inline-script-metadata/) and the
claims it measures; for each it prints a line of JSON:
`{"claim": "killed-job", "holds": true, "seen": "run again after 12 s"}`. All other lines are for
people.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taskpick.named_tuple import NamedTuple
from taskpick.problems import Refused
from taskpick.rulefile import files
from taskpick.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskpick.rulefile.model import Rules

FOLDER = "probes"
_HEADER = re.compile(r"^# /// script\n(?P<toml>(?:^#(?: .*)?\n)+?)^# ///$", re.MULTILINE)
_AT_LEAST = re.compile(r">=\s*3\.(\d+)")


class Probe(NamedTuple):
    """A script that measures one or more claims about an option."""

    option: str
    path: Path
    packages: tuple[str, ...]
    """What it needs, as pip takes it."""
    claims: tuple[str, ...]
    python: int = 0
    """The minor version of Python 3 that it needs at least."""


def folder(rules: Rules) -> Path:
    """Where the probes of a rule file are."""
    return Path(rules.source.name).parent / FOLDER


def scripts(folder: Path, options: Iterable[str]) -> list[Probe]:
    """The probes of some options, in the order of the options and of the file names.

    Raises:
        Refused: the header of a script is missing or wrong.
        OSError: a script cannot be read.
    """
    return [
        _probe(option, path)
        for option in options
        for path in sorted((folder / option).glob("*.py"))
        if not path.name.startswith("_")
    ]


def _probe(option: str, path: Path) -> Probe:
    import tomllib

    name = quoted(str(path))
    text = files.read_bytes(path)[: files.LARGEST].decode("utf-8", errors="replace")
    header = _HEADER.search(text)
    if header is None:
        raise Refused(f"the probe {name} has no header", "it begins with '# /// script'")
    try:
        data = tomllib.loads(re.sub(r"^# ?", "", header["toml"], flags=re.MULTILINE))
        claims = tuple(dict.fromkeys(_names(data["tool"]["taskpick"]["claims"])))
        packages = _names(data.get("dependencies", []))
        python = _at_least(data.get("requires-python", ">=3.0"))
    except KeyError as error:
        hint = 'name what it measures: [tool.taskpick] claims = ["…"]'
        raise Refused(f"the header of the probe {name} lacks {error}", hint) from error
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise Refused(f"the header of the probe {name} cannot be read: {error}") from error
    return Probe(option, path, packages, claims, python)


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError("expected a list of strings")
    return tuple(value)


def _at_least(value: Any) -> int:
    """The minor version in a requirement such as `>=3.12`, the only form that is understood."""
    match = _AT_LEAST.fullmatch(value)
    if not match:
        raise ValueError(f"requires-python is {quoted(value)}, not of the form >=3.12")
    return int(match[1])
