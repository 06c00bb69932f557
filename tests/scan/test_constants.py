"""Proves that work is known by its name wherever a constant of the project holds that name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def work(taskpick, tmp_path) -> Callable[..., list[dict[str, Any]]]:
    """The work that a scan of these files finds."""

    def run(**files: str) -> list[dict[str, Any]]:
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        data = json.loads(taskpick("scan . --format json").out)
        assert data["not_read"] == []
        found: list[dict[str, Any]] = data["work"]
        return found

    return run


def test_a_job_of_arq_may_be_named_by_a_constant_of_a_class(work) -> None:
    names = (
        "from enum import Enum\n\n\nclass Names:\n    SEND = 'send_mail'\n\n\n"
        "class Kinds(str, Enum):\n    CLEAN = 'clean'\n"
    )
    worker = (
        "import arq\n\n\nasync def send_mail(ctx): ...\n\n\nasync def clean(ctx): ...\n\n\n"
        "class WorkerSettings:\n    functions = [send_mail, clean]\n"
    )
    sender = (
        "from arq import create_pool\nfrom names import Kinds, Names\n\n\n"
        "async def send():\n    pool = await create_pool()\n"
        "    await pool.enqueue_job(Names.SEND, 1)\n"
        "    await pool.enqueue_job(Kinds.CLEAN.value)\n"
    )
    found = work(names=names, worker=worker, a=sender, b=sender)

    assert {
        one["name"]: [(start["file"], start["line"]) for start in one["starts"]] for one in found
    } == {
        "send_mail": [("a.py", 7), ("b.py", 7)],
        "clean": [("a.py", 8), ("b.py", 8)],
    }


NAMES = "NAME = 'selected'\n"
TASKS = (
    "from celery import Celery\nfrom names import NAME\n\napp = Celery()\n\n\n"
    "@app.task(name=NAME)\ndef named(): ...\n"
)


def test_a_task_of_celery_may_be_named_and_sent_by_a_constant(work) -> None:
    sender = "import names\nfrom tasks import app\n\n\ndef send():\n    app.send_task(names.NAME)\n"
    (found,) = work(names=NAMES, tasks=TASKS, web=sender)

    assert found["name"] == "named"
    assert [(start["file"], start["line"]) for start in found["starts"]] == [("web.py", 6)]


def test_a_parameter_is_no_constant_of_the_same_name(work) -> None:
    sender = (
        "from names import NAME, Names\nfrom tasks import app\n\n\n"
        "def send(Names):\n    app.send_task(Names.SEND)\n"
    )
    names = f"{NAMES}\n\nclass Names:\n    SEND = NAME\n"
    found = work(names=names, tasks=TASKS, web=sender)

    assert [(one["name"], len(one["starts"])) for one in found] == [("named", 0), ("Names.SEND", 1)]


@pytest.mark.parametrize("schedule", ["BEAT", "{**BEAT}", "BEAT | {}"])
def test_the_schedule_of_beat_may_stand_in_another_file(work, schedule) -> None:
    beat = "from names import NAME\n\nBEAT = {'x': {'task': NAME, 'schedule': 60}}\n"
    app = f"from beat import BEAT\nfrom tasks import app\n\napp.conf.beat_schedule = {schedule}\n"
    app = "import celery\n" + app
    (found,) = work(names=NAMES, tasks=TASKS, beat=beat, start=app)

    assert (found["name"], found["schedule"]) == ("named", "cron")
