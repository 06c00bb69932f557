"""Proves that a scan runs nothing that it reads, leaves out what is not the project's own, reads
syntax newer than its Python, and that hostile code costs a message and nothing more.
"""

from __future__ import annotations

import ast
import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from taskpick.scan.parsing import syntax

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TASK = "from celery import shared_task\n\n\n@shared_task(time_limit=9)\ndef send(): ...\n"


@pytest.fixture
def scan(taskpick: Callable[..., Any], tmp_path: Path) -> Callable[[], dict[str, Any]]:
    """Scan the folder as JSON, with one task in it."""
    (tmp_path / "tasks.py").write_text(TASK)

    def run() -> dict[str, Any]:
        done = taskpick("scan . --format json")
        assert done.code == 0, done.err
        found: dict[str, Any] = json.loads(done.out)
        assert [work["name"] for work in found["work"]] == ["send"]
        return found

    return run


def test_nothing_is_imported_or_run(scan, tmp_path) -> None:
    (tmp_path / "evil.py").write_text(f"import celery\nopen({str(tmp_path / 'ran')!r}, 'w')\n")
    (tmp_path / "worker.sh").write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\ncelery worker\n")
    found = scan()

    assert found["processes"] == [{"program": "celery worker", "file": "worker.sh", "line": 3}]
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        (".hidden", "hidden"),
        ("node_modules", "vendored code"),
        ("tests", "tests"),
        ("docs", "documentation"),
        ("examples", "examples"),
        ("migrations", "migrations"),
    ],
)
def test_what_is_no_work_of_the_project_is_left_out_and_counted(
    scan, tmp_path, folder, kind
) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "tasks.py").write_text(TASK)

    assert scan()["left_out"] == {kind: 1}


def test_a_virtual_environment_is_left_out_whatever_it_is_called(scan, tmp_path) -> None:
    (tmp_path / "py3").mkdir()
    (tmp_path / "py3" / "pyvenv.cfg").write_text("")
    (tmp_path / "py3" / "tasks.py").write_text(TASK)

    assert scan()["left_out"] == {"vendored code": 1}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"import celery\nx = " + b"(" * 5000 + b")" * 5000, "nested too deeply"),
        (b"import celery\nx = " + b"-" * 5000 + b"1", "nested too deeply"),
        (b"import celery\nx = " + b"f" + b"()" * 5000, "nested too deeply"),
        (b"import celery\x00", "null bytes"),
        (b"import celery\ndef (", "line 2: "),
        (b"import celery\nx = '\xff'\n", "line "),
        (b"import celery\n" + b"#" * 5_000_001, "larger than 5 MB"),
        (b"import celery\n" + b"#" * 900_001, "larger than 0.9 MB"),
        (b"import celery\n" + b"a\n" * 75_000, "too large (75,002 lines, 0.2 MB)"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_once(scan, tmp_path, text, why) -> None:
    (tmp_path / "odd.py").write_bytes(text)
    (unread,) = scan()["not_read"]

    assert unread["file"] == "odd.py"
    assert why in unread["why"] or "too many nested" in unread["why"]


RQ = "from rq import Queue\n\nqueue = Queue()\n"
OWN = "class Queue:\n    def enqueue(self, job): ...\n\n\nqueue = Queue()\n"
FUNCTION = "from jobs import queue\n\n\ndef order():\n    queue.enqueue(print)\n"
METHOD = (
    "from jobs import queue\n\n\nclass Shop:\n    def order(self):\n"
    "        queue.enqueue(print)\n\n\nshop = Shop()\n"
)


@pytest.mark.parametrize(
    ("jobs", "service", "web", "unread"),
    [
        (RQ, FUNCTION, "from service import order\norder(\n", ["web.py"]),
        (
            RQ,
            f"{FUNCTION}\n\ndef buy():\n    order()\n",
            "from service import buy\nbuy(\n",
            ["web.py"],
        ),
        (RQ, METHOD, "from service import shop\nshop.order(\n", ["web.py"]),
        (RQ, METHOD, "from service import shop\nreorder(\n", []),
        (RQ, FUNCTION, "from rich import order\norder(\n", []),
        (RQ, FUNCTION, "from jobs import order\norder(\n", []),
        (RQ, FUNCTION, "from .service import order\norder(\n", ["web.py"]),
        (RQ, FUNCTION, "import service\nservice.order(\n", ["web.py"]),
        (OWN, FUNCTION, "from service import order\norder(\n", []),
    ],
)
def test_a_file_is_named_only_where_it_may_call_what_sends_work(
    taskpick, tmp_path, jobs, service, web, unread
) -> None:
    (tmp_path / "jobs.py").write_text(jobs)
    (tmp_path / "service.py").write_text(service)
    (tmp_path / "web.py").write_text(web)
    found = json.loads(taskpick("scan . --format json").out)

    assert [one["file"] for one in found["not_read"]] == unread


@pytest.mark.parametrize("given", ["", "import api\n"])
def test_a_name_is_followed_through_the_file_that_hands_it_on(taskpick, tmp_path, given) -> None:
    (tmp_path / "jobs.py").write_text(RQ)
    (tmp_path / "service.py").write_text(FUNCTION)
    (tmp_path / "api.py").write_text("from service import order\n")
    (tmp_path / "web.py").write_text(f"{given}from api import order\norder(\n")
    found = json.loads(taskpick("scan . --format json").out)

    assert [one["file"] for one in found["not_read"]] == ["web.py"]


def test_the_tasks_of_a_progress_bar_are_none(taskpick, tmp_path) -> None:
    (tmp_path / "web.py").write_text("import fastapi\n")
    bar = "from rich.progress import Progress\nprogress.add_task(\n"
    (tmp_path / "load.py").write_text(bar)
    (tmp_path / "mail.py").write_text(f"{bar}background_tasks.add_task(\n")
    found = json.loads(taskpick("scan . --format json").out)

    assert [one["file"] for one in found["not_read"]] == ["mail.py"]


@pytest.mark.parametrize(
    ("imports", "unread"), [("", []), ("from service import order\n", ["helper.py"])]
)
def test_a_call_is_followed_only_through_files_that_may_lead_to_what_sends(
    taskpick, tmp_path, imports, unread
) -> None:
    web = "import celery\nimport helper\nfrom service import order\n\n\nhelper.order()\n"
    files = {"jobs": RQ, "service": FUNCTION, "web": web, "helper": f"{imports}def ("}
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(text)
    found = json.loads(taskpick("scan . --format json").out)

    assert [one["file"] for one in found["not_read"]] == unread


@pytest.mark.parametrize(
    ("imports", "unread"),
    [
        ("", []),
        ("from base import audit\n", ["deco.py"]),
        ("from base import task as audit\n", ["deco.py"]),
    ],
)
def test_a_decorator_is_followed_only_into_files_that_may_define_work(
    scan, tmp_path, imports, unread
) -> None:
    (tmp_path / "deco.py").write_text(f"{imports}def (")
    (tmp_path / "more.py").write_text(
        "import celery\nfrom deco import audit\n\n\n@audit\ndef f(): ...\n"
    )

    assert [one["file"] for one in scan()["not_read"]] == unread


@pytest.mark.parametrize(
    ("call", "unread"),
    [
        ("get(url, timeout=3)", []),
        ("get(url(1), params={'a': ')'}, timeout=3)", []),
        ("get(url, **options)", []),
        ("get(url)", ["load.py"]),
        ("get(url, 'timeout')", ["load.py"]),
        ("get(url); wait(timeout=3)", ["load.py"]),
        ("get(url, timeout=3); requests.post(url)", ["load.py"]),
    ],
)
def test_a_file_matters_if_a_request_in_it_has_no_timeout(scan, tmp_path, call, unread) -> None:
    (tmp_path / "load.py").write_text(f"import requests\nrequests.{call}\ndef (")

    assert [one["file"] for one in scan()["not_read"]] == unread


@pytest.mark.parametrize(
    ("imported", "unread"),
    [
        ("from threading import Thread", ["watch.py"]),
        ("import threading as t", ["watch.py"]),
        ("from mail import Thread", []),
        ("class Thread: ...", []),
    ],
)
def test_a_thread_counts_only_where_the_library_is_imported(
    scan, tmp_path, imported, unread
) -> None:
    (tmp_path / "watch.py").write_text(f"{imported}\nThread(target=print)\ndef (")

    assert [one["file"] for one in scan()["not_read"]] == unread


@pytest.mark.parametrize(("imported", "unread"), [("celery", []), ("rq", ["orders.py"])])
def test_names_of_a_library_that_nothing_imports_lead_nowhere(
    taskpick, tmp_path, imported, unread
) -> None:
    web = f"import {imported}\nimport orders\n\n\ndef buy():\n    orders.create(1)\n"
    (tmp_path / "web.py").write_text(web)
    (tmp_path / "orders.py").write_text("def (")
    found = json.loads(taskpick("scan . --format json").out)

    assert [one["file"] for one in found["not_read"]] == unread


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", f"fastapi=={'9' * 100_000}.1\n"),
        ("uv.lock", f'name = "fastapi"\nversion = "{"9" * 100_000}.1"\n'),
        ("Dockerfile", "celery " * 40_000 + "\\\n" * 1000),
        ("odd.py", "import celery\n" + "import (" * 100_000),
        ("odd.py", "import celery\n" + "from " * 100_000 + " " * 100_000),
        ("odd.py", "import jobs\njobs.order(\nfrom " + " " * 400_000 + "\nfrom " + "." * 400_000),
        ("odd.py", "import requests\n" + "requests.get(timeout=" * 40_000 + ")" * 40_000),
    ],
)
def test_long_numbers_and_lines_cost_nothing(scan, tmp_path, name, text) -> None:
    jobs = "from tasks import send\n\n\ndef order():\n    send.delay()\n"
    (tmp_path / "jobs.py").write_text(jobs)
    (tmp_path / name).write_text(text)

    assert [one["file"] for one in scan()["not_read"]] in ([], ["odd.py"])


def test_links_and_pipes_are_not_followed(scan, tmp_path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.py").symlink_to(tmp_path / "self.py")
    os.mkfifo(tmp_path / "pipe.py")

    assert scan()["files"] == 1


def test_names_with_escapes_are_shown_as_text(scan, taskpick, tmp_path) -> None:
    name = "a\x1b[31m\u202e.py"
    (tmp_path / name).write_text(TASK.replace("send", "paint"))
    for words in ("--details", "--format json", "--format sarif", "--format markdown"):
        run = taskpick(f"scan . {words}")

        assert "\x1b" not in run.out + run.err
        assert "\u202e" not in run.out + run.err
        assert run.code == 0


@pytest.mark.parametrize(
    "newer",
    [
        "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n",
        "def first[T](items: list[T]) -> T: ...\n",
        "class Box[\n    T: (int, str),\n]:\n    pass\n",
        "type Pair = tuple[int, int]\n",
        "type Pair[T] = tuple[T, T]\n",
    ],
)
def test_syntax_newer_than_this_python_is_read_with_its_lines(newer) -> None:
    tree = ast.parse(syntax.older(f"{newer}last = 1\n"))

    assert tree.body[-1].lineno == newer.count("\n") + 1
    assert tree.body[-1].end_lineno == newer.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    ["type = 3\n", "x = a[1](2)\n", "except_ = a, b\n", "def f(x=a[1]): ...\n", "type(x)[0] = 1\n"],
)
def test_what_every_python_reads_stays_as_it_is(text) -> None:
    assert syntax.older(text) == text


@pytest.mark.parametrize(("newest", "is_older"), [((3, 99), True), ((3, 11), False)])
def test_a_newer_python_may_read_what_this_one_does_not(monkeypatch, newest, is_older) -> None:
    monkeypatch.setattr(syntax, "_NEWEST", newest)
    with pytest.raises(syntax.Unparsable, match=r"^line 1: ") as caught:
        syntax.parse(b"def (")

    assert str(caught.value).endswith("; a newer one may read it)") is is_older


@pytest.mark.parametrize("path", ["missing", "empty"])
def test_a_folder_without_python_is_refused(taskpick, tmp_path, path) -> None:
    (tmp_path / "empty").mkdir()
    run = taskpick(f"scan {path}")

    assert (run.code, run.out) == (2, "")
    assert f"'{path}'" in run.err
