"""How long it takes until a task whose worker was killed has been done by another one.

    python tests/live/recovery.py rq celery-redis celery-rabbitmq

A task of three seconds is killed when it has begun, with SIGKILL: first only the process that
does it, then the whole worker with all its children. A second worker is there all the time.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

if __name__ == "__main__":  # as a script it is not part of the package that it is in
    sys.path.insert(0, str(Path(__file__).parents[2]))
    __package__ = importlib.import_module("tests.live").__name__

from . import projects, systems
from .systems import http, wait_for

HEAD = "| starter | what is killed | until the task is done |\n| --- | --- | --- |"
SLOW = {"STEP_SECONDS": "0.3", "TASK_SECONDS": "8"}


def recovery(kind: str, *, whole: bool) -> float:
    """Seconds from the kill to the end of the task."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        commands = projects.write(folder, kind, retry="advanced", persistence="durable")
        with (
            projects.broker(kind, Path(scratch) / "broker") as urls,
            projects.running(folder, commands, workers=2, **urls, **SLOW) as (group, url),
        ):
            http("POST", f"{url}/exports", {"lines": 1}, {"Idempotency-Key": "killed"})
            wait_for(lambda: state(url) == "running", seconds=20)
            name = next(name for name in ("worker-0", "worker-1") if "killed" in group.log(name))
            if whole:
                group.kill(name)
            else:
                kill_children(group.running[name].pid)
            start = time.monotonic()
            wait_for(lambda: state(url) == "done", seconds=300)
            return time.monotonic() - start


def state(url: str) -> object:
    return projects.status(url, "export/killed")["state"]


def kill_children(pid: int) -> None:
    for child in systems.descendants(pid):
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def main() -> int:
    print(HEAD, flush=True)
    for kind in sys.argv[1:] or projects.KINDS[1:]:
        for whole, words in ((False, "the process that does it"), (True, "the whole worker")):
            print(f"| {kind} | {words} | {recovery(kind, whole=whole):.0f} s |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
