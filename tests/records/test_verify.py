"""Whether decisions still hold: every fit that decides, what people are told, exit codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commute import FILE, RULES
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples

from taskpick.answers import Origin
from taskpick.answers import given as given_answers
from taskpick.decision.decide import decide
from taskpick.problems import Source, Span
from taskpick.records import compose, fingerprint, resolve, statements
from taskpick.records.basis import basis
from taskpick.records.verification.formats import Format, render
from taskpick.records.verification.verify import Outcome, verify
from taskpick.rulefile import bundled, document
from taskpick.rulefile.model import NOTHING_FITS, UNSURE, Fit, Rating, Rules

Taskpick = Callable[..., Run]
HERE = Span.at(1, 1)
RIDE = "--distance medium --luggage little --weather dry"
BUNDLED = bundled.load(bundled.default())


def stated(rules: Rules, answers: dict[str, str]) -> statements.Statement:
    """What a record of a decision by these rules says."""
    decision = decide(rules, answers)
    of = basis(decision, given_answers(answers, Origin.FLAG), file=None)
    text = compose.new(of, {}, date="2026-11-22", deciders=[])
    (statement,) = statements.read(Source("x.md", text)).entries
    return statement


def with_fit(rules: Rules, option: str, criterion: str, level: str, fit: Fit) -> Rules:
    """The rules with another fit in one place."""
    old = rules.options[option]
    fits = {**old.fits, criterion: {**old.fits[criterion], level: fit}}
    return rules._replace(options={**rules.options, option: old._replace(fits=fits)})


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
    if len(decide(rules, resolve.levels(statement.answers)).counts) > 1:
        return
    option = data.draw(st.sampled_from(list(rules.options)))
    criterion = data.draw(st.sampled_from(list(rules.criteria)))
    for level, fit in rules.options[option].fits[criterion].items():
        for rating in set(Rating) - {fit.rating}:
            changed = with_fit(rules, option, criterion, level, fit._replace(rating=rating))
            decision = decide(changed, resolve.levels(statement.answers))
            result = verify(changed, statement)
            outcome = (decision.pick or NOTHING_FITS) if len(decision.counts) == 1 else ""

            assert (result.outcome is Outcome.NO_LONGER_HOLDS) == (outcome != statement.pick)
            if result.outcome is Outcome.NO_LONGER_HOLDS:
                (change,) = result.fits
                assert (change.was, change.fit) == (fit.rating, fit._replace(rating=rating))


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

    assert verify(rules, statement).outcome is Outcome.HOLDS


def test_a_fingerprint_is_read_as_it_was_written() -> None:
    here = fingerprint.of(decide(BUNDLED, {"retry": "unsure"}))
    text = "\n".join(fingerprint.write(here))

    assert here == fingerprint.read(document.parse(Source("x", text))[0])


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
    "option": (1, ["'bicycle' is no longer an option"]),
    "level": (2, ["could not be checked: ", "unknown value 'medium' for 'distance'"]),
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
    assert (
        "could not be checked: the rule file 'docs/../rules/commute.yaml' was not found" in done.out
    )


def test_a_record_behind_a_marker_of_a_merge_is_named_in_words(
    taskpick: Taskpick, ride: Path
) -> None:
    ride.write_text("<<<<<<< HEAD\n" + ride.read_text(encoding="utf-8"), encoding="utf-8")
    done = taskpick("verify docs")

    assert done.code == 2
    assert "it looks like a record, but does not begin with front matter" in done.out


def test_a_record_that_does_not_say_it_is_superseded_is_named(
    taskpick: Taskpick, ride: Path
) -> None:
    before = ride.read_text(encoding="utf-8")
    again = "--format markdown --output docs/0002-again.md"
    taskpick(f"advise --rules rules/commute.yaml --no-input {RIDE} {again} --supersedes {ride}")
    assert taskpick("verify docs").code == 0

    ride.write_text(before, encoding="utf-8")  # killed between the two writes
    done = taskpick("verify docs")

    assert done.code == 1
    assert (
        f"is inconsistent: it supersedes './{ride.name}', whose status does not say so "
        "(set it to 'superseded by ADR-0002')" in done.out
    )


@pytest.mark.parametrize("link", [False, True])
def test_a_record_outside_the_repository_is_not_read_as_the_one_before(
    taskpick: Taskpick, ride: Path, tmp_path_factory: pytest.TempPathFactory, link: bool
) -> None:
    Path(".git").mkdir()
    outside = tmp_path_factory.mktemp("outside") / "secret.md"
    outside.write_text("---\nstatus: accepted\n---\n", encoding="utf-8")
    before = Path("docs/before.md")
    before.symlink_to(outside)
    name = "./before.md" if link else str(outside)
    edit(ride, "\nanswers:", f'\nsupersedes: "{name}"\nanswers:')
    line = ride.read_text(encoding="utf-8").partition("supersedes:")[0].count("\n") + 1
    done = taskpick(f"verify {ride}")

    assert done.code == 2
    assert f"{ride}:{line}:13: could not be checked: it supersedes " in done.out
    assert "which is outside the folders that may be read" in done.out


def test_a_record_of_another_repository_cannot_be_superseded(
    taskpick: Taskpick, ride: Path, tmp_path: Path
) -> None:
    (tmp_path / "other/.git").mkdir(parents=True)
    again = "--format markdown --output other/0002-again.md"
    done = taskpick(
        f"advise --rules rules/commute.yaml --no-input {RIDE} {again} --supersedes {ride}"
    )

    assert done.code == 2
    assert f"'{ride}' is not in the repository of the new record" in done.err
    assert not (tmp_path / "other/0002-again.md").exists()


def test_a_record_that_is_superseded_is_not_verified(taskpick: Taskpick, ride: Path) -> None:
    edit(ride, "proposed", '"superseded by ADR-0002"')
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


# As text they are cleaned where the program writes them, which is tested there.
@pytest.mark.parametrize("format", [each for each in Format if each is not Format.TEXT])
def test_hostile_words_do_not_break_out_of_a_format(format: Format) -> None:  # noqa: A002
    hostile = 'a|b <i> ::error::x %0A "q" ]]> & \x1b[31m\r\n::warning::y'
    fit = RULES.options["bicycle"].fits["distance"]["medium"]
    worse = fit._replace(rating=Rating.FAILS, why=hostile, source="")
    changed = with_fit(RULES, "bicycle", "distance", "medium", worse)
    answers = {"distance": "medium", "luggage": "little", "weather": "dry"}
    said = render(
        [verify(changed, stated(RULES, answers))], format, show=lambda name: f"{Path(name).name},:%"
    )

    assert fit.rating is Rating.FITS
    match format:
        case Format.JUNIT:
            assert len(list(ET.fromstring(said).iter("testcase"))) == 1
        case Format.GITHUB:
            assert all(re.match("::(error|notice) file=x.md%2C%3A%25,|::notice file=", line)
                       for line in said.splitlines())  # fmt: skip
            assert len(said.splitlines()) == 2
        case Format.JSON | Format.SARIF:
            assert json.loads(said)
        case Format.MARKDOWN:
            assert "<i>" not in said.replace("\\<i\\>", "")
        case _:
            pytest.fail(f"nothing is known of {format}")


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


def test_options_in_a_file_may_be_spelled_as_people_do(taskpick: Taskpick, ride: Path) -> None:
    choice = "without: [by bicycle]\nhave: BY_CAR\n"
    tasks = "tasks:\n  a: {distance: near}\n  b: {distance: far}\n"
    answers = "distance: medium\nluggage: little\nweather: dry\npick: car\n"
    Path("one.yaml").write_text(choice + answers)
    Path("tasks.yaml").write_text("without: [ship]\n" + tasks)
    rules = "--rules rules/commute.yaml"

    assert "Left out         By bicycle" in taskpick(f"advise {rules} --answers one.yaml").out
    assert taskpick(f"verify {rules} one.yaml").code == 0
    wrong = taskpick(f"advise {rules} --answers tasks.yaml").err
    assert wrong.count("no option 'ship'") == 1


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
    assert "gone.md:1:1: could not be checked: it was not found" in done.out


def test_a_folder_of_a_thousand_records_is_verified(taskpick: Taskpick, ride: Path) -> None:
    text = ride.read_bytes()
    for number in range(1000):
        Path(f"docs/{number + 2:04}-x.md").write_bytes(text)
    done = taskpick("verify docs")

    assert done.out == "1,001 decisions (still holds: 1,001)\n"


BROKEN = {
    "a conflict in the front matter": lambda text: text.replace(
        "status: proposed\n", "<<<<<<< HEAD\nstatus: proposed\n=======\nstatus: x\n>>>>>>> b\n"
    ),
    "a conflict before it": lambda text: f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> branch\n",
    "a conflict in the comment": lambda text: text.replace(
        "version: 0.1.0\n", "<<<<<<< HEAD\nversion: 0.1.0\n=======\n>>>>>>> b\n"
    ),
    "two comments": lambda text: text + "\n" + text[text.index("<!-- taskpick") :],
    "a comment without an end": lambda text: text.replace("-->", ""),
    "no comment": lambda text: text[: text.index("<!-- taskpick")],
    "a blank first line": lambda text: f"\n{text}",
    "carriage returns alone": lambda text: text.replace("\n", "\r"),
    "a key in other letters": lambda text: text.replace("taskpick: {", "Taskpick: {"),
    "no front matter": lambda text: text[text.index("# Getting") :],
}
ENCODINGS = ["utf-16", "utf-16-be", "utf-32", "utf-32-le"]


@pytest.mark.parametrize("ending", ["md", "MD", "markdown"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_folder_tells_of_a_record_that_cannot_be_read(
    taskpick: Taskpick, ride: Path, name: str, ending: str
) -> None:
    text = BROKEN[name](ride.read_text(encoding="utf-8"))
    Path(f"docs/0002-broken.{ending}").write_text(text, encoding="utf-8")
    done = taskpick("verify docs")

    assert done.code == 2
    assert done.out.startswith(f"docs/0002-broken.{ending}:")
    assert "2 decisions (still holds: 1, could not be checked: 1)" in done.out


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["x.md", "answers.yaml", "result.json"])
def test_a_folder_tells_of_a_file_in_another_encoding(
    taskpick: Taskpick, ride: Path, name: str, encoding: str
) -> None:
    taskpick(f"advise --rules rules/commute.yaml --no-input {RIDE} --format json -o result.json")
    texts = {
        "x.md": ride.read_text(encoding="utf-8"),
        "answers.yaml": "distance: near\npick: walk\n",
        "result.json": Path("result.json").read_text(encoding="utf-8"),
    }
    Path("docs", name).write_text(texts[name], encoding=encoding)
    done = taskpick("verify docs")

    assert done.code == 2
    assert f"docs/{name}:1:" in done.out


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< HEAD\ndistance: near\n=======\n>>>>>>> b\npick: walk\n",
        "distance: near\nPick: walk\n",
        "distance: near\ndistance: far\npick: walk\n",
        "tasks: {ride: {distance: near, pick: walk}\n",
    ],
)
def test_a_folder_tells_of_an_answers_file_that_cannot_be_read(
    taskpick: Taskpick, ride: Path, text: str
) -> None:
    Path("docs/answers.yaml").write_text(f"rules: ../rules/commute.yaml\n{text}")
    done = taskpick("verify docs")

    assert done.code == 2
    assert "docs/answers.yaml:" in done.out
    assert "could not be checked: 1)" in done.out


def test_a_folder_that_cannot_be_read_is_told_of(
    taskpick: Taskpick, ride: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("docs/closed").mkdir()
    scan = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    done = taskpick("verify docs")

    assert done.code == 2
    assert "docs/closed:1:1: could not be checked: it cannot be read: Permission denied" in done.out
    assert "2 decisions (still holds: 1, could not be checked: 1)" in done.out


def test_a_record_with_another_ending_is_verified(taskpick: Taskpick, ride: Path) -> None:
    for name in ("docs/0002-x.MD", "docs/0003-y.markdown"):
        shutil.copy(ride, name)

    assert taskpick("verify docs").out == "3 decisions (still holds: 3)\n"


def test_what_only_speaks_of_records_is_none(taskpick: Taskpick, ride: Path) -> None:
    example = ride.read_text(encoding="utf-8")
    Path("docs/how.md").write_text(f"# How\n\n```text\n{example}```\n\ntaskpick: a program\n")
    Path("docs/other.yaml").write_text("- pick: walk\n")
    Path("docs/verified.json").write_text(taskpick("verify docs --format json").out)
    shutil.copy("rules/commute.yaml", "docs/rules.yaml")

    assert taskpick("verify docs").out == "1 decision (still holds: 1)\n"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("# Getting to work: By bicycle", "# Getting to work: By car", "its title was edited"),
        ('option: "By bicycle"', 'option: "By car"', "its outcome was edited"),
        ('option: "By bicycle"', "option: By car", "its outcome was edited"),
        ('Chosen option: "By bicycle"', "**Chosen option:** “By car”", "its outcome was edited"),
        ('Chosen option: "By bicycle"', "We go **By car**", "its outcome was edited"),
        (
            '## Decision Outcome\n\nChosen option: "By bicycle"',
            '## Outcome\n\nChosen option: "By car"',
            "its outcome was edited",
        ),
    ],
)
def test_a_record_that_shows_another_pick_is_a_finding(
    taskpick: Taskpick, ride: Path, before: str, after: str, words: str
) -> None:
    edit(ride, before, after)
    done = taskpick("verify docs")

    assert done.code == 1
    assert f"is inconsistent: {words} and names By car; its answers give By bicycle" in done.out


def test_other_words_for_the_same_pick_are_none(taskpick: Taskpick, ride: Path) -> None:
    edit(ride, "# Getting to work: By bicycle", "# We go By bicycle, not By car")
    edit(ride, "without a drawback.", "and By car takes longer.")
    edit(ride, 'option: "By bicycle"', "option: By bicycle, not By car")

    assert taskpick("verify docs").code == 0


def test_conflict_markers_in_the_text_are_a_finding(taskpick: Taskpick, ride: Path) -> None:
    edit(ride, "* On foot", "<<<<<<< HEAD\n* On foot\n=======\n>>>>>>> branch\n* On foot")
    done = taskpick("verify docs")

    assert done.code == 1
    assert "is inconsistent: a merge left conflict markers" in done.out


def test_each_file_is_read_once(
    taskpick: Taskpick, ride: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    read = Path.open

    def watched(path: Path, *words: Any, **named: Any) -> Any:
        opened.append(path.name)
        return read(path, *words, **named)

    monkeypatch.setattr(Path, "open", watched)
    taskpick("verify docs")

    assert sorted(opened) == sorted([ride.name, "commute.yaml"])
