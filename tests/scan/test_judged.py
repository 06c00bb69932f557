"""Proves that the list of judged findings and the numbers that `--explain` states agree, that no
finding that was judged to be none is one that the scan reports, and that it reports most true ones
which ruff does not.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from taskpick.scan.findings import rules

DATA = yaml.safe_load(Path(__file__).with_name("judged.yaml").read_text())
JUDGED = [
    {**one, "repository": repository["repository"]}
    for repository in DATA["repositories"]
    for one in repository["findings"]
]
LEFT_OUT = DATA["left_out"]
"""True hazards that no rule here is about."""


def test_what_was_judged_false_is_not_found_and_most_of_what_was_judged_true_is() -> None:
    found = Counter((one["verdict"], one["found"]) for one in JUDGED)

    missed = found["true", False] + sum(not one["by"] for one in LEFT_OUT)

    assert found["false", True] == 0
    assert found["false", False] > 10
    assert found["true", True] >= 4 * missed
    assert {one["verdict"] for one in JUDGED} == {"true", "arguable", "false"}


@pytest.mark.parametrize("rule", rules())
def test_a_rule_states_at_least_what_is_in_the_list(rule: str) -> None:
    listed = Counter(one["verdict"] for one in JUDGED if one["rule"] == rule and one["found"])
    true, arguable, _ = rules()[rule].judged

    assert listed["true"] <= true
    assert listed["arguable"] <= arguable


def test_every_judgement_is_about_one_place_and_gives_its_reason() -> None:
    judged = [*JUDGED, *({**one, "rule": one["hazard"]} for one in LEFT_OUT)]
    places = [(one["repository"], one["file"], one["line"], one["rule"]) for one in judged]

    assert len(places) == len(set(places))
    assert all(one["why"].endswith(".") for one in judged)
    assert all(one["rule"] in rules() for one in JUDGED)
    assert all(one["hazard"] not in rules() for one in LEFT_OUT)
