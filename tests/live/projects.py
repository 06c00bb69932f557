"""Starters written down and started by the commands of their READMEs."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from taskpick.starter import project

from . import sweep, systems
from .systems import http, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = ("background-tasks", "rq", "celery-redis", "celery-rabbitmq")
"""An option, and the broker where there are two."""


def write(folder: Path, kind: str, **answers: str) -> dict[str, str]:
    """Write the starter and return the lines of its README that start its parts, by name."""
    option, _, broker = kind.partition("-") if kind.startswith("celery") else (kind, "", "")
    wanted = sweep.answers(**answers) | ({"infrastructure": broker} if broker else {})
    files = project.plan(sweep.RULES, sweep.option(option), wanted)
    project.write(files, folder)
    lines = re.findall(r"^(?:uvicorn|rq worker|celery|python clock) ?.*$", files["README.md"], re.M)
    return {name_of(line): line for line in reversed(lines)}


def name_of(line: str) -> str:
    if line.startswith("uvicorn"):
        return "web"
    return "scheduler" if " beat " in line or line.startswith("python clock") else "worker"


@contextmanager
def broker(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """A broker of our own for that kind of starter: the environment that names it."""
    if kind == "background-tasks":
        yield {}
    elif kind == "celery-rabbitmq":
        with systems.rabbitmq() as url:
            yield {"BROKER_URL": url}
    else:
        with systems.valkey(folder) as server:
            url = server.connection_url
            if kind == "rq":
                yield {"REDIS_URL": f"{url}/0"}
            else:
                yield {"BROKER_URL": f"{url}/0", "RESULT_URL": f"{url}/1"}


@contextmanager
def running(
    folder: Path, commands: dict[str, str], *, workers: int = 1, **environment: str
) -> Iterator[tuple[systems.Processes, str]]:
    """The processes of a starter that was written, up and healthy, and where it answers."""
    port = systems.free_port()
    with systems.processes(folder, **environment) as group:
        group.start("web", f"{commands['web']} --port {port}")
        for number in range(workers if "worker" in commands else 0):
            group.start(f"worker-{number}", worker(commands, number))
        if "scheduler" in commands:
            group.start("scheduler", commands["scheduler"])
        url = f"http://127.0.0.1:{port}"
        wait_for(lambda: healthy(url), seconds=90, saying="the web app and a worker are up")
        yield group, url


def worker(commands: dict[str, str], number: int) -> str:
    """The command of one worker of many: Celery wants each to have a name."""
    name = f" -n worker-{number}@%h" if commands["worker"].startswith("celery") else ""
    return commands["worker"] + name


def healthy(url: str) -> bool:
    try:
        return http("GET", f"{url}/health").code == 200
    except OSError:
        return False


def asked(kind: str, url: str, job: str) -> systems.Reply:
    """What the web app says of a job."""
    return http("GET", f"{url}/{'tasks' if kind.startswith('celery') else 'jobs'}/{job}")


def status(kind: str, url: str, job: str) -> dict[str, object]:
    """What is said of a job, in RQ's words; 404 is an error here."""
    reply = asked(kind, url, job)
    assert reply.code == 200, reply
    body: dict[str, object] = reply.body
    words = {"SUCCESS": "finished", "FAILURE": "failed", "STARTED": "started", "QUEUED": "queued"}
    return body | {"status": words.get(str(body["status"]), body["status"])}
