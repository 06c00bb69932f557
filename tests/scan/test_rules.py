"""Proves of every rule that it finds its hazard in a small project, and nothing in that project's
twin, which does the same thing right.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from taskpick.scan.findings import rules

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECTS = Path(__file__).parent / "projects"


def only(rule: str) -> list[str]:
    """What looks for a rule that is off by default."""
    return [] if rules()[rule].default else ["--select", rule]


def scanned(taskpick: Callable[..., Any], *words: str) -> tuple[int, dict[str, Any]]:
    """The exit code of a scan and its JSON."""
    run = taskpick(["scan", *words, "--format", "json"])
    assert run.out, run.err
    return run.code, json.loads(run.out)


@pytest.mark.parametrize("rule", rules())
def test_a_rule_finds_its_hazard_and_nothing_else(taskpick, rule: str) -> None:
    code, data = scanned(taskpick, str(PROJECTS / rule / "bad"), *only(rule))

    assert {one["rule"] for one in data["findings"]} == {rule}
    assert code == (1 if rules()[rule].severity == "error" else 0)


def test_a_task_that_a_request_leaves_behind_is_found_behind_its_calls(taskpick) -> None:
    """In an endpoint, in what it streams, and in a function within one that it calls."""
    _, data = scanned(taskpick, str(PROJECTS / "create-task-in-endpoint" / "bad"))
    chains = {
        one["file"]: [(step["file"], step["words"]) for step in one["because"]]
        for one in data["findings"]
    }

    assert chains == {
        "web.py": [("web.py", "sign_up is an endpoint")],
        "hook.py": [("hook.py", "take is an endpoint")],
        "answers.py": [
            ("answers.py", "answer is an endpoint"),
            ("answers.py", "answer calls written"),
        ],
        "service.py": [
            ("answers.py", "start is an endpoint"),
            ("answers.py", "start calls listen"),
            ("service.py", "stop is a function within listen"),
        ],
    }


@pytest.mark.parametrize("rule", rules())
def test_code_that_does_it_right_has_no_findings(taskpick, rule: str) -> None:
    code, data = scanned(taskpick, str(PROJECTS / rule / "good"), *only(rule))

    assert (code, data["findings"], data["not_read"]) == (0, [], [])
    assert data["work"], "a twin in which nothing is seen proves nothing"


@pytest.mark.parametrize("rule", rules())
def test_a_rule_is_explained_with_its_judgements(taskpick, rule: str) -> None:
    run = taskpick(["scan", "--explain", rule])

    assert run.code == 0
    assert run.out.startswith(f"{rule} (")
    assert "To fix it: " in run.out
    assert "\nSource:" in run.out
    assert "reviewed by hand" in run.out.replace(
        "\n", " "
    ) or "reviewed has a case" in run.out.replace("\n", " ")


def test_a_rule_whose_precision_is_not_known_is_off_until_it_is_selected(taskpick) -> None:
    off = [rule.id for rule in rules().values() if not rule.default]
    assert off == [rule.id for rule in rules().values() if not any(rule.judged)]
    for rule in off:
        _, data = scanned(taskpick, str(PROJECTS / rule / "bad"))
        said = " ".join(taskpick(["scan", "--explain", rule]).out.split())

        assert data["findings"] == []
        assert f"off unless it is selected: --select {rule}" in said
    assert off
    topic = (files("taskpick") / "help/scanning.md").read_text("utf-8")
    named = topic.partition("they are selected:")[2].partition(".")[0]
    assert set(re.findall(r"`([\w-]+)`", named)) == set(off)


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("apscheduler-forgets", " + timedelta(hours=3)", ""),  # it is to run now
        ("apscheduler-forgets", '"date"', '"interval"'),
        ("request-database-in-bg", "def get_db", "@contextmanager\ndef get_db"),
        ("dramatiq-slow-recovery", '"redis://localhost"', '"redis://localhost", **more'),
    ],
)
def test_what_is_no_case_is_not_found(taskpick, tmp_path, rule, before, after) -> None:
    (source,) = (PROJECTS / rule / "bad").glob("*.py")
    text = source.read_text()
    assert before in text
    (tmp_path / "jobs.py").write_text(text.replace(before, after))

    assert scanned(taskpick, ".", "--select", rule)[1]["findings"] == []


def test_a_rule_about_an_absence_is_silent_while_a_file_is_unread(taskpick, tmp_path) -> None:
    for rule in ("procrastinate-stalled-jobs", "apscheduler-forgets"):
        (source,) = (PROJECTS / rule / "bad").glob("*.py")
        (tmp_path / source.name).write_text(source.read_text())
        assert scanned(taskpick, ".", "--select", rule)[1]["findings"]
        (tmp_path / "odd.py").write_text("import celery\ndef (\n")
        assert scanned(taskpick, ".", "--select", rule)[1]["findings"] == []
        (tmp_path / "odd.py").unlink()


def test_no_rule_that_was_judged_is_wrong_more_than_one_time_in_ten() -> None:
    for rule in rules().values():
        true, arguable, false = rule.judged
        assert false * 10 <= true + arguable + false, rule.id


def test_an_unknown_rule_is_refused_with_a_suggestion(taskpick) -> None:
    for flag in ("--explain", "--select"):
        run = taskpick(["scan", ".", flag, "enqueue-in-asinc"])

        assert run.code == 2
        assert "did you mean 'enqueue-in-async'?" in run.err
