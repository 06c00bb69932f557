from __future__ import annotations

import pytest
from commute import RULES
from hypothesis import given
from hypothesis import strategies as st
from strategies import answers as some_answers
from strategies import brute_pick, every_answer, examples, rules

from taskpick.decision.decide import decide
from taskpick.decision.hinges import Hinges, Unless, depends_on, words
from taskpick.rulefile import bundled
from taskpick.rulefile.model import UNSURE
from taskpick.rulefile.reader import load


@examples(300)
@given(rules(), st.data())
def test_the_conditions_give_the_pick_of_every_open_answer(rules, data):
    decision = decide(rules, data.draw(some_answers(rules)))
    hinges = depends_on(decision)

    for answers in every_answer(rules):
        if decision.answers.items() <= answers.items():
            assert {brute_pick(rules, answers)} == {pick_by(hinges.unless, hinges, answers)}


@examples(300)
@given(rules(), st.data())
def test_no_condition_can_be_left_out_or_shortened(rules, data):
    decision = decide(rules, data.draw(some_answers(rules)))
    hinges = depends_on(decision)
    space = [a for a in every_answer(rules) if decision.answers.items() <= a.items()]

    for unless in hinges.unless:
        fewer = [other for other in hinges.unless if other is not unless]

        assert any(pick_by(fewer, hinges, a) != brute_pick(rules, a) for a in space)
        for name in unless.when:
            wider = [*fewer, Unless({**unless.when, name: ANYTHING}, unless.pick)]

            assert any(wrong(wider[-1], rules, answers) for answers in space)


class Anything:
    """Every level."""

    def __contains__(self, level):
        return True


ANYTHING = Anything()


def holds(unless, answers):
    return all(answers[name] in levels for name, levels in unless.when.items())


def pick_by(conditions, hinges, answers):
    """The pick by the conditions; all those that hold must agree."""
    picks = {unless.pick for unless in conditions if holds(unless, answers)} or {hinges.pick}

    assert len(picks) == 1
    return picks.pop()


def wrong(unless, rules, answers):
    return holds(unless, answers) and brute_pick(rules, answers) != unless.pick


def test_a_settled_decision_hinges_on_nothing():
    decision = decide(RULES, {"distance": "far", "luggage": "much"})

    assert depends_on(decision) == Hinges("car", (), True, None)
    assert words(RULES, depends_on(decision)) == "By car"


def test_what_it_depends_on_is_said_in_words():
    decision = decide(RULES, {"distance": "medium", "luggage": UNSURE, "weather": "dry"})
    hinges = depends_on(decision)

    assert hinges.first == "luggage"
    assert words(RULES, hinges) == "By bicycle, unless luggage turns out to be much: then By car"


@pytest.mark.parametrize(
    ("open_criteria", "expected"),
    [
        (
            {"scheduling"},
            "RQ (Redis Queue), unless scheduling turns out to be cron: then Celery",
        ),
        (
            {"retry", "scheduling"},
            "Celery, unless",
        ),
    ],
)
def test_the_default_rule_file_hinges_on_few_words(open_criteria, expected):
    rules = load(bundled.default())
    answers = {
        "duration": "minutes",
        "persistence": "durable",
        "retry": "basic",
        "scheduling": "none",
        "distribution": "one-worker",
    }
    decision = decide(rules, {**answers, **dict.fromkeys(open_criteria, UNSURE)})

    assert words(rules, depends_on(decision)).startswith(expected)


def test_what_cannot_be_listed_is_said_so():
    rules = load(bundled.default())
    hinges = depends_on(decide(rules, dict.fromkeys(rules.criteria, UNSURE)))

    assert hinges.complete or not hinges.unless
