"""`taskpick starter --compare`: what differs between two starters, and the figures it shows."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

import pytest
import yaml
from live import sweep

from taskpick.help import text as help_text

FIGURES = yaml.load(
    (sweep.RULES / "starters" / "figures.yaml").read_text(encoding="utf-8"), yaml.SafeLoader
)
PAIRS = list(itertools.combinations(sweep.OPTIONS, 2))


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_two_starters_are_compared(taskpick, snapshot, form: str) -> None:
    run = taskpick(f"starter --compare rq celery --infrastructure redis --format {form}")

    assert run.code == 0
    snapshot(f"starters/rq-celery.{form}", run.out)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_every_comparison_fits_on_a_screen(taskpick, first: str, second: str) -> None:
    for broker in ("redis", "rabbitmq"):
        line = f"starter --compare {first} {second} --infrastructure {broker}"
        rows = taskpick(line).out.splitlines()

        assert len(rows) <= 23
        assert max(map(len, rows)) < 80
        assert any(row.startswith("  the same") for row in rows)


def test_what_one_has_alone_is_named(taskpick) -> None:
    run = taskpick(
        "starter --compare background-tasks celery --infrastructure rabbitmq --format json"
    )
    compared = json.loads(run.out)
    differences = {each.pop("subject"): each for each in compared["differences"]}

    assert differences["broker"] == {"background-tasks": ["none"], "celery": ["RabbitMQ"]}
    assert differences["it is serverless"]["celery"] == []
    assert "service/jobs.py" in compared["files_changed"]
    assert compared["figures"][0]["celery"] == values("celery on rabbitmq")


def values(row: str) -> dict[str, str]:
    table = FIGURES["under fire"]
    return dict(zip(table["columns"], map(str, table["rows"][row]), strict=True))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("rq celary", "did you mean 'celery'?"),
        ("rq temporal", "there is no project for 'temporal' yet"),
        ("rq", "which two starters?"),
        ("", "which two starters?"),
        ("rq rq", "'rq' is named twice"),
        ("rq celery huey", "unexpected extra argument 'huey'"),
        ("rq celery --dry-run", "--dry-run and --compare cannot be used together"),
        ("rq celery --list", "--list and --compare cannot be used together"),
        ("rq celery --format svg", "unknown value 'svg' for --format"),
        ("rq celery --retry bogus", "unknown value 'bogus' for --retry"),
    ],
)
def test_what_cannot_be_compared_is_said(taskpick, line: str, words: str) -> None:
    run = taskpick(f"starter --compare {line}")

    assert (run.code, run.out) == (2, "")
    assert words in run.err


def test_a_format_without_a_comparison_is_refused(taskpick) -> None:
    run = taskpick("starter rq new --format json")

    assert run.code == 2
    assert "works only with --compare" in run.err


def test_an_answer_at_which_one_fails_is_said(taskpick) -> None:
    run = taskpick("starter --compare rq celery --infrastructure postgres")

    assert "rq fails at infrastructure postgres" in run.err
    assert "celery fails at infrastructure postgres" in run.err


@pytest.mark.parametrize(
    "line",
    [
        "starter dramatiq new",
        "starter --compare dramatiq huey",
        "advise --no-input --only dramatiq --starter new",
    ],
)
def test_a_project_that_is_not_what_was_asked_for_says_so(taskpick, line: str) -> None:
    note = "taskpick: note: dramatiq: It needs a Redis or Valkey, although you named PostgreSQL."
    answers = "--duration seconds --persistence durable --retry basic --scheduling none"
    asked = taskpick(f"{line} {answers} --distribution one-worker --infrastructure postgres")
    shutil.rmtree("new", ignore_errors=True)
    other = taskpick(f"{line} {answers} --distribution one-worker --infrastructure redis")

    assert (asked.code, other.code) == (0, 0)
    assert note in asked.err
    assert "note: dramatiq" not in other.err


def test_the_second_word_completes_to_an_option_or_a_folder(taskpick) -> None:
    Path("charts").mkdir()

    def completed(line: str) -> set[str]:
        words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
        return set(taskpick([], _TASKPICK_COMPLETE="complete_bash", **words).out.split())

    assert completed("taskpick starter --compare rq c") == {"celery", "clock"}
    assert completed("taskpick starter rq c") == {"charts/"}


@pytest.mark.parametrize("title", FIGURES)
def test_the_help_topic_has_the_same_figures(title: str) -> None:
    table = FIGURES[title]
    rows = [["starter", *table["columns"]]]
    rows += [[name, *map(str, row)] for name, row in table["rows"].items()]
    cells = [
        [as_id(cell.strip()) for cell in line.strip("|").split("|")]
        for line in help_text("figures").splitlines()
        if line.startswith("|")
    ]

    assert [row for row in rows if [as_id(cell) for cell in row] not in cells] == []
    assert table["command"] in help_text("figures")
    assert len(table["conditions"]) <= 62  # a row of the screen


def as_id(name: str) -> str:
    """`BackgroundTasks` in a text is `background-tasks` in the data, PostgreSQL `postgres`."""
    return name.casefold().replace("-", "").replace("postgresql", "postgres")


def test_figures_that_are_none_are_refused(taskpick) -> None:
    for name in ("one", "two"):
        (Path("starters") / name / "project").mkdir(parents=True)
        (Path("starters") / name / "commands.jinja").write_text("web: python app.py\n")
    Path("starters/figures.yaml").write_text("speed: fast\n")
    options = "".join(
        f"  {name}:\n    name: {name}\n    starter: starters/{name}\n"
        "    fits:\n      a: {x: fits, y: fits}\n"
        for name in ("one", "two")
    )
    Path("r.yaml").write_text(
        "format: taskpick/1\ntitle: T\ncriteria:\n  a:\n    question: A?\n    why: so\n"
        "    levels: {x: X, y: Y}\n"
        f"options:\n{options}"
    )
    run = taskpick("starter --compare one two --rules r.yaml")

    assert run.code == 2
    assert "starters/figures.yaml: a table needs command, conditions, columns and rows" in run.err
