"""Proves that the answers of a scan say of work what the code shows, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def answers(taskpick, tmp_path) -> Callable[..., dict[str, Any]]:
    """The answers that a scan of these files writes, by the name of the work."""

    def run(**files: str) -> dict[str, Any]:
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text)
        taskpick("scan . --answers tasks.yaml --no-input")
        tasks: dict[str, Any] = yaml.safe_load((tmp_path / "tasks.yaml").read_text())["tasks"]
        return tasks

    return run


def test_flower_shows_the_tasks_of_celery_alone(answers) -> None:
    text = (
        "from celery import shared_task\nfrom fastapi import BackgroundTasks\n\n\n"
        "@shared_task\ndef mail(): ...\n\n\ndef log(): ...\n\n\n"
        "def post(background_tasks: BackgroundTasks):\n    background_tasks.add_task(log)\n"
    )
    tasks = answers(jobs_py=text, start_sh="celery -A jobs flower\n")

    assert tasks["mail"]["monitoring"] == "dashboard"
    assert "monitoring" not in tasks["log"]


@pytest.mark.parametrize(
    ("line", "code"), [("", "async"), ("from celery_aio_pool.pool import AsyncIOPool", None)]
)
def test_an_async_task_of_celery_may_be_awaited_by_a_library(answers, line, code) -> None:
    text = f"from celery import shared_task\n{line}\n\n\n@shared_task\nasync def mail(): ...\n"

    assert answers(jobs_py=text)["mail"].get("code") == code


@pytest.mark.parametrize(
    ("module", "scheduler", "where"),
    [
        ("blocking", "BlockingScheduler", "one-worker"),
        ("background", "BackgroundScheduler", "in-process"),
    ],
)
def test_a_scheduler_that_blocks_is_a_process_of_its_own(answers, module, scheduler, where) -> None:
    text = (
        f"from apscheduler.schedulers.{module} import {scheduler}\n\n\ndef clean(): ...\n\n\n"
        f"def run():\n    scheduler = {scheduler}()\n"
        "    scheduler.add_job(clean, 'cron', hour=1)\n    scheduler.start()\n"
    )

    assert answers(jobs_py=text)["clean"]["distribution"] == where


@pytest.mark.parametrize(
    ("given", "assigned", "retry"),
    [
        ("", "", "advanced"),
        ("middleware=[Retries(), TimeLimit()]", "", "advanced"),
        ("middleware=both", "", "advanced"),
        ("middleware=[m() for m in default_middleware]", "", "unsure"),
        ("middleware=[TimeLimit()]", "", "unsure"),
        ("", "broker.middleware = [TimeLimit()]", "unsure"),
        ("", "broker.middleware = [dramatiq.middleware.Retries()]", "advanced"),
        ("", "middleware = [CORSMiddleware()]", "advanced"),
        ("", "MIDDLEWARE = ['SessionMiddleware']", "advanced"),
    ],
)
def test_dramatiq_backs_off_unless_a_list_leaves_it_out(answers, given, assigned, retry) -> None:
    text = (
        "import dramatiq\nfrom dramatiq.brokers.redis import RedisBroker\n"
        "from dramatiq.middleware import Retries, TimeLimit, default_middleware\n\n"
        f"both = (TimeLimit(), Retries())\nbroker = RedisBroker({given})\n{assigned}\n\n\n"
        "@dramatiq.actor(min_backoff=1000)\ndef mail(): ...\n"
    )

    assert answers(jobs_py=text)["mail"]["retry"] == retry


def test_only_the_queue_is_at_the_line_of_its_route(answers, tmp_path) -> None:
    text = (
        "from celery import Celery\n\napp = Celery()\n"
        'app.conf.task_routes = {"tasks.send_mail": {"queue": "mail"}}\n\n\n'
        "@app.task(autoretry_for=(OSError,))\ndef send_mail(): ...\n"
    )
    answers(tasks_py=text)
    written = (tmp_path / "tasks.yaml").read_text()

    assert 'distribution: "many-workers"  # a queue of its own, tasks.py:4\n' in written
    assert "retry: basic  # autoretry_for, tasks.py:8\n" in written
    assert "code: sync  # tasks.py:8\n" in written


@pytest.mark.parametrize(
    ("second", "duration"), [("job_timeout=20", "minutes"), ("timeout=20", "unsure")]
)
def test_the_longest_limit_of_all_sends_is_that_of_the_work(
    answers, tmp_path, second, duration
) -> None:
    text = (
        "from rq import Queue\nfrom jobs import export\n\nqueue = Queue()\n\n\n"
        "def send():\n    queue.enqueue(export, job_timeout=600)\n"
        f"    queue.enqueue(export, {second})\n"
    )

    assert answers(jobs_py="def export(): ...\n", web_py=text)["export"]["duration"] == duration
    if duration != "unsure":
        written = (tmp_path / "tasks.yaml").read_text()
        assert f"duration: {duration}  # its limit is 600 s, web.py:8" in written
