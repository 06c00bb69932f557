"""Snippets run as they are printed: uvicorn, the workers and the broker as real processes."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from taskpick.starter import project

from . import sweep, systems
from .systems import http, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLAKY_MAIL = '''

def deliver(email):
    """Busy, twice; then the mail goes out."""
    import pathlib
    import time

    with pathlib.Path("tries").open("a") as tries:
        print(time.time(), file=tries)
    if len(pathlib.Path("tries").read_text().splitlines()) < 3:
        raise ConnectionError("the mail server is busy")
    print("welcome,", email, flush=True)
'''


@contextmanager
def running(
    folder: Path,
    option: str,
    answers: dict[str, str],
    *,
    mail: str = "",
    sooner: tuple[str, str] = ("", ""),
    **environment: str,
) -> Iterator[tuple[systems.Processes, str]]:
    """The snippet for these answers, written down and started by its own commands."""
    printed = project.snippet(sweep.RULES, sweep.option(option), sweep.answers(**answers))
    for name, text in printed.files.items():
        (folder / name).write_text(with_mail(text, mail).replace(*sooner))
    port = systems.free_port()
    with systems.processes(folder, **environment) as group:
        for name, line in printed.commands:
            if name == "web":
                group.start("web", f"{line} --port {port}")
            elif name in ("worker", "scheduler"):
                group.start(name, line)
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers_at(url), seconds=40, saying="the web server is up")
        yield group, url


def with_mail(source: str, mail: str) -> str:
    """The source after a user has filled in the line that sends the mail."""
    if not mail:
        return source
    return re.sub(
        r"\n(async )?def deliver\(.*?\n(?=\n\n)", mail.rstrip() + "\n", source, flags=re.S
    )


def answers_at(url: str) -> bool:
    try:
        return http("GET", f"{url}/openapi.json").code == 200
    except OSError:
        return False


def signed_up(url: str) -> str:
    reply = http("POST", f"{url}/signup", {"email": "ada@example.com"})
    assert reply.code == 202
    identifier: str = reply.body["id"]
    return identifier


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with systems.valkey(tmp_path / "valkey") as valkey:
        yield valkey.connection_url


@pytest.mark.parametrize("code", ["sync", "async", "cpu"])
def test_background_tasks_does_the_work_and_says_so(tmp_path: Path, code: str) -> None:
    wanted = {"code": code, "monitoring": "status", "workflow": "chain"}
    with running(tmp_path, "background-tasks", wanted) as (group, url):
        job = signed_up(url)
        wait_for(
            lambda: http("GET", f"{url}/jobs/{job}").body == {"status": "finished"}, seconds=40
        )

        assert "welcome, ada@example.com\nwelcome, team@example.com" in group.log("web")
        assert http("GET", f"{url}/jobs/unknown").code == 404
        assert http("POST", f"{url}/signup", {}).code == 422


def test_background_tasks_tries_again_after_the_pauses_it_names(tmp_path: Path) -> None:
    wanted = {"retry": "basic", "monitoring": "status"}
    with running(tmp_path, "background-tasks", wanted, mail=FLAKY_MAIL) as (group, url):
        job = signed_up(url)
        wait_for(
            lambda: http("GET", f"{url}/jobs/{job}").body == {"status": "finished"}, seconds=40
        )

        assert "again in 1.0 s" in group.log("web")
        assert "again in 5.0 s" in group.log("web")


def finished(url: str, word: str, kind: str, job: str) -> bool:
    reply = http("GET", f"{url}/{kind}/{job}")
    assert reply.code == 200, reply
    return bool(reply.body["status"] == word)


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ({"monitoring": "status"}, "welcome, ada@example.com"),
        ({"monitoring": "status", "code": "async", "workflow": "chain"}, "recorded ada"),
        ({"monitoring": "status", "workflow": "dag", "persistence": "durable"}, "the team knows"),
    ],
)
def test_rq_does_the_work_and_says_so(
    tmp_path: Path, server: str, wanted: dict[str, str], printed: str
) -> None:
    with running(tmp_path, "rq", wanted, REDIS_URL=server) as (group, url):
        job = signed_up(url)
        wait_for(lambda: finished(url, "finished", "jobs", job), seconds=40)

        assert printed in group.log("worker")
        assert http("GET", f"{url}/jobs/unknown").code == 404
        assert http("POST", f"{url}/signup", {}).code == 422


def test_rq_tries_again_with_growing_pauses(tmp_path: Path, server: str) -> None:
    wanted = {"monitoring": "status", "retry": "advanced", "persistence": "durable"}
    with running(tmp_path, "rq", wanted, mail=FLAKY_MAIL, REDIS_URL=server) as (_, url):
        job = signed_up(url)
        wait_for(lambda: finished(url, "finished", "jobs", job), seconds=60)
        first, second, third = map(float, (tmp_path / "tries").read_text().split())

        # RQ plans in whole seconds, so a pause may be one shorter.
        assert second - first > 1
        assert third - second > 3


def test_rq_keeps_a_delayed_task_until_its_time(tmp_path: Path, server: str) -> None:
    wanted = {"monitoring": "status", "scheduling": "delayed"}
    sooner = ("timedelta(minutes=1)", "timedelta(seconds=3)")
    with running(tmp_path, "rq", wanted, sooner=sooner, REDIS_URL=server) as (_, url):
        job = signed_up(url)
        assert finished(url, "scheduled", "jobs", job)
        wait_for(lambda: finished(url, "finished", "jobs", job), seconds=40)


def test_rq_clock_sends_each_tick_once_even_if_two_run(tmp_path: Path, server: str) -> None:
    with running(tmp_path, "rq", {"scheduling": "cron"}, REDIS_URL=server) as (group, _):
        group.stop("scheduler")
        clock = (tmp_path / "clock.py").read_text()
        assert '"0 6 * * *"' in clock
        (tmp_path / "clock.py").write_text(clock.replace('"0 6 * * *"', '"* * * * * */2"'))
        group.start("scheduler", "python clock.py")
        group.start("second", "python clock.py")
        seen = "tasks.daily_report() (daily-report-"
        wait_for(lambda: group.log("worker").count(seen) >= 3, seconds=40)
        ids = re.findall(re.escape(seen) + r"(\w+)\)", group.log("worker"))

        assert len(ids) == len(set(ids))


def test_a_server_that_is_down_costs_the_caller_little(tmp_path: Path) -> None:
    nobody = f"redis://127.0.0.1:{systems.free_port()}/0"
    wanted = {"monitoring": "status"}
    with running(tmp_path, "rq", wanted, REDIS_URL=nobody) as (group, url):
        reply = http("POST", f"{url}/signup", {"email": "ada@example.com"})
        group.kill("web")

    assert reply.code == 503
    assert reply.seconds < 5


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
        ({"workflow": "chain"}, "recorded ada@example.com"),
        ({"workflow": "dag"}, "the team knows"),
    ],
)
def test_celery_does_the_work_and_says_so(
    tmp_path: Path, broker: dict[str, str], wanted: dict[str, str], printed: str
) -> None:
    wanted = celery(broker, monitoring="status", **wanted)
    with running(tmp_path, "celery", wanted, **broker) as (group, url):
        job = signed_up(url)
        wait_for(lambda: finished(url, "SUCCESS", "tasks", job), seconds=60)

        assert printed in group.log("worker")
        assert http("GET", f"{url}/tasks/unknown").code == 404
        assert http("POST", f"{url}/signup", {}).code == 422


def test_celery_tries_again(tmp_path: Path, broker: dict[str, str]) -> None:
    wanted = celery(broker, monitoring="status", retry="advanced", scheduling="cron")
    with running(tmp_path, "celery", wanted, mail=FLAKY_MAIL, **broker) as (group, url):
        job = signed_up(url)
        wait_for(lambda: finished(url, "SUCCESS", "tasks", job), seconds=60)

        assert len((tmp_path / "tries").read_text().splitlines()) == 3
        assert "beat: Starting" in group.log("scheduler")


def test_celery_keeps_a_delayed_task_until_its_time(tmp_path: Path, broker: dict[str, str]) -> None:
    wanted = celery(broker, monitoring="status", scheduling="delayed")
    sooner = ("countdown=60", "countdown=3")
    with running(tmp_path, "celery", wanted, sooner=sooner, **broker) as (group, url):
        job = signed_up(url)
        wait_for(lambda: "received" in group.log("worker"), seconds=40)
        assert finished(url, "QUEUED", "tasks", job)
        wait_for(lambda: finished(url, "SUCCESS", "tasks", job), seconds=40)


def test_celery_says_soon_that_the_broker_is_down(tmp_path: Path) -> None:
    nobody = f"redis://127.0.0.1:{systems.free_port()}"
    wanted = {"monitoring": "status"}
    urls = {"BROKER_URL": f"{nobody}/0", "RESULT_URL": f"{nobody}/1"}
    with running(tmp_path, "celery", wanted, **urls) as (group, url):
        reply = http("POST", f"{url}/signup", {"email": "ada@example.com"})
        group.kill("web")

    assert reply.code == 503
    assert reply.seconds < 5
