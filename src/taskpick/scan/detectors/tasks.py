"""What the tasks of a queue wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.scan import systems
from taskpick.scan.detectors.code import defined, hazard_at
from taskpick.scan.findings import Step
from taskpick.scan.inventory.requests import METHODS, has_no_timeout
from taskpick.scan.parsing.modules import last_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.detectors.code import Code
    from taskpick.scan.findings import Finding
    from taskpick.scan.parsing.modules import Call

_DEEPEST = 2
"""How many calls lie between a task and a request at most."""
_LIMITS = frozenset({"time_limit", "soft_time_limit", "timeout", "job_timeout"})


def no_timeout_in_task(code: Code) -> Iterator[Finding]:
    """Requests without a timeout in what a task runs for which no limit is written down."""
    for method in METHODS:
        for call in code.project.calls_named(method):
            if has_no_timeout(call) and (chain := _run_by_a_task(code, call, _DEEPEST)):
                name = last_part(call.function.name)
                message = f"{name} can wait forever for the other server, and its worker with it"
                yield hazard_at("no-timeout-in-task", call, message, *chain)


def _run_by_a_task(code: Code, inner: Call, depth: int) -> list[Step]:
    """The calls from a task down to a call; empty if there are none."""
    function = inner.function
    if inner.deferred or not function.name:
        return []
    if work := code.inventory.work_of(function):
        has_limit = _LIMITS & work.options.keys() or (
            work.system == "celery" and code.has_general_limit
        )
        return [] if has_limit or work.system in systems.IN_PROCESS else [defined(work)]
    if not depth or inner.tested & function.parameters.keys():
        return []
    for call in code.project.calls_of(function):
        is_run = call.awaited == function.is_async and call.function is not function
        if is_run and (above := _run_by_a_task(code, call, depth - 1)):
            words = f"{last_part(call.function.name)} calls {last_part(function.name)}"
            return [*above, Step(call.function.module.file, call.line, words)]
    return []
