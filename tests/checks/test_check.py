"""`rules check` finds every seeded fault, and about picks just what brute force finds."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
import seeds
from hypothesis import given
from places import DATA
from strategies import RATINGS, brute_pick, every_answer, examples, rules

from taskpick.checks import formats
from taskpick.checks.catalogue import CHECKS
from taskpick.checks.check import check
from taskpick.problems import Source, Span
from taskpick.rulefile import reader
from taskpick.rulefile.model import Note
from taskpick.version import __version__

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("base", seeds.BASES)
def test_the_valid_files_have_no_findings(base):
    rules = reader.read(Source(f"{base}.yaml", seeds.BASES[base]))

    assert check(rules, today=TODAY, max_age=180).findings == ()


@pytest.mark.parametrize(("check_id", "base", "edits", "about"), seeds.SEEDS)
def test_every_seeded_fault_is_found(check_id, base, edits, about):
    checked = check(seeds.edited(base, edits), today=TODAY, max_age=180)

    found = [f.subject for f in checked.findings if f.check.id == check_id]
    assert any(about in {*subject.values(), ""} for subject in found)


def test_every_check_is_seeded_at_least_five_times():
    counts = Counter(check_id for check_id, *_ in seeds.SEEDS)

    # What needs scripts beside the file is seeded in test_probe.py.
    assert set(counts) == set(CHECKS) - {"probe-unknown", "probe-unused", "claim-without-probe"}
    assert min(counts.values()) >= 5


@examples(1000)
@given(rules())
def test_what_is_found_about_picks_is_what_brute_force_finds(rules):
    picks = {tuple(a.values()): brute_pick(rules, a) for a in every_answer(rules)}
    found = check(rules, today=TODAY).findings

    def subjects(check_id, *keys):
        return {tuple(f.subject[k] for k in keys) for f in found if f.check.id == check_id}

    dead = subjects("option-never-picked", "option") | subjects("options-equal", "option")
    assert dead == {(name,) for name in rules.options if name not in picks.values()}
    assert bool(subjects("nothing-fits")) == (None in picks.values())
    idle = {(name,) for name in rules.criteria if _idle(rules, picks, name)}
    assert subjects("criterion-without-effect", "criterion") == idle
    assert subjects("level-without-effect", "criterion", "level") == {
        (name, level)
        for name in rules.criteria
        if (name,) not in idle
        for level in _equal_to_an_earlier(rules, picks, name)
    }


@examples(500)
@given(rules())
def test_fits_are_out_of_order_if_a_better_one_follows_a_worse(rules):
    findings = check(rules, today=TODAY).findings

    assert {
        (f.subject["option"], f.subject["criterion"], f.subject["level"])
        for f in findings
        if f.check.id == "fits-out-of-order"
    } == {
        (option.id, name, high)
        for option in rules.options.values()
        for name, row in option.fits.items()
        for (_, one), (high, two) in pairwise(row.items())
        if rules.criteria[name].ordered and RATINGS.index(two.rating) < RATINGS.index(one.rating)
    }


@examples(500)
@given(rules(most_criteria=3))
def test_a_note_never_shows_if_no_answers_bring_it_up(rules):
    span = Span.at(1, 1)
    notes = tuple(
        Note(option, {name: (level.id,)}, "said", "measured", {}, span)
        for option in [*rules.options, None]
        for name, criterion in rules.criteria.items()
        for level in criterion.levels
    )
    picks = [(answers, brute_pick(rules, answers)) for answers in every_answer(rules)]
    findings = check(rules._replace(notes=notes), today=TODAY).findings

    hidden = [
        note
        for note in notes
        if not any(
            note.option in (None, pick)
            and all(answers[name] in levels for name, levels in note.when.items())
            for answers, pick in picks
        )
    ]
    assert len(hidden) == sum(f.check.id == "note-never-shows" for f in findings)


@examples(500)
@given(rules(cases=True))
def test_a_witness_shows_what_was_found(rules):
    for finding in check(rules, today=TODAY).findings:
        if finding.witness is None:
            continue
        pick = brute_pick(rules, finding.witness)
        match finding.check.id:
            case "nothing-fits":
                assert pick is None
            case "option-without-case":
                assert pick == finding.subject["option"]
            case "case-fails" | "option-never-picked" | "note-never-shows":
                assert pick != finding.subject["option"]


def test_what_is_allowed_is_kept_apart_with_its_reason():
    rules = seeds.edited(
        "new",
        {
            "options.file.fits.size.source": seeds.GONE,
            "allow": [{"check": "claim-without-source", "option": "file", "reason": "known"}],
        },
    )
    checked = check(rules, today=TODAY)

    assert checked.findings == ()
    assert [allow.reason for _, allow in checked.allowed] == ["known"]
    assert formats.render([checked], formats.Format.GITHUB) == ""
    sarif = json.loads(formats.render([checked], formats.Format.SARIF))
    assert [result["suppressions"] for result in sarif["runs"][0]["results"]] == [
        [{"kind": "inSource", "justification": "known"}]
    ]


def _faulty():
    return check(
        seeds.edited("new", {"options.file.fits.change.live": seeds.FAILS, "cases.0.pick": "file"}),
        today=TODAY,
    )


def test_github_annotations_stay_on_one_line_each():
    lines = formats.render([_faulty()], formats.Format.GITHUB).splitlines()

    assert [line.split(" ")[0] for line in lines] == ["::error"]
    assert all("title=taskpick%3A case-fails::the case expects 'file'" in line for line in lines)
    assert "%0Afor instance: --size few" in lines[0]


def test_json_and_sarif_carry_every_finding_with_its_place():
    checked = _faulty()
    data = json.loads(formats.render([checked], formats.Format.JSON))
    sarif = json.loads(formats.render([checked], formats.Format.SARIF))

    (file,) = data["files"]
    (finding,), (result,) = file["findings"], sarif["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert finding["check"] == result["ruleId"] == "case-fails"
    assert finding["line"] == region["startLine"] == checked.findings[0].span.line
    assert finding["message"] in result["message"]["text"]
    assert sarif["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "case-fails"


@pytest.mark.parametrize("check_id", CHECKS)
def test_every_check_explains_itself(check_id):
    text = formats.explain(check_id)

    assert text.startswith(f"{check_id} ({CHECKS[check_id].severity}): ")
    assert f"  - check: {check_id}\n" in text


def _idle(rules, picks, name):
    place = list(rules.criteria).index(name)
    led = {}
    for answers, pick in picks.items():
        led.setdefault((*answers[:place], *answers[place + 1 :]), set()).add(pick)
    return all(len(found) == 1 for found in led.values())


def _equal_to_an_earlier(rules, picks, name):
    place = list(rules.criteria).index(name)
    led = {level.id: [] for level in rules.criteria[name].levels}
    for answers, pick in picks.items():
        led[answers[place]].append(pick)
    levels = list(led)
    return [
        level
        for number, level in enumerate(levels)
        if any(led[earlier] == led[level] for earlier in levels[:number])
    ]


@pytest.mark.parametrize("shown_as", formats.Format)
def test_findings_read_as_people_and_programs_expect(shown_as, snapshot):
    text = (DATA / "rules" / "faulty.yaml").read_text("utf-8")
    checked = check(reader.read(Source("parcel.yaml", text)), today=TODAY)

    shown = formats.render([checked], shown_as).replace(f'"{__version__}"', '"VERSION"')
    snapshot(f"rules/parcel.check.{shown_as}", shown)


def test_an_allowance_for_a_check_that_there_is_not_names_the_nearest():
    unknown = {"allow": [{"check": "nothing-fit", "reason": "seeded"}]}
    (finding,) = check(seeds.edited("new", unknown), today=TODAY).findings

    assert (finding.message, finding.hint) == (
        "unknown check: 'nothing-fit'",
        "did you mean 'nothing-fits'?",
    )
    assert finding.check.severity == "error"


def test_a_file_without_any_short_text_is_asked_for_none():
    long = {"options.file.name": "A settings file that nobody can call by a short name"}

    assert check(seeds.edited("new", long), today=TODAY).findings == ()
    some = check(seeds.edited("new", {**long, "criteria.size.short": "size"}), today=TODAY)
    assert "the name of 'file'" in " ".join(finding.message for finding in some.findings)


def test_it_may_be_tomorrow_already_where_claims_were_checked():
    assert check(seeds.edited("new", {"as_of": "2026-11-23"}), today=TODAY).findings == ()
