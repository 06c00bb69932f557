"""Processes, and how many of them run what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskpick.scan.detectors.code import hazard, hazard_at
from taskpick.scan.findings import Step
from taskpick.scan.parsing.modules import last_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.detectors.code import Code
    from taskpick.scan.findings import Finding

_BEAT = re.compile(r"(?<!\S)(-B|--beat)(?!\S)")
_VERSION_3 = "apscheduler.schedulers."
_LOCK = re.compile(r".*(lock|leader|elect)", re.IGNORECASE)


def beat_inside_worker(code: Code) -> Iterator[Finding]:
    """`celery worker -B` where it is not for development."""
    for command in code.settings.commands:
        if re.search(r"(dev|local|debug|test)", command.file, re.IGNORECASE):
            continue
        carries = command.program == "celery worker" and _BEAT.search(command.text)
        if carries and "redbeat" not in command.text:  # that holds a lock
            message = "the worker includes the scheduler: a second worker doubles every schedule"
            yield hazard("beat-inside-worker", command.file, command.line, message)


def apscheduler_in_every_worker(code: Code) -> Iterator[Finding]:
    """A scheduler in the module of the app, of which several processes run, without a lock."""
    several = [c for c in code.settings.commands if c.web_workers > 1 and "--preload" not in c.text]
    if not several:
        return
    for start in code.inventory.starts:
        module = start.call.function.module
        if start.system != "apscheduler" or "fastapi.FastAPI()" not in module.assigned.values():
            continue
        if not code.project.canonical(start.call.name, module).startswith(_VERSION_3):
            continue  # those of version 4 may share their jobs
        names = [*module.names, *(name for f in module.functions.values() for name in f.attributes)]
        if any(map(_LOCK.match, [*names, *module.functions])):
            continue
        command = several[0]
        words = f"{command.web_workers} web processes are started"
        message = f"{command.web_workers} web processes run {last_part(start.text)} each"
        where = Step(command.file, command.line, words)
        yield hazard_at("apscheduler-in-every-worker", start.call, message, where)
        return
