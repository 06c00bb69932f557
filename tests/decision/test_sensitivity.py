"""What follows from a decision: which answers still matter, and what another answer would do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from places import DATA
from strategies import answers, brute_pick, every_answer, examples, rules

from taskpick.decision.decide import Status, decide
from taskpick.decision.sensitivity import (
    Change,
    by_level,
    changes,
    deciding,
    open_criteria,
)
from taskpick.rulefile import reader

SMALL = reader.load(DATA / "rules" / "valid" / "small.yaml")
RIVER = reader.load(DATA / "rules" / "valid" / "river.yaml")


def agreeing(rules, known):
    """Every complete set of answers that agrees with those known."""
    return [every for every in every_answer(rules) if known.items() <= every.items()]


def picks(rules, known):
    """What can be the pick, whatever is not known turns out to be."""
    return {brute_pick(rules, every) for every in agreeing(rules, known)}


def test_a_change_is_named_with_what_it_leads_to() -> None:
    decision = decide(RIVER, {"load": "bag"})

    assert changes(decision) == [
        Change("load", "nothing", ("wade",)),
        Change("load", "piano", (None,)),
        Change("season", "winter", (None,)),
    ]


def test_what_rules_out_another_option_decided() -> None:
    assert deciding(decide(SMALL, {"size": "large"})) == {"size": ["bag"]}
    assert deciding(decide(SMALL, {"size": "large", "wet": "yes"})) == {
        "size": ["bag"],
        "wet": ["bag"],
    }
    assert deciding(decide(SMALL, {"size": "small"})) == {}
    assert deciding(decide(SMALL, {})) == {}


@given(st.data())
@examples(100)
def test_the_changes_are_all_there_are(data: st.DataObject) -> None:
    random = data.draw(rules())
    decision = decide(random, data.draw(answers(random)))
    here = picks(random, decision.answers)
    expected = {
        (name, level.id): there
        for name in decision.answers
        for level in random.criteria[name].levels
        if (there := picks(random, {**decision.answers, name: level.id})) != here
    }

    assert {(c.criterion, c.level): set(c.picks) for c in changes(decision)} == expected


@given(st.data())
@examples(100)
def test_an_open_criterion_matters_if_its_answer_can_change_the_pick(data: st.DataObject) -> None:
    random = data.draw(rules())
    decision = decide(random, data.draw(answers(random)))
    expected = []
    for name in decision.open:
        seen = {}
        for every in agreeing(random, decision.answers):
            others = tuple(level for other, level in every.items() if other != name)
            seen.setdefault(others, set()).add(brute_pick(random, every))
        if any(len(found) > 1 for found in seen.values()):
            expected.append(name)

    assert open_criteria(decision) == expected
    assert (decision.status is Status.UNDECIDED) == (expected != [])


@given(st.data())
@examples(100)
def test_what_each_level_leads_to_is_what_deciding_with_it_says(data: st.DataObject) -> None:
    random = data.draw(rules())
    decision = decide(random, data.draw(answers(random)))
    unsure = dict.fromkeys(decision.open, "unsure")

    for name in random.criteria:
        assert by_level(decision, name) == {
            level.id: decide(random, {**unsure, **decision.answers, name: level.id}).counts
            for level in random.criteria[name].levels
        }
