"""A code base, scanned."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.scan import facts_cache
from taskpick.scan.facts import read
from taskpick.scan.reading.files import find

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from taskpick.scan.facts import Facts, Kind
    from taskpick.scan.findings import Finding
    from taskpick.scan.reading.files import Excluded, Files


class Scan(NamedTuple):
    """The result of a scan."""

    name: str
    """What is scanned, as it was named."""
    prefix: str
    """What leads from the current folder to the files of it."""
    files: Files
    facts: Facts
    findings: list[Finding]
    work: list[Kind]
    """All of it, or what a change adds."""
    is_part: bool = False
    """Whether it is a file, or a folder within a package: the rest was not looked at."""
    details: bool = False
    hands_over: bool = False
    """Whether its answers are written, so that nobody has to be told how."""
    in_baseline: int = 0
    """How many findings the baseline holds, which are left out."""
    revision: str = ""
    """What was there at this git revision is left out; empty where nothing is."""
    before: int = 0
    """How many findings were there at that revision."""

    @property
    def lacks_fastapi(self) -> bool:
        """Whether BackgroundTasks is out of the question: all was read, and nothing has it."""
        is_all = not (self.is_part or self.files.unread or self.files.left_out["excluded"])
        in_use = any(kind.system == "background-tasks" for kind in self.facts.work)
        return is_all and not self.facts.has_fastapi and not in_use

    @property
    def hazards(self) -> list[Finding]:
        """Those that end the program with 1."""
        return [
            finding for finding in self.findings if finding.level == "error" and not finding.allowed
        ]

    @property
    def notes(self) -> list[Finding]:
        return [
            finding for finding in self.findings if finding.level == "note" and not finding.allowed
        ]

    @property
    def allowed(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.allowed]


class Request(NamedTuple):
    """What is looked for, and where."""

    excluded: Sequence[Excluded]
    active: frozenset[str]
    """The rules of which findings are shown."""
    use_cache: bool


def scan(
    path: Path,
    request: Request,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Scan:
    """What is in a folder; `progress` is told how many files of how many have been looked at.

    Raises:
        Refused: it is no folder with Python in it.
    """
    files = find(path, request.excluded)
    folder = facts_cache.folder(files) if request.use_cache else None
    result_file = folder / f"{facts_cache.key(files)}.json" if folder else None
    facts = facts_cache.read(result_file) if result_file else None
    if facts is None:
        from taskpick.scan.parsing.cache import ParsedFiles

        file = folder / "parsed.sqlite" if folder else None
        with closing(ParsedFiles(file, facts_cache.version())) as parsed:
            facts = read(files, parsed, lambda done: progress(done, len(files.python)))
        if result_file:
            facts_cache.write(result_file, facts)
    files.unread[:] = facts.unread
    findings = [finding for finding in facts.findings if finding.rule in request.active]
    base = os.path.relpath(path if path.is_dir() else path.parent).replace(os.sep, "/")
    prefix = "" if base == "." else f"{base}/"
    name = path.resolve().name or str(path)
    is_part = not path.is_dir() or (path / "__init__.py").exists()
    return Scan(name, prefix, files, facts, findings, list(facts.work), is_part)
