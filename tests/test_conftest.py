"""What the tests start can be interrupted, however the tests were started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

INTERRUPTED = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"


def test_a_child_can_be_interrupted() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True)

    assert b"KeyboardInterrupt" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell ignores SIGINT for its children")
def test_a_child_can_be_interrupted_where_the_tests_run_in_the_background(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    test = shutil.copy(__file__, tmp_path / "test_copy.py")
    command = [sys.executable, "-m", "pytest", "-q", "-k", "not background", str(test)]
    done = subprocess.run(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command], capture_output=True, text=True
    )

    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout + done.stderr
