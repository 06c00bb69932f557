"""Proves that a mend is written for the system that a finding is about."""

from __future__ import annotations

import pytest

from taskpick.scan.findings import rules
from taskpick.scan.systems import NAMES

WEB = """\
from fastapi import FastAPI
{imports}

app = FastAPI()


{defined}
def mail(): ...


@app.post("/")
async def post():
    {sent}
"""


@pytest.mark.parametrize(
    ("imports", "defined", "sent", "mend"),
    [
        ("from celery import shared_task", "@shared_task", "mail.delay()", "task.delay, …"),
        ("import dramatiq", "@dramatiq.actor", "mail.send()", "task.send, …"),
        ("from huey import RedisHuey", "@RedisHuey().task()", "mail()", "task, …"),
        ("from rq import Queue", "", "Queue().enqueue(mail)", "queue.enqueue, task, …"),
    ],
)
def test_a_send_is_given_to_a_thread_as_the_system_spells_it(
    taskpick, tmp_path, imports, defined, sent, mend
) -> None:
    (tmp_path / "web.py").write_text(WEB.format(imports=imports, defined=defined, sent=sent))
    text = " ".join(taskpick("scan . --details").out.split())
    annotation = taskpick("scan . --format github").out

    assert f"`await run_in_threadpool({mend})`" in text
    assert f"`await run_in_threadpool({mend})`" in annotation


QUEUES = {
    "celery": ("from celery import shared_task", "@shared_task", "mail.delay()"),
    "rq": ("from django_rq import job", "@job", "mail.delay()"),
    "dramatiq": ("import dramatiq", "@dramatiq.actor", "mail.send()"),
    "huey": ("from huey import RedisHuey", "@RedisHuey().task()", "mail()"),
    "taskiq": ("from taskiq import InMemoryBroker", "@InMemoryBroker().task", "await mail.kiq()"),
    "procrastinate": ("from procrastinate import App", "@App().task", "mail.defer()"),
    "dbos": ("from dbos import DBOS", "@DBOS.workflow()", "DBOS.start_workflow(mail)"),
}
TRANSACTION = """\
{imports}


{defined}
def mail(): ...


async def post(session):
    with session.begin():
        session.add_all([])
        {sent}
"""


@pytest.mark.parametrize(
    ("system", "mend"),
    [
        ("celery", "in Django `task.delay_on_commit(…)`; elsewhere `task.delay(…)` after the"),
        ("rq", "`transaction.on_commit(lambda: queue.enqueue(task, …))`"),
        ("dramatiq", "`transaction.on_commit(lambda: task.send(…))`"),
        ("huey", "in Django `@on_commit_task()` in place of `@task()`"),
        ("taskiq", "`await task.kiq(…)` after the block"),
        ("procrastinate", "`task.configure(connection=…).defer(…)`"),
        ("dbos", "`DBOSClient.enqueue_in_transaction`"),
    ],
)
def test_a_send_before_the_commit_is_mended_with_the_system_that_it_is_of(
    taskpick, tmp_path, system, mend
) -> None:
    imports, defined, sent = QUEUES[system]
    text = TRANSACTION.format(imports=imports, defined=defined, sent=sent)
    (tmp_path / "web.py").write_text(text)
    shown = " ".join(taskpick("scan . --details --select dispatch-in-transaction").out.split())

    assert shown.count("To fix it:") == 1
    assert mend in shown


@pytest.mark.parametrize(
    ("imports", "sent"),
    [
        ("from procrastinate import App", "mail.configure(connection=session).defer()"),
        ("from procrastinate.contrib.django import app", "mail.defer()"),
    ],
)
def test_what_procrastinate_sends_within_the_transaction_is_no_hazard(
    taskpick, tmp_path, imports, sent
) -> None:
    defined = "@App().task" if imports.endswith("App") else "@app.task"
    text = TRANSACTION.format(imports=imports, defined=defined, sent=sent)
    (tmp_path / "web.py").write_text(text)
    run = taskpick("scan . --format json")

    assert '"procrastinate"' in run.out
    assert "dispatch-in-transaction" not in run.out


@pytest.mark.parametrize(
    ("system", "mend"),
    [
        ("celery", "call `task.delay(…)`"),
        ("rq", "call `queue.enqueue(task, …)`"),
        ("dramatiq", "call `task.send(…)`"),
        ("taskiq", "`await task.kiq(…)`"),
        ("procrastinate", "call `task.defer(…)`"),
    ],
)
def test_a_task_that_runs_in_the_web_process_is_sent_as_its_system_does(
    taskpick, tmp_path, system, mend
) -> None:
    imports, defined, _ = QUEUES[system]
    imports += "\nfrom fastapi import BackgroundTasks"
    sent = "BackgroundTasks().add_task(mail)"
    text = TRANSACTION.format(imports=imports, defined=defined, sent=sent)
    (tmp_path / "web.py").write_text(text)
    shown = " ".join(taskpick("scan . --details --select queue-task-run-in-web").out.split())

    assert f"To fix it: {mend}, or hand over the plain function." in shown


@pytest.mark.parametrize("rule", [rule for rule in rules().values() if rule.mends])
def test_the_explanation_of_a_rule_names_the_fix_with_each_system(taskpick, rule) -> None:
    shown = " ".join(taskpick(f"scan --explain {rule.id}").out.split())

    assert rule.mends.keys() <= NAMES.keys()
    assert all(f"{NAMES[system]}: {mend}" in shown for system, mend in rule.mends.items())
