"""The words of a report: every reason is there, and nothing is said that does not hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import DATA
from strategies import answers, examples, rules

from taskpick.decision.answer_sets import boxes
from taskpick.decision.decide import Status, decide
from taskpick.report.report import Report
from taskpick.rulefile import bundled, reader
from taskpick.rulefile.model import Rating
from taskpick.wording import listed

VALID = DATA / "rules" / "valid"
SMALL = reader.load(VALID / "small.yaml")
RIVER = reader.load(VALID / "river.yaml")
DEFAULT = bundled.load(bundled.default())
PERFECT = {
    "duration": "seconds",
    "persistence": "none",
    "retry": "none",
    "scheduling": "none",
    "distribution": "in-process",
}


@pytest.mark.parametrize(
    ("answers", "headline", "summary"),
    [
        ({"load": "nothing"}, "Wading", "It meets every answer."),
        (
            {"load": "piano"},
            "No option fits",
            "Wading comes closest. In the way: It floats away.",
        ),
        (
            {"load": "piano", "season": "winter"},
            "No option fits",
            "Wading comes closest. In the way: It floats away; The water is frozen.",
        ),
        (
            {"load": "bag", "season": "unsure"},
            "Not decided yet: A boat or nothing fits",
            "It can still be A boat; for some answers nothing fits.",
        ),
    ],
)
def test_the_summary_says_how_it_ended(answers, headline, summary) -> None:
    said = Report(decide(RIVER, answers))

    assert (said.headline, said.summary) == (headline, summary)


def test_a_strain_of_the_pick_is_told_with_its_cost() -> None:
    said = Report(
        decide(
            DEFAULT,
            {
                **PERFECT,
                "duration": "hours",
                "persistence": "durable",
                "distribution": "one-worker",
            },
        )
    )

    assert said.headline == "RQ (Redis Queue)"
    assert said.summary == (
        "It works, with one drawback: a killed job fails or starts from the beginning."
    )
    assert [(cost.criterion, cost.level, cost.rating) for cost in said.costs] == [
        ("duration", "hours", Rating.STRAINS)
    ]


def test_what_is_still_open_is_told_with_a_settled_pick() -> None:
    said = Report(decide(SMALL, {"size": "large", "wet": "unsure"}))

    assert said.summary == "It meets every answer; what is open cannot change that."


def test_a_note_is_said_only_for_its_pick_and_its_answers() -> None:
    wading, rowing = (Report(decide(RIVER, {"load": load})) for load in ("nothing", "bag"))

    assert [note.say for note in wading.notes] == ["Dry your feet."]
    assert [note.say for note in rowing.notes] == ["Tie it up."]


def test_alternatives_outside_are_said_where_nothing_fits() -> None:
    said = Report(decide(RIVER, {"load": "piano"}))

    assert [note.say for note in said.outside] == ["Somebody on the other side may lend you one."]
    assert said.notes == ()


@given(st.data())
@examples(100)
def test_every_reason_against_another_option_is_told_and_no_other(data: st.DataObject) -> None:
    random = data.draw(rules())
    decision = decide(random, data.draw(answers(random)))
    said = Report(decision)
    expected = {
        name: [
            (criterion, fit.rating)
            for rating in (Rating.FAILS, Rating.STRAINS)
            for criterion, fit in evaluation.fits.items()
            if fit.rating is rating
        ]
        for name, evaluation in decision.evaluations.items()
        if name not in decision.counts or decision.status is Status.NOTHING_FITS
    }

    assert {
        other.option.id: [(reason.criterion, reason.rating) for reason in other.reasons]
        for other in said.against
    } == expected
    assert {chance.pick for chance in said.outlook} == (
        set(decision.counts) if decision.status is Status.UNDECIDED else set()
    )
    assert [cost.criterion for cost in said.costs] == (
        decision.evaluations[decision.pick].strains if decision.pick else []
    )


@given(st.data())
@examples(100)
def test_a_report_can_be_made_of_every_decision(data: st.DataObject) -> None:
    random = data.draw(rules())
    decision = decide(random, data.draw(answers(random)))
    said = Report(decision)

    assert said.headline
    assert said.summary[0].isupper()
    assert said.summary.endswith(".")
    assert (said.next_question is not None) == (decision.status is Status.UNDECIDED)
    assert all(line and not line.endswith(": .") for line in said.why)


def test_what_would_take_too_long_to_find_is_left_out(monkeypatch) -> None:
    monkeypatch.setattr(boxes, "MOST_WORK", 100)
    said = Report(decide(DEFAULT, PERFECT))

    assert said.headline == "FastAPI BackgroundTasks"
    assert (said.forced, [other.instead for other in said.against]) == ([], [()] * 9)
    assert said.changes


def test_words_are_listed_as_people_do() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"], last="or") == "a, b or c"
    assert SMALL.names_of(["bag", "crate", None]) == "A paper bag, A crate or nothing fits"
