"""Proves that many files read by several processes give what each gives alone, whatever happens."""

from __future__ import annotations

import errno
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from taskpick.scan.parsing import parallel

TASK = '''
from celery import shared_task

@shared_task(max_retries={0})
def send_{0}(address: str) -> None:
    """{1}"""
'''
SLOWLY_ON_THREE_PROCESSORS = """
import os
import time

from taskpick.__main__ import main
from taskpick.scan.parsing import parallel

first, read = os.getpid(), parallel.read


def slowly(file, data):
    time.sleep(60 if os.getpid() == first else 0.02)
    return read(file, data)


parallel._processors = lambda: 3
parallel.read = slowly
main()
"""
"""The first process waits for its end while two others read."""


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[parallel.File]:
    """More than one process reads, and some that nobody can."""
    monkeypatch.setattr(parallel, "_processors", lambda: 3)
    tasks = [(f"tasks_{n}.py", TASK.format(n, "x" * 30_000).encode()) for n in range(140)]
    return [*tasks[:70], ("broken.py", b"def ("), ("null.py", b"\0"), *tasks[70:]]


def alone(files: list[parallel.File]) -> list[bytes]:
    return [pickle.dumps(parallel.read(*file)) for file in files]


def test_each_file_is_read_as_it_is_alone_and_stays_in_its_place(files, monkeypatch) -> None:
    started = []
    start = parallel._start
    monkeypatch.setattr(parallel, "_start", lambda share: started.append(share) or start(share))

    results = parallel.read_all(files)

    assert [pickle.dumps(result) for result in results] == alone(files)
    assert str(results[70]).startswith("line 1: invalid syntax")
    assert results[71] == "null bytes"
    assert len(started) == 2


def test_few_files_are_read_without_another_process(files, monkeypatch) -> None:
    monkeypatch.setattr(parallel, "_start", None)

    assert len(parallel.read_all(files[:30])) == 30


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cannot be limited here")
def test_one_processor_or_two_read_alone(monkeypatch) -> None:
    before = os.sched_getaffinity(0)
    monkeypatch.setattr(parallel, "_start", None)
    os.sched_setaffinity(0, sorted(before)[:2])
    try:
        assert len(parallel.read_all([("a.py", b"#" * 4_000_000), ("b.py", b"")])) == 2
    finally:
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: [][0]])
def test_what_a_process_did_not_read_to_its_end_is_read_here(
    files, monkeypatch, capfd, end
) -> None:
    parent, read = os.getpid(), parallel.read

    def ends(file: str, data: bytes) -> object:
        return read(file, data) if os.getpid() == parent or file != "tasks_99.py" else end()

    expected = alone(files)
    monkeypatch.setattr(parallel, "read", ends)

    assert [pickle.dumps(result) for result in parallel.read_all(files)] == expected
    assert capfd.readouterr().err == ""


def test_where_no_process_can_be_started_all_is_read_here(files, monkeypatch) -> None:
    def start(process: multiprocessing.Process) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(multiprocessing.Process, "start", start)

    assert [pickle.dumps(result) for result in parallel.read_all(files)] == alone(files)


def test_files_come_in_groups_that_are_bounded_and_none_is_left_out() -> None:
    files = [(f"{n}.py", b"x" * 3_000_000) for n in range(9)]

    batches = list(parallel.batches(files))

    assert [len(batch) for batch in batches] == [4, 4, 1]
    assert [file for batch in batches for file in batch] == files


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_no_process_is_left_of_a_scan_that_is_ended(tmp_path, number, code) -> None:
    work = "\n".join(f"x_{n} = [{n}, ({n}, {n})]" for n in range(500))
    for n in range(120):
        (tmp_path / f"tasks_{n}.py").write_text(TASK.format(n, "x" * 20_000) + work)
    scan = subprocess.Popen(
        [sys.executable, "-c", SLOWLY_ON_THREE_PROCESSORS, "scan", "--no-cache", tmp_path],
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while not Path(f"/proc/{scan.pid}/task/{scan.pid}/children").read_text():
        assert scan.poll() is None, "it was over before another process had started"
        time.sleep(0.005)

    # As a terminal does: all of them are told. Killed is the one that the user knows of.
    (os.killpg if number == signal.SIGINT else os.kill)(scan.pid, number)

    assert scan.wait() == code
    for _ in range(1_000):
        if not _is_there(scan.pid):
            break
        time.sleep(0.05)
    else:
        os.killpg(scan.pid, signal.SIGKILL)
        pytest.fail("a process was left")
    assert b"Traceback" not in scan.communicate()[1]


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
