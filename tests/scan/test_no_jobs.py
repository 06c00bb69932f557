"""Proves that loops, and what its caller ends, are told from jobs, and that nothing is claimed or
asked of them that only a job has.
"""

from __future__ import annotations

import ast
import json
import textwrap

import pytest
import yaml

from taskpick.scan.parsing.flow.loops import is_loop


def loops(code: str) -> bool:
    return is_loop(ast.parse(textwrap.dedent(code)).body)


@pytest.mark.parametrize(
    "code",
    [
        "while True: work()",
        "setup()\nwhile 1:\n  if done: continue\n  work()",
        "with session:\n  while True: work()",
        "while True:\n  for item in items:\n    if item: break",
        "while True:\n  def inner(): return 1",
        "while True:\n  try: work()\n  except (OSError, ValueError): log()",
        "while True:\n  try: work()\n  except CancelledError: raise\n  except OSError: log()",
        "try:\n  while True: work()\nexcept (CancelledError, KeyboardInterrupt):\n  stop()",
        "while not self.stop_heartbeat: work()",
        "while not self._closed:\n  if idle: continue\n  work()",
        "while not stop_event.is_set(): work()",
        "while not self._shutdown.wait(60): work()",
        "while self._running: work()",
        "while worker.is_alive: work()",
    ],
)
def test_a_loop_that_nothing_in_it_leaves_goes_on_until_it_is_stopped(code) -> None:
    assert loops(code)


@pytest.mark.parametrize(
    "code",
    [
        "work()",
        "while running: work()",
        "while not stopped: work()",
        "while not self.finished: work()",
        "while not done.is_set(): work()",
        "while self.pending: work()",
        "while self.run_ids: work()",
        "while not self.stop:\n  if work(): self.stop = True",
        "while not stop.is_set():\n  if work(): stop.set()",
        "while not self.stop:\n  if work(): return",
        "while not self.stop and self.pending: work()",
        "while 0: work()",
        "while True:\n  if work(): break",
        "while True:\n  for item in items:\n    return item",
        "while True:\n  for item in items: work()\n  else: break",
        "while True:\n  try: work()\n  except Exception: raise",
        "while True:\n  try: work()\n  except (CancelledError, OSError): break",
        "while True:\n  match work():\n    case 1: return",
        "def inner():\n  while True: work()",
    ],
)
def test_a_loop_that_may_be_left_has_an_end(code) -> None:
    assert not loops(code)


LOOPS = """\
import asyncio
import threading


async def beat():
    while True:
        await asyncio.sleep(30)


def poll():
    while True:
        print("x")


def warm(): ...


def start():
    asyncio.create_task(beat())
    threading.Thread(target=poll).start()
    threading.Thread(target=warm).start()
"""


def test_a_loop_is_counted_and_not_asked_about(taskpick, tmp_path) -> None:
    (tmp_path / "app.py").write_text(LOOPS)
    data = json.loads(taskpick("scan . --format json").out)
    text = taskpick("scan . --details --answers tasks.yaml --no-input").out
    written = (tmp_path / "tasks.yaml").read_text()
    tasks = yaml.safe_load(written)["tasks"]

    assert {one["name"]: one["loop"] for one in data["work"]} == {
        "beat": True,
        "poll": True,
        "warm": False,
    }
    assert data["questions"] == [
        "May warm be lost when you deploy?",
        "Must warm be tried again after a failure?",
        "Does warm run longer than half a minute?",
    ]
    assert list(tasks) == ["warm"]
    assert written.endswith(
        "# Left out, since no queue would run them:\n"
        "#   app.py:5  beat, asyncio, a loop\n"
        "#   app.py:10  poll, threads, a loop\n"
    )
    assert "asyncio               1, 1 start, 1 loop\n" in text
    assert "    threads, a loop, 1 start\n" in text


HELPERS = """\
import asyncio


async def watch(): ...


async def send(): ...


async def answer():
    watching = asyncio.create_task(watch())
    asyncio.create_task(send())
    try:
        await work()
    finally:
        watching.cancel()
"""


def test_what_its_caller_ends_is_counted_and_not_asked_about(taskpick, tmp_path) -> None:
    (tmp_path / "app.py").write_text(HELPERS)
    data = json.loads(taskpick("scan . --format json").out)
    text = taskpick("scan . --details --answers tasks.yaml --no-input").out
    written = (tmp_path / "tasks.yaml").read_text()

    ends = {one["name"]: one["ends_with_caller"] for one in data["work"]}
    assert ends == {"watch": True, "send": False}
    assert data["questions"][0] == "May send be lost when you deploy?"
    assert list(yaml.safe_load(written)["tasks"]) == ["send"]
    assert written.endswith("#   app.py:4  watch, asyncio, ends with its caller\n")
    assert "asyncio               2, 2 starts, 1 that ends with the caller\n" in text
    assert "    asyncio, ends with its caller, 1 start\n" in text


def test_loops_alone_are_nothing_to_write_answers_for(taskpick, tmp_path) -> None:
    (tmp_path / "app.py").write_text(
        "import threading\n\n\ndef poll():\n    while True: work()\n\n\n"
        "threading.Thread(target=poll).start()\n"
    )
    run = taskpick("scan . --answers tasks.yaml --no-input")

    assert run.code == 2
    assert "there is no background job to write answers for" in run.err
    assert not (tmp_path / "tasks.yaml").exists()


def test_a_task_of_a_queue_is_a_job_all_the_same(taskpick, tmp_path) -> None:
    (tmp_path / "tasks.py").write_text(
        "from celery import shared_task\n\n\n@shared_task\ndef poll():\n    while True: work()\n"
    )

    (work,) = json.loads(taskpick("scan . --format json").out)["work"]
    assert not work["loop"]
