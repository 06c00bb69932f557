"""Proves which functions count as run for a request."""

from __future__ import annotations

import json


def test_endpoints_with_the_same_name_in_one_file_all_count(taskpick, tmp_path) -> None:
    (tmp_path / "web.py").write_text(
        "from celery import shared_task\nfrom fastapi import APIRouter\n\n"
        "router = APIRouter()\n\n\n@shared_task(time_limit=9)\ndef work(number): ...\n\n\n"
        "@router.get('/same')\nasync def same():\n    work.delay(1)\n\n\n"
        "@router.post('/same')\nasync def same():\n    work.delay(2)\n"
    )
    data = json.loads(taskpick("scan . --format json").out)

    assert [start["line"] for start in data["work"][0]["starts"]] == [13, 18]
    assert [(one["rule"], one["line"]) for one in data["findings"]] == [
        ("enqueue-in-async", 13),
        ("enqueue-in-async", 18),
    ]
