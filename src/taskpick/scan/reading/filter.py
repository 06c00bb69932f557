"""Which files may matter, by their bytes alone: to parse all of them would take too long."""

from __future__ import annotations

import re

from taskpick.named_tuple import NamedTuple
from taskpick.scan.parsing.modules import last_part, module_name
from taskpick.scan.systems import LIBRARIES

_IMPORTED = frozenset(
    [
        *map(str.encode, LIBRARIES),
        *b"BackgroundTask BackgroundTasks DBOS taskiq_aio_pika taskiq_redis".split(),
    ]
)
_METHOD = re.compile(
    rb"\.(?:delay(?:_on_commit)?\(|enqueue(?:_call|_in|_at|_job|_async)?\(|kiq\(|task[(\r\n]|defer(?:_async)?\(|"
    rb"start_workflow|configure_task\(|schedule_by_\w+\()"
)
_WORDS = (
    *b"CELERY shared_task apply_async send_task add_task( task_serializer create_task( "
    b"ensure_future( run_in_executor( PoolExecutor(".split(),
    *(b"huey_class", b"taskpick: ignore"),
)
_THREAD = re.compile(rb"T(?:hread|imer)\(")
_REQUEST = re.compile(rb"requests\.(?:get|post|put|patch|delete|head|options|request)\(")
_IMPORT = re.compile(rb"import[ \t]+(\([^)]*|[^\n#]*)")
_FROM = re.compile(rb"from[ \t]+([\w.]+)[ \t]+(?=import)")
_WORD = re.compile(rb"\w+")


def imported_words(data: bytes) -> frozenset[bytes]:
    """The words that the imports of a file consist of."""
    parts = b" ".join([*_FROM.findall(data), *_IMPORT.findall(data)])
    return frozenset(_WORD.findall(parts))


def is_about_work(data: bytes, imported: frozenset[bytes]) -> bool:
    """Whether a file may define or start work, or wait in it; others matter if names lead there."""
    if imported & _IMPORTED or _METHOD.search(data) or any(word in data for word in _WORDS):
        return True
    if b"threading" in imported and _THREAD.search(data):  # others name their own so
        return True
    return b"requests" in imported and _REQUEST.search(data) is not None


class Name(NamedTuple):
    """A name that leads from other files to one."""

    used: str
    """What those files write."""
    outer: str
    """What they import, if it is not the file itself: a function or a class."""
    module: str
    """The dotted path of the file; empty if it does not matter where the name is from."""

    def may_lead_from(self, file: str, imported: frozenset[bytes]) -> bool:
        """Whether the words that a file imports may stand for it."""
        if self.outer.encode() in imported:
            return True
        folder, _, last = self.module.rpartition(".")
        if not last or last.encode() not in imported:
            return False
        is_beside = folder == module_name(file).rpartition(".")[0]
        return is_beside or last_part(folder).encode() in imported
