"""What DBOS's project does beyond the others: a killed task goes on in any worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from . import projects
from .systems import http, wait_for

if TYPE_CHECKING:
    from pathlib import Path

NOTED = """    with open("tenths", "a") as file:
        file.write("x")
    time.sleep"""


@pytest.mark.parametrize("kind", ["dbos", "dbos-postgres"])
def test_a_killed_task_goes_on_after_its_last_step(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "project"
    commands = projects.write(folder, kind)
    work = folder / projects.PACKAGE / "work.py"
    work.write_text(work.read_text().replace("    time.sleep", NOTED))
    tenths = folder / "tenths"
    with (
        projects.broker(kind, tmp_path / "broker") as urls,
        projects.running(
            folder, commands, STEP_SECONDS="0.5", LEASE_SECONDS="3", RESEND_SECONDS="5", **urls
        ) as (group, url),
    ):
        body = {"lines": 1}
        assert http("POST", f"{url}/exports", body, {"Idempotency-Key": "killed"}).code == 202
        wait_for(
            lambda: tenths.exists() and len(tenths.read_text()) >= 5,
            seconds=60,
            saying="half of it is done",
        )
        group.kill("worker-0")
        group.start("worker-1", commands["worker"])
        wait_for(
            lambda: projects.status(url, "export/killed")["state"] == "done",
            seconds=60,
            saying="the other worker did the rest",
        )

    # The tenth that the kill interrupted is done again, and it alone.
    assert len(tenths.read_text()) in (10, 11)
