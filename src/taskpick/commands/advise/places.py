"""Where `taskpick advise` writes: which places there are, and whether all can be written to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.cli import files, shell
from taskpick.named_tuple import NamedTuple
from taskpick.report.report_format import ReportFormat

if TYPE_CHECKING:
    from collections.abc import Mapping


class Places(NamedTuple):
    """What the flags of one call say about writing."""

    format: ReportFormat
    output: str | None
    """What --output names: a file, or the folder of a record; None is stdout."""
    save_answers: Path | None
    supersedes: Path | None
    starter: Path | None
    deciders: list[str]
    force: bool

    @property
    def file(self) -> Path | None:
        """The file for the result; None is stdout, or a folder where a record gets its own name."""
        return None if self.output is None or self.folder else files.file(self.output)

    @property
    def folder(self) -> Path | None:
        """The folder where a record becomes the next number, if --output names one."""
        if self.output is None or self.format is not ReportFormat.MARKDOWN:
            return None
        return Path(self.output) if files.is_folder(self.output) else None

    def check(self) -> None:
        """Refuse places that cannot all be written to, before anything is."""
        self._check_record()
        if str(self.save_answers) == "-":
            shell.stop("--save-answers needs a file", "standard output is for the result")
        file, folder = self.file, self.folder
        shell.check_places(file, self.save_answers, force=self.force)
        home = file.parent if file else folder
        if self.supersedes and home:
            from taskpick.commands import record

            record.check_supersedes(self.supersedes, home)
        folders = [path for path in (folder, self.starter) if path]
        for path in folders:
            files.check_folder(path)
        results = [path for path in (file, self.save_answers) if path and str(path) != "-"]
        files.check_apart(results + ([self.supersedes] if self.supersedes else []), folders)
        if self.starter:
            from taskpick.commands import starter

            files.check_outside(results, self.starter)
            starter.mend(self.starter)

    def _check_record(self) -> None:
        if self.deciders and self.format is not ReportFormat.MARKDOWN:
            shell.stop("--decider is for a record", "add --format markdown")
        if self.supersedes is None:
            return
        if self.format is not ReportFormat.MARKDOWN or self.output in (None, "-"):
            shell.stop("--supersedes is for a record", "add --format markdown and --output FILE")

    def check_for_tasks(self, expect: str | None) -> None:
        """Refuse what means nothing for several kinds of work."""
        flags: Mapping[str, object] = {
            "--expect": expect,
            "--save-answers": self.save_answers,
            "--decider": self.deciders,
            "--supersedes": self.supersedes,
            "--starter": self.starter,
        }
        for flag, value in flags.items():
            if value:
                hint = "an answers file with tasks has a 'pick:' for each"
                shell.stop(f"{flag} is for one decision", hint)
