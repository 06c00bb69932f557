"""Proves when a limit of all tasks of Celery is above the visibility timeout of Redis."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

TASKS = """\
from celery import Celery

app = Celery(broker="redis://localhost")
app.conf.task_reject_on_worker_lost = True
app.conf.task_acks_late = True
app.conf.task_time_limit = 28800


@app.task
def train(): ...


@app.task
def export(): ...
"""
OPTIONS = "app.conf.broker_transport_options"
BY_KEY = f"{OPTIONS}['visibility_timeout']"


@pytest.fixture
def findings(taskpick, tmp_path) -> Callable[[str], list[dict[str, Any]]]:
    """The findings in a file of tasks."""

    def run(tasks: str) -> list[dict[str, Any]]:
        (tmp_path / "tasks.py").write_text(tasks)
        found: list[dict[str, Any]] = json.loads(taskpick("scan . --format json").out)["findings"]
        return found

    return run


def test_a_limit_of_all_tasks_above_the_timeout_is_said_once(findings) -> None:
    (found,) = findings(TASKS)

    assert (found["rule"], found["line"]) == ("visibility-below-limit", 6)
    assert found["message"] == "tasks may run 28800 s and are then run a second time meanwhile"
    assert [step["words"] for step in found["because"]] == [
        "the broker is Redis; its messages come back after 3600 s",
        "train has no limit of its own",
    ]


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("28800", "28800\napp.conf.task_soft_time_limit = 28000", 1),
        ("28800", "28800\napp.conf.task_soft_time_limit = 600", 0),
        ("28800", "28800\napp.conf.broker_transport_options = {'visibility_timeout': 43200}", 0),
        ("28800", "28800\napp.conf.broker_transport_options = OPTIONS", 0),
        ("28800", f"28800\n{BY_KEY} = 43200", 0),
        ("28800", f"28800\n{BY_KEY} = 7200", 1),
        ("28800", f"28800\n{BY_KEY} = seconds()", 0),
        ("28800", f"28800\nif x:\n    {BY_KEY} = 7200\nelse:\n    {BY_KEY} = 43200", 0),
        ("28800", f"28800\n{OPTIONS} = {{'visibility_timeout': 60}}\n{BY_KEY} = 43200", 0),
        ("28800", f"28800\n{OPTIONS} = {{'queue_order_strategy': 'fifo'}}\n{BY_KEY} = 43200", 0),
        ("28800", "28800\napp.conf['broker_transport_options'] = {'visibility_timeout': 43200}", 0),
        ("28800", "28800\napp.conf['broker_transport_options'] = {'visibility_timeout': 7200}", 1),
        ("28800", "28800\napp.conf['broker_transport_options']['visibility_timeout'] = 43200", 0),
        ("28800", "28800\nCELERY_BROKER_TRANSPORT_OPTIONS['visibility_timeout'] = 43200", 0),
        ("28800", "28800\nother['visibility_timeout'] = 43200", 1),
        ("28800", "28800\napp.conf.task_annotations = {'*': {'time_limit': 9}}", 0),
        ("28800", "3600", 0),
        ("redis:", "amqp:", 0),
        ("acks_late = True", "acks_late = False", 0),
        ("@app.task", "@app.task(time_limit=9)", 0),
        ("@app.task", "@app.task(acks_late=False)", 0),
    ],
)
def test_it_is_said_only_where_a_task_is_run_twice(findings, before, after, count) -> None:
    assert before in TASKS
    assert len(findings(TASKS.replace(before, after))) == count


def test_a_limit_that_a_worker_is_started_with_may_be_lower(findings, tmp_path) -> None:
    (tmp_path / "start.sh").write_text("celery -A tasks worker --time-limit 600")

    assert findings(TASKS) == []
