"""What the full prompt shows fits every window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from commute import RULES
from hypothesis import given
from hypothesis import strategies as st
from strategies import build, examples, rules

from taskpick.questions.conversation import Mode, start
from taskpick.questions.prompt.screen import lines
from taskpick.questions.prompt.view import View, key
from taskpick.questions.words import outcomes
from taskpick.rulefile import bundled
from taskpick.rulefile.reader import load
from taskpick.wording import ASCII, UNICODE

DEFAULT = load(bundled.default())


@st.composite
def wordy_rules(draw):
    """Rules with texts of any length."""
    made = draw(rules())
    text = st.text("abc -é", min_size=1, max_size=300)
    criteria = {
        name: criterion._replace(
            question=draw(text),
            why=draw(text),
            levels=tuple(
                lv._replace(means=draw(text), example=draw(text)) for lv in criterion.levels
            ),
        )
        for name, criterion in made.criteria.items()
    }
    options = {
        name: option._replace(name=draw(text)) if hasattr(option, "_replace") else option
        for name, option in made.options.items()
    }
    return build(criteria, options)


@st.composite
def views(draw, rules):
    """Any view on the way through a conversation."""
    conversation = start(rules, {}, draw(st.sampled_from(Mode)))
    for _ in range(draw(st.integers(0, 6))):
        if conversation.question:
            level = draw(
                st.sampled_from([*(lv.id for lv in conversation.question.levels), "unsure"])
            )
            conversation = conversation.answer(level)
        else:
            conversation = conversation.change(draw(st.sampled_from(list(rules.criteria))))
    view = View.of(conversation, more=draw(st.booleans()))
    return view.moved(draw(st.integers(0, 5)))


@examples(300)
@given(st.one_of(wordy_rules(), st.sampled_from([RULES, DEFAULT])), st.data())
def test_every_view_fits_every_window_and_shows_the_highlighted_row(rules, data):
    view = data.draw(views(rules))
    width, height = data.draw(st.integers(10, 120)), data.draw(st.integers(2, 60))
    shown = ["".join(text for _, text in line) for line in lines(view, width, height)]

    assert len(shown) < height
    assert max(map(len, shown)) < width
    assert sum(line.startswith(f"  {UNICODE.pointer} ") for line in shown) == 1


@examples(50)
@given(st.data())
def test_the_keys_are_always_shown(data):
    view = data.draw(views(DEFAULT))
    width, height = data.draw(st.integers(30, 120)), data.draw(st.integers(6, 60))
    text = "".join(text for line in lines(view, width, height) for _, text in line)

    assert "arrows" in text
    assert "enter" in text


def test_everything_is_shown_in_a_usual_window():
    view = View.of(start(DEFAULT, {}))
    text = "\n".join("".join(text for _, text in line) for line in lines(view, 80, 24))
    criterion = view.conversation.question

    assert criterion.question in text
    assert all(level.means in text and level.example in text for level in criterion.levels)
    assert "If seconds: " in text


def test_what_may_be_shown_is_left_out_only_as_far_as_it_must_be():
    review = start(DEFAULT, {}, at_terminal=True)
    for level in ["seconds", "durable", "any", "advanced", "async"]:
        review = review.answer(level)
    shown = "\n".join(_texts(lines(View.of(review), 80, 24)))

    assert "workflow         single tasks      Taskiq, DBOS or Dramatiq if tasks in a" in shown
    assert "arrows choose · enter finish · b back · q quit" in shown


def test_asking_for_more_shows_more_in_a_small_window():
    view = View.of(start(DEFAULT, {}, at_terminal=True))
    less, more = _texts(lines(view, 40, 20)), _texts(lines(replace(view, more=True), 40, 20))
    shown = " ".join(line.strip() for line in more)
    answers = [line for line in less if line.startswith(("  ▸ 1", "    2", "    3", "    u"))]

    assert [line for line in more if line in answers] == answers
    assert "      Up to about half a minute" in more
    assert all((it.short or it.name) in shown for it in DEFAULT.options.values())


def test_h_is_help_where_no_answer_begins_with_it():
    first = View.of(start(DEFAULT, {}, at_terminal=True))
    second = key("h", first)

    assert second.conversation.answers == {"duration": "hours"}
    assert key("h", second).more


@pytest.mark.parametrize("name", DEFAULT.criteria)
def test_each_question_names_its_flag(name):
    view = View.of(start(DEFAULT, {}, at_terminal=True).finish().change(name))

    assert _texts(lines(view, 80, 24))[0].endswith(f" · --{name}")
    assert any(f"--{name}" in line for line in _texts(lines(view, 40, 50)))


def test_a_line_names_three_possible_picks_at_most_and_counts_the_others():
    counts = dict.fromkeys(["walk", "bicycle", "car"], 1)

    assert outcomes(counts, RULES) == "On foot, By bicycle or By car"
    assert outcomes(counts, RULES, most=1) == "On foot or 2 others"
    assert outcomes({**counts, "car": 2}, RULES, most=1) == "By car or 2 others"
    assert outcomes({"walk": 1, None: 1}, RULES) == "On foot"
    assert outcomes({"walk": 1, None: 2}, RULES) == "On foot or no option"


def test_at_a_terminal_without_unicode_every_mark_is_ascii():
    view = View.of(start(DEFAULT, {}, at_terminal=True).answer("minutes"))
    review = View.of(view.conversation.finish())

    assert all(text.isascii() for text in _texts(lines(view, 80, 24, ASCII)))
    assert all(text.isascii() for text in _texts(lines(review, 80, 24, ASCII)))


def _texts(shown):
    return ["".join(text for _, text in line) for line in shown]
