"""Whether decisions still hold: every fit that decides, what people are told, exit codes."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from commute import FILE, RULES
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples

from taskpick.answers import texts
from taskpick.decision.decide import decide
from taskpick.problems import Source, Span
from taskpick.records import fingerprint
from taskpick.records.formats import Format, render
from taskpick.records.statements import Statement
from taskpick.records.verify import Outcome, verify
from taskpick.rulefile import bundled
from taskpick.rulefile.document import Mapping, Scalar
from taskpick.rulefile.model import NOTHING_FITS, UNSURE, Fit, Rating, Rules

Taskpick = Callable[..., Run]
HERE = Span.at(1, 1)
RIDE = "--distance medium --luggage little --weather dry"
BUNDLED = bundled.load(bundled.default())


def stated(rules: Rules, answers: dict[str, str]) -> Statement:
    """What a record of a decision by these rules states."""
    decision = decide(rules, answers)
    nodes = Mapping({name: Scalar(level, HERE) for name, level in answers.items()}, {}, HERE)
    return Statement(
        Source("x.md", ""),
        "",
        nodes._replace(keys=dict.fromkeys(answers, HERE)),
        decision.pick or NOTHING_FITS,
        HERE,
        assumed=decision.assumed,
        claims=fingerprint.of(decision),
    )


def with_fit(rules: Rules, option: str, criterion: str, level: str, fit: Fit) -> Rules:
    """The rules with another fit in one place."""
    old = rules.options[option]
    fits = {**old.fits, criterion: {**old.fits[criterion], level: fit}}
    return replace(rules, options={**rules.options, option: old._replace(fits=fits)})


def answer_sets(rules: Rules) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {
            name: st.sampled_from([*(level.id for level in criterion.levels), UNSURE])
            for name, criterion in rules.criteria.items()
        }
    )


@pytest.mark.parametrize("rules", [RULES, BUNDLED], ids=["commute", "background-tasks"])
@examples(60)
@given(data=st.data())
def test_one_fit_that_decides_is_named_and_no_other_breaks_anything(
    rules: Rules, data: st.DataObject
) -> None:
    statement = stated(rules, data.draw(answer_sets(rules)))
    if len(decide(rules, texts(statement.answers)).counts) > 1:
        return
    option = data.draw(st.sampled_from(list(rules.options)))
    criterion = data.draw(st.sampled_from(list(rules.criteria)))
    for level, fit in rules.options[option].fits[criterion].items():
        for rating in set(Rating) - {fit.rating}:
            changed = with_fit(rules, option, criterion, level, fit._replace(rating=rating))
            decision = decide(changed, texts(statement.answers))
            result = verify(changed, statement)
            outcome = (decision.pick or NOTHING_FITS) if len(decision.counts) == 1 else ""

            assert (result.outcome is Outcome.NO_LONGER_HOLDS) == (outcome != statement.pick)
            if result.outcome is Outcome.NO_LONGER_HOLDS:
                assert [(option, criterion, level, fit.rating)] == [c[:4] for c in result.fits]
                assert fit.span == result.fits[0].fit.span


@examples(60)
@given(answer_sets(BUNDLED), st.data())
def test_other_words_at_the_answers_are_a_change_of_reasons_and_elsewhere_nothing(
    answers: dict[str, str], data: st.DataObject
) -> None:
    statement = stated(BUNDLED, answers)
    if len(decide(BUNDLED, answers).counts) > 1:
        return
    option = data.draw(st.sampled_from(list(BUNDLED.options)))
    criterion = data.draw(st.sampled_from(list(BUNDLED.criteria)))
    for level, fit in BUNDLED.options[option].fits[criterion].items():
        changed = with_fit(BUNDLED, option, criterion, level, fit._replace(why="Because."))
        result = verify(changed, statement)
        used = answers[criterion] in (level, UNSURE)

        assert result.outcome is (Outcome.REASONS_CHANGED if used else Outcome.HOLDS)


@pytest.mark.parametrize("rules", [RULES, BUNDLED], ids=["commute", "background-tasks"])
@examples(60)
@given(data=st.data())
def test_what_was_decided_by_the_same_rules_holds(rules: Rules, data: st.DataObject) -> None:
    statement = stated(rules, data.draw(answer_sets(rules)))
    if len(decide(rules, texts(statement.answers)).counts) == 1:
        assert verify(rules, statement).outcome is Outcome.HOLDS


def test_claims_are_read_as_they_were_written() -> None:
    here = fingerprint.of(decide(BUNDLED, {"retry": "unsure"}))

    assert here == fingerprint.read(fingerprint.write(here))


@pytest.fixture
def ride(taskpick: Taskpick) -> Path:
    """A record for the bicycle in `docs`, and its rule file in `rules`."""
    Path("rules").mkdir()
    shutil.copy(FILE, "rules/commute.yaml")
    record = "--format markdown --output docs/"
    taskpick(f"advise --rules rules/commute.yaml --no-input {RIDE} {record}")
    return Path("docs/0001-getting-to-work-by-bicycle.md")


def edit(path: str | Path, before: str, after: str) -> None:
    text = Path(path).read_text(encoding="utf-8")

    assert before in text

    Path(path).write_text(text.replace(before, after, 1), encoding="utf-8")


EDITS = {
    "holds": ("why: Rain does not", "why: The rain does not"),
    "reworded": ("Half an hour at an easy pace.", "Forty minutes at an easy pace."),
    "rerated": ("{fits: Half an hour", "{fails: Half an hour"),
    "assumed": ("default: nobody", "default: group"),
    "option": ("  bicycle:\n    name", "  bike:\n    name"),
    "level": ("      medium:\n        means", "      middling:\n        means"),
    "criterion": ("  weather:\n    question", "  sky:\n    question"),
    "order": ("  walk:\n    name: On foot", "  crawl:\n    name: On foot"),
    "newer": ("taskpick/1", "taskpick/2"),
}
SAID = {
    "holds": (0, []),
    "reworded": (0, ["holds, but for reasons that have changed: bicycle", "Forty minutes at"]),
    "rerated": (
        1,
        ["no longer holds: bicycle then, car today", "commute.yaml:91) fails, was"],
    ),
    "assumed": (1, ["'passengers' is assumed to be group today, not nobody"]),
    "option": (1, ["'bicycle' is no option any more"]),
    "level": (2, ["cannot be told: ", "'medium' is no level of 'distance'"]),
    "criterion": (2, ["unknown criterion 'weather'"]),
    "order": (0, ["'crawl' is a new option"]),
    "newer": (2, ["the rule file cannot be used", "unknown value 'taskpick/2'"]),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_has_changed_is_said_with_its_line(taskpick: Taskpick, ride: Path, name: str) -> None:
    text = Path("rules/commute.yaml").read_text(encoding="utf-8")
    before, after = EDITS[name]
    if name in ("level", "criterion"):
        word = {"level": ("medium:", "middling:"), "criterion": ("weather:", "sky:")}[name]
        text = text.replace(*word)
    Path("rules/commute.yaml").write_text(text, encoding="utf-8")
    if name not in ("level", "criterion"):
        edit("rules/commute.yaml", before, after)
    done = taskpick("verify docs")
    code, parts = SAID[name]

    assert code == done.code, done.out
    assert done.err == ""
    assert [part for part in parts if part in done.out] == parts, done.out


def test_a_rule_file_that_is_gone_is_said(taskpick: Taskpick, ride: Path) -> None:
    Path("rules/commute.yaml").unlink()
    done = taskpick("verify docs")

    assert done.code == 2
    assert "cannot be told: cannot read the rule file 'docs/../rules/commute.yaml'" in done.out


def test_a_record_that_is_superseded_is_not_verified(taskpick: Taskpick, ride: Path) -> None:
    edit(ride, '"proposed"', '"superseded by ADR-0002"')
    edit("rules/commute.yaml", *EDITS["rerated"])
    done = taskpick("verify docs")

    assert done.code == 0
    assert "is not in force: superseded by ADR-0002" in done.out


def test_strict_ends_with_1_where_reasons_have_changed(taskpick: Taskpick, ride: Path) -> None:
    edit("rules/commute.yaml", *EDITS["reworded"])

    assert [taskpick(f"verify docs {strict}").code for strict in ("", "--strict")] == [0, 1]


@pytest.mark.parametrize("file", ["text", "github", "json", "markdown", "junit", "sarif"])
def test_every_format_says_the_same(
    taskpick: Taskpick, ride: Path, file: str, snapshot: Callable[[str, str], None]
) -> None:
    shutil.copy(ride, "docs/0002-as-before.md")
    answers = "distance: far\nluggage: much\nweather: any\npassengers: group\npick: car\n"
    Path("docs/answers.yaml").write_text(f"rules: ../rules/commute.yaml\n{answers}")
    Path("docs/0003-broken.md").write_text("---\ntaskpick: yes\n---\n")
    edit("docs/0002-as-before.md", "level: dry", "level: any")
    edit("rules/commute.yaml", *EDITS["rerated"])
    done = taskpick(f"verify docs --format {file}")

    assert done.code == 1
    snapshot(f"verify.{file}", done.out)
    if file == "json":
        assert json.loads(done.out)["counts"]["no-longer-holds"] == 2
    if file == "junit":
        assert [c.tag for case in ET.fromstring(done.out).iter("testcase") for c in case] == [
            "failure",
            "failure",
            "error",
        ]
    if file == "sarif":
        assert len(json.loads(done.out)["runs"][0]["results"]) == 3


@pytest.mark.parametrize("format", list(Format))
def test_hostile_words_do_not_break_out_of_a_format(format: Format) -> None:  # noqa: A002
    hostile = 'a|b <i> ::error::x %0A "q" ]]> & \x1b[31m\r\n::warning::y'
    fit = RULES.options["bicycle"].fits["distance"]["medium"]
    changed = with_fit(RULES, "bicycle", "distance", "medium", Fit(Rating.FAILS, hostile, "", HERE))
    answers = {"distance": "medium", "luggage": "little", "weather": "dry"}
    said = render(
        [verify(changed, stated(RULES, answers))], format, show=lambda name: f"{Path(name).name},:%"
    )

    assert fit.rating is Rating.FITS
    if format is Format.JUNIT:
        assert ET.fromstring(said) is not None
    elif format is Format.GITHUB:
        assert all(re.match("::(error|notice) file=x.md%2C%3A%25,|::notice file=", line)
                   for line in said.splitlines())  # fmt: skip
        assert len(said.splitlines()) == 2
    elif format in (Format.JSON, Format.SARIF):
        assert json.loads(said)
    elif format is Format.MARKDOWN:
        assert "<i>" not in said.replace("\\<i\\>", "")


def test_github_gets_a_summary_and_outputs(taskpick: Taskpick, ride: Path) -> None:
    edit("rules/commute.yaml", *EDITS["rerated"])
    files = {"GITHUB_STEP_SUMMARY": "summary.md", "GITHUB_OUTPUT": "output"}
    Path("summary.md").write_text("before\n")
    done = taskpick("verify docs --format github", **files)

    assert done.code == 1
    assert Path("summary.md").read_text().startswith("before\n### taskpick verify: 1 decision")
    assert "no-longer-holds=1\n" in Path("output").read_text()


def test_a_summary_stays_within_what_github_takes(taskpick: Taskpick, ride: Path) -> None:
    Path("summary.md").write_bytes(b"x" * (1024 * 1024 - 100))
    edit("rules/commute.yaml", *EDITS["rerated"])
    taskpick("verify docs --format github", GITHUB_STEP_SUMMARY="summary.md")

    assert Path("summary.md").stat().st_size <= 1024 * 1024
    assert "The rest is left out" in Path("summary.md").read_text()


def test_results_and_answers_files_can_be_verified(taskpick: Taskpick, ride: Path) -> None:
    taskpick(f"advise --rules rules/commute.yaml --no-input {RIDE} --format json -o result.json")
    Path("good.yaml").write_text("distance: near\nluggage: little\nweather: dry\npick: walk\n")
    Path("bad.yaml").write_text("distance: near\nluggage: little\nweather: dry\npick: car\n")
    Path("none.yaml").write_text("distance: near\n")
    line = "verify --rules rules/commute.yaml"

    assert taskpick(f"{line} result.json good.yaml").code == 0
    assert "no longer holds: car then, walk today" in taskpick(f"{line} bad.yaml").out
    assert taskpick(f"{line} none.yaml").code == 2
    assert taskpick(f"{line} -", stdin=Path("good.yaml").read_text()).code == 0


def test_folders_and_patterns_find_what_states_a_pick(taskpick: Taskpick, ride: Path) -> None:
    Path("docs/notes.md").write_text("# Notes\n")
    Path("docs/other.yaml").write_text("a: b\n")

    assert taskpick("verify docs").out == "1 decision (still holds: 1)\n"
    assert taskpick(["verify", "d*/**/*.md"]).out == "1 decision (still holds: 1)\n"
    for nothing in ("rules", "*.txt"):
        done = taskpick(["verify", nothing])

        assert done.code == 2
        assert done.err.startswith(f"taskpick: error: nothing to verify in '{nothing}'\n")


def test_a_file_that_is_not_there_cannot_be_told(taskpick: Taskpick) -> None:
    done = taskpick("verify gone.md")

    assert done.code == 2
    assert "gone.md:1:1: cannot be told: cannot read it: No such file" in done.out


def test_a_folder_of_a_thousand_records_is_verified(taskpick: Taskpick, ride: Path) -> None:
    text = ride.read_bytes()
    for number in range(1000):
        Path(f"docs/{number + 2:04}-x.md").write_bytes(text)
    done = taskpick("verify docs")

    assert done.out == "1,001 decisions (still holds: 1,001)\n"
