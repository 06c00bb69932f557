"""Two rule files differ for just the answer sets, and under just the conditions, told."""

from __future__ import annotations

import json
import subprocess
from itertools import combinations

import pytest
import seeds
from hypothesis import given
from hypothesis import strategies as st
from strategies import brute_pick, every_answer, examples, rules

from taskpick.checks.diff import formats
from taskpick.checks.diff.diff import diff
from taskpick.decision.answer_sets import boxes, conditions
from taskpick.decision.answer_sets.space import Space
from taskpick.problems import Source
from taskpick.rulefile import reader

NEW = reader.read(Source("old.yaml", seeds.NEW))


@examples(600)
@given(st.data())
def test_every_answer_set_that_changes_is_in_its_class_and_no_other(data):
    old = data.draw(rules(most_criteria=3, most_options=3))
    new = data.draw(rules(most_criteria=3, most_options=3))
    found = diff(old, new)

    changes, answers = {}, _joint(old, new)
    for chosen in answers:
        before, after = brute_pick(old, _own(old, chosen)), brute_pick(new, _own(new, chosen))
        if before != after:
            changes.setdefault((before, after), []).append(chosen)
    assert found.answers == len(answers)
    assert {(c.before, c.after): c.answers for c in found.changes} == {
        key: len(some) for key, some in changes.items()
    }
    for change in found.changes:
        assert change.example in changes[change.before, change.after]


@examples(600)
@given(rules(most_criteria=3))
def test_conditions_hold_for_exactly_the_answer_sets_and_none_can_be_left_out(rules):
    space = Space(rules)

    for pick, bits in space.picks.items():
        if not bits:
            continue
        found = conditions.describe(space, bits, boxes.demands(rules, pick))
        parts = [space.inside(box) for box in found.boxes]
        assert _union(parts) == bits
        assert all(_union(parts[:n] + parts[n + 1 :]) != bits for n in range(len(parts)))


@examples(300)
@given(rules(most_criteria=2, most_levels=3))
def test_conditions_hold_for_exactly_the_answer_sets_described(rules):
    space = Space(rules)
    every = [space.inside(box) for box in _all_boxes(space)]

    for pick, bits in space.picks.items():
        if not bits:
            continue
        found = conditions.describe(space, bits, boxes.demands(rules, pick))
        assert _union(space.inside(box) for box in found.boxes) == bits
        for box in found.boxes:
            assert space.inside(box) in every


def test_a_file_is_as_itself():
    found = diff(NEW, NEW)

    assert found.changes == ()
    assert found.edited == ()
    assert found.structure == []


@pytest.mark.parametrize("shown_as", formats.Format)
def test_a_difference_reads_as_people_and_programs_expect(shown_as, snapshot):
    new = seeds.edited(
        "new",
        {
            "criteria.team": {
                "question": "Who reads them?",
                "why": "Some cannot read TOML.",
                "default": "one",
                "levels": {"one": "One | person", "all": "All"},
            },
            **{
                f"options.{option}.fits.team": {"source": "seeded", "one": "fits", "all": "fits"}
                for option in ("environment", "file", "service")
            },
            "options.file.fits.secrets.some": "fits",
            "options.environment.fits.size.few": seeds.STRAINS,
        },
    )

    shown = json.dumps(formats.render(diff(NEW, new), shown_as))
    shown = json.loads(shown.replace(f'\\"{_version()}\\"', '\\"VERSION\\"'))
    snapshot(f"rules/settings.diff.{shown_as}", shown)


def test_two_revisions_of_a_file_can_be_compared(taskpick, tmp_path):
    def git(*words):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )

    path = tmp_path / "rules.yaml"
    path.write_text(seeds.NEW)
    git("init")
    git("add", "rules.yaml")
    git("commit", "-m", "one")
    path.write_text(seeds.NEW.replace("strains: The file ends up", "fails: The file ends up"))

    same = taskpick("rules diff HEAD:rules.yaml HEAD:rules.yaml")
    assert (same.code, same.out) == (0, "No pick changes in 8 answer sets\n")
    changed = taskpick("rules diff HEAD:rules.yaml rules.yaml")
    assert changed.code == 0  # nothing that was picked is touched
    assert "'file' at 'secrets: some': strains → fails" in changed.out
    missing = taskpick("rules diff HEAD:other.yaml rules.yaml")
    assert missing.code == 2
    assert "cannot read 'HEAD:other.yaml'" in missing.err


def test_changed_picks_end_with_1(taskpick, tmp_path):
    (tmp_path / "old.yaml").write_text(seeds.NEW)
    (tmp_path / "new.yaml").write_text(seeds.NEW.replace("strains: They are", "fails: They are"))

    run = taskpick("rules diff old.yaml new.yaml")
    assert run.code == 0, run.out
    (tmp_path / "new.yaml").write_text(seeds.NEW.replace("strains: They are", "fits: They are"))
    run = taskpick("rules diff old.yaml new.yaml")
    assert (run.code, run.out.splitlines()[0]) == (1, "2 of 8 answer sets change their pick")


def _version():
    from taskpick.version import __version__

    return __version__


def _joint(old, new):
    """Every answer set that both files know, over the criteria of either."""
    axes = {}
    for name in {**new.criteria, **old.criteria}:
        one, two = old.criteria.get(name), new.criteria.get(name)
        levels = [level.id for level in (two or one).levels]
        if one and two:
            levels = [lv for lv in levels if lv in {level.id for level in one.levels}]
        elif two and two.default:
            levels = [two.default]
        axes[name] = levels
    chosen = [{}]
    for name, levels in axes.items():
        chosen = [{**answers, name: level} for answers in chosen for level in levels]
    return chosen


def _own(rules, answers):
    return {name: answers[name] for name in rules.criteria}


def _union(parts):
    whole = 0
    for part in parts:
        whole |= part
    return whole


def _all_boxes(space):
    made = [{}]
    for name, levels in space.levels.items():
        some = [set(c) for size in range(1, len(levels) + 1) for c in combinations(levels, size)]
        made = [{**box, name: chosen} for box in made for chosen in some]
    return made


def test_every_answer_of_a_joint_space_is_one_of_each_file():
    assert _joint(NEW, NEW) == list(every_answer(NEW))
