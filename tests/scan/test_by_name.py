"""Proves that a task counts as started where a function of the project queues it by its name."""

from __future__ import annotations

import json

import pytest

TASKS = """\
import dramatiq


@dramatiq.actor(actor_name="mail.send")
def send_mail(to): ...


@dramatiq.actor(actor_name="mail.tidy")
def tidy(): ...
"""
QUEUE = """\
import dramatiq


def enqueue_job(name, *args): dramatiq.get_broker().enqueue(build(name, args))


def log(name): ...
"""
APP = """\
from shop.queue import enqueue_job, log


async def signup(email):
    log("mail.tidy")
    {call}
"""


@pytest.fixture
def starts(taskpick, tmp_path):
    def scanned(call: str) -> dict[str, list[int]]:
        (tmp_path / "shop").mkdir()
        (tmp_path / "shop" / "tasks.py").write_text(TASKS + "\n\n" + PROVES)
        (tmp_path / "shop" / "queue.py").write_text(QUEUE)
        (tmp_path / "shop" / "app.py").write_text(APP.format(call=call))
        data = json.loads(taskpick("scan . --format json").out)
        assert data["findings"] == []
        return {
            work["name"]: [start["line"] for start in work["starts"] if "app" in start["file"]]
            for work in data["work"]
        }

    return scanned


PROVES = """\
from shop.queue import enqueue_job

enqueue_job("mail.tidy")
"""


def test_a_task_is_started_where_its_name_is_queued(starts) -> None:
    assert starts('enqueue_job("mail.send", email)') == {"send_mail": [6], "tidy": []}


@pytest.mark.parametrize(
    "call",
    [
        'enqueue_job("mail.other", email)',
        "enqueue_job(email)",
        "enqueue_job()",
        'enqueue_elsewhere("mail.send")',
    ],
)
def test_another_name_and_another_function_start_nothing(starts, call) -> None:
    assert starts(call) == {"send_mail": [], "tidy": []}
