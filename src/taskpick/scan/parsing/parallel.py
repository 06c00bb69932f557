"""Many files read at once, by as many processes as there are processors, if they are many."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from taskpick.scan.parsing import reader, syntax
from taskpick.scan.parsing.modules import module_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from taskpick.scan.parsing.modules import Module

    File = tuple[str, bytes]
    """Its path, and what is in it."""

_LEAST = 1_000_000
"""How many bytes of Python are worth another process, which starts and hands over what it read."""
_FEWEST_PROCESSES = 3
"""Two take a fifth more time of processors than one alone, and save at most a tenth of the wait."""
_MOST_PROCESSES = 8
_BATCH = 10_000_000
"""How many bytes of files are held at once."""


def batches(files: Iterable[File]) -> Iterator[list[File]]:
    """The files in groups that can be held at once."""
    batch, size = [], 0
    for file in files:
        batch.append(file)
        size += len(file[1])
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    yield batch


def read(file: str, data: bytes) -> Module | str:
    """What a file says; why not if it cannot be read."""
    try:
        return reader.read(syntax.parse(data), file, module_name(file))
    except syntax.Unparsable as error:
        return str(error)
    except RecursionError:
        return "nested too deeply"


def read_all(files: Sequence[File]) -> Sequence[Module | str]:
    """The same of many files, in their order."""
    size = sum(len(data) for _, data in files)
    processes = min(size // _LEAST, _processors(), _MOST_PROCESSES)
    if processes < _FEWEST_PROCESSES:
        return [read(*file) for file in files]
    shares = [files[number::processes] for number in range(processes)]
    others = [(_start(share), share) for share in shares[1:]]
    results = [[read(*file) for file in shares[0]]]
    results += [_received(connection, share) for connection, share in others]
    return [results[number % processes][number // processes] for number in range(len(files))]


def _processors() -> int:
    """How many processors this process may use, which a container or `taskset` may limit."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start(share: Sequence[File]) -> Connection:
    """Let a process of its own read these files; the end of the pipe that it writes to."""
    from multiprocessing import Pipe, Process

    from taskpick.atomic import uninterrupted

    ours, theirs = Pipe(duplex=False)
    # Ctrl-C is for who waits. Where no process can be started, nothing is written.
    with uninterrupted(["SIGINT"]), suppress(OSError):
        Process(target=_send, args=(ours, theirs, share), daemon=True).start()
    theirs.close()
    return ours


def _send(other_end: Connection, connection: Connection, share: Sequence[File]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows, too
    other_end.close()  # else this process would wait for itself once nobody else does
    try:
        connection.send([read(*file) for file in share])
    except Exception:
        return  # who waits reads the same once more, and can say what is wrong


def _received(connection: Connection, share: Sequence[File]) -> list[Module | str]:
    """What a process has read; if it did not start or was ended, the same read here."""
    try:
        results: list[Module | str] = connection.recv()
    except (EOFError, OSError):
        return [read(*file) for file in share]
    return results
