"""What the cases of a rule file notice and miss is what trying every edit shows."""

from __future__ import annotations

from fractions import Fraction

import pytest
import seeds
from hypothesis import given
from places import DATA
from strategies import RATINGS, brute_pick, every_answer, examples, rules

from taskpick.checks.mutation import formats, mutation
from taskpick.problems import Source
from taskpick.rulefile import reader
from taskpick.rulefile.model import NOTHING_FITS


@examples(400)
@given(rules(most_criteria=3, most_levels=3, most_options=3, cases=True))
def test_edits_and_what_notices_them_are_what_brute_force_finds(rules):
    tested = mutation.run(rules)

    expected = set(_brute_edits(rules))
    assert tested.edits == len(expected)
    assert {_key(edit) for edit in tested.unnoticed} == {key for key, seen in expected if not seen}


@examples(400)
@given(rules(cases=True))
def test_a_case_fails_if_any_answers_to_it_have_another_pick(rules):
    failed = [failure.case for failure in mutation.run(rules).failures]

    assert failed == [case for case in rules.cases if not _holds(rules, case)]


@examples(300)
@given(rules(cases=True))
def test_every_cell_is_visited_or_listed(rules):
    tested = mutation.run(rules)
    held = [case for case in rules.cases if _holds(rules, case)]

    assert {(cell.criterion, cell.level) for cell in tested.unvisited} == {
        (name, level.id)
        for name, criterion in rules.criteria.items()
        for level in criterion.levels
        if not any(a[name] == level.id for case in held for a in _answers(rules, case))
    }


@pytest.mark.parametrize("base", seeds.BASES)
def test_the_cases_of_the_files_that_come_along_notice_every_edit(base):
    tested = mutation.run(reader.read(Source(f"{base}.yaml", seeds.BASES[base])))

    assert tested.failures == ()
    assert tested.unnoticed == ()
    assert tested.edits > 0


def test_shares_are_never_rounded_up():
    assert formats.percent(Fraction(1)) == "100 %"
    assert formats.percent(Fraction(11_999, 12_000)) == "99.9 %"
    assert formats.percent(Fraction(2, 3)) == "66.6 %"
    assert formats.percent(Fraction(0)) == "0 %"


def test_what_cases_show_reads_as_people_expect(snapshot):
    text = (DATA / "rules" / "faulty.yaml").read_text("utf-8")
    tested = mutation.run(reader.read(Source("parcel.yaml", text)))

    snapshot("rules/parcel.test.text", formats.text(tested))


def _brute_edits(rules):
    before = {tuple(a.values()): brute_pick(rules, a) for a in every_answer(rules)}
    held = [case for case in rules.cases if _holds(rules, case)]
    for option in rules.options.values():
        for name, row in option.fits.items():
            for level, fit in row.items():
                for rating in RATINGS:
                    edited = _edited(rules, option, name, level, fit._replace(rating=rating))
                    if rating is fit.rating or before == {
                        tuple(a.values()): brute_pick(edited, a) for a in every_answer(rules)
                    }:
                        continue
                    yield (
                        (option.id, name, level, rating),
                        any(not _holds(edited, case) for case in held),
                    )


def _edited(rules, option, name, level, fit):
    fits = {**option.fits, name: {**option.fits[name], level: fit}}
    return rules._replace(options={**rules.options, option.id: option._replace(fits=fits)})


def _key(edit):
    return edit.fit.option, edit.fit.criterion, edit.fit.level, edit.rating


def _answers(rules, case):
    """Every complete answer set that the case stands for."""
    taken = {n: c.default for n, c in rules.criteria.items() if c.default} | dict(case.answers)
    for answers in every_answer(rules):
        if all(answers[name] == level for name, level in taken.items()):
            yield answers


def _holds(rules, case):
    expected = None if case.pick == NOTHING_FITS else case.pick
    return all(brute_pick(rules, answers) == expected for answers in _answers(rules, case))
