"""Proves that a mend is written for the system that a finding is about."""

from __future__ import annotations

import pytest

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
