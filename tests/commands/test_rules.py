"""Proves that each command for rule files exits with the code that its help promises."""

from __future__ import annotations

import json

import pytest
import seeds

from taskpick.rulefile import bundled, reader


def test_a_new_file_passes_every_check_and_its_cases_notice_every_edit(taskpick, tmp_path):
    assert taskpick("rules new mine.yaml").code == 0

    assert (tmp_path / "mine.yaml").read_text("utf-8") == seeds.NEW
    checked = taskpick("rules check --strict --max-age 3650 mine.yaml")
    assert (checked.code, checked.out) == (0, "0 errors and 0 warnings in 8 answer sets\n")
    tested = taskpick("rules test --threshold 100 mine.yaml")
    assert (tested.code, tested.out.splitlines()[0]) == (0, "5 of 5 cases hold")


def test_a_file_that_exists_is_not_replaced(taskpick, tmp_path):
    (tmp_path / "mine.yaml").write_text("mine")

    assert taskpick("rules new mine.yaml").code == 2
    assert (tmp_path / "mine.yaml").read_text() == "mine"
    assert taskpick("rules new --force mine.yaml").code == 0


def test_a_file_is_not_made_where_a_folder_is_named(taskpick, tmp_path):
    done = taskpick("rules new mine/")

    assert (done.code, done.err.splitlines()[0]) == (2, "taskpick: error: 'mine/' is a folder")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", bundled.names())
def test_the_rule_files_that_come_along_pass(name, taskpick):
    assert taskpick(["rules", "check", "--strict", name]).code == 0
    assert taskpick(["rules", "test", "--threshold", "100", name]).code == 0


def test_warnings_are_findings_only_if_asked(taskpick, tmp_path):
    (tmp_path / "rules.yaml").write_text(seeds.NEW.replace("as_of:", "# as_of:"))

    assert taskpick("rules check rules.yaml").code == 0
    assert taskpick("rules check --strict rules.yaml").code == 1


def test_several_files_are_checked_in_one_run(taskpick, tmp_path):
    (tmp_path / "good.yaml").write_text(seeds.NEW)
    (tmp_path / "bad.yaml").write_text(seeds.NEW.replace("pick: file", "pick: service"))
    run = taskpick("rules check good.yaml bad.yaml --format json")

    assert run.code == 1
    assert {file["file"]: file["errors"] for file in json.loads(run.out)["files"]} == {
        "good.yaml": 0,
        "bad.yaml": 1,
    }


def test_claims_grow_too_old(taskpick, tmp_path):
    (tmp_path / "rules.yaml").write_text(seeds.NEW.replace("2026-11-22", "2026-11-09"))

    assert taskpick("rules check --strict --max-age 21 rules.yaml").code == 0
    late = taskpick("rules check --strict --max-age 20 rules.yaml")
    assert late.code == 1
    assert "the claims were last checked 21 days ago, on 2026-11-09" in late.out


def test_a_case_that_fails_is_a_finding(taskpick, tmp_path):
    (tmp_path / "rules.yaml").write_text(seeds.NEW.replace("pick: file", "pick: service"))

    assert taskpick("rules check rules.yaml").code == 1
    assert taskpick("rules test rules.yaml").code == 1


def test_a_threshold_is_met_exactly_or_not_at_all(taskpick, tmp_path):
    rules = reader.load(seeds.RULES / "python-cli.yaml")
    text = rules.source.text
    (tmp_path / "rules.yaml").write_text(text[: text.index("  - need: The tool of a company")])
    data = json.loads(taskpick("rules test --format json rules.yaml").out)
    noticed = data["edits"] - len(data["unnoticed"])

    assert data["score"] == f"{noticed}/{data['edits']}"
    assert taskpick(f"rules test --threshold {noticed * 100}/{data['edits']} rules.yaml").code == 0
    assert taskpick("rules test --threshold 100 rules.yaml").code == 1


def test_no_cases_are_a_finding(taskpick, tmp_path):
    (tmp_path / "rules.yaml").write_text(seeds.NEW[: seeds.NEW.index("cases:")])

    assert taskpick("rules test rules.yaml").code == 1


@pytest.mark.parametrize("threshold", ["101", "-1", "x", "1/0", "nan"])
def test_a_threshold_is_a_percentage(threshold, taskpick):
    run = taskpick(["rules", "test", "--threshold", threshold])

    assert run.code == 2
    assert f"unknown value '{threshold}' for --threshold" in run.err


def test_a_check_explains_itself_and_an_unknown_one_is_named(taskpick):
    assert taskpick("rules check --explain case-fails").out.startswith("case-fails (error): ")
    unknown = taskpick("rules check --explain case-fail")
    assert unknown.code == 2
    assert "did you mean 'case-fails'?" in unknown.err


def test_the_schema_is_written_beside_the_rules(taskpick, tmp_path):
    assert taskpick("rules schema --output taskpick.schema.json").code == 0

    written = (tmp_path / "taskpick.schema.json").read_text("utf-8")
    assert written == (seeds.RULES / "taskpick.schema.json").read_text("utf-8")


def test_a_file_with_more_answers_than_can_be_followed_says_so(taskpick, tmp_path):
    criteria = {
        f"c{n}": {"question": "?", "why": "!", "levels": {f"l{m}": "x" for m in range(16)}}
        for n in range(8)
    }
    fits = {name: dict.fromkeys(c["levels"], "fits") for name, c in criteria.items()}
    rules = {
        "format": "taskpick/1",
        "title": "Too much",
        "criteria": criteria,
        "options": {"one": {"name": "One", "fits": fits}},
        "cases": [{"need": "n", "answers": {}, "pick": "one"}],
    }
    (tmp_path / "rules.yaml").write_text(json.dumps(rules))

    for command in ("check", "test", "diff rules.yaml"):
        run = taskpick(f"rules {command} rules.yaml")
        assert run.code == 2
        assert "4,294,967,296 answer sets are open" in run.err
