"""A conversation asks in order, and changing an answer loses none that still holds."""

from __future__ import annotations

from itertools import product

import pytest
from commute import RULES

from taskpick.decision.decide import decide
from taskpick.problems import UnknownAnswer
from taskpick.questions import words
from taskpick.questions.conversation import EntryKind, Mode, start
from taskpick.rulefile import bundled
from taskpick.rulefile.reader import load


def said(conversation, *levels):
    """The conversation after these answers."""
    for level in levels:
        conversation = conversation.answer(level)
    return conversation


def test_core_criteria_are_asked_in_the_order_of_the_file():
    first = start(RULES, {})
    second = first.answer("near")

    assert [first.asking, second.asking] == ["distance", "luggage"]


def test_core_criteria_are_asked_even_if_they_cannot_change_the_pick():
    after = said(start(RULES, {}), "far", "much")

    assert (after.asking, after.skipped) == ("weather", [])
    assert after.preview().pick == "car"
    assert after.finish().skipped == ["weather"]


def test_at_a_terminal_nothing_is_asked_that_cannot_change_the_pick():
    after = said(start(RULES, {}, at_terminal=True), "far", "much")

    assert after.asking is None
    assert after.skipped == ["weather"]


def test_at_a_terminal_a_default_is_asked_about_as_soon_as_it_decides_most():
    criteria = {
        name: criterion._replace(ask=name == "passengers")
        for name, criterion in RULES.criteria.items()
    }
    rules = RULES._replace(criteria=criteria)
    conversation, asked = start(rules, {}, at_terminal=True), []
    while conversation.asking:
        asked.append((conversation.asking, conversation.kept))
        conversation = conversation.answer(conversation.question.levels[0].id)

    assert asked == [
        ("distance", None),
        ("luggage", None),
        ("weather", None),
        ("passengers", "nobody"),
    ]
    assert start(rules, {}).answer("near").answer("little").answer("dry").asking is None


def test_quick_asks_nothing_that_cannot_change_the_pick():
    after = start(RULES, {}, Mode.QUICK).answer("much")

    assert after.asking is None
    assert after.preview().pick == "car"
    assert after.skipped == ["distance", "weather"]


def test_an_answer_given_beforehand_is_not_asked_but_can_be_changed():
    conversation = start(RULES, {"distance": "near"})

    assert conversation.asking == "luggage"

    review = said(conversation, "little", "dry")
    changed = review.change("distance").answer("far")

    assert EntryKind.GIVEN is review.entries()[0].kind
    assert EntryKind.ANSWERED is changed.entries()[0].kind
    assert changed.answers == {"distance": "far", "luggage": "little", "weather": "dry"}
    assert changed.asking is None


def test_an_unknown_answer_given_beforehand_is_refused():
    with pytest.raises(UnknownAnswer):
        start(RULES, {"distance": "nearby"})


def test_back_keeps_the_answer_and_goes_as_far_as_the_first_question():
    conversation = said(start(RULES, {}), "near", "little")
    once, twice = conversation.back(), conversation.back().back()

    assert (once.asking, once.kept) == ("luggage", "little")
    assert (twice.asking, twice.kept) == ("distance", "near")
    assert twice == twice.back()


def test_answers_that_still_hold_are_kept_when_an_early_one_changes():
    weather = said(start(RULES, {}), "near", "little")
    luggage = weather.back().back().answer("medium")

    assert (luggage.asking, luggage.kept) == ("luggage", "little")
    assert luggage.answer(luggage.kept).asking == "weather"


def test_changing_an_early_answer_decides_anew_which_questions_matter():
    review = start(RULES, {}, Mode.QUICK).answer("much")
    luggage = review.back()

    assert (luggage.asking, luggage.kept) == ("luggage", "much")
    assert luggage.answer("little").asking == "weather"
    assert luggage.answer("little").answer("any").asking is None


def test_a_change_in_the_review_leads_back_there_unless_something_new_matters():
    review = said(start(RULES, {}), "near", "little", "dry")
    quick = start(RULES, {}, Mode.QUICK).answer("much")

    assert review.change("weather").answer("any").asking is None
    assert quick.change("luggage").answer("little").asking == "weather"


def test_back_from_a_change_leaves_everything_as_it_was():
    review = said(start(RULES, {}), "near", "little", "dry")

    assert review == review.change("passengers").back()


def test_an_assumption_is_no_answer_until_it_is_changed():
    review = said(start(RULES, {}), "near", "little", "dry")

    assert "passengers" not in review.answers
    assert review.change("passengers").answer("child").answers["passengers"] == "child"


def test_the_review_says_what_another_level_would_change_the_pick_to():
    entries = {e.criterion.id: e for e in start_at_review().entries()}

    assert entries["passengers"].changes == {"child": ("bicycle",)}
    assert entries["parking"].changes == {}
    assert EntryKind.ASSUMED is entries["parking"].kind


def start_at_review():
    return said(start(RULES, {}), "near", "little", "dry")


def test_going_on_asks_what_cannot_change_the_pick_too():
    review = said(start(RULES, {}), "far", "much").finish()
    weather = review.go_on()

    assert review.unanswered == ["weather", "passengers", "parking"]
    assert weather.asking == "weather"
    assert (weather.answer("dry").asking, weather.answer("dry").kept) == ("passengers", "nobody")


def test_finishing_early_leaves_the_rest_open():
    review = start(RULES, {}).answer("near").finish()

    assert review.answers == {"distance": "near"}
    assert review.asking is None
    assert not review.finished
    assert review.finish().finished


def test_unsure_leaves_the_criterion_open_and_is_not_asked_again():
    review = said(start(RULES, {}), "medium", "unsure", "dry")

    assert review.asking is None
    assert review.preview().open == ("luggage",)
    assert review.answers["luggage"] == "unsure"


def test_the_preview_is_the_decision_with_the_level_given():
    question = start(RULES, {})

    assert question.preview().possible == ["walk", "bicycle", "car"]
    assert question.preview("far").possible == ["bicycle", "car"]
    assert question.preview("far").evaluations["walk"].fails == ["distance"]


def test_a_preview_in_a_change_forgets_the_answer_that_is_changed():
    change = said(start(RULES, {}), "far", "much", "dry").change("distance")

    assert {"walk", "bicycle", "car"} >= set(change.preview().possible)
    assert "distance" not in change.preview().answers
    assert change.preview("far").possible == ["car"]


def test_certain_is_what_no_assumption_can_change():
    assert not start_at_review().certain
    assert said(start(RULES, {"parking": "anything"}), "far", "much").certain


def test_every_criterion_is_asked_if_wanted():
    conversation, asked = start(RULES, {"luggage": "little"}, Mode.ALL), []
    while conversation.asking:
        asked.append(conversation.asking)
        conversation = conversation.answer("unsure")

    assert asked == ["distance", "weather", "passengers", "parking"]


def test_what_is_left_shrinks_with_the_answers():
    first = start(RULES, {})

    assert [first.left, said(first, "near").left, said(first, "near", "little").left] == [2, 1, 0]
    assert start(RULES, {}, Mode.QUICK).answer("much").left == 0


def test_what_an_answer_in_place_of_a_default_can_change_is_not_called_decided():
    review = start(load(bundled.default()), {}, at_terminal=True)
    for level in ["seconds", "durable", "any", "advanced", "async"]:
        review = review.answer(level)
    after = said(review.go_on(), "cron", "many-workers", "none")

    assert after.asking == "workflow"
    assert words.decided(after).startswith("With the defaults: Procrastinate. ")
    assert words.outlook(after, "stateful") == "If stateful: DBOS"
    assert words.decided(after.answer("stateful")).startswith("With the defaults: DBOS. ")
    assert (
        words.outlook(after.answer("stateful"), "python") == "If python: DBOS, and that decides it"
    )


def test_of_what_is_asked_later_nothing_says_that_it_is_not():
    rest = said(start(RULES, {}, at_terminal=True), "far", "much").go_on()

    assert (rest.asking, rest.skipped) == ("weather", [])


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("terminal", [False, True])
def test_what_is_decided_no_answer_to_the_questions_to_come_changes(mode, terminal):
    levels = [[level.id for level in criterion.levels] for criterion in RULES.criteria.values()]
    promises = 0
    for chosen in product(*levels):
        need = dict(zip(RULES.criteria, chosen, strict=True))
        conversation, promised = start(RULES, {}, mode, at_terminal=terminal), set()
        while conversation.asking:
            if words.decided(conversation).startswith("Already decided"):
                promised |= set(conversation.preview().counts)
            conversation = conversation.answer(need[conversation.asking])
        promises += len(promised)

        assert promised <= set(decide(RULES, conversation.answers).counts)

    assert bool(promises) is (mode is Mode.ALL or (mode is Mode.NORMAL and not terminal))


def test_going_on_asks_as_many_questions_as_it_announces():
    early = start(load(bundled.default()), {}, at_terminal=True).answer("minutes").finish()
    late = said(start(RULES, {}, at_terminal=True), "far", "much")

    assert (words.go_on(early), early.go_on().left) == ("go on: at most 6 questions", 5)
    assert (words.go_on(late), late.go_on().left) == ("answer the other 3 questions", 2)
    assert words.go_on(said(start(RULES, {}), "far").finish()) == "answer the other 4 questions"
