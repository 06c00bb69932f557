"""Decision records: written, read back, refreshed, superseded."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from commute import FILE
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples

from taskpick.answers import Origin
from taskpick.answers import given as given_by
from taskpick.decision import sensitivity
from taskpick.decision.decide import Decision, decide
from taskpick.problems import InvalidFile, Source
from taskpick.records import compose, madr, parts, record
from taskpick.records.basis import basis
from taskpick.rulefile import bundled
from taskpick.rulefile.model import UNSURE, Rules

Taskpick = Callable[..., Run]
RIDE = "--distance medium --luggage little --weather dry"
DRIVE = "advise --rules rules/commute.yaml --format markdown --no-input --distance medium "
DRIVE += "--luggage little --weather any"
ADVISE = f"advise --rules rules/commute.yaml --format markdown --no-input {RIDE}"
HEADINGS = [
    "# Getting to work: By bicycle",
    "## Context and Problem Statement",
    "## Decision Drivers",
    "## Considered Options",
    "## Decision Outcome",
    "### Revisit If",
    "### Confirmation",
    "## Pros and Cons of the Options",
    "## More Information",
]
HOSTILE = "a | b <script> `c` *d* [e](f) _g_ # h --> ✅ \u05e9\u05dc\u05d5\u05dd & &amp;"


@pytest.fixture
def rules(taskpick: Taskpick) -> Path:
    """The small rule file in a folder of its own, below the one that the program runs in."""
    path = Path("rules/commute.yaml")
    path.parent.mkdir()
    shutil.copy(FILE, path)
    return path


@pytest.fixture
def ride(taskpick: Taskpick, rules: Path) -> Path:
    """A record for the bicycle, in a folder."""
    taskpick(f"{ADVISE} --output decisions/")
    return Path("decisions/0001-getting-to-work-by-bicycle.md")


def test_a_record_is_a_file_that_a_person_can_read(
    ride: Path, snapshot: Callable[[str, str], None]
) -> None:
    snapshot("record.md", ride.read_text(encoding="utf-8"))


def test_the_headings_are_those_of_madr_4_in_its_order(ride: Path) -> None:
    lines = ride.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith("#")] == HEADINGS


def test_a_record_says_nothing_of_other_answers_where_looking_takes_too_long(
    taskpick: Taskpick, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sensitivity, "_MOST_BITS", 0)
    done = taskpick(ADVISE)

    assert (done.code, done.err) == (0, "")
    assert "if the answer becomes" not in done.out


def test_a_folder_gets_the_next_free_number(taskpick: Taskpick, ride: Path) -> None:
    for name in ("0007-older.md", "12-no-record.md", "0009-notes.txt"):
        Path("decisions", name).touch()
    done = taskpick(f"{DRIVE} --output decisions")

    assert done.err == "taskpick: wrote decisions/0008-getting-to-work-by-car.md\n"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Background tasks: RQ (Redis Queue)", "0001-background-tasks-rq-redis-queue.md"),
        ("../../etc/passwd", "0001-etc-passwd.md"),
        ("???", "0001-decision.md"),
        ("Größe: 大", "0001-größe-大.md"),
        ("word " * 100, "0001-" + "word-" * 11 + "word.md"),
    ],
)
def test_a_title_becomes_a_name_with_dashes(title: str, name: str) -> None:
    assert name == record.next_name([], title)


def test_answers_keep_where_they_came_from(taskpick: Taskpick, rules: Path) -> None:
    Path("answers.yaml").write_text("weather: dry\nluggage: much\n")
    line = "advise --rules rules/commute.yaml --format markdown --no-input --answers answers.yaml"
    said = taskpick(f"{line} --distance near", TASKPICK_LUGGAGE="little").out

    given = "distance: {level: near, from: flag}, luggage: {level: little, from: environment}, "
    given += "weather: {level: dry, from: file}, passengers: {level: nobody, from: default}, "

    assert f"answers: {{{given}parking: {{level: anything, from: default}}}}\n" in said


def test_an_answer_to_a_question_is_one(taskpick: Taskpick, rules: Path) -> None:
    line = "advise --rules rules/commute.yaml --format markdown --plain --distance medium"
    said = taskpick(line, stdin="1\n1\n\n\n").out

    assert "distance: {level: medium, from: flag}" in said
    assert "luggage: {level: little, from: question}" in said


def test_where_answers_came_from_changes_nothing_in_json(taskpick: Taskpick, rules: Path) -> None:
    line = "advise --rules rules/commute.yaml --format json --no-input"
    Path("answers.yaml").write_text("distance: medium\nluggage: little\nweather: dry\n")

    assert taskpick(f"{line} {RIDE}").out == taskpick(f"{line} --answers answers.yaml").out


def test_record_to_answers_to_record_gives_the_same_bytes(taskpick: Taskpick, ride: Path) -> None:
    first = ride.read_bytes()
    line = "advise --rules rules/commute.yaml --format markdown --no-input"
    taskpick(f"{line} --answers {ride} --output {ride} --force")

    assert first == ride.read_bytes()


def test_a_refresh_of_what_is_up_to_date_touches_nothing(taskpick: Taskpick, ride: Path) -> None:
    before = ride.read_bytes(), ride.stat().st_mtime_ns
    done = taskpick(f"record refresh {ride}", SOURCE_DATE_EPOCH="0")

    assert done == Run(0, "", f"taskpick: {ride} is up to date\n")
    assert before == (ride.read_bytes(), ride.stat().st_mtime_ns)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_refresh_keeps_what_people_wrote_byte_for_byte(
    taskpick: Taskpick, rules: Path, ride: Path, newline: str, mark: str
) -> None:
    text = ride.read_text(encoding="utf-8")
    text = text.replace("status: proposed", "status: accepted  # in the meeting\ntags: [a,  b]")
    text = text.replace("What is to be decided", "Our own context")
    text = re.sub("\n\n(?=##)", "\n\nOur own words.   \n\n", text)
    text = (
        text.replace("## More", "## Our Costs\n\nNone.\n\n## More")
        + "The end, without a line break"
    )
    ride.write_bytes((mark + text.replace("\n", newline)).encode())
    old = rules.read_text()
    rules.write_text(
        old.replace("An hour each way is an hour each way", "It takes an hour each way")
    )
    done = taskpick(f"record refresh {ride}", SOURCE_DATE_EPOCH="0")
    expected = text.replace("An hour each way is an hour each way", "It takes an hour each way")
    expected = expected.replace("date: 2026-11-30", "date: 1970-01-01")

    assert f"{ride}: kept as edited: context (--force rewrites them)\n" in done.err
    assert _without_comment(mark + expected.replace("\n", newline)) == _without_comment(
        ride.read_bytes().decode()
    )
    assert taskpick("verify decisions").out == "1 decision (still holds: 1)\n"


def _without_comment(text: str) -> str:
    return re.sub("(?s)<!-- taskpick record/1.*?-->", "", text)


def test_a_part_that_has_something_to_say_now_gets_its_place(
    taskpick: Taskpick, rules: Path, ride: Path
) -> None:
    before = ride.read_text(encoding="utf-8")
    old = rules.read_text()
    rules.write_text(f"{old}notes:\n  - {{option: bicycle, say: Wear a helmet., source: known}}\n")
    taskpick(f"record refresh {ride}")
    text = ride.read_text(encoding="utf-8")

    assert "\n\n### Consequences\n\n* Wear a helmet. (known)\n\n### Revisit If\n" in text

    rules.write_text(old)
    taskpick(f"record refresh {ride}")

    assert before == ride.read_text(encoding="utf-8")


def test_an_edited_part_is_written_anew_only_by_force(taskpick: Taskpick, ride: Path) -> None:
    first = ride.read_bytes()
    ride.write_bytes(first.replace(b"* By car would", b"* As we know, by car would"))
    taskpick(f"record refresh {ride}")

    assert b"* As we know" in ride.read_bytes()

    taskpick(f"record refresh {ride} --force")

    assert first == ride.read_bytes()


def test_a_refresh_changes_a_pick_only_where_it_is_told_to(
    taskpick: Taskpick, rules: Path, ride: Path
) -> None:
    before = ride.read_bytes()
    text = rules.read_text(encoding="utf-8").replace("{fits: Half an hour", "{fails: Half an hour")
    rules.write_text(text, encoding="utf-8")
    done = taskpick(f"record refresh {ride}")

    assert (done.code, done.out) == (1, "")
    assert f"{ride} is left as it is: its pick is bicycle, and would be car now\n" in done.err
    assert before == ride.read_bytes()

    done = taskpick(f"record refresh {ride} --accept-change")

    assert done.code == 0
    assert "the pick was bicycle, so rename the file if its name says so" in done.err
    assert "# Getting to work: By car" in ride.read_text(encoding="utf-8")


def test_a_folder_is_refreshed_by_naming_its_records(taskpick: Taskpick, ride: Path) -> None:
    done = taskpick("record refresh decisions")

    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        "taskpick: error: 'decisions' is a folder",
        f"taskpick: name its records, such as {Path('decisions', '*.md')}",
    ]


def test_a_record_chooses_what_the_screen_says_to_stay_with(
    taskpick: Taskpick, rules: Path
) -> None:
    taskpick(f"{ADVISE} --have car --output decisions/")
    file = Path("decisions/0001-getting-to-work-by-car.md")
    text = file.read_text(encoding="utf-8")

    screen = taskpick(f"{ADVISE} --have car".replace("--format markdown", "")).out

    assert "Stay with By car" in screen
    assert "taskpick: {pick: car, " in text
    assert 'Chosen option: "By car"' in text
    assert "By car is in use." in text
    assert taskpick(f"verify {file}").code == 0
    assert f"{file} is up to date" in taskpick(f"record refresh {file}").err

    no_dry_days = (
        "weather: {source: measured, dry: fits,",
        "weather: {source: x, dry: {fails: So},",
    )
    rules.write_text(rules.read_text(encoding="utf-8").replace(*no_dry_days), encoding="utf-8")

    assert "no longer holds: car then, bicycle today" in taskpick(f"verify {file}").out


def test_a_part_that_was_removed_stays_away(taskpick: Taskpick, rules: Path, ride: Path) -> None:
    text = ride.read_text(encoding="utf-8")
    short = re.sub(r"(?s)### Revisit If.*?(?=### Confirmation)", "", text)
    ride.write_text(short, encoding="utf-8")
    done = taskpick(f"record refresh {ride}")

    assert short == ride.read_text(encoding="utf-8")
    assert done.err.endswith(f"{ride}: no longer there: revisit\n")


def test_who_decides_is_named(taskpick: Taskpick, rules: Path) -> None:
    words = [*ADVISE.split(), "--decider", "Ada Lovelace", "--decider", 'Bo "B" Li']

    assert 'decision-makers: ["Ada Lovelace", "Bo \\"B\\" Li"]\n' in taskpick(words).out


def test_a_new_record_and_the_one_before_name_each_other(taskpick: Taskpick, ride: Path) -> None:
    old = ride.read_text(encoding="utf-8")
    Path("sub").mkdir()
    taskpick(f"{DRIVE} --output sub/0002-car.md --supersedes {ride}")
    new = Path("sub/0002-car.md").read_text(encoding="utf-8")
    link = "[ADR-0001](<../decisions/0001-getting-to-work-by-bicycle.md>)"
    said = ride.read_text(encoding="utf-8")

    assert f"\n* Supersedes {link}.\n" in new
    assert 'status: "superseded by ADR-0002"\n' in said
    assert "\nSuperseded by [ADR-0002](<../sub/0002-car.md>).\n" in said
    assert old.replace("proposed", '"superseded by ADR-0002"') == re.sub(
        "Superseded by .*\n\n", "", said
    )

    done = taskpick("record refresh sub/0002-car.md decisions/" + ride.name)

    assert done.err.count("is up to date") == 2


def test_a_record_that_nobody_can_supersede_keeps_the_new_one_from_being_written(
    taskpick: Taskpick, rules: Path
) -> None:
    Path("old.md").write_text("# An old one\n")
    done = taskpick(f"{ADVISE} --output new.md --supersedes old.md")

    assert done.code == 2
    assert "old.md:1:1: no front matter here" in done.err
    assert not Path("new.md").exists()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ("--supersedes old.md", "add --format markdown and --output FILE"),
        ("--format markdown --supersedes old.md", "add --format markdown and --output FILE"),
        ("--format json --decider Ada", "add --format markdown"),
        ("--format markdown --output x.md --supersedes gone.md", "there is no file 'gone.md'"),
        ("--format json --output folder/", "is a folder"),
    ],
)
def test_flags_for_records_are_refused_elsewhere(
    taskpick: Taskpick, rules: Path, flags: str, message: str
) -> None:
    Path("old.md").touch()
    Path("folder").mkdir()
    done = taskpick(f"advise --rules rules/commute.yaml --no-input {RIDE} {flags}")

    assert (done.code, done.out) == (2, "")
    assert message in done.err


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("taskpick record/1", "taskpick record/2", "unknown format 'record/2'"),
        ("from: flag", "from: heaven", "unknown value 'heaven'"),
        ("\nversion:", "\nversoin:", "unknown key 'versoin'"),
        ("level: medium", "level: [medium]", "expected text, found a list"),
        ("level: medium", "level: middling", "unknown value 'middling' for 'distance'"),
        ("luggage: {level", "lugage: {level", "unknown criterion 'lugage'"),
        ("{pick: bicycle", "{pick: bicycle, pick: car", "duplicate key 'pick'"),
        ("{pick: bicycle,", "{pick: bicycle, rule: x,", "unknown key 'rule'"),
    ],
)
def test_what_is_wrong_with_a_record_is_said_with_its_place(
    taskpick: Taskpick, ride: Path, before: str, after: str, message: str
) -> None:
    text = ride.read_text(encoding="utf-8").replace(before, after, 1)
    ride.write_text(text, encoding="utf-8")
    done = taskpick(f"record refresh {ride}")

    assert (done.code, done.out) == (2, "")
    assert re.search(rf"^{re.escape(str(ride))}:\d+:\d+: ", done.err, re.MULTILINE)
    assert message in done.err
    assert text == ride.read_text(encoding="utf-8")


@given(st.lists(st.sampled_from(["# a", "## Decision Outcome", "```", "~~~", "x", "\r", "-->"])))
def test_parts_are_found_in_any_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    stamps = {name: parts.Stamp(1, parts.digest("## Decision Outcome")) for name in parts.HEADINGS}

    for part in parts.find(text, stamps).values():
        assert text[part.start : part.end] == part.text


@given(st.text())
def test_a_text_that_is_no_record_is_refused_at_a_place(text: str) -> None:
    source = Source("x.md", f"---\ntaskpick: {text}\n---\n<!-- taskpick record/1\n{text}\n-->")

    with pytest.raises(InvalidFile) as refused:
        record.read(source)
    assert all(problem.message and problem.span.line for problem in refused.value.problems)
    assert refused.value.problems


def test_hostile_words_in_a_rule_file_stay_words_in_a_record(
    taskpick: Taskpick, rules: Path
) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    quoted = HOSTILE.replace("'", "''")
    text = rules.read_text(encoding="utf-8").replace(
        "An hour each way is an hour each way.", f"'{quoted}'"
    )
    rules.write_text(text, encoding="utf-8")
    said = taskpick(ADVISE).out
    tokens = markdown_it.MarkdownIt("gfm-like", {"linkify": False}).parse(said)
    parts = chain.from_iterable(token.children or [] for token in tokens)
    html = [token.content for token in parts if token.type == "html_inline"]
    shown = "".join(token.content for token in tokens if token.type == "inline")

    assert html == []
    assert "\u05e9\u05dc\u05d5\u05dd" in shown
    assert said.count("<!-- taskpick ") == 1


def test_an_open_decision_is_written_down_once_every_answer_is_given(taskpick: Taskpick) -> None:
    unsure = " ".join(f"--{name} unsure" for name in BUNDLED.core)
    line = "advise --no-input --format markdown --output docs/ --duration hours"

    assert taskpick(line).code == 3
    assert list(Path("docs").glob("*.md")) == []

    done = taskpick(f"{line} {unsure.replace('--duration unsure', '')}")

    assert done.code == 0, done.err
    assert taskpick("verify docs").out == "1 decision (still holds: 1)\n"


def test_details_are_the_long_form_and_a_refresh_keeps_it(taskpick: Taskpick) -> None:
    flags = "--duration minutes --persistence durable --retry basic --scheduling none"
    line = f"advise --no-input {flags} --distribution one-worker --format markdown"
    taskpick(f"{line} --output short.md")
    taskpick(f"{line} --details --output long.md")
    short, long = (Path(name).read_text(encoding="utf-8") for name in ("short.md", "long.md"))

    assert "\n## Code to Begin With\n" in long
    assert "```" not in short
    assert len(long) > 2 * len(short)
    assert taskpick("record refresh long.md").err == "taskpick: long.md is up to date\n"


def test_markdownlint_with_the_configuration_of_madr_finds_nothing(
    taskpick: Taskpick, rules: Path, ride: Path
) -> None:
    lint = shutil.which("markdownlint-cli2")
    if lint is None:
        pytest.skip("markdownlint-cli2 is not installed: npm install --global markdownlint-cli2")
    Path(".markdownlint.yaml").write_text("default: true\nMD013: false\nMD024: false\n")
    picks = "--duration seconds --persistence none --retry none --scheduling none"
    lines = [f"{picks} --distribution in-process", "--duration hours"]
    lines += [f"{picks} --distribution many-workers --details"]
    lines += [" ".join(f"--{name} unsure" for name in BUNDLED.criteria)]
    for flags in lines:
        taskpick(f"advise --no-input --format markdown {flags} --output decisions/")
    taskpick(f"{DRIVE} --output decisions/ --supersedes {ride} --decider Ada")
    done = subprocess.run([lint, "decisions/*.md"], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Linting: 5 file" in done.stdout


PRIVATE = r"\b(strains?|levels?|need|settled|cells?)\b"
BUNDLED = bundled.load(bundled.default())


def of_bundled(answers: dict[str, str], *, details: bool = False) -> tuple[Decision, str]:
    """The decision by the default rule file, and its record, with all that can stand in one."""
    decision = decide(BUNDLED, answers)
    given = given_by(answers, Origin.FLAG)
    file = Path("0002-x.md")
    of = basis(decision, given, file=file, supersedes="./0001-x.md", details=details)
    texts = madr.parts(decision, of, file=str(file))
    return decision, compose.new(of, texts, date="2026-11-22", deciders=["Ada"])


def answer_sets(rules: Rules) -> st.SearchStrategy[dict[str, str]]:
    """Answers to all core criteria and to some of the others, `unsure` among them."""
    levels = {
        name: st.sampled_from([*(level.id for level in criterion.levels), UNSURE])
        for name, criterion in rules.criteria.items()
    }
    core = {name: levels[name] for name in rules.core}
    others = {name: levels[name] for name in levels if name not in core}
    return st.fixed_dictionaries(core, optional=others)


@examples(150)
@given(answer_sets(BUNDLED))
def test_a_record_has_at_most_100_lines(answers: dict[str, str]) -> None:
    _, text = of_bundled(answers)

    assert text.count("\n") <= 100


@examples(100)
@given(answer_sets(BUNDLED), st.booleans())
def test_what_was_written_is_read_and_refreshed_to_itself(
    answers: dict[str, str], details: bool
) -> None:
    decision, text = of_bundled(answers, details=details)
    old = record.read(Source("0002-x.md", text))
    texts = madr.parts(decision, old.basis, file="0002-x.md")

    assert text == compose.refreshed(old, old.basis, texts, date="2027-01-01").text
    assert [part.name for part in old.parts.values() if part.edited] == []
    assert decision.outcome == old.basis.pick


@examples(50)
@given(answer_sets(BUNDLED))
def test_the_front_matter_has_four_lines_and_the_machine_one_comment(
    answers: dict[str, str],
) -> None:
    _, text = of_bundled(answers)
    front = text.split("---\n")[1]

    assert [line.split(":")[0] for line in front.splitlines()] == [
        "status",
        "date",
        "decision-makers",
        "taskpick",
    ]
    assert text.count("<!--") == text.count("-->") == 1
    assert text.endswith("\n-->\n")
    assert "```" not in text


@pytest.mark.parametrize("answer", ["first", "last", UNSURE])
def test_a_record_speaks_plainly(answer: str) -> None:
    levels = {
        name: {"first": criterion.levels[0].id, "last": criterion.levels[-1].id}.get(answer, answer)
        for name, criterion in BUNDLED.criteria.items()
    }
    _, text = of_bundled(levels)
    own = text[: text.index("<!--")].replace(BUNDLED.about, "")

    assert re.findall(PRIVATE, own.lower()) == []


def test_a_record_of_an_open_decision_says_what_to_find_out_and_what_is_safe(
    snapshot: Callable[[str, str], None],
) -> None:
    decision, text = of_bundled(dict.fromkeys(BUNDLED.criteria, UNSURE))

    assert decision.pick is None
    assert "\nstatus: proposed\n" in text
    assert "Not decided yet" in text
    assert "If you cannot find out, take " in text
    snapshot("record-open.md", text)
