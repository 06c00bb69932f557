"""Proves that answers of files and variables are taken as written, and that each wrong one is shown
where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import DATA
from strategies import answers as some_answers
from strategies import examples
from strategies import rules as some_rules

from taskpick import answers
from taskpick.answers import InvalidAnswer, check_level, from_environment, to_text
from taskpick.problems import InvalidFile, Source, concise
from taskpick.records import resolve, statements
from taskpick.rulefile import reader

if TYPE_CHECKING:
    from taskpick.rulefile.model import Rules

RULES = reader.load(DATA / "rules" / "valid" / "every-key.yaml")
ODD = reader.load(DATA / "rules" / "valid" / "levels-that-look-like-something-else.yaml")


NO_ANSWERS = "no answers here: write one `criterion: level` pair per line"
HIDDEN = "(this does not look like an answers file, so its text is not shown)"


def read(text: str, rules: Rules = RULES) -> dict[str, str]:
    """The answers in a text about one decision."""
    (statement,) = statements.read(Source("a.yaml", text)).entries
    return answers.levels(resolve.given(rules, statement))


def wrong(text: str) -> list[str]:
    """What is wrong with a text of answers."""
    with pytest.raises(InvalidFile) as caught:
        read(text)
    return [concise(problem) for problem in caught.value.problems]


def test_a_level_and_unsure_are_answers() -> None:
    assert read("time-of-day: morning\nthirst: unsure\n") == {
        "time-of-day": "morning",
        "thirst": "unsure",
    }


def test_no_answer_is_an_answers_file_too() -> None:
    assert read("{}") == {}


def test_of_a_result_what_was_assumed_is_left_out() -> None:
    assert read('{"schema": "x/1", "answers": {"thirst": "little"}, "assumed": {"a": "b"}}') == {
        "thirst": "little"
    }


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("thirst: litle", ["1:9: unknown value 'litle' for 'thirst' (did you mean 'little'?)"]),
        (
            "time-of-day: morning\nthurst: little",
            ["2:1: unknown criterion 'thurst' (did you mean 'thirst'?)"],
        ),
        ("API_KEY: secret", [f"1:1: no criterion of the rule file {HIDDEN}"]),
        ("thirst: [little]", ["1:9: the answer to 'thirst' is not a single level"]),
        ("thirst:", ["1:8: unknown value '' for 'thirst' (known: little, much, unsure)"]),
        ("thirst: Little", ["1:9: unknown value 'Little' for 'thirst' (did you mean 'little'?)"]),
        ("- thirst", [f"1:1: {NO_ANSWERS} {HIDDEN}"]),
        ("little", [f"1:1: {NO_ANSWERS} {HIDDEN}"]),
        ('{"schema": "x/1"}', [f"1:1: {NO_ANSWERS}"]),
        (
            '{"schema": 1, "answers": []}',
            [f"1:26: {NO_ANSWERS}"],
        ),
        (
            "pick: tea\nthirst: little\nthirst: much\nx: &y z",
            [
                "3:1: duplicate key 'thirst' (the first one is on line 2)",
                "4:4: an anchor, '&y' (write the value out)",
            ],
        ),
    ],
)
def test_every_wrong_answer_of_a_file_is_shown_where_it_is(text, problems) -> None:
    assert wrong(text) == [f"a.yaml:{problem}" for problem in problems]


def test_the_environment_answers_in_capitals_with_underscores() -> None:
    environ = {
        "TASKPICK_TIME_OF_DAY": "evening",
        "TASKPICK_THIRST": "",
        "TASKPICK_RULES": "x.yaml",
        "TASKPICK_NO_COLOR": "1",
        "TIME_OF_DAY": "noon",
        "taskpick_thirst": "much",
        "_TASKPICK_COMPLETE": "x",
    }

    assert from_environment(RULES, environ) == {"time-of-day": "evening"}


@pytest.mark.parametrize(
    ("name", "level", "message", "hint"),
    [
        (
            "THIRST",
            "mcuh",
            "TASKPICK_THIRST: unknown value 'mcuh' for 'thirst'",
            "did you mean 'much'?",
        ),
        (
            "THURST",
            "x",
            "TASKPICK_THURST matches no criterion of the rule file",
            "did you mean 'TASKPICK_THIRST'?",
        ),
        (
            "TIME-OF-DAY",
            "morning",
            "TASKPICK_TIME-OF-DAY matches no criterion of the rule file",
            "did you mean 'TASKPICK_TIME_OF_DAY'?",
        ),
    ],
)
def test_a_wrong_variable_is_named(name, level, message, hint) -> None:
    with pytest.raises(InvalidAnswer) as caught:
        from_environment(RULES, {f"TASKPICK_{name}": level})

    assert str(caught.value) == f"environment variable {message}"
    assert caught.value.hint == hint


def test_a_level_is_one_as_it_is_written() -> None:
    for level in ("no", "yes", "12:30", "010", "3.10", "unsure"):
        check_level(ODD, "choice", level)
    for other in ("No", "12.30", "10", "3.1", "", " no", "false"):
        with pytest.raises(InvalidAnswer):
            check_level(ODD, "choice", other)


def test_saved_answers_are_texts_for_every_reader_of_yaml() -> None:
    yaml = pytest.importorskip("yaml")
    levels = [level.id for level in ODD.criteria["choice"].levels]
    saved = [to_text(ODD, {"choice": level}) for level in levels]

    assert [yaml.safe_load(text) for text in saved] == [{"choice": level} for level in levels]
    assert [read(text, ODD) for text in saved] == [{"choice": level} for level in levels]


@given(st.data())
@examples(100)
def test_saved_answers_come_back_as_they_were(data: st.DataObject) -> None:
    rules = data.draw(some_rules())
    known = data.draw(some_answers(rules))

    assert read(to_text(rules, known), rules) == known
    assert answers.variable("time-of-day") == "TASKPICK_TIME_OF_DAY"
