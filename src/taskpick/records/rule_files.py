"""The rule file that a record or an answers file means, each read once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.problems import Refused
from taskpick.rulefile import bundled
from taskpick.wording import quoted

if TYPE_CHECKING:
    from taskpick.rulefile.model import Rules


class RuleFiles:
    """Rule files by the names that files give them; `override` is used whatever they name."""

    def __init__(self, override: str | None = None) -> None:
        self._override = override
        self._loaded: dict[Path, Rules] = {}

    def load(self, name: str, folder: Path) -> Rules:
        """The rules that a file in that folder names; the default ones for an empty name.

        Raises:
            Refused: it names what it may not name.
            InvalidRules: with every problem of the rule file.
            OSError: it cannot be read.
        """
        override = self._override
        path = named(name, folder) if override is None else bundled.find(override)
        if path not in self._loaded:
            self._loaded[path] = bundled.load(path)
        return self._loaded[path]


def named(name: str, folder: Path) -> Path:
    """Where the rule file is that a file in that folder names.

    A file may name a rule file that comes with taskpick, or by a relative path one that ends in
    .yaml or .yml and lies, links followed, in the repository of the folder; without a repository,
    in the current folder or in that one. Whoever changes a record can so make nothing be read
    that is not meant to be.

    Raises:
        Refused: it names anything else.
    """
    if not name:
        return bundled.default()
    path = bundled.find(name, folder)
    if bundled.name(path):
        return path
    hint = "give the rule file with --rules"
    if Path(name).is_absolute() or not name.endswith(bundled.ENDINGS):
        message = f"a file cannot name {quoted(name)} as its rule file: write the name of one "
        raise Refused(f"{message}that comes with taskpick, or a relative path to a .yaml", hint)
    target = path.resolve()
    if not is_readable(path, folder):
        raise Refused(f"the rule file {quoted(name)} is outside the folders that may be read", hint)
    if not target.name.endswith(bundled.ENDINGS) or (target.exists() and not target.is_file()):
        raise Refused(f"{quoted(name)} is not a rule file", hint)
    return path


def is_readable(path: Path, folder: Path) -> bool:
    """Whether a file in that folder may name this one, links followed."""
    target, home = path.resolve(), folder.resolve()
    repository = next((top for top in (home, *home.parents) if (top / ".git").exists()), None)
    roots = [repository] if repository else [home, Path.cwd()]
    return any(target.is_relative_to(root) for root in roots)
