"""A snippet as a reader would run it: its files in a folder, its commands as processes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from taskpick.starter import project

from . import sweep, systems
from .systems import http, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLAKY_MAIL = '''

def flaky(email):
    """Busy, twice; then the mail goes out."""
    import pathlib
    import time

    with pathlib.Path("tries").open("a") as tries:
        print(time.time(), file=tries)
    if len(pathlib.Path("tries").read_text().splitlines()) < 3:
        raise ConnectionError("the mail server is busy")
    print(f"welcome, {email}", flush=True)
'''

SLOW_MAIL = '''

def flaky(email):
    """Slow, the first time; then the mail goes out."""
    import pathlib
    import time

    with pathlib.Path("tries").open("a") as tries:
        print(time.time(), file=tries)
    if len(pathlib.Path("tries").read_text().splitlines()) < 2:
        time.sleep(600)
    print(f"welcome, {email}", flush=True)
'''
"""Filled in where the mail goes out: a worker is killed in the middle of it."""


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
        moved = at(text, environment)
        (folder / name).write_text(with_mail(moved, mail).replace(*sooner))
    port = systems.free_port()
    with systems.processes(folder, **environment) as group:
        for name, text in printed.commands:
            line = at(text, environment)
            if name == "tables":
                assert group.start("tables", line).wait(60) == 0, group.log("tables")
            elif name == "web":
                group.start("web", f"{line} --port {port}")
            elif name in ("worker", "scheduler"):
                group.start(name, line)
            elif name == "try":
                group.commands[name] = line
        url = f"http://127.0.0.1:{port}"
        if "web" in dict(printed.commands):
            wait_for(lambda: answers_at(url), seconds=40, saying="the web server is up")
        yield group, url


def at(source: str, environment: dict[str, str]) -> str:
    """The source with the servers of this test in place of those that it names."""
    places = {
        "redis://localhost/0": environment.get("BROKER_URL", ""),
        "redis://localhost/1": environment.get("RESULT_URL", ""),
        "amqp://localhost": environment.get("BROKER_URL", ""),
        "localhost:7233": environment.get("TEMPORAL_ADDRESS", ""),
        "postgresql://localhost/app?": environment.get("DATABASE_URL", "") + "&",
        "postgresql://localhost/app": environment.get("DATABASE_URL", ""),
        "psql": environment.get("PSQL", ""),
        "Redis()": f'Redis.from_url("{environment.get("REDIS_URL", "")}")',
    }
    for place, ours in places.items():
        source = source.replace(place, ours) if ours.strip("&") else source
    return source


def with_mail(source: str, mail: str) -> str:
    """The source after a user has filled in the line that sends the mail."""
    if not mail:
        return source
    return source.replace('print(f"welcome, {email}", flush=True)', "flaky(email)") + mail


def answers_at(url: str) -> bool:
    try:
        return http("GET", f"{url}/openapi.json").code == 200
    except OSError:
        return False


def signed_up(url: str) -> str:
    """The id of what was asked for, or nothing where none is given out."""
    assert http("POST", f"{url}/signup", {}).code == 422
    reply = http("POST", f"{url}/signup", {"email": "ada@example.com"})
    assert reply.code == 202, reply
    return str(reply.body.get("id", ""))


def says(group: systems.Processes, name: str, text: str, *, seconds: float = 60) -> None:
    wait_for(lambda: text in group.log(name), seconds=seconds, saying=f"{name} says {text}")


def kill_in_the_middle(group: systems.Processes, folder: Path) -> None:
    """Kill the worker when it has begun to send a slow mail, and start another one."""
    wait_for(lambda: (folder / "tries").exists(), seconds=60, saying="the worker has begun")
    group.kill("worker")
    group.start("worker", group.commands["worker"])


def tried(group: systems.Processes) -> None:
    """Run the last command of a snippet, as a reader does to see it work."""
    assert group.start("try", group.commands["try"]).wait(60) == 0, group.log("try")
