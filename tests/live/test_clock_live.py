"""Two web apps are two clocks: each tick comes once, also when one of them is killed."""

from __future__ import annotations

import itertools
import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from . import projects, systems
from .systems import wait_for

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
