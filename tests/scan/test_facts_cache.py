"""Proves that what is kept for the next scan changes no result and is never in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TASK = "from celery import shared_task\n\n\n@shared_task\ndef {}(): ...\n"
BEAT = "worker: celery -A tasks worker -B\n"


@pytest.fixture
def project(tmp_path) -> Path:
    (tmp_path / "tasks.py").write_text(TASK.format("send"))
    (tmp_path / "broken.py").write_text("import celery\ndef (\n")
    (tmp_path / "Procfile").write_text(BEAT)
    return tmp_path


def kept(folder: Path) -> list[Path]:
    return sorted(one for one in folder.rglob("*") if one.is_file())


def results(cache: Path) -> list[Path]:
    """What is kept of whole code bases."""
    return sorted(cache.rglob("*.json"))


def test_a_second_scan_reads_what_is_kept_and_says_the_same(scan, cache, monkeypatch) -> None:
    first = scan()
    monkeypatch.setattr("taskpick.scan.result.read", None)  # nothing can be read anew

    assert "broken.py" in first
    assert "beat-inside-worker" in first
    assert scan() == first
    assert len(results(cache)) == 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("tasks.py", TASK.format("other")),
        ("Procfile", "worker: celery -A tasks worker\n"),
        ("broken.py", ""),
        ("new.py", TASK.format("new")),
    ],
)
def test_a_file_that_changes_is_read_anew(scan, project, file, text) -> None:
    first = scan()
    (project / file).write_text(text)

    assert scan() != first
    assert scan() == scan("--no-cache")


@pytest.mark.parametrize("text", [b"", b"x", b"\xff\n[]", b"0" * 64 + b"\n[]"])
def test_what_is_damaged_counts_for_nothing(scan, cache, text) -> None:
    first = scan()
    (file,) = results(cache)
    file.write_bytes(text)

    assert scan() == first
    assert file.read_bytes() != text


def test_nothing_is_kept_where_it_is_not_wanted(scan, cache) -> None:
    assert scan("--no-cache")
    assert kept(cache) == []


def test_nothing_is_kept_in_the_project(taskpick, project, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project / "cache"))
    before = kept(project)

    assert "send" in taskpick("scan . --details").out
    assert kept(project) == before


def test_a_place_that_cannot_be_written_to_costs_nothing(scan, cache) -> None:
    (cache / "taskpick").write_text("a file where the folder would be")

    assert "send" in scan()


def test_only_the_newest_results_are_kept(scan, project, cache) -> None:
    for number in range(23):
        (project / "tasks.py").write_text(TASK.format(f"send_{number}"))
        scan()

    assert len(results(cache)) == 20
