"""What was read off a code base, as plain values: no code is kept with them."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.scan import findings
from taskpick.scan.evidence.evidence import Evidence
from taskpick.scan.evidence.settings import Value
from taskpick.scan.evidence.unrecognised import Unrecognised, unrecognised
from taskpick.scan.findings import Finding, Step
from taskpick.scan.reading.files import Unread
from taskpick.scan.startup.commands import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, Self

    from taskpick.scan.evidence.settings import Settings
    from taskpick.scan.inventory.work import Work
    from taskpick.scan.parsing.cache import ParsedFiles
    from taskpick.scan.reading.files import Files
    from taskpick.scan.reading.project import Project


class Sent(NamedTuple):
    """A call that starts work."""

    file: str
    line: int
    queue: str | None
    """The queue that the call names; None where it leaves that to the work."""


class Kind(NamedTuple):
    """A kind of background work."""

    system: str
    variant: str
    """What rule files may call the system as it is used here; empty where its name says all."""
    name: str
    module: str
    """The dotted path of its file."""
    file: str
    line: int
    is_async: bool | None
    """None where its function is not known."""
    schedule: str
    is_loop: bool
    """Whether it goes on in a loop until it is stopped, at the latest with its process."""
    ends_with_caller: bool
    """Whether each function that starts it also waits for it or cancels it."""
    through: str
    """The decorator of the project that defines it; empty if it is the system's own."""
    queue: str
    """The queue that it goes to unless a call says otherwise; empty where no queue is named."""
    starts: tuple[Sent, ...]
    evidence: tuple[Evidence, ...]
    """What the code shows of it, as answers."""

    @property
    def is_job(self) -> bool:
        """Whether it could be a task of a queue: no loop, and no helper of its caller."""
        return not self.is_loop and not self.ends_with_caller

    def queue_of(self, start: Sent) -> str:
        """The queue that a start goes to; empty where no queue is named."""
        return self.queue if start.queue is None else start.queue

    def shows(self, criterion: str) -> bool:
        """Whether the code answers a criterion."""
        return any(answer.criterion == criterion for answer in self.evidence)


class Facts(NamedTuple):
    """All that a scan reads off a code base."""

    lines: int
    has_fastapi: bool
    """Whether a file imports FastAPI or Starlette, which BackgroundTasks is a part of."""
    work: tuple[Kind, ...]
    unrecognised: tuple[Unrecognised, ...]
    broker: Value | None
    """The kind of server that Celery's messages go through."""
    commands: tuple[Command, ...]
    findings: tuple[Finding, ...]
    """Of all rules, those that a comment allows marked."""
    unread: tuple[Unread, ...]

    @classmethod
    def of(cls, values: Any) -> Self:
        """The same from what JSON has made of it: lists."""
        lines, has_fastapi, work, others, broker, commands, hazards, unread = values
        return cls(
            lines,
            has_fastapi,
            tuple(map(_kind_of, work)),
            tuple(Unrecognised(*row) for row in others),
            Value(*broker) if broker else None,
            tuple(Command(*row) for row in commands),
            tuple(map(_finding_of, hazards)),
            tuple(Unread(*row) for row in unread),
        )


def _kind_of(values: Any) -> Kind:
    kind = Kind(*values)
    starts = tuple(Sent(*row) for row in kind.starts)
    return kind._replace(starts=starts, evidence=tuple(Evidence(*row) for row in kind.evidence))


def _finding_of(values: Any) -> Finding:
    finding = Finding(*values)
    return finding._replace(steps=tuple(Step(*row) for row in finding.steps))


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Syntax trees have no cycles, and looking for some took half of the time of a scan."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_no_garbage_collection()
def read(files: Files, parsed: ParsedFiles, progress: Callable[[int], None]) -> Facts:
    """All that the files show; `progress` is told how many have been looked at."""
    from taskpick.scan import rules
    from taskpick.scan.detectors.code import Code
    from taskpick.scan.evidence.settings import Settings
    from taskpick.scan.inventory.inventory import Inventory
    from taskpick.scan.reading.project import Project

    project = Project(files, parsed, progress)
    inventory = Inventory(project)
    settings = Settings(inventory)
    detected = rules.find(Code(project, inventory, settings))
    facts = Facts(
        project.lines,
        any(map(project.imports, ("fastapi", "starlette"))),
        tuple(_kind(work, project, settings) for work in inventory.work),
        tuple(unrecognised(inventory, settings)),
        settings.broker,
        tuple(settings.commands),
        tuple(findings.with_ignores(detected, project)),
        tuple(files.unread),
    )
    project.release()
    return facts


def _kind(work: Work, project: Project, settings: Settings) -> Kind:
    from taskpick.scan.evidence.evidence import what_code_shows
    from taskpick.scan.evidence.queues import queue, queue_of_call
    from taskpick.scan.evidence.variants import variant

    goes_to = queue(work, settings, project)
    return Kind(
        work.system,
        variant(work, project),
        work.name,
        work.module.name,
        work.file,
        work.line,
        work.function.is_async if work.function else None,
        work.schedule,
        work.is_loop,
        work.ends_with_caller,
        work.through,
        goes_to.name if goes_to else "",
        tuple(
            Sent(start.call.function.module.file, start.call.line, queue_of_call(start.call))
            for start in work.starts
        ),
        tuple(what_code_shows(work, settings, goes_to)),
    )
