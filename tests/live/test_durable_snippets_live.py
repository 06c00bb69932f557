"""The code shown for DBOS runs as it is printed, on a PostgreSQL of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from . import systems
from .snippets import kill_in_the_middle, running, says, signed_up
from .systems import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY = """

def print(*what):
    import builtins
    import pathlib

    with pathlib.Path("tries").open("a") as tries:
        tries.write("x")
    if len(pathlib.Path("tries").read_text()) < 2:
        raise ConnectionError("the mail server is busy, once")
    builtins.print(*what, flush=True)
"""
SLOW = """

def print(*what):
    import builtins
    import pathlib
    import time

    if what[0] == "seen" and not pathlib.Path("tries").exists():
        pathlib.Path("tries").touch()
        time.sleep(600)
    builtins.print(*what, flush=True)
"""
"""What the second step does when it is done for the first time: its worker is killed in it."""


@pytest.fixture
def database() -> Iterator[dict[str, str]]:
    with systems.postgres() as url:
        yield {"DATABASE_URL": url}


def test_dbos_does_the_steps_in_order(tmp_path: Path, database: dict[str, str]) -> None:
    wanted = {"workflow": "chain", "scheduling": "delayed"}
    sooner = ('"delay_seconds": 60', '"delay_seconds": 1')
    with running(tmp_path, "dbos", wanted, sooner=sooner, **database) as (group, url):
        says(group, "worker", "DBOS launched")  # it makes the tables
        signed_up(url)

        says(group, "worker", "welcome ada@example.com\nseen ada@example.com")


def test_dbos_goes_on_behind_the_finished_step(tmp_path: Path, database: dict[str, str]) -> None:
    wanted = {"workflow": "chain", "persistence": "durable"}
    with running(tmp_path, "dbos", wanted, mail=SLOW, **database) as (group, url):
        says(group, "worker", "DBOS launched")  # it makes the tables
        signed_up(url)
        kill_in_the_middle(group, tmp_path)

        says(group, "worker", "seen ada@example.com")
        assert group.log("worker").count("welcome ada@example.com") == 1


def test_dbos_sleeps_and_tries_again(tmp_path: Path, database: dict[str, str]) -> None:
    wanted = {"workflow": "stateful", "retry": "advanced"}
    sooner = ("86400", "1")
    with running(tmp_path, "dbos", wanted, mail=BUSY, sooner=sooner, **database) as (group, url):
        says(group, "worker", "DBOS launched")  # it makes the tables
        signed_up(url)

        says(group, "worker", "welcome ada@example.com")


def test_dbos_has_a_clock(tmp_path: Path, database: dict[str, str]) -> None:
    wanted = {"scheduling": "cron", "retry": "basic"}
    with running(tmp_path, "dbos", wanted, **database) as (group, _):
        says(group, "worker", "DBOS launched")
        # It makes its schedules a moment later.
        wait_for(lambda: group.start("try", group.commands["try"]).wait(60) == 0, seconds=60)

        says(group, "worker", "daily report")
