"""The questions in numbered lines take what people type, wherever the input ends."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from commute import RULES

from taskpick.problems import Source
from taskpick.questions import plain
from taskpick.questions.ask import BadLine, Interrupted, Mode, OutOfInput
from taskpick.questions.conversation import start
from taskpick.rulefile import bundled
from taskpick.rulefile.reader import load, read


class Keyboard(StringIO):
    """Lines that a person types at a terminal."""

    def isatty(self):
        return True


def hold(lines, *, mode=Mode.NORMAL, given=None, rules=RULES):
    """The answers after these lines and what was written."""
    out = StringIO()
    held = plain.hold(start(rules, given or {}, mode), lines, out)
    return held.answers, out.getvalue()


def piped(*lines, **settings):
    return hold(StringIO("".join(f"{line}\n" for line in lines)), **settings)


def typed(*lines, **settings):
    return hold(Keyboard("".join(f"{line}\n" for line in lines)), **settings)


def test_numbers_names_and_unsure_are_answers():
    assert piped("3", "much", "f")[0] == {"distance": "far", "luggage": "much"}
    assert piped("3", "u", "1")[0] == {"distance": "far", "luggage": "unsure", "weather": "dry"}
    assert piped("distance=far", "MUCH", "f")[0] == {"distance": "far", "luggage": "much"}


def test_the_letters_of_the_full_prompt_are_answers_and_go_before_help():
    default = load(bundled.default())

    assert piped("N", "m", "f")[0] == {"distance": "near", "luggage": "much"}
    assert piped("h", "f", rules=default)[0] == {"duration": "hours"}


def test_every_word_for_help_says_the_keys_and_what_each_answer_means():
    for word in ["?", "h", "help", "more"]:
        out = piped("1", word, "f")[1].partition("Question 2, ")[2]

        assert "(? help): " in out
        assert out.count("f: finish") == 1
        assert "much: More than one hand can carry. It leads to: " in out


def test_back_more_and_finish():
    assert piped("3", "b", "?", "1", "2", "f")[0] == {"distance": "near", "luggage": "much"}
    assert piped("1", "f")[0] == {"distance": "near"}


def test_the_questions_not_asked_are_named_only_where_they_could_not_change_the_pick():
    not_asked = "Not asked, since the result stays the same:\n5. weather: not answered\n"

    assert not_asked in piped("3", "2", "f")[1]
    assert "Not asked" not in piped("3", "f")[1]


def test_a_pick_that_is_decided_is_said_to_be_while_questions_are_left():
    assert "Already decided: By car. f finishes" in piped("3", "2")[1]


def test_an_empty_line_keeps_the_answer_one_went_back_to():
    answers, _ = piped("near", "little", "b", "b", "", "", "any")

    assert answers == {"distance": "near", "luggage": "little", "weather": "any"}


def test_the_end_of_the_input_accepts_what_is_assumed_once_the_pick_is_settled():
    assert piped("far", "much")[0] == {"distance": "far", "luggage": "much"}
    assert len(piped("far", "much", "dry")[0]) == 3


def test_an_assumption_is_changed_in_the_review():
    assert piped("1", "1", "1", "c passengers", "child", "")[0]["passengers"] == "child"
    assert piped("1", "1", "1", "c 4", "2", "")[0]["passengers"] == "child"
    assert piped("1", "1", "1", "passengers", "2", "")[0]["passengers"] == "child"


def test_going_on_asks_what_only_tunes_the_result():
    answers, _ = piped("far", "much", "f", "g", "dry", "", "", "")

    assert {"weather": "dry", "passengers": "nobody", "parking": "anything"}.items() <= (
        answers.items()
    )


@pytest.mark.parametrize(
    ("lines", "number", "message"),
    [
        (["x"], 1, "'x' is not an answer to 'distance' (known: near, medium, far)"),
        (["2", "littel"], 2, "'littel' is not an answer to 'luggage' (did you mean 'little'?)"),
        (["2", "4"], 2, "'4' is not an answer to 'luggage' (known: little, much)"),
        (["2", "weather=dry"], 2, "'weather=dry' is not an answer to 'luggage'"),
        (["2", ""], 2, "an empty line is not an answer"),
        (["b"], 1, "this is the first question"),
        (["3", "2", "1", "1"], 4, "'1' does nothing here"),
    ],
)
def test_a_piped_line_that_is_no_answer_is_an_error_with_its_number(lines, number, message):
    with pytest.raises(BadLine) as error:
        piped(*lines)

    assert (number, lines[number - 1]) == (error.value.number, error.value.text)
    assert message in error.value.message


def test_at_a_terminal_the_same_question_is_asked_again():
    answers, out = typed("x", "near", "little", "dry", "")

    assert answers == {"distance": "near", "luggage": "little", "weather": "dry"}
    assert "'x' is not an answer to 'distance' (known: near, medium, far)." in out


def test_the_end_of_the_input_at_a_question_says_what_is_missing():
    with pytest.raises(OutOfInput) as error:
        piped("near")

    assert (
        error.value.missing,
        error.value.line,
        error.value.answers,
    ) == ("luggage", 1, {"distance": "near"})


def test_leaving_keeps_the_answers_so_far():
    with pytest.raises(Interrupted) as error:
        piped("near", "q")

    assert error.value.answers == {"distance": "near"}


def test_ctrl_c_is_leaving():
    class Impatient(Keyboard):
        def readline(self, *_):
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        hold(Impatient())


def test_levels_named_like_numbers_and_commands_are_never_confused():
    rules = read(Source("odd.yaml", ODD))

    assert piped("b", rules=rules)[0] == {"size": "b"}
    assert piped("size=1", rules=rules)[0] == {"size": "1"}
    assert piped("size=2", rules=rules)[0] == {"size": "2"}
    with pytest.raises(BadLine, match="write size=1 or size=2"):
        piped("1", rules=rules)


ODD = """\
format: taskpick/1
title: Odd
criteria:
  size:
    question: How many?
    why: To know.
    levels: {"2": two, "1": one, b: bee}
options:
  small:
    name: Small
    fits: {size: {source: measured, "2": fits, "1": fits, b: {fails: Too small.}}}
  large:
    name: Large
    fits: {size: {source: measured, "2": {strains: Too large.}, "1": {strains: So so.}, b: fits}}
"""


def test_the_numbers_of_the_review_stand_in_order_and_are_those_to_change_by(taskpick):
    answers = "minutes\ndurable\nbasic\nnone\none-worker\n"
    review = taskpick("advise --plain", stdin=answers).err.partition("\nAnswers:\n")[2]
    rows = re.findall(r"^(\d+)\. ([a-z-]+): ", review, re.MULTILINE)
    names = dict(rows)
    changed = taskpick("advise --plain", stdin=f"{answers}c 7\n").err

    assert [int(number) for number, _ in rows] == list(range(1, len(rows) + 1))
    assert f"\n{names['7']} (Enter keeps" in changed
