"""The code shown for procrastinate runs as it is printed, on a PostgreSQL of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .snippets import FLAKY_MAIL, SLOW_MAIL, kill_in_the_middle, running, says, signed_up, tried

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("code", ["sync", "async", "cpu"])
def test_procrastinate_does_the_work(tmp_path: Path, postgres: dict[str, str], code: str) -> None:
    with running(tmp_path, "procrastinate", {"code": code}, **postgres) as (group, url):
        signed_up(url)

        says(group, "worker", "welcome, ada@example.com")


def test_procrastinate_does_what_a_killed_worker_left(
    tmp_path: Path, postgres: dict[str, str]
) -> None:
    wanted = {"persistence": "durable"}
    with running(tmp_path, "procrastinate", wanted, mail=SLOW_MAIL, **postgres) as (group, url):
        signed_up(url)
        kill_in_the_middle(group, tmp_path)

        says(group, "worker", "welcome, ada@example.com", seconds=180)


@pytest.mark.parametrize("retry", ["basic", "advanced"])
def test_procrastinate_tries_again_later(
    tmp_path: Path, postgres: dict[str, str], retry: str
) -> None:
    wanted = {"retry": retry, "persistence": "durable", "scheduling": "delayed"}
    sooner = ("wait=30", "wait=1")
    with running(tmp_path, "procrastinate", wanted, mail=FLAKY_MAIL, sooner=sooner, **postgres) as (
        group,
        url,
    ):
        signed_up(url)

        says(group, "worker", "welcome, ada@example.com", seconds=120)
        assert len((tmp_path / "tries").read_text().splitlines()) == 3


def test_procrastinate_has_a_clock(tmp_path: Path, postgres: dict[str, str]) -> None:
    sooner = ("0 6 * * *", "* * * * *")
    wanted = {"scheduling": "cron", "retry": "basic"}
    with running(tmp_path, "procrastinate", wanted, sooner=sooner, **postgres) as (group, _):
        says(group, "worker", "the daily report", seconds=90)


def test_procrastinate_sends_a_report_when_it_is_tried(
    tmp_path: Path, postgres: dict[str, str]
) -> None:
    wanted = {"scheduling": "cron"}
    with running(tmp_path, "procrastinate", wanted, **postgres) as (group, _):
        tried(group)

        says(group, "worker", "the daily report")
