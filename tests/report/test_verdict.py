"""The verdict fits one screen for every answer set, loses nothing on a narrow one, and says why."""

from __future__ import annotations

import random
import re
from itertools import islice, product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import DATA
from strategies import answers, rules

from taskpick.decision.decide import decide
from taskpick.report.layout import columns
from taskpick.report.report import Report
from taskpick.report.verdict import comparison, terminal
from taskpick.report.verdict.verdict import verdict
from taskpick.rulefile import bundled, reader
from taskpick.rulefile.model import UNSURE
from taskpick.wording import ASCII, UNICODE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskpick.report.verdict.verdict import Verdict
    from taskpick.rulefile.model import Rules
    from taskpick.wording import Marks

FILES = {
    **{name: bundled.load(bundled.find(name)) for name in bundled.names()},
    "ten-options": reader.load(DATA / "rules" / "large" / "ten-options.yaml"),
}
COMMAND = "taskpick advise " + " ".join(["--criterion level"] * 8)
PRIVATE = re.compile(r"\b(?:levels?|strain(?:s|ed)?|cells?|settled)\b", re.IGNORECASE)
"""Words of the rule file that say nothing to who reads a screen."""
WORDS = {"fits", "drawback", "no"}
"""What the table says beside its marks; a list has the marks alone."""


def every_answer_set(rules: Rules) -> Iterator[dict[str, str]]:
    """Each complete set of answers, and each in which core criteria are open."""
    names = list(rules.criteria)
    levels = [[level.id for level in criterion.levels] for criterion in rules.criteria.values()]
    for chosen in product(*levels):
        yield dict(zip(names, chosen, strict=True))
    core = rules.core
    for chosen in product(*([UNSURE, *(lv.id for lv in rules.criteria[n].levels)] for n in core)):
        yield {name: lv for name, lv in zip(core, chosen, strict=True) if lv != UNSURE}
        yield dict(zip(core, chosen, strict=True))


def some_answers(rules: Rules, count: int) -> Iterator[dict[str, str]]:
    """So many answer sets, always the same; some criteria open or answered with `unsure`."""
    chance = random.Random(len(rules.options))
    for _ in range(count):
        yield {
            name: chance.choice([UNSURE, *(level.id for level in criterion.levels)])
            for name, criterion in rules.criteria.items()
            if chance.random() < 0.8
        }


def of(rules: Rules, known: Mapping[str, str]) -> Verdict:
    return verdict(Report(decide(rules, known)))


def screen(shown: Verdict, marks: Marks, width: int = 80) -> str:
    return terminal.render(shown, COMMAND, marks=marks, width=width)


def check(shown: Verdict) -> None:
    for marks in (UNICODE, ASCII):
        wide, narrow = screen(shown, marks), screen(shown, marks, width=40)
        lines = wide.splitlines()
        rows = sum(max(1, -(-columns(line) // 80)) for line in lines)

        assert rows <= terminal.ROWS, f"{rows} rows\n{wide}"
        assert [line for line in lines if columns(line) > 79 and COMMAND not in line] == []
        assert [
            line for line in narrow.splitlines() if columns(line) > 39 and COMMAND not in line
        ] == []
        assert set(wide.split()) - set(narrow.split()) <= WORDS, f"{wide}\n{narrow}"


@pytest.mark.parametrize("name", FILES)
def test_a_spread_of_the_screens_fits_and_loses_nothing(name: str) -> None:
    rules = FILES[name]
    for known in some_answers(rules, 150):
        shown = of(rules, known)
        check(shown)

        assert PRIVATE.findall(screen(shown, UNICODE).replace(COMMAND, "")) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_every_screen_fits_and_loses_nothing(name: str, spread: int) -> None:
    rules = FILES[name]
    for known in islice(every_answer_set(rules), 0, None, spread):
        check(of(rules, known))
    for known in some_answers(rules, 5_000 // spread):
        check(of(rules, known))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_rule_file_has_a_screen_that_fits(data: st.DataObject) -> None:
    made = data.draw(rules())

    check(of(made, data.draw(answers(made))))


@pytest.mark.parametrize("name", FILES)
def test_no_option_looks_better_than_it_is(name: str) -> None:
    """Where rows are left out, the worst mark of each column stays."""
    rules = FILES[name]
    for known in some_answers(rules, 150):
        decision = decide(rules, known)
        options = comparison.columns(decision, decision.ranking[0])
        rows = comparison.rows(decision, options)
        shown = comparison.most_telling(decision, rows, 4)
        for option in options:
            worst = max((row.fits[option].rating.rank for row in rows), default=0)

            assert max((row.fits[option].rating.rank for row in shown), default=0) == worst


@pytest.mark.parametrize("name", FILES)
def test_what_every_option_fails_at_is_in_the_table(name: str) -> None:
    rules = FILES[name]
    for known in some_answers(rules, 150):
        decision = decide(rules, known)
        options = comparison.columns(decision, decision.ranking[0])
        shown = {row.criterion for row in comparison.rows(decision, options)}

        assert set.intersection(*({*decision.evaluations[o].fails} for o in options)) <= shown


@pytest.mark.parametrize("name", FILES)
def test_what_it_says_to_choose_instead_is_what_those_answers_lead_to(name: str) -> None:
    rules = FILES[name]
    for known in some_answers(rules, 60):
        decision = decide(rules, known)
        for instead in verdict(Report(decision)).instead:
            for criterion, level in instead.answers:
                assert decide(rules, {**known, criterion: level}).pick == instead.option.id


def test_the_branches_of_the_next_question_are_what_its_levels_lead_to() -> None:
    rules = FILES["ten-options"]
    for known in islice(some_answers(rules, 500), 60):
        said = verdict(Report(decide(rules, known)))
        for branch in said.branches:
            assert said.question is not None
            for level in branch.levels:
                after = decide(rules, {**said.decision.inputs, said.question.id: level})

                assert set(after.counts) == set(branch.picks)


def test_colour_is_around_the_pick_and_the_marks_and_changes_no_text() -> None:
    rules = FILES["background-tasks"]
    known = {name: rules.criteria[name].levels[-1].id for name in rules.core}
    said = verdict(Report(decide(rules, known)))
    plain = terminal.render(said, COMMAND, marks=UNICODE)
    colored = terminal.render(said, COMMAND, marks=UNICODE, color=True)

    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain
    assert "\x1b[1;35mUse Celery\x1b[0m" in colored
