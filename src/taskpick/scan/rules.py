"""All findings of a code base.

A rule speaks only where the code shows the whole chain. One about an absence says nothing as long
as a file that it depends on was not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.scan.detectors import celery_options, messages, other_systems, processes, tasks, web

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskpick.scan.detectors.code import Code
    from taskpick.scan.findings import Finding


def find(code: Code) -> list[Finding]:
    """Every finding, by file and line."""
    findings = [finding for detector in DETECTORS for finding in detector(code)]
    return sorted(
        dict.fromkeys(findings), key=lambda finding: (finding.file, finding.line, finding.rule)
    )


DETECTORS: list[Callable[[Code], Iterator[Finding]]] = [
    web.enqueue_in_async,
    messages.dispatch_in_transaction,
    celery_options.dead_max_retries,
    web.request_database_in_bg,
    web.create_task_in_endpoint,
    web.task_after_run,
    web.thread_in_endpoint,
    web.queue_task_run_in_web,
    processes.beat_inside_worker,
    celery_options.pickle,
    celery_options.visibility_below_limit,
    messages.orm_argument,
    processes.apscheduler_in_every_worker,
    other_systems.taskiq_list_broker,
    other_systems.dramatiq_slow_recovery,
    other_systems.huey_stops_at_once,
    other_systems.procrastinate_stalled_jobs,
    other_systems.apscheduler_forgets,
    celery_options.late_ack_no_reject,
    celery_options.no_time_limit,
    tasks.no_timeout_in_task,
]
