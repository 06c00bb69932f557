"""Systems that a code base uses in a way that is not known here: no work of them was recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.scan.systems import LIBRARIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.evidence.settings import Settings
    from taskpick.scan.inventory.inventory import Inventory


class Unrecognised(NamedTuple):
    """A system that is in use, and of which no work was recognised."""

    system: str
    file: str
    line: int
    """Of the command that starts a worker; 0 if the file imports the system's library."""


def unrecognised(inventory: Inventory, settings: Settings) -> Iterator[Unrecognised]:
    """One place for each such system: a worker that is started, else the first import."""
    seen = {work.system for work in inventory.work} | {""}
    seen |= {start.system for start in inventory.starts}  # also of what only sends
    for command in settings.commands:
        if command.system not in seen:
            seen.add(command.system)
            yield Unrecognised(command.system, command.file, command.line)
    for file, module in sorted(inventory.project.modules.items()):
        own = module.name.partition(".")[0]
        tops = {name.partition(".")[0] for name in module.names.values()} - {own}
        for system in sorted({LIBRARIES[top] for top in tops & LIBRARIES.keys()} - seen):
            seen.add(system)
            yield Unrecognised(system, file, 0)
