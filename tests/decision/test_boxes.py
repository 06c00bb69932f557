"""A box forces a pick just where every answer set in it has that pick."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from strategies import brute_pick, every_answer, examples, rules

from taskpick.decision.answer_sets import boxes
from taskpick.problems import Span
from taskpick.rulefile.model import Criterion, Level


def _criterion(*levels, ordered=True):
    span = Span.at(1, 1)
    made = tuple(Level(level, level, "", 1, span) for level in levels)
    return Criterion("retry", "?", "!", made, ordered, None, span)


@examples(600)
@given(rules(), st.data())
def test_a_box_forces_a_pick_if_and_only_if_every_answer_in_it_has_that_pick(rules, data):
    box = {
        name: frozenset(data.draw(st.sets(st.sampled_from([lv.id for lv in c.levels]), min_size=1)))
        for name, c in rules.criteria.items()
    }
    inside = [a for a in every_answer(rules) if all(a[name] in box[name] for name in box)]
    picks = {brute_pick(rules, answers) for answers in inside}

    for pick in [*rules.options, None]:
        forces = all(demand.lacks(box) <= 0 for demand in boxes.demands(rules, pick))
        assert forces == (picks == {pick})


def test_levels_read_as_people_say_them():
    ordered = _criterion("none", "basic", "advanced", "exact")
    mixed = _criterion("any", "redis", "rabbitmq", "none", ordered=False)

    assert boxes.words(ordered, frozenset(["basic"])) == "retry is basic"
    assert (
        boxes.words(ordered, frozenset(["basic", "advanced", "exact"])) == "retry is at least basic"
    )
    assert boxes.words(ordered, frozenset(["none", "basic"])) == "retry is at most basic"
    assert (
        boxes.words(ordered, frozenset(["basic", "advanced"])) == "retry is from basic to advanced"
    )
    assert boxes.words(mixed, frozenset(["any", "redis"])) == "retry is any or redis"
    assert boxes.words(mixed, frozenset(["any", "redis", "rabbitmq"])) == "retry is not none"
