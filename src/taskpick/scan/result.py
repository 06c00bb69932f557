"""A code base, scanned."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from taskpick.scan import findings, rules
from taskpick.scan.files import find
from taskpick.scan.project import Project
from taskpick.scan.settings import Settings
from taskpick.scan.work import Inventory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from taskpick.scan.files import Excluded
    from taskpick.scan.findings import Finding
    from taskpick.scan.work import Work


class Scan(NamedTuple):
    """The result of a scan."""

    name: str
    """What is scanned, as it was named."""
    prefix: str
    """What leads from the current folder to the files of it."""
    project: Project
    inventory: Inventory
    settings: Settings
    findings: list[Finding]
    work: list[Work]
    """All of it, or what a change adds."""
    details: bool = False
    held: int = 0
    """How many findings the baseline holds, which are left out."""
    revision: str = ""
    """What was there at this git revision is left out; empty where nothing is."""
    before: int = 0
    """How many findings were there at that revision."""

    @property
    def hazards(self) -> list[Finding]:
        """Those that end the program with 1."""
        return [one for one in self.findings if one.level == "error" and not one.allowed]

    @property
    def notes(self) -> list[Finding]:
        return [one for one in self.findings if one.level == "note" and not one.allowed]

    @property
    def allowed(self) -> list[Finding]:
        return [one for one in self.findings if one.allowed]


def scan(
    path: Path, excluded: Sequence[Excluded], active: frozenset[str], *, details: bool = False
) -> Scan:
    """What is in a folder; of findings those of the rules that are active.

    Raises:
        Refused: it is no folder with Python in it.
    """
    project = Project(find(path, excluded))
    inventory = Inventory(project)
    settings = Settings(inventory)
    found = rules.find(rules.Code(project, inventory, settings))
    found = [one for one in findings.with_ignores(found, project) if one.rule in active]
    base = os.path.relpath(path if path.is_dir() else path.parent).replace(os.sep, "/")
    prefix = "" if base == "." else f"{base}/"
    name = path.resolve().name or str(path)
    return Scan(name, prefix, project, inventory, settings, found, inventory.work, details)
