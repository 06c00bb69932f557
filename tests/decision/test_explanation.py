"""What `explain` says, and that its chances hold for exactly the answers they name."""

from __future__ import annotations

import json

import pytest
import seeds
from hypothesis import given
from hypothesis import strategies as st
from places import DATA
from strategies import answers as some_answers
from strategies import brute_pick, every_answer, examples, rules

from taskpick.decision.decide import decide
from taskpick.decision.explanation import explain
from taskpick.decision.outlook import Chance
from taskpick.report.details.explanation_text import share

ANSWERED = (
    "--duration minutes --persistence durable --retry basic --scheduling none "
    "--distribution one-worker"
)
ASKED = {
    "why": f"rq {ANSWERED}",
    "why-not": f"celery {ANSWERED}",
    "open": "rq",
    "partly-open": "celery --retry basic --scheduling unsure",
    "nothing-fits": "background-tasks --infrastructure none --persistence durable",
    "never": "rq --language mixed --infrastructure none",
    "details": f"background-tasks {ANSWERED} --details",
    "details-of-the-pick": f"rq {ANSWERED} --details",
}


@pytest.mark.parametrize("name", ASKED)
def test_explanations_read_as_people_expect(name, taskpick, snapshot):
    run = taskpick(f"explain {ASKED[name]}")

    assert (run.code, run.err) == (0, "")
    shown = run.out.replace(str(seeds.RULES), "rules")
    snapshot(f"explain/{name}.txt", shown)


def test_json_says_the_same_as_data(taskpick, tmp_path):
    (tmp_path / "rules.yaml").write_text(seeds.NEW)
    run = taskpick("explain file --rules rules.yaml --size few --secrets none --format json")
    data = json.loads(run.out)

    assert (data["status"], data["pick"], data["is_pick"]) == ("picked", "environment", False)
    (way,) = data["ways"]
    assert way["answers"] == {"size": "many"}
    assert [o["option"] for o in way["obstacles"]] == ["environment"]
    assert data["if_open"] is None
    assert data["if_nothing_assumed"]["share"] == "0"


KNOWN = """
known:
  knapsack:
    name: Knapsack
    url: https://example.com/knapsack
    say: It is carried on the back, and no shop sells it any more.
    instead: bag
    as_of: 2026-11-22
"""


@pytest.mark.parametrize(
    "line",
    [
        "explain knapsack",
        "compare bag knapsack",
        "advise --expect knapsack",
        "starter knapsack out",
    ],
)
def test_of_a_system_that_is_no_option_it_is_said_what_is_known(taskpick, tmp_path, line):
    small = (DATA / "rules" / "valid" / "small.yaml").read_text()
    (tmp_path / "small.yaml").write_text(small + KNOWN)
    run = taskpick(f"{line} --rules small.yaml")

    assert (run.code, run.out) == (2, "")
    assert run.err == (
        "taskpick: error: Knapsack is not an option: It is carried on the back, and no shop sells "
        "it any more (checked 2026-11-22)\ntaskpick: the closest option is 'bag'\n"
    )


def test_an_unknown_option_is_named_with_the_likeliest(taskpick):
    run = taskpick("explain celry")

    assert run.code == 2
    assert "no option 'celry'" in run.err
    assert "did you mean 'celery'?" in run.err


@examples(400)
@given(rules(), st.data())
def test_chances_are_exact_shares_and_their_conditions_hold_just_then(rules, data):
    decision = decide(rules, data.draw(some_answers(rules)))
    option = data.draw(st.sampled_from(list(rules.options)))
    found = explain(decision, option)

    for chance, closed in [(found.open, decision.answers), (found.assumed, decision.given)]:
        if chance is None:
            continue
        sets = [a for a in every_answer(rules) if closed.items() <= a.items()]
        picked = [answers for answers in sets if brute_pick(rules, answers) == option]
        assert (chance.answers, chance.of) == (len(picked), len(sets))
        met = [a for a in sets if any(_meets(a, box) for box in chance.when)]
        assert all(answers in picked for answers in met)
        if 0 < len(picked) < len(sets):
            assert len(met) + chance.left_out == len(picked)


def _meets(answers, box):
    return all(answers[name] in levels for name, levels in box.items())


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (10, "nearly all"),
        (8, "at least two thirds"),
        (6, "more than half"),
        (5, "half"),
        (4, "fewer than half"),
    ],
)
def test_a_share_is_told_in_words_that_hold(answers, words):
    chance = Chance("rq", (), answers, 10, (), 0)

    assert share(chance) == f"in {words} of the remaining cases"


def test_every_snapshot_of_an_explanation_is_asked_for():
    folder = DATA / "snapshots" / "explain"

    assert sorted(path.stem for path in folder.glob("*.txt")) == sorted(ASKED)
