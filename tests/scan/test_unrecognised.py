"""Proves that a system is named that is used in a way which is not known."""

from __future__ import annotations

import json


def test_a_system_of_which_no_work_is_recognised_is_named(taskpick, tmp_path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  w:\n    command: procrastinate worker\n")
    (tmp_path / "jobs.py").write_text("from rq import Worker\nfrom own_library import task\n")
    data = json.loads(taskpick("scan . --format json").out)

    assert data["unrecognised"] == [
        {"system": "procrastinate", "file": "compose.yaml", "line": 3},
        {"system": "rq", "file": "jobs.py", "line": None},
    ]
    for form in ("text", "markdown"):
        out = taskpick(f"scan . --format {form}").out
        assert "0 recognised, though compose.yaml:3 starts a worker" in out
        assert "0 recognised, though jobs.py imports it" in out


def test_a_system_whose_work_is_seen_is_not(taskpick, tmp_path) -> None:
    (tmp_path / "rq.py").write_text("def one(): ...\n")
    (tmp_path / "tasks.py").write_text(
        "from celery import shared_task\n\n\n@shared_task\ndef a(): ...\n"
    )
    (tmp_path / "worker.sh").write_text("celery -A tasks worker\n")

    assert json.loads(taskpick("scan . --format json").out)["unrecognised"] == []
