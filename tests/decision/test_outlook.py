"""When each possible pick is the pick, what is safe meanwhile, and what is as good."""

from __future__ import annotations

from itertools import product

import pytest
from commute import RULES
from hypothesis import given
from hypothesis import strategies as st
from strategies import answers as some_answers
from strategies import brute_pick, every_answer, examples, rules

from taskpick.decision.decide import decide
from taskpick.decision.outlook import SafeChoice, as_good, outlook, safe_choice, sentence
from taskpick.rulefile import bundled
from taskpick.rulefile.model import UNSURE, Rating

DEFAULT = bundled.load(bundled.default())


def completions(decision):
    """Every complete set of answers that agrees with the closed ones."""
    closed = decision.answers.items()
    return [answers for answers in every_answer(decision.rules) if closed <= answers.items()]


def ratings(option, answers):
    """The ratings of an option at complete answers."""
    return [option.fits[criterion][level].rating for criterion, level in answers.items()]


def meets(answers, condition):
    """Whether the answers are those of a condition."""
    return all(answers[name] in levels for name, levels in condition.items())


@examples(300)
@given(rules(), st.data())
def test_the_conditions_give_the_pick_of_every_open_answer(rules, data):
    decision = decide(rules, data.draw(some_answers(rules)))
    chances = outlook(decision)

    for chance in chances:
        picked = [a for a in completions(decision) if brute_pick(rules, a) == chance.pick]
        met = [a for a in completions(decision) if any(meets(a, box) for box in chance.when)]

        assert (chance.answers, chance.of) == (len(picked), len(completions(decision)))
        assert all(answers in picked for answers in met)
        assert len(met) + chance.left_out == len(picked)
    assert {chance.pick: chance.answers for chance in chances} == (
        decision.counts if len(decision.counts) > 1 else {}
    )


@examples(300)
@given(rules(), st.data())
def test_no_condition_can_be_left_out_or_widened(rules, data):
    decision = decide(rules, data.draw(some_answers(rules)))

    for chance in outlook(decision):
        for box in chance.when:
            others = [other for other in chance.when if other is not box]

            assert any(
                meets(answers, box) and not any(meets(answers, other) for other in others)
                for answers in completions(decision)
            )
            for name in box:
                wider = {other: levels for other, levels in box.items() if other != name}

                assert any(
                    meets(answers, wider) and brute_pick(rules, answers) != chance.pick
                    for answers in completions(decision)
                )


def test_a_settled_decision_has_no_outlook():
    decision = decide(RULES, {"distance": "far", "luggage": "much"})

    assert outlook(decision) == ()
    assert sentence(decision, ()) == "By car"


@pytest.mark.parametrize(
    ("unsure", "expected"),
    [
        ({"scheduling"}, "RQ (Redis Queue), unless scheduling turns out to be cron: then Celery"),
        ({"retry", "scheduling"}, "Celery, unless retry turns out to be at most basic and"),
        (
            set(DEFAULT.criteria),
            "nothing fits, unless scheduling turns out to be at most delayed and infrastructure is",
        ),
    ],
)
def test_the_outlook_of_the_default_rule_file_is_said_in_a_sentence(unsure, expected):
    answers = {
        "duration": "minutes",
        "persistence": "durable",
        "retry": "basic",
        "scheduling": "none",
        "distribution": "one-worker",
    }
    decision = decide(DEFAULT, {**answers, **dict.fromkeys(unsure, UNSURE)})

    assert sentence(decision, outlook(decision)).startswith(expected)


@examples(600)
@given(rules(), st.data())
def test_the_safe_choice_is_the_likeliest_pick_that_never_fails(rules, data):
    decision = decide(rules, data.draw(some_answers(rules)))
    choice = safe_choice(decision)
    everything = completions(decision)
    picks = [brute_pick(rules, answers) for answers in everything]
    if len(set(picks)) == 1:
        assert choice is None
        return
    safe = [
        name
        for name, option in rules.options.items()
        if all(Rating.FAILS not in ratings(option, answers) for answers in everything)
    ]
    if safe:
        assert choice.option == max(safe, key=picks.count)
        assert choice.exceptions == {}
    else:
        assert choice.option == fewest_exceptions(decision, picks)
        assert choice.exceptions == exceptions(decision, rules.options[choice.option])
    assert choice.strains_at_worst == max(
        found.count(Rating.STRAINS)
        for answers in everything
        if Rating.FAILS not in (found := ratings(rules.options[choice.option], answers))
    )
    for criterion, levels in choice.strains.items():
        assert criterion in decision.open
        for level in levels:
            assert rules.options[choice.option].fits[criterion][level].rating is Rating.STRAINS


def exceptions(decision, option):
    """The open answers at which an option fails."""
    found = {}
    for criterion, level in product(decision.open, ["l0", "l1", "l2", "l3"]):
        if level in option.fits[criterion] and option.fits[criterion][level].rating is Rating.FAILS:
            found[criterion] = (*found.get(criterion, ()), level)
    return found


def exception_share(decision, option):
    """How much of the answers to the open criteria an option fails at, by their frequencies."""
    total = 0
    for criterion, levels in exceptions(decision, option).items():
        every = {level.id: level.frequency for level in decision.rules.criteria[criterion].levels}
        total += sum(every[level] for level in levels) / sum(every.values())
    return total


def fewest_exceptions(decision, picks):
    """The option that fails at the least of the open answers, of those that work for some."""
    working = [
        (name, option)
        for name, option in decision.rules.options.items()
        if any(Rating.FAILS not in ratings(option, a) for a in completions(decision))
    ]
    counted = [
        (exception_share(decision, option), -picks.count(name), place, name)
        for place, (name, option) in enumerate(working)
    ]
    return min(counted)[-1]


def test_the_safe_choice_of_the_default_rule_file():
    given = {"duration": "minutes", "persistence": "durable", "retry": "basic"}

    assert safe_choice(decide(DEFAULT, given)) == SafeChoice(
        "rq", 2, {"scheduling": ("cron",), "distribution": ("in-process",)}, {}
    )
    everything = safe_choice(decide(DEFAULT, dict.fromkeys(DEFAULT.criteria, UNSURE)))
    assert everything.option == "dramatiq"
    assert everything.exceptions == {
        "infrastructure": ("serverless", "none"),
        "workflow": ("stateful",),
    }


@examples(600)
@given(rules(), st.data())
def test_as_good_is_what_somewhere_has_as_few_strains_as_the_pick(rules, data):
    decision = decide(rules, data.draw(some_answers(rules)))
    expected = set()
    for answers in completions(decision):
        working = {
            name: found.count(Rating.STRAINS)
            for name, option in rules.options.items()
            if Rating.FAILS not in (found := ratings(option, answers))
        }
        least = min(working.values(), default=0)
        expected |= {name for name, strains in working.items() if strains == least}

    assert as_good(decision) == tuple(name for name in rules.options if name in expected)
    assert set(decision.possible) <= set(as_good(decision))
