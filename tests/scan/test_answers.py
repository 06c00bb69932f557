"""Proves that what the code does not show is asked once for all work that it is about, at a
terminal only, and that `advise` then says of each kind of work whether to stay or to move.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pexpect
import pytest
import yaml

if TYPE_CHECKING:
    from pathlib import Path

WEB = """\
from fastapi import BackgroundTasks, FastAPI
from tasks import export, mail

app = FastAPI()


def log(text): ...


@app.post("/")
def post(background_tasks: BackgroundTasks):
    background_tasks.add_task(log, "x")
    export.delay()
    mail.delay()
"""
TASKS = """\
from celery import shared_task


@shared_task
def export(): ...


@shared_task(autoretry_for=(OSError,), time_limit=900)
def mail(): ...
"""
PROMPT = "y, n, or Enter if you are unsure: "


@pytest.fixture
def project(tmp_path) -> Path:
    (tmp_path / "web.py").write_text(WEB)
    (tmp_path / "tasks.py").write_text(TASKS)
    return tmp_path


def asked(project: Path, environment: dict[str, str], *lines: str, flags: str = "") -> str:
    """What a terminal shows while a person answers with these lines."""
    words = f"scan . --answers tasks.yaml {flags}".split()
    child = pexpect.spawn(
        sys.executable,
        ["-m", "taskpick", *words],
        cwd=project,
        env=environment,
        encoding="utf-8",
        dimensions=(40, 80),
        timeout=60,
    )
    shown = ""
    for line in lines:
        child.expect_exact(PROMPT)
        shown += child.before
        child.send(line)
    child.expect(pexpect.EOF)
    return shown + str(child.before)


def written(project: Path) -> dict[str, dict[str, str]]:
    tasks: dict[str, dict[str, str]] = yaml.safe_load((project / "tasks.yaml").read_text())["tasks"]
    return tasks


def test_an_answer_counts_for_all_work_that_it_is_about(project, environment) -> None:
    shown = asked(project, environment, "y\r", "maybe\r", "n\r", "n\r")
    tasks = written(project)

    assert "May log be lost when you deploy?" in shown
    assert "Must these 2 (export, log) be tried again after a failure?" in shown
    assert "'maybe' is not an answer" in shown
    assert tasks["log"]["persistence"] == "none"
    assert {name: task["retry"] for name, task in tasks.items()} == {
        "export": "none",
        "log": "none",
        "mail": "basic",
    }
    assert (tasks["export"]["duration"], tasks["mail"]["duration"]) == ("seconds", "minutes")


def test_who_is_unsure_or_leaves_gets_the_file_all_the_same(project, environment) -> None:
    asked(project, environment, "\r", "u\r", "\x04")

    assert written(project)["export"]["retry"] == "unsure"
    assert written(project)["export"]["duration"] == "unsure"


def test_an_interrupt_writes_nothing(project, environment) -> None:
    asked(project, environment, "\r", "\x03")

    assert not (project / "tasks.yaml").exists()


def test_nobody_is_asked_who_does_not_want_to_be(project, environment) -> None:
    assert PROMPT not in asked(project, environment, flags="--no-input")
    assert written(project)["log"]["persistence"] == "unsure"


def test_advise_says_for_each_kind_whether_to_stay(project, taskpick) -> None:
    taskpick("scan . --answers tasks.yaml")
    text = (project / "tasks.yaml").read_text()
    (project / "tasks.yaml").write_text(text.replace("persistence: unsure", "persistence: durable"))
    run = taskpick("advise --answers tasks.yaml")

    assert [task["have"] for task in written(project).values()] == [
        "celery",
        "celery",
        "background-tasks",
    ]
    assert "  export  stay with Celery\n  mail    stay with Celery\n" in run.out
    assert "Move 1 kind of work to what is still to be decided, since FastAPI" in run.out


DJANGO = "from huey.contrib.djhuey import task\n"


@pytest.mark.parametrize(
    ("imports", "setting", "have"),
    [
        ("from huey import SqliteHuey\nhuey = SqliteHuey()\ntask = huey.task\n", "", "huey"),
        ("from huey import RedisHuey\nhuey = RedisHuey()\ntask = huey.task\n", "", "huey-redis"),
        (DJANGO, "", "huey-redis"),
        (DJANGO, 'HUEY = {"huey_class": "huey.PriorityRedisHuey"}\n', "huey-redis"),
        (DJANGO, 'HUEY = {"huey_class": "huey.SqliteHuey", "immediate": False}\n', "huey"),
        (DJANGO, "from huey import SqliteHuey\nHUEY = SqliteHuey()\n", "huey"),
    ],
)
def test_huey_is_that_of_redis_or_that_of_a_file(
    tmp_path, taskpick, imports, setting, have
) -> None:
    (tmp_path / "tasks.py").write_text(f"{imports}\n\n@task()\ndef mail(): ...\n")
    (tmp_path / "settings.py").write_text(setting)
    taskpick("scan . --answers tasks.yaml")

    assert written(tmp_path)["mail"]["have"] == have
    assert "Today you run Huey on " in taskpick("advise --answers tasks.yaml").out


def test_two_hundred_kinds_of_work_are_readable(tmp_path, taskpick) -> None:
    task = "\n\n@shared_task(time_limit={})\ndef a_task_with_quite_a_long_name_{}(): ...\n"
    tasks = "".join(task.format(9 if n % 3 else 4000, n) for n in range(200))
    (tmp_path / "tasks.py").write_text(f"from celery import shared_task\n{tasks}")
    taskpick("scan . --answers tasks.yaml")
    lines = taskpick("advise --answers tasks.yaml").out.splitlines()

    assert len(lines) <= 60
    assert all(len(line) <= 80 for line in lines)
    assert lines[0] == "200 kinds of work: stay with Celery for 200"


DJANGO_TASK = "from celery import shared_task\n\n\n@shared_task(time_limit=9)\ndef mail(): ...\n"
WITHOUT = "without: [background-tasks]"


def test_an_application_without_fastapi_is_not_offered_its_background_tasks(
    tmp_path, taskpick
) -> None:
    (tmp_path / "tasks.py").write_text(DJANGO_TASK)
    (tmp_path / "views.py").write_text("from django.http import HttpResponse\n")
    taskpick("scan . --answers tasks.yaml")
    text = (tmp_path / "tasks.yaml").read_text()
    easy = text.replace("durable", "none").replace("one-worker", "in-process")
    (tmp_path / "tasks.yaml").write_text(easy.replace("unsure", "none"))
    said = " ".join(taskpick("advise --answers tasks.yaml").out.split())

    reason = "# BackgroundTasks needs FastAPI or Starlette, and no file imports either."
    assert f"{reason}\n{WITHOUT}\n" in text
    assert "1 for FastAPI BackgroundTasks" not in said
    assert "FastAPI BackgroundTasks is left out. With all options it would be the pick" in said


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("web.py", "from fastapi import FastAPI\n", "."),
        ("web.py", "import starlette.applications\n", "."),
        ("web.py", "def broken(:\n    asyncio.create_task(x)\n", "."),
        ("web.py", "", ". --exclude web.py"),
        ("web.py", "def get(background_tasks): background_tasks.add_task(print)\n", "."),
        ("__init__.py", "", "."),
        ("web.py", "", "tasks.py"),
    ],
    ids=["fastapi", "starlette", "unread", "excluded", "in use", "in a package", "one file"],
)
def test_background_tasks_stay_possible_unless_all_was_read(
    tmp_path, taskpick, file, text, words
) -> None:
    (tmp_path / "tasks.py").write_text(DJANGO_TASK)
    (tmp_path / file).write_text(text)
    taskpick(f"scan {words} --answers tasks.yaml")

    assert WITHOUT not in (tmp_path / "tasks.yaml").read_text()
