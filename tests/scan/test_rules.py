"""Proves of every rule that it finds its hazard in a small project, and nothing in that project's
twin, which does the same thing right.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from taskpick.scan.findings import rules

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECTS = Path(__file__).parent / "projects"


def scanned(taskpick: Callable[..., Any], *words: str) -> tuple[int, dict[str, Any]]:
    """The exit code of a scan and its JSON."""
    run = taskpick(["scan", *words, "--format", "json"])
    assert run.out, run.err
    return run.code, json.loads(run.out)


@pytest.mark.parametrize("rule", rules())
def test_a_rule_finds_its_hazard_and_nothing_else(taskpick, rule: str) -> None:
    code, data = scanned(taskpick, str(PROJECTS / rule / "bad"))

    assert {one["rule"] for one in data["findings"]} == {rule}
    assert code == (1 if rules()[rule].severity == "error" else 0)


@pytest.mark.parametrize("rule", rules())
def test_code_that_does_it_right_has_no_findings(taskpick, rule: str) -> None:
    code, data = scanned(taskpick, str(PROJECTS / rule / "good"))

    assert (code, data["findings"], data["not_read"]) == (0, [], [])
    assert data["work"], "a twin in which nothing is seen proves nothing"


@pytest.mark.parametrize("rule", rules())
def test_a_rule_is_explained_with_its_judgements(taskpick, rule: str) -> None:
    run = taskpick(["scan", "--explain", rule])

    assert run.code == 0
    assert run.out.startswith(f"{rule} (")
    assert "To mend it: " in run.out
    assert "\nSource:" in run.out
    assert "read by hand" in run.out or "was read has a case" in run.out


def test_no_rule_that_was_judged_is_wrong_more_than_one_time_in_ten() -> None:
    for rule in rules().values():
        true, arguable, false = rule.judged
        assert false * 10 <= true + arguable + false, rule.id


def test_an_unknown_rule_is_refused_with_a_suggestion(taskpick) -> None:
    for flag in ("--explain", "--select"):
        run = taskpick(["scan", ".", flag, "enqueue-in-asinc"])

        assert run.code == 2
        assert "did you mean 'enqueue-in-async'?" in run.err
