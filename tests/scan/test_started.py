"""Proves what counts as work in the background, and when it is started."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def scanned(taskpick, tmp_path) -> Callable[..., dict[str, Any]]:
    """What a scan of these files finds, as data."""

    def run(**files: str) -> dict[str, Any]:
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        data: dict[str, Any] = json.loads(taskpick("scan . --format json").out)
        assert data["not_read"] == []
        return data

    return run


@pytest.fixture
def names(scanned) -> Callable[..., list[str]]:
    """The work that a scan of these files finds, by name."""
    return lambda **files: [work["name"] for work in scanned(**files)["work"]]


@pytest.mark.parametrize(
    ("trigger", "schedule"),
    [
        ("", None),
        (", 'date'", None),
        (", DateTrigger()", None),
        (", 'date', run_date=at", "delayed"),
        (", DateTrigger(at)", "delayed"),
        (", next_run_time=at", "delayed"),
        (", 'interval', minutes=1", "cron"),
        (", trigger=CronTrigger(hour=1)", "cron"),
        (", **options", "cron"),
    ],
)
def test_the_trigger_of_a_job_says_when_apscheduler_runs_it(scanned, trigger, schedule) -> None:
    text = (
        "from apscheduler.schedulers.asyncio import AsyncIOScheduler\n\n"
        "scheduler = AsyncIOScheduler()\n\n\ndef clean(): ...\n\n\n"
        f"def start(at, options):\n    scheduler.add_job(clean{trigger})\n"
    )

    assert [work["schedule"] for work in scanned(jobs=text)["work"]] == [schedule]


@pytest.mark.parametrize(
    ("library", "made", "line"),
    [
        ("apscheduler.schedulers.background", "BackgroundScheduler", "@a.scheduled_job('cron')"),
        ("apscheduler.schedulers.background", "BackgroundScheduler", "a.add_job(tidy)"),
        ("concurrent.futures", "ThreadPoolExecutor", "a.submit(tidy)"),
        ("huey", "RedisHuey", "@a.periodic_task(hours=1)"),
        ("huey", "RedisHuey", "@a.context_task()"),
        ("procrastinate", "App", "@a.periodic(cron='* * * * *')"),
        ("temporalio.client", "Client", "a.execute_workflow(tidy)"),
    ],
)
def test_an_object_that_another_file_makes_starts_work(names, library, made, line) -> None:
    core = f"from {library} import {made}\n\na = {made}()\n"
    tidy = "def tidy(): ...\n"
    text = f"{line}\n{tidy}" if line.startswith("@") else f"{tidy}\n\n{line}\n"

    assert names(core=core, jobs=f"from core import a\n\n\n{text}") == ["tidy"]


def test_a_partial_is_named_by_its_function(names) -> None:
    text = (
        "from functools import partial\n"
        "from apscheduler.schedulers.background import BackgroundScheduler\n\n"
        "scheduler = BackgroundScheduler()\n\n\ndef probe(host): ...\n\n\n"
        "def start(host):\n    scheduler.add_job(partial(probe, host), 'interval', hours=1)\n"
    )

    assert names(jobs=text) == ["probe"]


def test_an_attribute_may_be_none_at_first(names) -> None:
    text = (
        "from apscheduler.schedulers.background import BackgroundScheduler\n\n\n"
        "class Jobs:\n    scheduler = None\n\n    def start(self):\n"
        "        self.scheduler = BackgroundScheduler()\n"
        "        self.scheduler.add_job(self.clean, 'interval', hours=1)\n\n"
        "    def clean(self): ...\n"
    )

    assert names(jobs=text) == ["Jobs.clean"]


def test_a_task_of_taskiq_is_sent_by_its_kicker_and_by_a_schedule(scanned) -> None:
    text = (
        "from taskiq_redis import RedisStreamBroker\n\nbroker = RedisStreamBroker('')\n\n\n"
        "@broker.task\nasync def one(): ...\n\n\n@broker.task\nasync def two(): ...\n\n\n"
        "async def send(source):\n    await one.kicker().with_task_id('1').kiq()\n"
        "    await two.schedule_by_cron(source, '0 * * * *')\n"
    )
    work = scanned(jobs=text)["work"]

    assert [len(one["starts"]) for one in work] == [1, 1]
    assert [one["schedule"] for one in work] == [None, "cron"]


def test_rq_is_seen_through_functions_that_make_its_jobs(scanned) -> None:
    queues = (
        "from rq import Queue\nfrom rq.job import Job\n\n\n"
        "def put(func, queue: Queue, **kwargs):\n"
        "    return queue.enqueue_job(Job.create(func=func, kwargs=kwargs))\n\n\n"
        "def put_low(func):\n    put(func, Queue('low'))\n"
    )
    jobs = "def one(): ...\n\n\ndef two(): ...\n"
    web = (
        "from jobs import one, two\nfrom queues import put, put_low\n\n\n"
        "def send(queue, given):\n    put(func=one, queue=queue)\n    put_low(two)\n"
        "    put(**given)\n"
    )
    data = scanned(queues=queues, jobs=jobs, web=web)

    assert [(work["system"], work["name"]) for work in data["work"]] == [
        ("rq", "one"),
        ("rq", "two"),
    ]
    assert data["unrecognised"] == []


def test_workers_of_arq_and_saq_may_be_given_their_work_in_a_call(scanned) -> None:
    jobs = "async def one(ctx): ...\n\n\nasync def two(ctx): ...\n\n\nasync def three(ctx): ...\n"
    workers = (
        "import saq\nfrom arq import Worker\nfrom litestar_saq import CronJob, QueueConfig\n\n"
        "import jobs\n\n\ndef start(queue):\n    Worker(functions=[jobs.one])\n"
        "    saq.Worker(queue, functions=[('two', jobs.two), jobs.two])\n"
        "    QueueConfig(tasks=[jobs.three], scheduled_tasks=[CronJob(jobs.three, cron='* * *')])\n"
    )
    work = scanned(jobs=jobs, workers=workers)["work"]

    assert {(one["system"], one["name"], one["schedule"]) for one in work} == {
        ("arq", "one", None),
        ("saq", "two", None),
        ("saq", "three", "cron"),
    }


def test_a_task_of_huey_that_waits_for_the_commit_is_no_hazard_in_a_transaction(scanned) -> None:
    tasks = (
        "from huey.contrib.djhuey import db_task, on_commit_task\n\n\n"
        "@on_commit_task(retries=3)\ndef safe(): ...\n\n\n@db_task()\ndef hasty(): ...\n"
    )
    views = (
        "from django.db import transaction\nfrom tasks import hasty, safe\n\n\n"
        "@transaction.atomic\ndef post(row):\n    row.save()\n    safe()\n    hasty()\n"
    )
    data = scanned(tasks=tasks, views=views)

    assert [(work["name"], len(work["starts"])) for work in data["work"]] == [
        ("safe", 1),
        ("hasty", 1),
    ]
    assert [(one["rule"], one["line"]) for one in data["findings"]] == [
        ("dispatch-in-transaction", 9)
    ]


def test_a_send_of_celery_that_waits_for_the_commit_is_a_start_and_no_hazard(scanned) -> None:
    tasks = "from celery import shared_task\n\n\n@shared_task(time_limit=9)\ndef mail(pk): ...\n"
    views = (
        "from django.db import transaction\nfrom tasks import mail\n\n\n"
        "@transaction.atomic\ndef post(row):\n    row.save()\n    mail.delay_on_commit(row.pk)\n"
        "    mail.apply_async_on_commit((row.pk,), queue='slow', countdown=9)\n"
    )
    data = scanned(tasks=tasks, views=views)
    (work,) = data["work"]

    assert [(start["line"], start["queue"]) for start in work["starts"]] == [(8, None), (9, "slow")]
    assert (work["schedule"], data["findings"]) == ("delayed", [])


@pytest.mark.parametrize(
    ("task", "retry"),
    [
        ("@broker.task(retry_on_error=False)", "none"),
        ("@broker.task(retry_on_error=True)", "basic"),
        ("@dramatiq.actor(max_retries=0)", "none"),
        ("@dramatiq.actor(max_retries=3)", "advanced"),
        ("@shared_task(autoretry_for=(OSError,), retry_backoff=False)", "basic"),
        ("@shared_task(autoretry_for=(OSError,), retry_backoff=True)", "advanced"),
        ("@shared_task(max_retries=3)", "unsure"),
    ],
)
def test_an_option_that_is_off_is_no_retry(taskpick, tmp_path, task, retry) -> None:
    (tmp_path / "tasks.py").write_text(
        "import dramatiq\nfrom celery import shared_task\nfrom taskiq import InMemoryBroker\n\n"
        f"broker = InMemoryBroker()\n\n\n{task}\ndef clean(): ...\n"
    )
    taskpick("scan . --answers tasks.yaml --no-input")
    answers = yaml.safe_load((tmp_path / "tasks.yaml").read_text())["tasks"]["clean"]

    assert answers["retry"] == retry


def test_procrastinate_is_sent_by_name_and_used_in_django(scanned) -> None:
    tasks = (
        "from procrastinate.contrib.django import app\n\n\n"
        "@app.task(queue='slow')\ndef one(): ...\n\n\n"
        "@app.task(name='second')\ndef two(): ...\n\n\n"
        "@app.periodic(cron='0 * * * *')\n@app.task\ndef three(timestamp): ...\n"
    )
    views = (
        "from procrastinate.contrib.django import app\nfrom tasks import one\n\n\n"
        "def view():\n    app.configure_task(name='second', queue='fast').defer(pk=1)\n"
        "    one.configure(schedule_in={'hours': 1}).defer()\n"
    )
    work = scanned(tasks=tasks, views=views)["work"]

    assert [(one["name"], one["schedule"], one["queue"]) for one in work] == [
        ("one", "delayed", "slow"),
        ("two", None, None),
        ("three", "cron", None),
    ]
    assert [start["queue"] for one in work for start in one["starts"]] == [None, "fast"]


def test_an_entry_of_beat_counts_wherever_it_is_written(scanned) -> None:
    tasks = "from celery import shared_task\n\n\n@shared_task\ndef clean(): ...\n"
    app = (
        "from celery import Celery\n\n\ndef schedule():\n"
        "    return {'a': {'task': 'tasks.clean', 'schedule': 60}}\n\n\n"
        "app = Celery()\napp.conf.beat_schedule = schedule()\n"
    )

    assert [one["schedule"] for one in scanned(tasks=tasks, app=app)["work"]] == ["cron"]


def test_a_method_is_followed_through_an_instance_of_its_class(scanned) -> None:
    service = (
        "from celery import shared_task\n\n\n@shared_task(time_limit=9)\ndef mail(): ...\n\n\n"
        "class Service:\n    @staticmethod\n    async def export():\n        mail.delay()\n\n\n"
        "service = Service()\n"
    )
    web = (
        "from fastapi import FastAPI\nfrom service import service\n\napp = FastAPI()\n\n\n"
        "@app.get('/')\nasync def get():\n    await service.export()\n"
    )
    findings = scanned(service=service, web=web)["findings"]

    assert [(one["rule"], one["line"]) for one in findings] == [("enqueue-in-async", 11)]


def test_a_stream_that_ends_its_tasks_leaves_none_behind(scanned) -> None:
    text = (
        "import asyncio\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        "@app.get('/')\nasync def get(read, files):\n    return lines(read, files)\n\n\n"
        "async def lines(read, files):\n    tasks = []\n    more = {}\n    for file in files:\n"
        "        task = asyncio.create_task(read(file))\n        tasks.append(task)\n"
        "        other = asyncio.create_task(file.next())\n        more[other] = file\n"
        "    try:\n        yield await asyncio.wait(more.keys(), timeout=1)\n    finally:\n"
        "        for each in list(tasks) + list(more.keys()):\n            each.cancel()\n"
    )
    data = scanned(web=text)

    assert data["findings"] == []
    assert [work["system"] for work in data["work"]] == ["asyncio", "asyncio"]


def test_a_decorator_may_be_called_with_the_function(scanned) -> None:
    text = (
        "from celery import Celery\nfrom dbos import DBOS\n\napp = Celery()\n\n\n"
        "def one(): ...\n\n\ndef two(): ...\n\n\ndef three(at, context): ...\n\n\n"
        "def four(at, context): ...\n\n\n"
        "app.task(one)\n\n\ndef launch():\n    DBOS.workflow(name='second')(two)\n"
        "    DBOS.start_workflow(two)\n"
        "    DBOS.workflow()(three)\n"
        "    DBOS.create_schedule(schedule_name='a', workflow_fn=three, schedule='* * * * *')\n"
        "    DBOS.workflow()(four)\n"
        "    daily = {'schedule_name': 'b', 'workflow_fn': four}\n"
        "    DBOS.apply_schedules([daily | {'schedule': '0 6 * * *'}])\n"
    )
    work = scanned(jobs=text)["work"]

    assert [(one["system"], one["name"], one["schedule"], len(one["starts"])) for one in work] == [
        ("celery", "one", None, 0),
        ("dbos", "two", None, 1),
        ("dbos", "three", "cron", 1),
        ("dbos", "four", "cron", 1),
    ]


@pytest.mark.parametrize(("line", "count"), [("kept[0].cancel()", 0), ("...", 1)])
def test_a_task_kept_for_another_function_within_is_not_left_alone(scanned, line, count) -> None:
    text = (
        "import asyncio\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        "@app.get('/')\nasync def get(read):\n    kept = []\n\n    def start():\n"
        "        task = asyncio.create_task(read())\n        kept.append(task)\n\n"
        f"    def stop():\n        {line}\n\n    start()\n    stop()\n"
    )

    assert len(scanned(web=text)["findings"]) == count


VERSION_4 = """\
from apscheduler import AsyncScheduler, Scheduler, current_async_scheduler, task
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger


def tidy(): ...


@task(id="named")
def marked(): ...


class Middleware:
    def __init__(self, scheduler: AsyncScheduler):
        self.scheduler = scheduler

    async def __call__(self):
        {call}


async def main(at):
    async with AsyncScheduler() as scheduler:
        {call}


async def job():
    scheduler = current_async_scheduler.get()
    {call}


if __name__ == "__main__":
    with Scheduler() as scheduler:
        {call}
"""


@pytest.mark.parametrize(
    ("call", "work"),
    [
        ("scheduler.add_job(tidy)", {"tidy": (None, 3), "marked": (None, 0)}),
        ("scheduler.add_job('named')", {"marked": (None, 3)}),
        ("scheduler.add_job('jobs:tidy')", {"tidy": (None, 3), "marked": (None, 0)}),
        ("scheduler.add_schedule('named', IntervalTrigger(hours=1))", {"marked": ("cron", 3)}),
        ("scheduler.add_schedule('named', DateTrigger(at))", {"marked": ("delayed", 3)}),
        (
            "scheduler.add_schedule(func_or_task_id=tidy, trigger=IntervalTrigger(hours=1))",
            {"tidy": ("cron", 3), "marked": (None, 0)},
        ),
        ("scheduler.configure_task(tidy)", {"tidy": (None, 0), "marked": (None, 0)}),
        (
            "scheduler.configure_task('t', func=tidy) or scheduler.add_job('t')",
            {"tidy": (None, 3), "marked": (None, 0)},
        ),
    ],
)
def test_version_4_of_apscheduler_is_read_too(scanned, call, work) -> None:
    text = VERSION_4.format(call=call)
    found = {one["name"]: one for one in scanned(jobs=text)["work"]}

    assert {one["system"] for one in found.values()} == {"apscheduler"}
    assert {name: (one["schedule"], len(one["starts"])) for name, one in found.items()} == work


def test_an_attribute_that_holds_a_scheduler_is_one(scanned) -> None:
    text = VERSION_4.replace("{call}", "...", 1).format(call="...")
    text = text.replace("        ...\n", "        await self.scheduler.add_job(tidy)\n", 1)
    starts = {one["name"]: len(one["starts"]) for one in scanned(jobs=text)["work"]}

    assert starts == {"tidy": 1, "marked": 0}


def test_web_processes_may_share_the_jobs_of_version_4(taskpick, tmp_path) -> None:
    web = (
        "from apscheduler import Scheduler\nfrom fastapi import FastAPI\n\napp = FastAPI()\n"
        "scheduler = Scheduler(data_store)\n\n\ndef tidy(): ...\n\n\nscheduler.add_job(tidy)\n"
    )
    (tmp_path / "web.py").write_text(web)
    (tmp_path / "start.sh").write_text("uvicorn web:app --workers 4\n")
    run = "scan . --select apscheduler-in-every-worker"

    assert taskpick(run).code == 0
    version_3 = web.replace("apscheduler import", "apscheduler.schedulers.background import")
    (tmp_path / "web.py").write_text(version_3.replace("Scheduler", "BackgroundScheduler"))
    assert taskpick(run).code == 1
