"""The plan of the questions is the least of all strategies, as trying all of them shows."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from commute import RULES
from count_questions import expected_questions
from hypothesis import given
from hypothesis import strategies as st
from strategies import brute_pick, build, every_answer, examples, rules

from taskpick.problems import Span
from taskpick.questions import planner
from taskpick.questions.conversation import start
from taskpick.questions.planner import (
    Mode,
    Planner,
    TooManySteps,
    next_question,
    planner_of,
)
from taskpick.rulefile import bundled
from taskpick.rulefile.model import UNSURE, Criterion, Fit, Level, Option, Rating
from taskpick.rulefile.reader import load


class Brute:
    """The least expected number of questions by trying every strategy, merging nothing."""

    def __init__(self, rules):
        self.rules = rules
        self.picks = {tuple(a.values()): brute_pick(rules, a) for a in every_answer(rules)}

    def least(self, known, askable):
        if self.settled(known, askable):
            return Fraction(0)
        return min(self.asking(name, known, askable) for name in askable)

    def asking(self, name, known, askable):
        levels = self.rules.criteria[name].levels
        rest = [other for other in askable if other != name]
        after = [lv.frequency * self.least({**known, name: lv.id}, rest) for lv in levels]
        return 1 + sum(after, Fraction(0)) / sum(level.frequency for level in levels)

    def settled(self, known, askable):
        """Whether the criteria that cannot be asked decide alone."""
        picks = {}
        for answers, pick in self.picks.items():
            chosen = dict(zip(self.rules.criteria, answers, strict=True))
            if all(chosen[name] == level for name, level in known.items()):
                stays = tuple(level for name, level in chosen.items() if name not in askable)
                picks.setdefault(stays, set()).add(pick)
        return all(len(found) == 1 for found in picks.values())


@st.composite
def weighted_rules(draw):
    """Random rules whose levels differ in frequency and of which nothing is assumed."""
    made = draw(rules(most_criteria=4, most_levels=3))
    criteria = {
        name: criterion._replace(
            default=None,
            levels=tuple(lv._replace(frequency=draw(st.integers(1, 5))) for lv in criterion.levels),
        )
        for name, criterion in made.criteria.items()
    }
    return build(criteria, made.options)


@examples(300)
@given(weighted_rules())
def test_the_expected_number_is_the_least_of_all_strategies(rules):
    askable = list(rules.criteria)

    assert expected_questions(rules, Mode.QUICK, askable) == Brute(rules).least({}, askable)


@examples(100)
@given(weighted_rules(), st.data())
def test_the_question_chosen_leads_to_the_least(rules, data):
    """Also where some criteria stay open and cannot be asked."""
    askable = [name for name in rules.criteria if data.draw(st.booleans())]
    brute = Brute(rules)
    if brute.settled({}, askable):
        return
    unsure = dict.fromkeys(set(rules.criteria) - set(askable), UNSURE)
    planner = planner_of(rules)
    best = planner.best(planner.state(unsure, askable))

    assert brute.asking(best, {}, askable) == brute.least({}, askable)


@examples(100)
@given(weighted_rules(), st.sampled_from([Mode.QUICK, Mode.NORMAL]))
def test_a_conversation_asks_as_many_questions_as_expected(rules, mode):
    def asked(conversation):
        if conversation.asking is None or len(conversation.preview().counts) == 1:
            return Fraction(0)
        levels = conversation.question.levels
        after = [lv.frequency * asked(conversation.answer(lv.id)) for lv in levels]
        return 1 + sum(after, Fraction(0)) / sum(level.frequency for level in levels)

    assert asked(start(rules, {}, mode)) == expected_questions(rules, mode)


def test_the_fewest_are_fewer_than_in_the_order_of_the_file():
    quick, normal = (expected_questions(RULES, mode) for mode in (Mode.QUICK, Mode.NORMAL))

    assert quick < normal < expected_questions(RULES, Mode.ALL) == 3


def test_the_core_criteria_of_the_default_rule_file_are_planned_exactly():
    rules = load(bundled.default())

    assert 1 < expected_questions(rules, Mode.QUICK) <= 3
    assert expected_questions(rules, Mode.QUICK) < expected_questions(rules, Mode.NORMAL) < 5


def test_twelve_criteria_do_not_explode():
    """Beyond the bound one question ahead is looked."""
    rules = large(criteria=12, options=5)
    askable = list(rules.criteria)

    assert next_question(rules, {}) == planner._surest(rules, {}, askable)
    assert len(planner_of(rules).costs) <= Planner.MOST_STEPS


def test_what_cannot_be_planned_exactly_is_said_so(monkeypatch):
    monkeypatch.setattr(Planner, "MOST_STEPS", 100)
    rules = large(criteria=8, options=5)

    with pytest.raises(TooManySteps):
        expected_questions(rules, Mode.QUICK)


def test_many_open_criteria_that_cannot_be_asked_do_not_explode():
    rules = large(criteria=24, options=8)

    unsure = dict.fromkeys([name for name in rules.criteria if name != "c0"], UNSURE)

    assert next_question(rules, unsure) == "c0"


def test_what_is_asked_despite_a_default_counts_where_too_much_is_open_to_be_followed():
    rules = large(criteria=24, options=8)
    last = rules.criteria["c23"]._replace(default="l0", ask=True)
    rules = rules._replace(criteria={**rules.criteria, "c23": last})
    conversation = start(rules, {}, at_terminal=True)

    assert conversation.preview() is None
    assert (conversation.skipped, conversation.left) == ([], 23)


def large(*, criteria, options):
    """Random rules of a size, the same ones each time."""
    random, span = Random(7), Span.at(1, 1)
    levels = tuple(Level(f"l{place}", "", "", 1, span) for place in range(3))
    names = [f"c{place}" for place in range(criteria)]
    ratings = [*[Rating.FITS] * 6, *[Rating.STRAINS] * 2, Rating.FAILS]

    def fits(option, criterion):
        return {
            level.id: Fit(option, criterion, level.id, random.choice(ratings), "", "", span)
            for level in levels
        }

    return build(
        {name: Criterion(name, "?", "!", levels, True, None, span) for name in names},
        {
            option: Option(option, "", "", {}, {}, None, {n: fits(option, n) for n in names}, span)
            for option in (f"o{place}" for place in range(options))
        },
    )
