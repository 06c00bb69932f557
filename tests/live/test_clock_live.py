"""Clocks: two in one project, and one that is the host's own and calls an endpoint."""

from __future__ import annotations

import itertools
import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy

from taskpick.starter import project

from . import projects, sweep, systems
from .snippets import FLAKY_MAIL, SLOW_MAIL, answers_at, running
from .systems import http, wait_for

if TYPE_CHECKING:
    from pathlib import Path

EVERY = 3
"""Seconds between two ticks."""
SOON = {"DAILY_REPORT": f"* * * * * */{EVERY}", "RESEND_SECONDS": "2"}


def ticks(folder: Path) -> list[datetime]:
    """The times of the reports that were sent, which are their keys."""
    with closing(sqlite3.connect(folder / "data.sqlite3", timeout=30)) as db:
        return [datetime.fromisoformat(key) for (key,) in db.execute("SELECT key FROM outbox")]


def test_of_two_clocks_one_is_killed_and_each_tick_comes_once(tmp_path: Path) -> None:
    commands = projects.write(tmp_path, "background-tasks", scheduling="cron")
    with projects.running(tmp_path, commands, **SOON) as (group, _):
        port = systems.free_port()
        group.start("other", f"{commands['web']} --port {port}")
        wait_for(lambda: projects.healthy(f"http://127.0.0.1:{port}"), seconds=90)
        begun = len(ticks(tmp_path))
        wait_for(lambda: len(ticks(tmp_path)) >= begun + 3, seconds=60)
        group.kill("web")
        killed = len(ticks(tmp_path))
        wait_for(lambda: len(ticks(tmp_path)) >= killed + 3, seconds=60)
        time.sleep(2 * EVERY)  # for what the one that was killed had in hand
        sent = sorted(ticks(tmp_path))

    # The last ones may be on their way.
    gaps = {after - before for before, after in itertools.pairwise(sent[:-2])}
    assert gaps == {timedelta(seconds=EVERY)}


SERVERLESS = {"infrastructure": "serverless", "scheduling": "cron", "persistence": "durable"}
WORK = "print(key, flush=True)"


@pytest.mark.parametrize("code", ["sync", "async"])
def test_what_the_clock_of_a_host_calls_does_each_day_once(tmp_path, postgres, code) -> None:
    with running(tmp_path, "clock", SERVERLESS | {"code": code}, **postgres) as (group, url):
        codes = [http("POST", f"{url}/due", {}).code for _ in range(3)]

        assert codes == [200, 200, 200]
        assert group.log("web").count("daily-report-") == 1


@pytest.mark.parametrize(("retry", "failures", "sent"), [("none", 1, 0), ("basic", 2, 1)])
def test_what_fails_stays_due_only_where_it_is_tried_again(
    tmp_path, postgres, retry, failures, sent
) -> None:
    sooner = (WORK, "flaky(key)")
    wanted = SERVERLESS | {"retry": retry}
    with running(tmp_path, "clock", wanted, mail=FLAKY_MAIL, sooner=sooner, **postgres) as (
        group,
        url,
    ):
        for _ in range(4):
            http("POST", f"{url}/due", {})

        assert group.log("web").count("failed: ConnectionError") == failures
        assert group.log("web").count("welcome, daily-report-") == sent


@pytest.mark.parametrize("code", ["sync", "async"])
def test_a_job_of_a_host_does_each_day_once(tmp_path, postgres, code) -> None:
    wanted = SERVERLESS | {"retry": "basic", "duration": "hours", "code": code}
    printed = project.snippet(sweep.RULES, sweep.option("clock"), sweep.answers(**wanted))
    flaky = (
        printed.files["due.py"]
        .replace(WORK, "flaky(key)")
        .replace("\n\n\n", f"{FLAKY_MAIL}\n\n", 1)
    )
    (tmp_path / "due.py").write_text(flaky)
    commands = dict(printed.commands)
    with systems.processes(tmp_path, **postgres) as group:
        tables = commands["tables"].replace("psql", postgres["PSQL"], 1)
        assert group.start("tables", tables).wait(60) == 0, group.log("tables")
        for _ in range(4):
            assert group.start("try", commands["try"]).wait(60) == 0, group.log("try")

        assert group.log("try").count("failed: ConnectionError") == 2
        assert group.log("try").count("welcome, daily-report-") == 1


def test_what_a_killed_instance_had_in_hand_is_done_by_the_next_call(tmp_path, postgres) -> None:
    sooner = (WORK, "flaky(key)")
    with (
        running(tmp_path, "clock", SERVERLESS, mail=SLOW_MAIL, sooner=sooner, **postgres) as (
            group,
            url,
        ),
        ThreadPoolExecutor() as pool,
    ):
        call = pool.submit(http, "POST", f"{url}/due", {})
        wait_for(lambda: (tmp_path / "tries").exists(), seconds=60)
        group.kill("web")
        group.start("web", group.commands["web"])
        wait_for(lambda: answers_at(url), seconds=60)

        assert call.exception()
        assert http("POST", f"{url}/due", {}).code == 200
        assert "welcome, daily-report-" in group.log("web")


PROMISE = """
from service import jobs, ledger

ledger.prepare()
with ledger.transaction() as db:
    work = ledger.promise(db, "export", "key", {"lines": 1})
jobs.send(work)
"""


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_run_beside_a_long_one_says_in_one_line_that_it_leaves_the_work(
    tmp_path: Path, database: str
) -> None:
    folder = tmp_path / "project"
    projects.write(folder, "clock", scheduling="cron")
    server = {"sqlite": "none", "postgresql": "postgres"}[database]
    long = {"DAILY_REPORT": "0 0 1 1 *", "STEP_SECONDS": "60"}
    with (
        projects.server(server, tmp_path) as (urls, _),
        systems.processes(folder, **long, **urls) as group,
    ):
        (folder / "promise.py").write_text(PROMISE)
        assert group.start("promise", "python promise.py").wait(60) == 0, group.log("promise")
        group.start("first", "python -m service.due")
        wait_for(lambda: "try 1" in group.log("first"), seconds=60, saying="it is at work")
        second = group.start("second", "python -m service.due").wait(60)

        (line,) = group.log("second").splitlines()
        said = "another run is still at work: what is due waits for the next run"
        assert (second, json.loads(line)["message"]) == (0, said)
        assert group.running["first"].poll() is None


def test_a_start_holds_up_nobody_while_a_transaction_is_open(
    tmp_path: Path, postgres: dict[str, str]
) -> None:
    """In PostgreSQL to make an index would wait for it, and all other writers for the index."""
    folder = tmp_path / "project"
    projects.write(folder, "clock")
    url = projects.on_psycopg(f"postgresql://postgres@/postgres?host={postgres['PGHOST']}")
    with systems.processes(folder, DATABASE_URL=url) as group:
        assert group.start("first", "python -m service.due").wait(60) == 0, group.log("first")
        with sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool).begin() as db:
            db.exec_driver_sql(
                "INSERT INTO work (id, args, state, due) VALUES ('open', '', 'done', 0)"
            )

            assert group.start("second", "python -m service.due").wait(60) == 0
