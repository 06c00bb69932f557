"""A run that is ended at any of its file operations leaves every file old or new; the next mends.

`tests/tools/kill_at.py` does the killing. Each way of writing is tried, by each signal.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import kill_at
import pytest
from kill_at import files

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = (
    "--duration minutes --persistence durable --retry basic --scheduling none "
    "--distribution one-worker"
)
ADVISE = f"advise {ANSWERS}"
OLD = "recs/0001-old.md"
WAYS = {
    "a new project": "starter rq new/project",
    "a project in a folder": "starter rq there",
    "a project over another": "starter rq project --force",
    "a result": f"{ADVISE} --format json --output new.json",
    "a result over another": f"{ADVISE} --format json --output old.txt --force",
    "answers": f"{ADVISE} --save-answers old.txt --force",
    "a record": f"{ADVISE} --format markdown --output recs/",
    "a record for another": f"{ADVISE} --format markdown --output recs/ --supersedes {OLD}",
    "a record again": f"record refresh {OLD}",
    "all at once": f"{ADVISE} --save-answers new.yaml --output new.txt --starter project --force",
}


@pytest.fixture
def before(tmp_path: Path, taskpick) -> Path:
    """A folder with something of every kind to write over."""
    home = tmp_path / "before"
    home.mkdir()
    (home / "there").mkdir()
    (home / "there/notes.txt").write_text("mine\n")
    (home / "old.txt").write_text("old\n")
    for line in (
        f"{ADVISE} --format markdown --output before/{OLD}",
        "starter celery before/project --scheduling cron",
    ):
        (home / "recs").mkdir(exist_ok=True)
        assert taskpick(line).code == 0
    record = (home / OLD).read_text()
    (home / OLD).write_text(record.replace("version: 0", "version: 9"))
    (home / "project/mine.py").write_text("mine = 1\n")
    return home


def sweep(before: Path, way: str, number: signal.Signals, stride: int) -> list[dict[str, Any]]:
    """What the runs left that were ended at every operation; the last one was not ended."""
    task = {
        "before": str(before),
        "work": str(before.with_name("work")),
        "arguments": WAYS[way].split(),
        "signal": number,
        "stride": stride,
    }
    done = subprocess.run(
        [sys.executable, kill_at.__file__],
        input=json.dumps(task).encode(),
        capture_output=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def visible(names: dict[str, str]) -> dict[str, str]:
    """The files without what is put aside for a moment."""
    return {name: text for name, text in names.items() if ".taskpick-" not in name}


def check(before: Path, way: str, number: signal.Signals, stride: int) -> None:
    """Every run left all files old or new, and the one after it nothing else."""
    old = files(before)
    *ended, whole = sweep(before, way, number, stride)
    new = whole["left"]

    assert whole["status"] == 0
    assert not whole["reached"]
    assert visible(new) == new != old
    assert ended

    for run in ended:
        left = visible(run["left"])
        place = f"{way}, {number.name} before operation {run['number']}"

        assert run["status"] in (-number, 128 + number), place
        assert left.keys() >= old.keys(), place
        assert all(text in (old.get(name), new.get(name)) for name, text in left.items()), place
        # An old record that names a new one which is not there would be a lie.
        if left.get(OLD) != old[OLD] and "--supersedes" in WAYS[way]:
            assert left.keys() == new.keys(), place
        assert visible(run["then"]) == run["then"], place
        # Whoever can ask to wait is left in the middle of nothing.
        if number != signal.SIGKILL:
            assert left == run["left"], place
            if way != "all at once":
                assert left in (old, new), place
        if run["again"] == 0 and "recs/" not in WAYS[way]:
            assert run["then"] == new, place


def everyday(way: str) -> int:
    """One in so many operations is tried in the everyday run."""
    return 53 if "starter" in WAYS[way] else 5


@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_is_killed_leaves_every_file_old_or_new(before: Path, way: str) -> None:
    check(before, way, signal.SIGKILL, everyday(way))


@pytest.mark.parametrize(
    ("way", "number"),
    [
        ("a project over another", signal.SIGINT),
        ("a record for another", signal.SIGTERM),
        ("a record for another", signal.SIGHUP),
    ],
)
def test_a_signal_waits_until_all_is_written(
    before: Path, way: str, number: signal.Signals
) -> None:
    check(before, way, number, everyday(way))


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("way", WAYS)
def test_at_every_operation_and_by_every_signal(
    before: Path, way: str, number: signal.Signals, spread: int
) -> None:
    check(before, way, number, spread)
