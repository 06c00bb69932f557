"""Proves that what only sends work of a queue is a start of it, and no work of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

TASKS = """
import dramatiq
from celery import shared_task
from taskiq_redis import RedisStreamBroker

broker = RedisStreamBroker("")

@dramatiq.actor
def tidy(): ...

@shared_task(time_limit=9)
def mail(): ...

@broker.task
async def load(): ...
"""


@pytest.fixture
def scanned(taskpick, tmp_path) -> Callable[[str], dict[str, Any]]:
    """What a scan finds where an endpoint has these lines."""

    def run(lines: str) -> dict[str, Any]:
        (tmp_path / "tasks.py").write_text(TASKS)
        (tmp_path / "web.py").write_text(
            "import asyncio\nfrom functools import partial\n"
            "from apscheduler.schedulers.asyncio import AsyncIOScheduler\n"
            "from fastapi import BackgroundTasks, FastAPI\nfrom tasks import load, mail, tidy\n\n"
            "app = FastAPI()\nscheduler = AsyncIOScheduler()\n\n\n@app.get('/')\n"
            f"async def get(background_tasks: BackgroundTasks):\n    {lines}\n"
        )
        data: dict[str, Any] = json.loads(taskpick("scan . --format json").out)
        return data

    return run


@pytest.mark.parametrize(
    ("line", "name", "schedule"),
    [
        ("scheduler.add_job(tidy.send, 'interval', seconds=4)", "tidy", "cron"),
        ("scheduler.add_job(mail.delay, 'cron', hour=1)", "mail", "cron"),
        ("scheduler.add_job(load.kiq, 'cron', hour=1)", "load", "cron"),
        ("scheduler.add_job(partial(mail.delay, 1), 'cron', hour=1)", "mail", "cron"),
        ("background_tasks.add_task(mail.delay, 1)", "mail", None),
        (
            "loop = asyncio.get_running_loop()\n    await loop.run_in_executor(None, mail.delay)",
            "mail",
            None,
        ),
    ],
)
def test_what_only_sends_is_a_start_of_the_work(scanned, line, name, schedule) -> None:
    data = scanned(line)

    assert [work["name"] for work in data["work"]] == ["tidy", "mail", "load"]
    (sent,) = (work for work in data["work"] if work["starts"])
    assert (sent["name"], sent["schedule"]) == (name, schedule)
    assert data["findings"] == []


def test_a_scheduler_that_only_sends_is_recognised(scanned) -> None:
    assert scanned("scheduler.add_job(tidy.send, 'cron', hour=1)")["unrecognised"] == []


@pytest.mark.parametrize(
    ("line", "system"),
    [
        ("Thread(target=asyncio.run, args=(tidy(),)).start()", "thread"),
        ("Thread(target=asyncio.run, args=[tidy()]).start()", "thread"),
        ("ThreadPoolExecutor().submit(asyncio.run, tidy())", "executor"),
        ("asyncio.get_event_loop().run_in_executor(None, asyncio.run, tidy())", "executor"),
    ],
)
def test_what_a_thread_runs_in_a_loop_of_its_own_is_the_work(
    taskpick, tmp_path, line, system
) -> None:
    (tmp_path / "app.py").write_text(
        "import asyncio\nfrom concurrent.futures import ThreadPoolExecutor\n"
        f"from threading import Thread\n\n\nasync def tidy(): ...\n\n\ndef start():\n    {line}\n"
    )
    (work,) = json.loads(taskpick("scan . --format json").out)["work"]

    assert (work["system"], work["name"], work["line"]) == (system, "tidy", 6)


SPAWN = """\
import asyncio


{spawn}


async def job(): ...


async def other(): ...


class Room:
    async def leave(self): ...


async def get(given):
    {call}
"""
KEEPS = """\
running = set()


def spawn(coro):
    task = asyncio.create_task(coro)
    running.add(task)
    return task"""


@pytest.fixture
def started(taskpick, tmp_path) -> Callable[..., dict[str, list[int]]]:
    """The work that a scan finds in that text, and the lines that start it."""

    def run(spawn: str, call: str) -> dict[str, list[int]]:
        (tmp_path / "jobs.py").write_text(SPAWN.format(spawn=spawn, call=call))
        work = json.loads(taskpick("scan . --format json").out)["work"]
        return {one["name"]: [start["line"] for start in one["starts"]] for one in work}

    return run


@pytest.mark.parametrize(
    "spawn",
    [
        "def spawn(coro):\n    asyncio.create_task(coro)\n\n\n\n\n",
        "async def spawn(coro, *, name=''):\n    return asyncio.ensure_future(coro)\n\n\n\n\n",
        KEEPS,
    ],
)
@pytest.mark.parametrize(
    ("call", "work"),
    [
        ("spawn(job())", {"job": [24]}),
        ("spawn(job()); spawn(other())", {"job": [24], "other": [24]}),
        ("room = Room(); spawn(room.leave())", {"Room.leave": [24]}),
    ],
)
def test_a_coroutine_that_is_handed_to_a_function_is_the_work(started, spawn, call, work) -> None:
    assert started(spawn, call) == work


@pytest.mark.parametrize(
    ("call", "work"),
    [
        ("...", {"coro": [8]}),
        ("spawn(given)", {"coro": [8]}),
        ("spawn(given())", {"coro": [8]}),
        ("spawn(coro=job())", {"coro": [8]}),
        ("spawn(job()); spawn(given.run())", {"coro": [8], "job": [24]}),
        ("await spawn(job()); spawn(other())", {"other": [24]}),
    ],
)
def test_what_is_not_certain_stays_where_it_is_started(started, call, work) -> None:
    assert started(KEEPS, call) == work
