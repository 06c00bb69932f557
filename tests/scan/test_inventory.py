"""Proves that the inventory sees work that is defined or started in less common ways."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SHARED = "from celery import chain, chord, group, shared_task\n\n\n"


@pytest.fixture
def work(taskpick, tmp_path) -> Callable[..., dict[str, Any]]:
    """The work that a scan of these files finds: its name, and the lines that start it."""

    def run(**files: str) -> dict[str, Any]:
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        data = json.loads(taskpick("scan . --format json").out)
        assert data["not_read"] == []
        return {
            f"{one['system']} {one['name']}": [
                (start["file"], start["line"]) for start in one["starts"]
            ]
            for one in data["work"]
        }

    return run


def test_a_signature_is_a_start_and_blocks_nothing(work, taskpick) -> None:
    tasks = SHARED + "@shared_task(time_limit=9)\ndef one(): ...\n\n\n"
    tasks += "@shared_task(time_limit=9)\ndef two(): ...\n"
    web = (
        "from celery import chain\nfrom fastapi import FastAPI\nfrom tasks import one, two\n\n"
        "app = FastAPI()\n\n\n@app.get('/')\nasync def get():\n"
        "    return chain(one.s(), two.si())\n"
    )

    assert work(tasks=tasks, web=web) == {
        "celery one": [("web.py", 10)],
        "celery two": [("web.py", 10)],
    }
    assert json.loads(taskpick("scan . --format json").out)["findings"] == []


def test_a_class_is_a_task(work) -> None:
    tasks = (
        "from celery import Celery, Task\n\napp = Celery()\n\n\n"
        "class Base(Task):\n    def on_failure(self, *args): ...\n\n\n"
        "class Export(Base):\n    def run(self): ...\n\n\n"
        "export = app.register_task(Export())\n"
    )
    web = "from tasks import Export, export\n\nexport.delay()\nExport().delay()\n"

    assert work(tasks=tasks, web=web) == {"celery Export": [("web.py", 3), ("web.py", 4)]}


def test_the_settings_of_an_arq_worker_list_its_work(work) -> None:
    jobs = "async def mail(ctx): ...\n\n\nasync def clean(ctx): ...\n\n\nasync def no(): ...\n"
    worker = (
        "from arq import create_pool, cron, func\nfrom jobs import clean, mail\n\n\n"
        "class WorkerSettings:\n    functions = [func(mail, timeout=60), 'jobs.clean']\n\n\n"
        "async def start():\n    pool = await create_pool()\n"
        "    await pool.enqueue_job('mail')\n"
    )

    assert work(jobs=jobs, worker=worker) == {"arq mail": [("worker.py", 11)], "arq clean": []}


def test_the_settings_of_a_saq_worker_list_its_work(work) -> None:
    text = (
        "from saq import Queue\n\n\nasync def mail(ctx): ...\n\n\n"
        "queue = Queue.from_url('redis://h')\n"
        "settings = {'queue': queue, 'functions': [mail]}\n\n\n"
        "async def start():\n    await queue.enqueue('mail')\n"
    )

    assert work(jobs=text) == {"saq mail": [("jobs.py", 12)]}


def test_messages_of_dramatiq_and_huey_are_starts(work) -> None:
    text = (
        "import dramatiq\nfrom huey import RedisHuey\n\nhuey = RedisHuey()\n\n\n"
        "@dramatiq.actor\ndef one(): ...\n\n\n@huey.task()\ndef two(): ...\n\n\n"
        "def send():\n    dramatiq.group([one.message()]).run()\n    huey.enqueue(two.s())\n"
    )

    assert work(jobs=text) == {"dramatiq one": [("jobs.py", 16)], "huey two": [("jobs.py", 17)]}


BROKER = "from taskiq_redis import RedisStreamBroker\n\nbroker = RedisStreamBroker('')\n\n\n"


@pytest.mark.parametrize(
    ("made", "sent"),
    [
        ("task = broker.task(mail)", "task.kiq()"),
        ("task = broker.task(mail, queue='slow')", "task.kicker().with_labels(a=1).kiq()"),
        ("task = broker.task(task_name='mail')(mail)", "task.kiq()"),
        ("task = broker.register_task(mail, task_name='mail')", "task.kiq()"),
        ("task = broker.task(mail).kicker().with_labels(a=1)", "task.kiq()"),
    ],
)
@pytest.mark.parametrize("imports", ["from tasks import task", "from tasks import other as task"])
def test_a_task_of_taskiq_may_have_another_name_than_its_function(
    work, made, sent, imports
) -> None:
    tasks = f"{BROKER}async def mail(): ...\n\n\n{made}\nother = task\n"
    web = f"{imports}\n\n\nasync def get():\n    await {sent}\n"

    assert work(tasks=tasks, web=web) == {"taskiq mail": [("web.py", 5)]}


def test_what_is_no_function_of_the_project_gives_a_call_no_name(work) -> None:
    tasks = f"{BROKER}@broker.task\nasync def mail(): ...\n"
    web = (
        "from tasks import mail\n\n\nasync def get(room, mail_id):\n"
        "    entry = room.task(mail_id)\n    await entry.kiq()\n"
    )

    assert work(tasks=tasks, web=web) == {"taskiq mail": []}


def test_a_decorator_of_the_project_defines_what_it_decorates_and_not_its_own_wrapper(work) -> None:
    tasks = (
        "import functools\nimport dramatiq\n\n\n"
        "def job(**options):\n    def decorate(function):\n        @functools.wraps(function)\n"
        "        def wrapped(): ...\n\n        return dramatiq.actor(**options)(wrapped)\n\n"
        "    return decorate\n\n\n@job(queue='slow')\ndef mail(): ...\n"
    )

    assert work(tasks=tasks) == {"dramatiq mail": []}


FLOWS = (
    "from dbos import DBOS\n\n\n@DBOS.workflow()\ndef mail(to): ...\n\n\n"
    "@DBOS.workflow(name='tidy-up')\ndef tidy(): ...\n"
)


@pytest.mark.parametrize(
    "sent",
    [
        "client.enqueue({'queue_name': 'slow', 'workflow_name': NAME}, 'a')",
        "await client.enqueue_async({'workflow_name': NAME, 'queue_name': 'slow'}, 'a')",
        "client.enqueue(EnqueueOptions(queue_name='slow', workflow_name=NAME), 'a')",
        "options = {'queue_name': 'slow', 'workflow_name': NAME}; client.enqueue(options)",
    ],
)
@pytest.mark.parametrize(("name", "started"), [("'mail'", "mail"), ("'tidy-up'", "tidy")])
def test_a_client_of_dbos_sends_by_name(taskpick, tmp_path, sent, name, started) -> None:
    (tmp_path / "flows.py").write_text(FLOWS)
    web = "from dbos import DBOSClient, EnqueueOptions\n\nclient = DBOSClient()\n\n\n"
    (tmp_path / "web.py").write_text(f"{web}async def get():\n    {sent.replace('NAME', name)}\n")
    found = json.loads(taskpick("scan . --format json").out)["work"]

    assert {one["name"]: one["starts"] for one in found if one["starts"]} == {
        started: [{"file": "web.py", "line": 7, "queue": "slow"}]
    }
    assert len(found) == 2


def test_a_mapping_with_the_same_keys_elsewhere_is_no_send_of_dbos(work) -> None:
    web = "import celery\n\nprint({'queue_name': 'slow', 'workflow_name': 'mail'})\n"

    assert work(flows=FLOWS, web=web) == {"dbos mail": [], "dbos tidy": []}


@pytest.mark.parametrize(
    ("made", "starts"),
    [
        ("Sender(task=mail)", [("web.py", 9)]),
        ("Sender(task=tasks.mail)", [("web.py", 9)]),
        ("Sender(task=mail)\nSender(task=other)", []),
        ("Sender(task=choose())", []),
        ("Sender(task=other)", []),
    ],
)
def test_a_task_of_taskiq_that_is_handed_to_a_class_is_what_it_sends(work, made, starts) -> None:
    tasks = f"{BROKER}@broker.task\nasync def mail(): ...\n\n\nasync def other(): ...\n"
    web = (
        "import tasks\nfrom tasks import mail, other\n\n\nclass Sender:\n"
        "    def __init__(self, task=None):\n        self.task = task\n"
        f"    async def send(self):\n        await self.task.kiq()\n\n\n{made}\n"
    )

    assert work(tasks=tasks, web=web) == {"taskiq mail": starts}
