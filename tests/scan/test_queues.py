"""Proves that the queue of a task is the one that Celery would choose, or none if that is unsure.

The order was read in Celery: what the task says, the routes by name, the routes by pattern in their
order, the default queue.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

TASKS = """\
from celery import shared_task


@shared_task(queue="own")
def first(): ...


@shared_task
def second(): ...


@shared_task(name="named")
def third(): ...
"""


@pytest.fixture
def queues(taskpick, tmp_path) -> Callable[[str], dict[str, Any]]:
    """The queue of each task with these settings."""

    def run(settings: str) -> dict[str, Any]:
        (tmp_path / "server" / "app").mkdir(parents=True, exist_ok=True)
        (tmp_path / "server" / "app" / "__init__.py").write_text("")
        (tmp_path / "server" / "app" / "tasks.py").write_text(TASKS)
        (tmp_path / "server" / "app" / "settings.py").write_text(f"import re\n{settings}\n")
        data = json.loads(taskpick("scan . --format json --no-cache").out)
        return {one["name"]: one["queue"] for one in data["work"]}

    return run


@pytest.mark.parametrize(
    ("settings", "second", "third"),
    [
        ("", None, None),
        ("CELERY_TASK_DEFAULT_QUEUE = 'usual'", "usual", "usual"),
        ("CELERY_TASK_ROUTES = {'app.tasks.second': {'queue': 'a'}}", "a", None),
        ("CELERY_TASK_ROUTES = {'app.tasks.*': 'a', 'named': 'b'}", "a", "b"),
        ("CELERY_TASK_ROUTES = {'*.second': 'a', 'app.*': 'b'}", "a", None),
        ("CELERY_TASK_ROUTES = {'app.*': 'b', 'app.tasks.second': 'a'}", "a", None),
        ("CELERY_TASK_ROUTES = ({'app.*': 'b'}, {'app.tasks.second': 'a'})", "b", None),
        ("CELERY_ROUTES = {'named': {'queue': 'a'}}", None, "a"),
        ("from celery import Celery\napp = Celery(task_routes={'named': 'a'})", None, "a"),
        ("NAME = 'a'\nCELERY_TASK_ROUTES = {'named': NAME}", None, "a"),
        # A router, a computed queue or pattern: nothing is certain, not even the default queue.
        (
            "CELERY_TASK_ROUTES = ('app.Router', {'named': 'a'})\nTASK_DEFAULT_QUEUE = 'b'",
            None,
            None,
        ),
        ("CELERY_TASK_ROUTES = {'named': f'a-{x}', '*': 'b'}", None, None),
        ("CELERY_TASK_ROUTES = {'named': 'a' + x, '*': 'b'}", None, None),
        ("CELERY_TASK_ROUTES = {re.compile('named'): 'a', '*': 'b'}", None, None),
        ("CELERY_TASK_ROUTES = {**more, '*': 'b'}", None, None),
        ("CELERY_TASK_ROUTES = {'named': 'a'}\nCELERY_TASK_ROUTES = {'named': 'b'}", None, None),
    ],
)
def test_a_task_goes_where_celery_sends_it(queues, settings, second, third) -> None:
    assert queues(settings) == {"first": "own", "second": second, "third": third}


def test_routes_are_in_the_picture_the_details_and_the_answers(taskpick, queues, tmp_path) -> None:
    queues("CELERY_TASK_ROUTES = {'named': 'slow'}")
    picture = taskpick("scan . --format mermaid").out
    details = taskpick("scan . --details").out
    answers = taskpick("scan . --answers -").out

    assert '["Celery: slow<br>third"]' in picture
    assert "Celery, queue slow, 0 starts" in details
    assert 'distribution: "many-workers"  # a queue of its own, server/app/settings.py:2' in answers


CALLS = """\
from celery import chain, shared_task
from procrastinate import App

app = App()
SLOW = "slow"


@shared_task(queue="own")
def mail(queue): ...


@app.task
def export(): ...


def view(queue, options):
    mail.delay(queue="an argument of the task")
    mail.apply_async(queue=SLOW)
    mail.apply_async(queue=queue)
    mail.apply_async(**options)
    export.configure(queue="big").defer()


def both():
    chain(mail.s(1).set(queue="slow"), mail.si(2).set(queue="slow"))()
"""


def test_a_call_names_its_queue_before_the_task_does(taskpick, tmp_path) -> None:
    (tmp_path / "tasks.py").write_text(CALLS)
    data = json.loads(taskpick("scan . --format json").out)
    picture = taskpick("scan . --format mermaid").out

    assert {one["name"]: [start["queue"] for start in one["starts"]] for one in data["work"]} == {
        "mail": [None, "slow", "decided at the call", "decided at the call", "slow", "slow"],
        "export": ["big"],
    }
    for queue in ("Celery: own", "Celery: slow", "Celery: decided", "Procrastinate: big"):
        assert queue in picture
    assert "Procrastinate: no queue" not in picture
    assert "  queue slow" in taskpick("scan . --details").out


def test_a_queue_may_be_a_member_of_an_enumeration(taskpick, tmp_path) -> None:
    (tmp_path / "names.py").write_text(
        'import enum\n\n\nclass Queues(enum.StrEnum):\n    MAIL = "mail"\n'
    )
    (tmp_path / "jobs.py").write_text(
        "import dramatiq\n\nfrom names import Queues\n\n\n"
        "@dramatiq.actor(queue_name=Queues.MAIL)\ndef send(): ...\n\n\n"
        "@dramatiq.actor(queue_name=Queues.OTHER)\ndef other(): ...\n"
    )
    data = json.loads(taskpick("scan . --format json").out)

    assert {one["name"]: one["queue"] for one in data["work"]} == {"send": "mail", "other": None}
