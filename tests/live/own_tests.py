"""Run the tests of many starters: `python own_tests.py FOLDER…`, each in a fork of its own.

The fork saves each of them the seconds that importing FastAPI, Celery and pytest takes.
Prints what failed; the exit code is the number of starters that did.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import traceback
from pathlib import Path

AT_ONCE = 4
IMPORTED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
HEAVY = ("fastapi.testclient", "celery.contrib.testing.worker", "rq", "redis", "sqlalchemy.orm")


def main(folders: list[Path]) -> int:
    import pytest  # before the fork, like the rest

    for module in (pytest.__name__, *HEAVY):
        importlib.import_module(module)
    free = list(range(AT_ONCE))
    running: dict[int, tuple[int, Path]] = {}
    failed = 0
    for folder in folders:
        if not free:
            failed += ended(running, free)
        lane = free.pop()
        running[start(folder, lane)] = (lane, folder)
    while running:
        failed += ended(running, free)
    return failed


def ended(running: dict[int, tuple[int, Path]], free: list[int]) -> int:
    """Wait for one of them; 1 if it failed."""
    pid, status = os.wait()
    lane, folder = running.pop(pid)
    free.append(lane)
    if status:
        print(f"--- {folder}\n{(folder / 'out').read_text()}", flush=True)
    return 1 if status else 0


def start(folder: Path, lane: int) -> int:
    """Fork a child that runs the tests of the starter in `folder`; its id."""
    pid = os.fork()
    if pid:
        return pid
    out = os.open(folder / "out", os.O_CREAT | os.O_WRONLY)
    os.dup2(out, 1)
    os.dup2(out, 2)
    code = 70
    try:
        os.chdir(folder)
        if server := os.environ.get("TASKPICK_REDIS_URL"):
            os.environ["TEST_REDIS_URL"] = f"{server}/{lane}"
        # Plugins that a starter does not have would take two thirds of the time.
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        import pytest

        with tempfile.TemporaryDirectory() as scratch:
            quiet = ["-q", "-p", "no:cacheprovider", "-W", "error", *IMPORTED]
            code = int(pytest.main([*quiet, "--basetemp", f"{scratch}/t", str(folder)]))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.exit(min(main([Path(name).resolve() for name in sys.argv[1:]]), 99))
