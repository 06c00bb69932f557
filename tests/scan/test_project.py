"""Proves that a project can write down how it is scanned, and that only what a change adds is shown
on request.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PICKLE = 'CELERY_TASK_SERIALIZER = "pickle"\n'
TASK = "from celery import shared_task\n\n\n@shared_task(time_limit=9)\ndef {}(): ...\n"


@pytest.fixture
def pickled(tmp_path) -> Path:
    """A project with a hazard and a task."""
    (tmp_path / "settings.py").write_text(PICKLE)
    (tmp_path / "tasks.py").write_text(TASK.format("send"))
    return tmp_path


@pytest.fixture
def scan(taskpick) -> Callable[..., dict[str, Any]]:
    def run(words: str = ".") -> dict[str, Any]:
        done = taskpick(f"scan {words} --format json")
        assert done.out, done.err
        found: dict[str, Any] = json.loads(done.out)
        return found

    return run


def found_in(data: dict[str, Any]) -> list[str]:
    return [one["file"] for one in data["findings"]]


@pytest.mark.parametrize(
    ("section", "files"),
    [
        ("", ["settings.py"]),
        ('ignore = ["pickle"]', []),
        ('select = ["orm-argument"]', []),
        ('exclude = ["sett*.py"]', []),
        ('exclude = ["/settings.py"]', []),
        ('exclude = ["elsewhere/settings.py"]', ["settings.py"]),
    ],
)
def test_a_project_says_how_it_is_scanned(scan, pickled, section, files) -> None:
    (pickled / "pyproject.toml").write_text(f"[tool.taskpick]\n{section}\n")

    assert found_in(scan()) == files


@pytest.mark.parametrize(
    ("words", "files"),
    [
        ("--select pickle", ["settings.py"]),
        ("--ignore pickle", []),
        ("--exclude settings.py", []),
        ("--exclude settings", ["settings.py"]),
    ],
)
def test_flags_do_the_same(scan, pickled, words, files) -> None:
    assert found_in(scan(f". {words}")) == files


def test_a_flag_comes_before_the_file(scan, pickled) -> None:
    (pickled / "pyproject.toml").write_text('[tool.taskpick]\nselect = ["orm-argument"]\n')

    assert found_in(scan(". --select pickle")) == ["settings.py"]


def test_a_baseline_lies_beside_the_file_that_names_it(scan, taskpick, pickled) -> None:
    (pickled / "app").mkdir()
    (pickled / "settings.py").rename(pickled / "app" / "settings.py")
    (pickled / "pyproject.toml").write_text('[tool.taskpick]\nbaseline = "known.json"\n')
    made = taskpick("scan app --update-baseline")

    assert (made.code, (pickled / "known.json").exists()) == (0, True)
    assert scan("app")["in_baseline"] == 1


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[tool.taskpick]\nselct = []\n", ":2:1", "did you mean 'select'?"),
        ('[tool.taskpick]\n\nignore = ["pikle"]\n', ":3:1", "did you mean 'pickle'?"),
        ('[tool.taskpick]\nexclude = "a"\n', ":2:1", "not a list of strings"),
        ("[tool.taskpick]\nbaseline = 3\n", ":2:1", "is not a string"),
        ("[tool]\ntaskpick = 3\n", ":2:1", "is not a table"),
        ("[tool.taskpick]\nselect = [\n", ":", "is not valid TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_with_its_place(
    taskpick, pickled, text, place, words
) -> None:
    (pickled / "pyproject.toml").write_text(text)
    run = taskpick("scan .")

    assert (run.code, run.out) == (2, "")
    assert f"pyproject.toml{place}" in run.err
    assert words in run.err


@pytest.mark.parametrize(
    "text", [b"x = " + b"[" * 100_000, b"\0", b"\xff", b"secret = hunter2\n", b"#" * 1_000_001]
)
def test_a_file_that_is_no_toml_costs_a_message(taskpick, pickled, text) -> None:
    (pickled / "pyproject.toml").write_bytes(text)
    run = taskpick("scan .")

    assert (run.code, run.out) == (2, "")
    assert "is not valid TOML" in run.err or "larger than 1 MB" in run.err
    assert "hunter2" not in run.err


@pytest.mark.parametrize(
    "words", ["--output a.txt", "--answers a.yaml", "--diff HEAD", "--format json", "--details"]
)
def test_a_new_baseline_is_written_alone(taskpick, pickled, words) -> None:
    run = taskpick(f"scan . --baseline known.json --update-baseline {words}")

    assert (run.code, run.out) == (2, "")
    assert f"cannot be used with {words if 'format' in words else words.split()[0]}" in run.err
    assert not (pickled / "known.json").exists()


def git(folder: Path, *words: str) -> None:
    name = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *name, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def committed(pickled) -> Path:
    """The project in git, as it was."""
    git(pickled, "init", "-q")
    git(pickled, "add", ".")
    git(pickled, "commit", "-q", "-m", "before")
    return pickled


def test_diff_shows_what_a_change_adds(scan, committed) -> None:
    (committed / "more").mkdir()
    (committed / "more" / "settings.py").write_text(PICKLE)
    (committed / "tasks.py").write_text(TASK.format("send") + TASK.format("export"))
    data = scan(". --diff HEAD")

    assert found_in(data) == ["more/settings.py"]
    assert [one["name"] for one in data["work"]] == ["export"]
    assert data["since"] == {"revision": "HEAD", "findings_before": 1}


def test_what_has_moved_is_not_new(taskpick, scan, committed) -> None:
    (committed / "app").mkdir()
    for name in ("settings.py", "tasks.py"):
        text = (committed / name).read_text()
        (committed / "app" / name).write_text(f"import os\n\n{text}")
        (committed / name).unlink()
    data = scan(". --diff HEAD")

    assert (data["findings"], data["work"]) == ([], [])
    assert "0 new kinds of work since HEAD" in taskpick("scan . --diff HEAD").out


def test_diff_of_a_part_looks_at_that_part(scan, committed) -> None:
    (committed / "app").mkdir()
    (committed / "app" / "jobs.py").write_text(TASK.format("first"))
    data = scan("app --diff HEAD")

    assert [one["name"] for one in data["work"]] == ["first"]
    assert data["since"]["findings_before"] == 0


def test_diff_writes_answers_for_new_work_alone(taskpick, committed) -> None:
    (committed / "jobs.py").write_text(TASK.format("first"))
    run = taskpick("scan . --diff HEAD --answers tasks.yaml")

    assert run.code == 0
    assert '"first":' in (committed / "tasks.yaml").read_text()
    assert '"send":' not in (committed / "tasks.yaml").read_text()


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD:settings.py", ""])
def test_what_is_no_revision_is_refused(taskpick, committed, revision) -> None:
    run = taskpick(["scan", ".", f"--diff={revision}"])

    assert (run.code, run.out) == (2, "")
    assert "no git revision" in run.err


def test_diff_runs_nothing_of_the_repository(scan, committed) -> None:
    ran = committed / "ran"
    (committed / ".gitattributes").write_text("* filter=evil export-ignore\n")
    git(committed, "add", ".gitattributes")
    git(committed, "commit", "-q", "-m", "attributes")
    git(committed, "config", "filter.evil.smudge", f"touch {ran}")
    git(committed, "config", "core.fsmonitor", f"touch {ran}")

    assert scan(". --diff HEAD")["work"] == []
    assert not ran.exists()


def test_a_package_may_be_scanned_from_within(scan, tmp_path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "tasks.py").write_text(TASK.format("send"))
    (tmp_path / "shop" / "web.py").write_text("from shop.tasks import send\n\nsend.delay()\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")

    for words in (".", "shop", "shop --no-cache"):
        (work,) = scan(words)["work"]
        assert [start["line"] for start in work["starts"]] == [3]
    assert scan("shop --diff HEAD")["work"] == []


def test_a_baseline_holds_for_a_folder_within_as_well(scan, taskpick, pickled) -> None:
    (pickled / "app").mkdir()
    (pickled / "settings.py").rename(pickled / "app" / "settings.py")
    taskpick("scan . --baseline known.json --update-baseline")

    assert scan("app --baseline known.json")["in_baseline"] == 1
    assert scan(". --baseline app/../known.json")["in_baseline"] == 1


def test_what_is_allowed_is_shown_with_its_reason_on_request(taskpick, pickled) -> None:
    (pickled / "settings.py").write_text(f"{PICKLE.rstrip()}  # taskpick: ignore[pickle] ours\n")
    details = taskpick("scan . --details").out

    assert "Hazards and notes" not in details
    assert "Allowed\n  settings.py:1  [pickle]\n    ours\n" in details
    assert "Allowed" not in taskpick("scan .").out
