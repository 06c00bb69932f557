"""The README of a project says why its option, in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

RQ = "--duration minutes --persistence durable --retry basic --scheduling none"
RQ += " --distribution one-worker"


def reasons(folder: Path) -> list[str]:
    text = (folder / "README.md").read_text(encoding="utf-8")
    section = text.partition("## Why ")[2].partition("It was made for")[0]
    return [line for line in section.splitlines() if line.startswith("- ")]


def test_what_speaks_for_the_pick_stands_before_the_faults_of_others(
    taskpick: Any, tmp_path: Path
) -> None:
    taskpick(f"advise {RQ} --starter project")
    lines = reasons(tmp_path / "project")

    assert 4 <= len(lines) <= 6
    assert lines[0] == "- It meets every answer."
    assert lines[1].startswith("- minutes: A job runs as long as its job_timeout allows")
    assert lines[-2].startswith("- FastAPI BackgroundTasks does not work for: must not be lost,")
    assert lines[-1].endswith(" are as good here; the rule file lists RQ (Redis Queue) first.")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("background-tasks", "it suits these answers."),
        ("rq", "it has a drawback for: in the web process."),
        ("clock", "it does not work for: starts at once."),
        ("celery --persistence durable --retry basic", "it also works, but RQ"),
    ],
)
def test_of_what_was_asked_for_it_says_how_it_does_with_these_answers(
    taskpick: Any, tmp_path: Path, line: str, words: str
) -> None:
    """Also with those that are assumed, since the project is made for them."""
    option, *answers = line.split()
    taskpick(f"starter {option} project {' '.join(answers)}")
    (text,) = reasons(tmp_path / "project")

    assert text.startswith(f"- You asked for it; {words}")
