"""Proves that an endless loop is told from a job, and that nothing is claimed or asked of it
that only a job has.
"""

from __future__ import annotations

import ast
import json
import textwrap

import pytest
import yaml

from taskpick.scan.parsing.flow.endless import never_ends


def is_endless(code: str) -> bool:
    return never_ends(ast.parse(textwrap.dedent(code)).body)


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
    ],
)
def test_a_loop_that_nothing_in_it_leaves_has_no_end(code) -> None:
    assert is_endless(code)


@pytest.mark.parametrize(
    "code",
    [
        "work()",
        "while running: work()",
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
    assert not is_endless(code)


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

    assert {one["name"]: one["endless"] for one in data["work"]} == {
        "beat": True,
        "poll": True,
        "warm": False,
    }
    assert data["questions"] == [
        "May warm be lost when you deploy?",
        "Must warm be tried again after a failure?",
        "Does warm run longer than half a minute?",
    ]
    assert {name: task["scheduling"] for name, task in tasks.items()} == {
        "beat": "unsure",
        "poll": "unsure",
        "warm": "none",
    }
    assert "  # app.py:5, now asyncio, an endless loop\n" in written
    assert "  # app.py:15, now threads\n" in written
    assert "asyncio               1, 1 start, 1 endless loop\n" in text
    assert "    threads, an endless loop, 1 start\n" in text


def test_a_task_of_a_queue_is_a_job_all_the_same(taskpick, tmp_path) -> None:
    (tmp_path / "tasks.py").write_text(
        "from celery import shared_task\n\n\n@shared_task\ndef poll():\n    while True: work()\n"
    )

    (work,) = json.loads(taskpick("scan . --format json").out)["work"]
    assert not work["endless"]
