"""Proves that the list of judged findings and the numbers that `--explain` states agree, and that
no finding that was judged to be none is one that the scan reports.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from taskpick.scan.findings import rules

JUDGED = [
    {**one, "repository": repository["repository"]}
    for repository in yaml.safe_load(Path(__file__).with_name("judged.yaml").read_text())[
        "repositories"
    ]
    for one in repository["findings"]
]


def test_what_was_judged_false_is_not_found_and_most_of_what_was_judged_true_is() -> None:
    found = Counter((one["verdict"], one["found"]) for one in JUDGED)

    assert found["false", True] == 0
    assert found["false", False] > 10
    assert found["true", True] >= 4 * found["true", False]
    assert {one["verdict"] for one in JUDGED} == {"true", "arguable", "false"}


@pytest.mark.parametrize("rule", rules())
def test_a_rule_states_at_least_what_is_in_the_list(rule: str) -> None:
    listed = Counter(one["verdict"] for one in JUDGED if one["rule"] == rule and one["found"])
    true, arguable, _ = rules()[rule].judged

    assert listed["true"] <= true
    assert listed["arguable"] <= arguable


def test_every_judgement_is_about_one_place_and_gives_its_reason() -> None:
    places = [(one["repository"], one["file"], one["line"], one["rule"]) for one in JUDGED]

    assert len(places) == len(set(places))
    assert all(one["rule"] in rules() and one["why"].endswith(".") for one in JUDGED)
