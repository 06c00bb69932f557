"""Proves that notes on child processes and on time limits are silent where no worker's pool has
them.
"""

from __future__ import annotations

import json

import pytest

TASKS = """\
from celery import Celery

app = Celery()
{}


@app.task(acks_late=True)
def export(): ...
"""
NOTES = ["late-ack-no-reject", "no-time-limit"]


@pytest.mark.parametrize(
    ("workers", "setting", "found"),
    [
        ("", "", NOTES),
        ("celery -A p worker", "", NOTES),
        ("celery -A p worker -P solo\ncelery -A p worker --pool prefork", "", NOTES),
        ("celery -A p worker --pool=prefork", "app.conf.worker_pool = 'solo'", NOTES),
        ("celery -A p worker", "app.conf.worker_pool = 'solo'", []),
        ("celery -A p worker -P solo", "", []),
        ("celery -A p worker -P threads\ncelery -A p worker -Peventlet", "", []),
        ("celery -A p worker --pool=gevent\ncelery -A p beat", "", ["no-time-limit"]),
        ("celery -A p worker -P $POOL", "", []),
        ("", "CELERYD_POOL = 'gevent'", ["no-time-limit"]),
    ],
)
def test_a_note_needs_a_pool_that_it_is_about(taskpick, tmp_path, workers, setting, found) -> None:
    (tmp_path / "tasks.py").write_text(TASKS.format(setting))
    (tmp_path / "start.sh").write_text(workers)
    findings = json.loads(taskpick("scan . --format json").out)["findings"]

    assert [one["rule"] for one in findings] == found
