"""Snippets run as they are printed: uvicorn, the workers and the broker as real processes."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from taskpick.starter import project

from . import sweep, systems
from .snippets import FLAKY_MAIL, running, says, signed_up, tried
from .systems import http, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with systems.valkey(tmp_path / "valkey") as valkey:
        yield valkey.connection_url


@pytest.mark.parametrize("code", ["sync", "async", "cpu"])
def test_background_tasks_does_the_work(tmp_path: Path, code: str) -> None:
    wanted = {"code": code, "workflow": "chain"}
    with running(tmp_path, "background-tasks", wanted) as (group, url):
        signed_up(url)

        says(group, "web", "welcome, ada@example.com\nwelcome, team@example.com")


def test_background_tasks_tells_the_state(tmp_path: Path) -> None:
    with running(tmp_path, "background-tasks", {"monitoring": "status"}) as (_, url):
        job = signed_up(url)

        wait_for(lambda: http("GET", f"{url}/jobs/{job}").body == "finished", seconds=40)
        assert http("GET", f"{url}/jobs/other").body == "unknown"


def test_background_tasks_tries_again_after_the_pauses_it_names(tmp_path: Path) -> None:
    wanted = {"retry": "basic"}
    with running(tmp_path, "background-tasks", wanted, mail=FLAKY_MAIL) as (group, url):
        signed_up(url)

        says(group, "web", "again in 1.0 s")
        says(group, "web", "again in 5.0 s")
        says(group, "web", "welcome, ada@example.com")


def test_rq_does_the_work_and_says_so(tmp_path: Path, server: str) -> None:
    wanted = {"monitoring": "status", "code": "async", "retry": "basic"}
    with running(tmp_path, "rq", wanted, REDIS_URL=server) as (group, url):
        job = signed_up(url)

        wait_for(lambda: http("GET", f"{url}/jobs/{job}").body == "finished", seconds=40)
        assert "welcome, ada@example.com" in group.log("worker")
        assert http("GET", f"{url}/jobs/unknown").code == 404


@pytest.mark.parametrize("workflow", ["chain", "dag"])
def test_rq_starts_what_comes_after(tmp_path: Path, server: str, workflow: str) -> None:
    wanted = {"workflow": workflow, "persistence": "durable"}
    with running(tmp_path, "rq", wanted, REDIS_URL=server) as (group, url):
        signed_up(url)

        says(group, "worker", "welcome, a@b.c")
        if workflow == "dag":
            says(group, "worker", "welcome, d@e.f")


def test_rq_tries_again_with_growing_pauses(tmp_path: Path, server: str) -> None:
    with running(tmp_path, "rq", {"retry": "advanced"}, mail=FLAKY_MAIL, REDIS_URL=server) as (
        group,
        url,
    ):
        signed_up(url)
        says(group, "worker", "welcome, ada@example.com")
        first, second, third = map(float, (tmp_path / "tries").read_text().split())

        # RQ plans in whole seconds, so a pause may be one shorter.
        assert second - first > 1
        assert third - second > 3


def test_rq_keeps_a_delayed_task_until_its_time(tmp_path: Path, server: str) -> None:
    wanted = {"scheduling": "delayed"}
    sooner = ("timedelta(minutes=1)", "timedelta(seconds=3)")
    with running(tmp_path, "rq", wanted, sooner=sooner, REDIS_URL=server) as (group, url):
        signed_up(url)

        says(group, "worker", "welcome, ada@example.com", seconds=40)


@pytest.mark.parametrize(("workflow", "last"), [("chain", "a@b.c"), ("dag", "d@e.f")])
def test_rq_delays_what_is_tried_again_before_what_comes_after(
    tmp_path: Path, server: str, workflow: str, last: str
) -> None:
    wanted = {"scheduling": "delayed", "retry": "advanced", "workflow": workflow}
    sooner = ("timedelta(minutes=1)", "timedelta(seconds=4)")
    with running(tmp_path, "rq", wanted, mail=FLAKY_MAIL, sooner=sooner, REDIS_URL=server) as (
        group,
        url,
    ):
        asked = time.time()
        signed_up(url)
        says(group, "worker", f"welcome, {last}", seconds=90)

        begun, *_ = map(float, (tmp_path / "tries").read_text().split())
        assert begun > asked + 2  # RQ plans in whole seconds
        *earlier, _ = re.findall("welcome, (.*)", group.log("worker"))
        assert sorted(earlier) == sorted({"ada@example.com", "a@b.c"} - {last})


def test_rq_sends_each_day_once_even_if_cron_starts_it_twice(tmp_path: Path, server: str) -> None:
    wanted = {"scheduling": "cron", "retry": "basic"}
    with running(tmp_path, "rq", wanted, REDIS_URL=server) as (group, _):
        line = [sys.executable, "tasks.py"]
        first = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True)
        second = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True)
        says(group, "worker", "the daily report")

        assert first.returncode == 0, first.stderr
        assert "DuplicateJobError" in second.stderr


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    if request.param == "redis":
        with systems.valkey(tmp_path / "valkey") as valkey:
            url = valkey.connection_url
            yield {"BROKER_URL": f"{url}/0", "RESULT_URL": f"{url}/1"}
    else:
        with systems.rabbitmq() as url:
            yield {"BROKER_URL": url}


def celery(broker: dict[str, str], **wanted: str) -> dict[str, str]:
    return wanted | {"infrastructure": "redis" if "RESULT_URL" in broker else "rabbitmq"}


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ({"code": "async"}, "welcome, ada@example.com"),
        ({"workflow": "chain"}, "welcome, team@example.com"),
        ({"workflow": "dag"}, "welcome, d@e.f"),
    ],
)
def test_celery_does_the_work(
    tmp_path: Path, broker: dict[str, str], wanted: dict[str, str], printed: str
) -> None:
    wanted = celery(broker, **wanted)
    with running(tmp_path, "celery", wanted, **broker) as (group, url):
        signed_up(url)

        says(group, "worker", printed)


def test_celery_tells_the_state_and_tries_again(tmp_path: Path, broker: dict[str, str]) -> None:
    wanted = celery(broker, monitoring="status", retry="advanced")
    with running(tmp_path, "celery", wanted, mail=FLAKY_MAIL, **broker) as (_, url):
        job = signed_up(url)

        wait_for(lambda: http("GET", f"{url}/tasks/{job}").body == "SUCCESS", seconds=60)
        assert len((tmp_path / "tries").read_text().splitlines()) == 3


def test_celery_has_a_clock(tmp_path: Path, broker: dict[str, str]) -> None:
    sooner = ("crontab(hour=6, minute=0)", "2.0")
    wanted = celery(broker, scheduling="cron")
    with running(tmp_path, "celery", wanted, sooner=sooner, **broker) as (group, _):
        says(group, "worker", "the daily report")


def test_celery_keeps_a_delayed_task_until_its_time(tmp_path: Path, broker: dict[str, str]) -> None:
    wanted = celery(broker, scheduling="delayed")
    sooner = ("countdown=60", "countdown=3")
    with running(tmp_path, "celery", wanted, sooner=sooner, **broker) as (group, url):
        signed_up(url)

        says(group, "worker", "welcome, ada@example.com", seconds=40)


def test_huey_does_the_work_and_tries_again(tmp_path: Path) -> None:
    sooner = ("retry_delay=30", "retry_delay=1")
    with running(tmp_path, "huey", {"retry": "basic"}, mail=FLAKY_MAIL, sooner=sooner) as (
        group,
        url,
    ):
        signed_up(url)

        says(group, "worker", "welcome, ada@example.com")


def test_huey_waits_then_does_one_task_after_the_other(tmp_path: Path) -> None:
    wanted = {"workflow": "chain", "scheduling": "delayed", "duration": "minutes"}
    with running(tmp_path, "huey", wanted, sooner=("delay=60", "delay=1")) as (group, url):
        signed_up(url)

        says(group, "worker", "welcome, team@example.com")
        log = group.log("worker")
        assert log.index("welcome, ada@example.com") < log.index("welcome, team@example.com")


def test_huey_joins_what_ran_beside_one_another(tmp_path: Path) -> None:
    with running(tmp_path, "huey", {"workflow": "dag", "code": "async"}) as (group, url):
        signed_up(url)

        says(group, "worker", "joined 2")
        assert "welcome, ada@example.com" in group.log("worker")


def test_huey_has_a_clock(tmp_path: Path) -> None:
    wanted = {"scheduling": "cron", "retry": "basic", "duration": "minutes"}
    with running(tmp_path, "huey", wanted) as (group, _):
        tried(group)

        says(group, "worker", "the daily report")


def due(folder: Path, work: str = "", **wanted: str) -> list[str]:
    """What each of four runs of the clock prints, one after the other."""
    printed = project.snippet(sweep.RULES, sweep.option("clock"), sweep.answers(**wanted))
    source = printed.files["due.py"].replace("print(key, flush=True)", work or "print(key)")
    sooner = source.replace("{2**tries} minutes", "0 minutes").replace("tries < 4", "tries < 2")
    (folder / "due.py").write_text(sooner)
    line = [sys.executable, "due.py"]
    runs = [subprocess.run(line, cwd=folder, capture_output=True, text=True) for _ in range(4)]
    assert all(run.returncode == 0 for run in runs), runs
    return [run.stdout for run in runs]


def test_a_clock_runs_a_command(tmp_path: Path) -> None:
    assert due(tmp_path, code="async") == ["the daily report\n"] * 4


@pytest.mark.parametrize("code", ["sync", "async"])
def test_a_clock_does_what_is_due_once(tmp_path: Path, code: str) -> None:
    first, *later = due(tmp_path, persistence="durable", code=code)

    assert first.startswith("daily-report-")
    assert later == ["", "", ""]


@pytest.mark.parametrize(("retry", "tries"), [("none", 1), ("advanced", 3)])
def test_a_clock_tries_as_often_as_was_asked(tmp_path: Path, retry: str, tries: int) -> None:
    runs = due(tmp_path, "raise ConnectionError", persistence="durable", retry=retry)

    assert [run.count("failed: ConnectionError") for run in runs] == [1] * tries + [0] * (4 - tries)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({}, "another run is still at work, so this one does nothing\n"),
        (
            {"persistence": "durable"},
            "another run is still at work: what is due waits for the next run\n",
        ),
    ],
)
def test_a_clock_does_not_run_beside_itself(
    tmp_path: Path, wanted: dict[str, str], says: str
) -> None:
    slow = "    import time; print('at work', flush=True); time.sleep(600)"
    printed = project.snippet(sweep.RULES, sweep.option("clock"), sweep.answers(**wanted))
    source = re.sub(
        r"^    print\((?=key|.the).*$", f"    {slow}", printed.files["due.py"], flags=re.M
    )
    (tmp_path / "due.py").write_text(source)
    line = [sys.executable, "due.py"]
    with subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.PIPE) as first:
        assert first.stdout
        assert first.stdout.readline() == b"at work\n"
        second = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
        first.kill()

    assert (second.returncode, second.stdout, second.stderr) == (0, says, "")
