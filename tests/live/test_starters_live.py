"""The starters as real processes, started by the commands of their own READMEs."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from . import postgresql, projects, systems, under_fire
from .systems import Reply, http, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

BROKERED = (
    "rq",
    "taskiq-redis",
    "taskiq-rabbitmq",
    "celery-redis",
    "celery-rabbitmq",
    "dramatiq-redis",
    "dramatiq-rabbitmq",
)
QUEUED = ("clock", "huey", "procrastinate", "dbos", *BROKERED)

FLAKY_MAIL = """

def send(email: str, body: str, key: str) -> None:
    if email.startswith("busy"):
        import time

        with open("tries", "a+") as tries:
            print(time.time(), file=tries)
            tries.seek(0)
            if len(tries.readlines()) < 3:
                raise ConnectionError("the mail server is busy")
"""


def mails(data: str) -> list[tuple[str, str]]:
    return [tuple(row) for row in under_fire.rows(data, "SELECT email, text FROM outbox")]


def reports(data: str) -> int:
    return mails(data).count(("team@example.com", "the daily report"))


def post(url: str, path: str, body: object, key: str) -> Reply:
    return http("POST", f"{url}{path}", body, {"Idempotency-Key": key})


def finished(url: str, work: str, *, seconds: float = 60) -> dict[str, object]:
    """What is said of the work at its end, which has to be a good one."""

    def end() -> dict[str, object] | None:
        found = projects.status(url, work)
        assert found["state"] != "failed", found
        return found if found["state"] == "done" else None

    return wait_for(end, seconds=seconds, saying=f"{work} is done")


@pytest.mark.parametrize("kind", QUEUED)
def test_a_starter_does_what_its_readme_says(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "project"
    commands = projects.write(folder, kind, retry="advanced", scheduling="cron", workflow="chain")
    # What a user does who fills in the place where mails are sent.
    with (folder / projects.PACKAGE / "work.py").open("a") as work:
        work.write(FLAKY_MAIL)
    with (
        projects.broker(kind, tmp_path / "broker") as urls,
        projects.running(folder, commands, **urls, DAILY_REPORT="* * * * *") as (group, url),
    ):
        check_following(url)
        data = projects.data(folder, urls)
        check_keys_and_order(url, data)
        check_retries(url, folder)
        check_logs(group)
        check_draining(url, group)
        group.start("worker-1", projects.worker(commands, 1))
        wait_for(lambda: reports(data) >= 1, seconds=75, saying="the report is sent")


def check_following(url: str) -> None:
    assert post(url, "/exports", {"lines": 3}, "followed").code == 202
    seen: set[object] = set()

    def end() -> bool:
        found = projects.status(url, "export/followed")
        seen.add(found["progress"])
        assert found["state"] != "failed", found
        return bool(found["state"] == "done")

    wait_for(end, seconds=60, saying="the export is done")

    assert seen & set(range(10, 100, 10))
    assert projects.status(url, "export/followed")["result"] == {
        "lines": 3,
        "file": "followed.csv",
    }
    assert post(url, "/exports", {"lines": 4}, "followed").code == 422
    assert http("GET", f"{url}/work/export/unknown").code == 404


def check_keys_and_order(url: str, data: str) -> None:
    body = {"email": "ada@example.com"}
    with ThreadPoolExecutor(5) as pool:
        replies = list(pool.map(lambda _: post(url, "/signup", body, "ada"), range(5)))

    assert {(reply.code, reply.body["id"]) for reply in replies} == {(202, "report/ada")}
    finished(url, "report/ada")
    time.sleep(1)
    sent = [mail for mail in mails(data) if "report" not in mail[1]]
    assert sent == [
        ("ada@example.com", "welcome"),
        ("team@example.com", "ada@example.com signed up"),
    ]


def check_retries(url: str, folder: Path) -> None:
    post(url, "/signup", {"email": "busy@example.com"}, "busy")
    finished(url, "report/busy", seconds=90)
    first, second, third = map(float, (folder / "tries").read_text().split())

    assert second - first > 2
    assert third - second > 4


def check_logs(group: systems.Processes) -> None:
    lines = [line for line in group.log("worker-0").splitlines() if line.startswith("{")]
    of_tasks = [json.loads(line) for line in lines]

    assert any(line["work"] == "export/followed" for line in of_tasks)
    assert any("busy" in line["message"] for line in of_tasks)


def check_draining(url: str, group: systems.Processes) -> None:
    """SIGTERM lets the worker finish what it is at."""
    post(url, "/exports", {"lines": 1}, "drained")
    wait_for(lambda: projects.status(url, "export/drained")["progress"], seconds=60)

    assert group.stop("worker-0") == 0
    assert projects.status(url, "export/drained")["state"] == "done"


def test_the_promises_hold_on_postgresql_too(tmp_path: Path) -> None:
    projects.write(tmp_path, "rq", retry="basic", scheduling="cron", workflow="dag")
    with postgresql.address() as url:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "tests/test_promises.py"],
            cwd=tmp_path,
            env=os.environ | {"TEST_DATABASE_URL": projects.on_psycopg(url)},
            capture_output=True,
            text=True,
        )

    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("kind", QUEUED)
def test_a_reminder_comes_when_it_is_due(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "project"
    commands = projects.write(folder, kind, scheduling="delayed")
    with (
        projects.broker(kind, tmp_path / "broker") as urls,
        projects.running(folder, commands, **urls) as (_, url),
    ):
        start = time.monotonic()
        body = {"email": "ada@example.com", "seconds": 3}
        assert post(url, "/reminders", body, "later").code == 202
        finished(url, "reminder/later")

        assert time.monotonic() - start > 3
        assert mails(projects.data(folder, urls)) == [("ada@example.com", "reminder")]


@contextmanager
def broker_to_stop(kind: str, folder: Path) -> Iterator[tuple[dict[str, str], object]]:
    """A broker of our own, its environment and what has its `stop` and `start`."""
    if kind.endswith("rabbitmq"):
        with systems.rabbitmq_node(folder) as node:
            yield {"BROKER_URL": node.url}, node
        return
    with systems.valkey(folder) as server:
        yield {"BROKER_URL": server.connection_url}, server


@pytest.mark.parametrize("kind", BROKERED)
def test_a_broker_that_goes_away_and_comes_back(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "project"
    projects.write(folder, kind)
    replies: dict[str, Reply] = {}
    port = systems.free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        broker_to_stop(kind, tmp_path / "broker") as (urls, server),
        systems.processes(folder, PORT=str(port), **urls) as group,
    ):
        group.start("run", f"{sys.executable} run.py")
        wait_for(lambda: projects.healthy(url), seconds=90, saying="all is up")

        def ask(number: int) -> None:
            time.sleep(number * 0.2)
            key = f"asked-{number:02}"
            replies[key] = post(url, "/signup", {"email": f"{key}@example.com"}, key)

        with ThreadPoolExecutor(60) as pool:
            asked = [pool.submit(ask, number) for number in range(60)]
            time.sleep(2)
            server.stop()  # type: ignore[attr-defined]
            time.sleep(3)
            down = http("GET", f"{url}/health")
            server.start()  # type: ignore[attr-defined]
            for future in asked:
                future.result()
        wait_for(lambda: projects.healthy(url), seconds=60, saying="all is well again")
        promised = [key for key, reply in replies.items() if reply.code == 202]
        last = post(url, "/signup", {"email": "last@example.com"}, "last")
        for key in ["last", *promised]:
            finished(url, f"welcome/{key}", seconds=120)

    assert last.code == 202
    assert down.code == 503
    assert {reply.code for reply in replies.values()} == {202}  # the ledger keeps the promise
    assert max(reply.seconds for reply in replies.values()) < 10
    sent = [email for email, _ in mails(projects.data(folder, urls))]
    assert len(sent) == len(set(sent))
    assert {f"{key}@example.com" for key in promised} <= set(sent)


def test_background_tasks_answers_first_and_drains(tmp_path: Path) -> None:
    commands = projects.write(tmp_path / "project", "background-tasks")
    with projects.running(tmp_path / "project", commands) as (group, url):
        reply = post(url, "/exports", {"lines": 1}, "drained")
        assert reply.code == 202
        assert reply.seconds < 2  # which is what the work takes
        wait_for(lambda: projects.status(url, "export/drained")["progress"], seconds=40)
        group.running["web"].terminate()
        group.running["web"].wait(60)
        with closing(sqlite3.connect(tmp_path / "project/data.sqlite3")) as db:
            assert db.execute("SELECT * FROM exports").fetchall() == [("drained", 1)]


@pytest.mark.parametrize("kind", QUEUED)
def test_one_command_starts_everything_and_ctrl_c_ends_it(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "project"
    projects.write(folder, kind, scheduling="cron")
    port = systems.free_port()
    url = f"http://127.0.0.1:{port}"
    # RabbitMQ cannot be embedded; a PostgreSQL that is has a test of its own.
    given = kind == "procrastinate" or kind.endswith("rabbitmq")
    needed = kind if given else "background-tasks"
    with (
        projects.broker(needed, tmp_path / "broker") as urls,
        systems.processes(folder, PORT=str(port), **urls) as group,
    ):
        run = group.start("run", f"{sys.executable} run.py")
        wait_for(lambda: projects.healthy(url), seconds=90, saying="all is up")
        post(url, "/signup", {"email": "ada@example.com"}, "ada")
        finished(url, "welcome/ada")
        run.send_signal(signal.SIGINT)

        assert run.wait(90) == 0
        assert systems.tagged(group.tag) == []
        assert "Traceback" not in group.log("run")


@pytest.mark.skipif(sys.platform != "linux", reason="only there a parent's death is told")
def test_one_command_restarts_its_broker_and_leaves_no_orphan(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    projects.write(folder, "rq")
    port = systems.free_port()
    url = f"http://127.0.0.1:{port}"
    with systems.processes(folder, PORT=str(port)) as group:
        run = group.start("run", f"{sys.executable} run.py")
        wait_for(lambda: projects.healthy(url), seconds=90, saying="all is up")
        second = subprocess.run([sys.executable, "run.py"], cwd=folder, capture_output=True)
        broker = [pid for pid in systems.descendants(run.pid) if "valkey" in name_of(pid)]
        os.kill(broker[0], signal.SIGKILL)
        post(url, "/signup", {"email": "ada@example.com"}, "ada")
        finished(url, "welcome/ada", seconds=120)
        wait_for(lambda: projects.healthy(url), seconds=60, saying="all is well again")
        run.kill()
        run.wait()

        assert b"already" in second.stderr
        wait_for(lambda: systems.tagged(group.tag) == [], seconds=60, saying="all have ended")


def name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text()


def test_one_command_says_that_there_is_no_rabbitmq(tmp_path: Path) -> None:
    projects.write(tmp_path / "project", "celery-rabbitmq")
    nobody = f"amqp://guest:guest@127.0.0.1:{systems.free_port()}//"
    done = subprocess.run(
        [sys.executable, "run.py"],
        cwd=tmp_path / "project",
        env=os.environ | {"BROKER_URL": nobody},
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert done.returncode == 1
    assert done.stderr == "no RabbitMQ answers at 127.0.0.1; start one, or set BROKER_URL\n"


@pytest.fixture
def port() -> Iterator[int]:
    """The port that READMEs name, for one test at a time, whichever process runs it."""
    with (Path(tempfile.gettempdir()) / "taskpick-port-8000").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield 8000


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["background-tasks", "rq", "procrastinate", "celery-redis"])
def test_the_readme_alone_is_enough(public_folder: Path, port: int, kind: str) -> None:
    """In a new environment, with nothing but its commands, typed into a shell."""
    folder = public_folder / "project"
    projects.write(folder, kind)
    readme = (folder / "README.md").read_text()
    first, second = re.findall(r"```sh\n(.*?)```", readme, flags=re.S)[:2]
    *install, start = first.strip().splitlines()
    url = f"http://127.0.0.1:{port}"
    assert not systems.answers(port), "something is at port 8000 already"
    with systems.processes(folder) as group:
        python = f"PATH={Path(sys.executable).resolve().parent}:/usr/bin:/bin"
        script = "set -e\n" + python + "\n" + "\n".join(install) + f"\nexec {start}\n"
        (folder / "typed.sh").write_text(script)
        run = group.start("run", "sh typed.sh")
        wait_for(lambda: projects.healthy(url), seconds=600, saying="all is up")
        for line in second.strip().splitlines():
            said = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
            assert said.stdout.startswith("{"), line
        run.send_signal(signal.SIGINT)

        assert run.wait(90) in (0, -signal.SIGINT, 130)
        assert systems.tagged(group.tag) == []
