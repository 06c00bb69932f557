"""Starters written down and started by the commands of their READMEs."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from taskpick.starter import project

from . import postgresql, sweep, systems
from .proxy import proxy
from .systems import HOST, RABBITMQ_PORT, http, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SERVERS = {
    "background-tasks": "none",
    "clock": "none",
    "rq": "valkey",
    "huey": "none",
    "procrastinate": "postgres",
    "taskiq-redis": "valkey",
    "taskiq-rabbitmq": "rabbitmq",
    "celery-redis": "valkey",
    "celery-rabbitmq": "rabbitmq",
    "dramatiq-redis": "valkey",
    "dramatiq-rabbitmq": "rabbitmq",
    "dbos": "none",
    "dbos-postgres": "postgres",
}
"""Each kind of starter, an option with its broker where there are two, and what it needs:
`none`, `valkey`, `rabbitmq` or `postgres`."""
KINDS = tuple(SERVERS)
PACKAGE = "service"
"""What each project is called."""


def write(folder: Path, kind: str, **answers: str) -> dict[str, str]:
    """Write the starter and return the lines of its README that start its parts, by name."""
    option, _, broker = (kind, "", "") if kind == "background-tasks" else kind.partition("-")
    wanted = sweep.answers(**answers) | ({"infrastructure": broker} if broker else {})
    files = project.plan(sweep.RULES, sweep.option(option), wanted, name=PACKAGE).files
    project.write(files, folder)
    if kind == "clock":  # which else does what is due each minute
        (folder / ".env").write_text("CLOCK_SECONDS=1\n")
    lines = re.findall(
        r"^(?:uvicorn|celery|python -m [a-z_]+\.(?:jobs|clock)).*$", files["README.md"], re.M
    )
    return {name_of(line): line for line in reversed(lines)}


def name_of(line: str) -> str:
    return "web" if line.startswith("uvicorn") else "worker"


@contextmanager
def broker(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """A server of our own for that kind of starter: the environment that names it."""
    with server(SERVERS[kind], folder) as (environment, _):
        yield environment


@contextmanager
def server(name: str, folder: Path) -> Iterator[tuple[dict[str, str], Callable[[], None] | None]]:
    """A server of our own: the environment that names it, and what makes it fail for a second."""
    if name == "none":
        yield {}, None
    elif name == "valkey":
        with systems.valkey(folder) as valkey:
            yield {"BROKER_URL": f"{valkey.connection_url}/0"}, lambda: crash(valkey)
    elif name == "rabbitmq":
        with systems.rabbitmq() as url, proxy(HOST, RABBITMQ_PORT) as way:
            address = url.replace(f":{RABBITMQ_PORT}/", f":{way.port}/")
            yield {"BROKER_URL": address}, lambda: way.cut(seconds=1)
    else:
        with postgresql.server() as postgres:
            url = on_psycopg(postgres.get_uri())
            yield {"DATABASE_URL": url}, lambda: postgresql.crash(postgres)


def crash(valkey: Any) -> None:
    """SIGKILL, and after a second it starts on the data that it wrote."""
    valkey.terminate()
    time.sleep(1)
    valkey.start()


def on_psycopg(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def data(folder: Path, urls: dict[str, str]) -> str:
    """The address of the app's own data, of a project in that folder."""
    return urls.get("DATABASE_URL", f"sqlite:///{folder}/data.sqlite3")


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


def status(url: str, work: str) -> dict[str, Any]:
    """What the web app says of work: `NAME/KEY`; 404 is an error here."""
    reply = http("GET", f"{url}/work/{work}")
    assert reply.code == 200, reply
    found: dict[str, Any] = reply.body
    return found
