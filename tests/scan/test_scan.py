"""Proves the life of a finding in a project: allowed by a comment, known to a baseline, selected,
shown in every format; and the way from code to answers to a recommendation.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

PROJECTS = Path(__file__).parent / "projects"
SETTINGS = 'CELERY_TASK_SERIALIZER = "pickle"{}\n'


@pytest.fixture
def pickled(tmp_path) -> Path:
    """A project whose settings have a hazard."""
    settings = tmp_path / "settings.py"
    settings.write_text(SETTINGS.format(""))
    return settings


def rules_found(taskpick, words: str = "") -> list[str]:
    run = taskpick(f"scan . --format json {words}")
    return [one["rule"] for one in json.loads(run.out)["findings"] if not one["allowed"]]


def test_a_hazard_ends_with_1_and_a_note_does_not(taskpick) -> None:
    for rule, code in [("pickle", 1), ("no-time-limit", 0)]:
        run = taskpick(["scan", str(PROJECTS / rule / "bad")])

        assert run.code == code
        assert f"[{rule}]" in run.out


def test_a_comment_allows_its_rule_on_its_line(taskpick, pickled) -> None:
    pickled.write_text(SETTINGS.format("  # taskpick: ignore[pickle] only we write to it"))
    run = taskpick("scan . --format json")
    (finding,) = json.loads(run.out)["findings"]

    assert (run.code, finding["allowed"]) == (0, "only we write to it")


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("  # taskpick: ignore[orm-argument] why", "allows orm-argument, which is not found"),
        ("  # taskpick: ignore why", "names no rule"),
    ],
)
def test_a_comment_that_allows_nothing_is_a_finding(taskpick, pickled, comment, words) -> None:
    pickled.write_text(SETTINGS.format(comment))
    run = taskpick("scan . --format json")

    assert run.code == 1
    found = {one["rule"]: one["message"] for one in json.loads(run.out)["findings"]}
    assert words in found["unused-ignore"]
    assert "pickle" in found


def test_a_comment_in_a_string_is_none(taskpick, pickled) -> None:
    pickled.write_text(SETTINGS.format('; text = "# taskpick: ignore[pickle] no"'))

    assert rules_found(taskpick) == ["pickle"]


def test_a_baseline_leaves_out_what_it_holds_wherever_the_line_moves(taskpick, pickled) -> None:
    made = taskpick("scan . --baseline known.json --update-baseline")
    pickled.write_text("import celery\n\n\n" + SETTINGS.format(""))
    held = taskpick("scan . --baseline known.json --format json")
    pickled.with_name("other.py").write_text(SETTINGS.format(""))
    new = taskpick("scan . --baseline known.json --format json")

    assert (made.code, held.code, new.code) == (0, 0, 1)
    assert json.loads(held.out)["in_baseline"] == 1
    assert [one["file"] for one in json.loads(new.out)["findings"]] == ["other.py"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"findings": [1]}', '{"findings": 3}'])
def test_a_file_that_is_no_baseline_is_refused(taskpick, pickled, text) -> None:
    pickled.with_name("known.json").write_text(text)
    run = taskpick("scan . --baseline known.json")

    assert (run.code, run.out) == (2, "")
    assert "is not a baseline" in run.err


def test_select_looks_for_one_rule_alone(taskpick, pickled) -> None:
    assert rules_found(taskpick, "--select pickle") == ["pickle"]
    assert rules_found(taskpick, "--select orm-argument") == []


def test_every_format_names_the_place(taskpick, pickled) -> None:
    for form in ("text", "json", "github", "sarif", "junit", "markdown"):
        run = taskpick(f"scan . --format {form}")

        assert run.code == 1
        assert "settings.py" in run.out
        assert "pickle" in run.out
        if form in ("json", "sarif"):
            json.loads(run.out)
        if form == "junit":
            (suite,) = ET.fromstring(run.out)
            assert (suite.get("name"), suite.get("failures")) == ("taskpick scan", "1")


def test_places_lead_from_the_current_folder_in_reviews(taskpick, pickled) -> None:
    (pickled.parent / "app").mkdir()
    pickled.rename(pickled.parent / "app" / "settings.py")
    run = taskpick("scan app --format github")

    assert "file=app/settings.py,line=1" in run.out
    assert "in the workers. To fix it: " in run.out


def test_the_summary_fits_one_screen(taskpick) -> None:
    for project in sorted(PROJECTS.glob("*/bad")):
        lines = taskpick(["scan", str(project)]).out.splitlines()

        assert len(lines) <= 24
        # A command is never broken.
        assert [line for line in lines if len(line) > 80 and "  Next   " not in line] == []


def test_a_project_without_work_is_told_what_is_known(taskpick, tmp_path) -> None:
    (tmp_path / "app.py").write_text("x = 1\n")
    text = taskpick("scan . --details").out
    short = taskpick("scan .").out
    table = taskpick("scan . --format markdown").out

    assert text == short
    assert "\n  No background work was recognised, of these: BackgroundTasks, Celery, " in text
    assert "\n\nNo background work was recognised, of these: BackgroundTasks, " in table

    (tmp_path / "start.sh").write_text("uvicorn app:app\n")
    text = taskpick("scan . --details").out
    assert text.startswith("Processes\n  start.sh:1  uvicorn\n\n")


def test_an_address_of_a_broker_is_never_shown(taskpick, tmp_path) -> None:
    text = 'from celery import Celery\napp = Celery(broker="redis://:secret@host")\n'
    (tmp_path / "app.py").write_text(text)
    for form in ("text", "json", "markdown"):
        run = taskpick(f"scan . --details --format {form}")

        assert "secret" not in run.out + run.err
    assert json.loads(taskpick("scan . --format json").out)["broker"]["kind"] == "Redis"


def test_advise_takes_the_answers_of_every_project(taskpick) -> None:
    for project in sorted(PROJECTS.glob("*/*")):
        taskpick(["scan", str(project), "--answers", "tasks.yaml", "--force"])
        run = taskpick("advise --answers tasks.yaml")

        assert run.code in (0, 3), (project, run.err)


def test_answers_show_their_line_and_leave_the_rest_unsure(taskpick, tmp_path) -> None:
    (tmp_path / "tasks.py").write_text(
        "from celery import shared_task\n\n\n"
        "@shared_task(time_limit=600, autoretry_for=(OSError,), retry_backoff=True)\n"
        "def export(pk): ...\n\n\n"
        "def later(pk):\n    export.apply_async((pk,), countdown=60)\n"
    )
    run = taskpick("scan . --answers -")
    text = run.out[run.out.index("tasks:") :]

    assert text == (
        "tasks:\n"
        "  # tasks.py:5, now Celery\n"
        '  "export":\n'
        "    have: celery\n"
        "    duration: minutes  # its limit is 600 s, tasks.py:5\n"
        "    persistence: durable  # on a queue today, tasks.py:5\n"
        "    retry: advanced  # backs off today, tasks.py:5\n"
        "    scheduling: delayed  # tasks.py:9\n"
        '    distribution: "one-worker"  # in a worker today, tasks.py:5\n'
        "    code: sync  # tasks.py:5\n"
    )


def test_what_beat_starts_is_on_a_clock(taskpick, tmp_path) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "tasks.py").write_text(
        "from celery import shared_task\n\n\n"
        "@shared_task(time_limit=9)\ndef clean(): ...\n\n\n"
        "@shared_task(name='report', time_limit=9)\ndef write(): ...\n\n\n"
        "@shared_task(time_limit=9)\ndef ping(): ...\n\n\n"
        "@shared_task(time_limit=9)\ndef other(): ...\n"
    )
    (tmp_path / "settings.py").write_text(
        "CELERY_BEAT_SCHEDULE = {\n"
        "    'a': {'task': 'jobs.tasks.clean', 'schedule': 60},\n"
        "    'b': {'task': 'report', 'schedule': 60},\n}\n"
    )
    (tmp_path / "app.py").write_text(
        "from celery import Celery\nfrom jobs.tasks import ping\n\napp = Celery()\n\n\n"
        "@app.on_after_configure.connect\ndef setup(sender, **_):\n"
        "    sender.add_periodic_task(10.0, ping.s())\n"
    )
    found = json.loads(taskpick("scan . --format json").out)
    clock = {work["name"] for work in found["work"] if work["schedule"] == "cron"}

    assert clock == {"clean", "write", "ping"}


@pytest.mark.parametrize("answers", ["", "--scheduling cron --retry advanced --monitoring status"])
def test_the_starters_have_no_findings(taskpick, answers) -> None:
    options = [line.split()[0] for line in taskpick("starter --list").out.splitlines()]
    for option in options:
        taskpick(f"starter {option} {option} {answers}")
        found = json.loads(taskpick(f"scan {option} --format json").out)

        assert (option, found["findings"]) == (option, [])
        assert found["work"]
    assert len(options) >= 3
