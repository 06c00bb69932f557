"""Which files may matter, by their bytes alone: to parse all of them would take too long."""

from __future__ import annotations

import re

from taskpick.scan.systems import LIBRARIES

_IMPORTED = frozenset(
    [
        *map(str.encode, LIBRARIES),
        *b"BackgroundTask BackgroundTasks DBOS shared_task taskiq_aio_pika taskiq_redis".split(),
    ]
)
_METHOD = re.compile(
    rb"\.(?:delay(?:_on_commit)?\(|enqueue(?:_call|_in|_at|_job|_async)?\(|kiq\(|task[(\r\n]|defer(?:_async)?\(|"
    rb"start_workflow|configure_task\(|schedule_by_\w+\()"
)
_WORDS = b"CELERY apply_async ensure_future( run_in_executor( PoolExecutor( huey_class".split()
_TASK_WORDS = (
    *b".shared_task .send_task create_task( task_serializer".split(),
    b"taskpick: ignore",
)
"""Those with `task` in them, which most files do not have."""
_THREAD = re.compile(rb"T(?:hread|imer)\(")
_REQUEST = re.compile(rb"requests\.(?:get|post|put|patch|delete|head|options|request)\(")
_TEXT_OR_BRACKET = re.compile(rb"\"[^\"\n]*\"|'[^'\n]*'|[()]")
_LONGEST_CALL = 2_000
"""So much of a call is looked at, in bytes, so that a hostile file costs no more than its size."""
_TIMEOUT = re.compile(rb"\btimeout[ \t]*=|\*\*")


def is_about_work(data: bytes, imported: frozenset[bytes]) -> bool:
    """Whether a file may define or start work, or wait in it; others matter if names lead there."""
    if imported & _IMPORTED or _METHOD.search(data) or any(word in data for word in _WORDS):
        return True
    if b"task" in data and any(word in data for word in _TASK_WORDS):
        return True
    if b"add_task(" in data and (b"rich" not in imported or b"ackground" in data):
        return True  # else of a progress bar
    if b"threading" in imported and _THREAD.search(data):  # others name their own so
        return True
    return b"requests" in imported and _may_wait_for_ever(data)


def _may_wait_for_ever(data: bytes) -> bool:
    """Whether a call of `requests` has no timeout between its brackets, or is very long."""
    return any(not _has_timeout(data, call.end()) for call in _REQUEST.finditer(data))


def _has_timeout(data: bytes, begin: int) -> bool:
    depth = 1
    for found in _TEXT_OR_BRACKET.finditer(data, begin, begin + _LONGEST_CALL):
        depth += (found[0] == b"(") - (found[0] == b")")
        if not depth:
            return _TIMEOUT.search(data, begin, found.end()) is not None
    return False
