"""What people read has no words that only whoever writes rule files knows.

A rule file speaks of levels that an option strains at, of cells and of settled picks. Nobody who
only asks for advice has to learn that.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from places import DATA, ROOT

from taskpick.help import TOPICS
from taskpick.rulefile import bundled

RULES = bundled.load(bundled.default())
PRIVATE = re.compile(
    r"\b(?:levels?|strain(?:s|ed|ing)?|cells?|settle[sd]?"
    r"|(?:all|any|each|every|no|one|these|those|your|\d+) needs?(?! (?:to|a|an|for|no)\b))\b",
    re.IGNORECASE,
)
"""The words; `need` only where it is a noun, as in `every need`."""
FOR_AUTHORS = {"rule-files", "python", "contributing"}
"""The help topics that speak of rule files; the commands below `rules` do so, too."""
FOR_PROGRAMS = re.compile(r"<!--.*?-->", re.DOTALL)
"""The comment at the end of a record."""
COMMON = re.compile(r"\blog level|\bisolation level", re.IGNORECASE)
"""Where the word is one of the field."""


def private(text: str) -> list[str]:
    """The lines with such a word, outside what only programs read."""
    lines = FOR_PROGRAMS.sub("", text).splitlines()
    return [line for line in lines if PRIVATE.search(COMMON.sub("", line))]


def answers(number: int) -> str:
    """Flags that answer some of the criteria, some of them with `unsure`."""
    chance = random.Random(number)
    flags = []
    for name, criterion in RULES.criteria.items():
        levels = [level.id for level in criterion.levels]
        if chance.random() < (0.85 if criterion.default is None else 0.4):
            flags.append(f"--{name} {chance.choice([*levels, 'unsure'])}")
    return " ".join(flags)


@pytest.mark.parametrize("number", range(15))
@pytest.mark.parametrize("form", ["text", "markdown", "github"])
def test_no_result_has_a_private_word(taskpick, number: int, form: str) -> None:
    run = taskpick(f"advise --no-input --no-code {answers(number)} --format {form}")

    assert private(run.out + run.err) == []


@pytest.mark.parametrize("option", RULES.options)
def test_no_explanation_has_a_private_word(taskpick, option: str) -> None:
    runs = [taskpick(f"explain {option} {answers(number)}") for number in range(8)]

    assert [line for run in runs for line in private(run.out + run.err)] == []


@pytest.mark.parametrize(
    "line",
    [
        "compare",
        "compare rq celery --retry basic",
        "starter --list",
        "starter --compare rq celery",
        "starter rq x --dry-run",
        "advise --retry bogus",
        "advise --retry",
        "advise --rety basic",
        "advise --answers gone.yaml",
        "advise --expect celary --no-input",
        "advise --expect arq --no-input",
        "advise --only rq --without rq --no-input",
        "advise --have cron --no-input",
        "explain nothing",
        "verify gone.md",
        "recommend",
        "help nothing",
    ],
)
def test_no_table_and_no_error_has_a_private_word(taskpick, line: str) -> None:
    run = taskpick(line)

    assert private(run.out + run.err) == []


def test_no_answers_file_is_refused_in_private_words(taskpick) -> None:
    Path("answers.yaml").write_text("retry: bogus\nduratoin: seconds\npick: celary\n")
    Path("tasks.yaml").write_text("tasks:\n  a: {retry: bogus}\n  b: {duration: hours}\n")
    runs = [taskpick(f"advise --no-input --answers {name}.yaml") for name in ("answers", "tasks")]

    assert [run.code for run in runs] == [2, 2]
    assert [line for run in runs for line in private(run.out + run.err)] == []


@pytest.mark.parametrize(
    "words", ["", "advise", "compare", "explain", "starter", "verify", "record refresh", "help"]
)
def test_no_help_of_a_command_has_a_private_word(taskpick, words: str) -> None:
    assert private(taskpick(f"{words} --help").out) == []


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic not in FOR_AUTHORS])
def test_no_help_topic_has_a_private_word(taskpick, topic: str) -> None:
    assert private(taskpick(f"help {topic}").out) == []


def test_the_readme_has_a_private_word_only_where_it_shows_what_checks_rule_files() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.sub(r"\$ taskpick rules .*?```", "", text, flags=re.DOTALL)

    assert private(shown) == []


@pytest.mark.parametrize("film", sorted(path.name for path in (DATA / "screens").glob("*.txt")))
def test_no_question_has_a_private_word(film: str) -> None:
    assert private((DATA / "screens" / film).read_text(encoding="utf-8")) == []


def test_a_private_word_would_be_found() -> None:
    found = [
        "It meets every need.",
        "2 strains",
        "The pick is settled.",
        "a level of retry",
        "cells",
    ]
    fine = ["You need Redis.", "It needs a worker.", "no need to restart", "at log level INFO"]

    assert private("\n".join([*found, *fine])) == found
