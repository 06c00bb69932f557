"""Proves that the picture shows what sends what where, and that all names in it are text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

WEB = """\
from tasks import export, mail


def view():
    export.delay()
    mail.delay()
"""
TASKS = """\
import threading
from celery import Celery

app = Celery(broker="amqp://host")


@app.task(queue="slow")
def export(): ...


@app.task
def mail(): ...


app.conf.beat_schedule = {"a": {"task": "tasks.mail", "schedule": 60}}


def warm(): ...


threading.Thread(target=warm).start()
"""


@pytest.fixture
def project(tmp_path) -> None:
    (tmp_path / "web.py").write_text(WEB)
    (tmp_path / "tasks.py").write_text(TASKS)
    (tmp_path / "Procfile").write_text(
        "worker: celery -A tasks worker -Q slow\nweb: gunicorn web\n"
    )


def drawn(text: str) -> set[tuple[str, str]]:
    """The arrows of a Mermaid picture, by the first lines of their boxes."""
    names = dict(re.findall(r'(n\d+)\[\(?"(.*?)(?:<br>.*)?"\)?\]', text))
    return {(names[start], names[end]) for start, end in re.findall(r"(n\d+) --> (n\d+)", text)}


def test_arrows_lead_from_senders_to_workers(taskpick, project) -> None:
    run = taskpick("scan . --format mermaid")

    assert drawn(run.out) == {
        ("web.py", "Celery: slow"),
        ("web.py", "Celery: no queue is written out"),
        ("a schedule", "Celery: no queue is written out"),
        ("Celery: slow", "RabbitMQ"),
        ("Celery: no queue is written out", "RabbitMQ"),
        ("RabbitMQ", "celery worker"),
        ("tasks.py", "threads"),
        ("threads", "the process that starts it"),
    }


def test_the_drawing_has_the_same_boxes(taskpick, project) -> None:
    root = ET.fromstring(taskpick("scan . --format svg").out)
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]

    assert {"web.py", "Celery: slow", "export", "RabbitMQ", "celery worker"} <= set(texts)
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 2 * 8


def test_files_that_are_many_are_shown_as_folders(taskpick, project, tmp_path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for number in range(20):
            (tmp_path / folder / f"view_{number}.py").write_text(WEB)
    starts = {start for start, end in drawn(taskpick("scan . --format mermaid").out)}

    assert {"one/", "two/", "web.py"} <= starts


def test_names_are_text(taskpick, tmp_path) -> None:
    name = 'a"]<b>&#34;;\x1b[31m\u202e.py'
    (tmp_path / name).write_text(
        "import threading\n\n\ndef run(): ...\n\n\nthreading.Thread(target=run).start()\n"
    )
    mermaid = taskpick("scan . --format mermaid").out
    drawing = taskpick("scan . --format svg").out

    for text in (mermaid, drawing):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert '["a#34;#93;#60;b#62;' in mermaid
    assert "<b>" not in drawing
    assert ET.fromstring(drawing).find(".//{http://www.w3.org/2000/svg}b") is None
