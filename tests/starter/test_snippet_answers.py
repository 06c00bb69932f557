"""The code that is shown does what the answers say, and nothing that they rule out."""

from __future__ import annotations

import re

import pytest
from live import sweep

from taskpick.rulefile import reader
from taskpick.starter import project

LIMITS = {"seconds": "60", "minutes": "1800", "hours": "21600"}


def shown(option: str, **wanted: str) -> str:
    """The code and the commands for these answers, as one text."""
    snippet = project.snippet(sweep.RULES, sweep.option(option), sweep.answers(**wanted))
    lines = [f"{name} {line}" for name, line in snippet.commands]
    return "\n".join([*snippet.files.values(), *lines])


@pytest.mark.parametrize("scheduling", ["none", "delayed", "cron"])
@pytest.mark.parametrize("option", ["dbos", "dramatiq", "procrastinate", "rq", "taskiq"])
def test_coroutines_are_tasks_where_the_system_takes_them(option: str, scheduling: str) -> None:
    task = "daily_report" if scheduling == "cron" else "welcome"

    for code in ("sync", "async"):
        lines = shown(option, code=code, scheduling=scheduling).splitlines()
        declared = next(line for line in lines if f"{task}(" in line and "def " in line)
        assert declared.startswith("async def") == (code == "async")


@pytest.mark.parametrize("option", ["clock", "huey"])
@pytest.mark.parametrize("scheduling", ["none", "cron"])
def test_coroutines_run_where_the_system_takes_none(option: str, scheduling: str) -> None:
    assert "asyncio.run(" in shown(option, code="async", scheduling=scheduling)
    assert "asyncio" not in shown(option, code="sync", scheduling=scheduling)


def test_a_serverless_clock_is_awaited_where_the_code_is() -> None:
    wanted = {"code": "async", "persistence": "durable", "infrastructure": "serverless"}
    code = shown("clock", **wanted)

    assert "async def work(" in code
    assert "await work(key)" in code
    assert "PGTZ=UTC" in code


def test_what_takes_hours_is_no_request_on_a_serverless_host() -> None:
    for wanted in ({}, {"persistence": "durable"}):
        for duration in sweep.LEVELS["duration"]:
            code = shown("clock", infrastructure="serverless", duration=duration, **wanted)
            assert ("@app.post" in code) == (duration != "hours")
            assert ("psycopg" in code) == bool(wanted)
            assert "crontab" not in code
            assert "fcntl" not in code
            assert "sqlite3" not in code


@pytest.mark.parametrize("scheduling", ["none", "delayed", "cron"])
def test_dbos_begins_parts_at_once_and_joins_them(scheduling: str) -> None:
    plain, coroutines = (
        shown("dbos", workflow="dag", scheduling=scheduling, code=code)
        for code in ("sync", "async")
    )

    assert "DBOS.start_workflow(" in plain
    assert "get_result()" in plain
    assert "DBOS.asyncio_wait(" in coroutines


def test_dbos_tries_a_step_as_often_as_was_asked() -> None:
    for code in ("sync", "async"):
        for workflow in sweep.LEVELS["workflow"]:
            code_shown = shown("dbos", retry="advanced", code=code, workflow=workflow)
            assert re.search('max_attempts(=|": )6', code_shown)


def test_temporal_does_plain_code_in_threads() -> None:
    for code, threads in {"sync": "Pool(100)", "cpu": "Pool(1)"}.items():
        assert f'"activity_executor": {threads}' in shown("temporal", code=code)
        assert "\ndef send(" in shown("temporal", code=code)
    assert "max_concurrent_activities=1" in shown("temporal", code="cpu")
    assert "activity_executor" not in shown("temporal", code="async")
    assert "\nasync def send(" in shown("temporal", code="async")


@pytest.mark.parametrize("scheduling", ["none", "cron"])
def test_temporal_lets_a_task_take_as_long_as_was_said(scheduling: str) -> None:
    for duration, limit in {
        "seconds": "minutes=1",
        "minutes": "minutes=30",
        "hours": "hours=6",
    }.items():
        for persistence in ("none", "durable"):
            code = shown(
                "temporal", duration=duration, persistence=persistence, scheduling=scheduling
            )
            assert f"timedelta({limit})" in code
            assert "start_to_close_timeout" in code
            assert "schedule_to_close_timeout" not in code  # a task may wait for its worker


def test_temporal_tries_as_often_as_was_said() -> None:
    assert "maximum_attempts=1" in shown("temporal")
    assert "maximum_attempts=2" in shown("temporal", persistence="durable")
    assert "maximum_attempts=4" in shown("temporal", retry="basic")


@pytest.mark.parametrize("scheduling", ["none", "cron"])
def test_huey_tries_again_and_ends_what_takes_too_long(scheduling: str) -> None:
    code = shown("huey", scheduling=scheduling, duration="minutes", retry="basic")

    assert "retries=3, retry_delay=30, timeout=1800)" in code
    assert "--worker-type process" in code  # in a thread nothing ends it
    assert "retries" not in shown("huey", scheduling=scheduling)


def test_huey_waits_for_what_it_has_in_hand_when_it_is_stopped() -> None:
    for scheduling in sweep.LEVELS["scheduling"]:
        assert "--graceful-signal TERM" in shown("huey", scheduling=scheduling)


def test_huey_does_one_task_after_another_and_joins_them() -> None:
    assert ".then(send_welcome" in shown("huey", workflow="chain")
    assert "chord(both" in shown("huey", workflow="dag", scheduling="delayed")


@pytest.mark.parametrize("option", ["huey", "rq", "celery", "dbos", "taskiq", "procrastinate"])
def test_a_schedule_needs_no_web_app(option: str) -> None:
    assert "fastapi" not in shown(option, scheduling="cron")


@pytest.mark.parametrize(
    "option", [each for each in sweep.SNIPPETS if each not in ("background-tasks", "clock")]
)
def test_no_delay_is_dropped(option: str) -> None:
    for answers in sweep.covering(option):
        assert shown(option, **answers | {"scheduling": "delayed"}) != shown(
            option, **answers | {"scheduling": "none"}
        ), answers


@pytest.mark.parametrize("workflow", ["none", "chain", "dag"])
@pytest.mark.parametrize("retry", ["none", "basic", "advanced"])
def test_rq_waits_where_work_starts_later(workflow: str, retry: str) -> None:
    code = shown("rq", scheduling="delayed", workflow=workflow, retry=retry)

    assert "queue.enqueue_in(" in code
    assert "timedelta(minutes=1)" in code


@pytest.mark.parametrize("duration", ["minutes", "hours"])
def test_a_clock_ends_what_takes_too_long(duration: str) -> None:
    assert f"timeout {LIMITS[duration]} python due.py" in shown("clock", duration=duration)


def test_a_clock_keeps_rows_only_where_work_must_come_back() -> None:
    assert "sqlite3" not in shown("clock")
    assert "crontab 0 6 * * *" in shown("clock")
    for wanted in ({"persistence": "durable"}, {"retry": "basic"}):
        assert "sqlite3" in shown("clock", **wanted)
        assert "crontab * * * * *" in shown("clock", **wanted)


def test_celery_says_that_a_file_of_results_serves_one_machine() -> None:
    for scheduling in ("none", "cron"):
        wanted = {"infrastructure": "rabbitmq", "monitoring": "status", "scheduling": scheduling}

        assert "results.db is of one machine" in shown(
            "celery", distribution="many-workers", **wanted
        )
        assert "results.db is of one machine" not in shown("celery", **wanted)


def advice(option: str, **wanted: str) -> str:
    """The notes that are shown for these answers where this option is the pick."""
    answers = sweep.answers(**wanted)
    notes = [note for note in reader.load(sweep.RULES).notes if note.option == option]
    return "\n".join(
        note.say
        for note in notes
        if all(answers[criterion] in levels for criterion, levels in note.when.items())
    )


def test_a_serverless_host_has_no_crontab_systemd_or_lock_file() -> None:
    wanted = {"scheduling": "cron", "duration": "minutes", "retry": "basic"}
    for word in ("systemd", "flock", "concurrencyPolicy", "timeout"):
        assert word in advice("clock", **wanted)
        assert word not in advice("clock", infrastructure="serverless", **wanted)


@pytest.mark.parametrize(
    ("option", "word"),
    [
        ("rq", "endpoint"),
        ("taskiq", "lifespan"),
        ("procrastinate", "web app"),
        ("dbos", "endpoint"),
        ("temporal", "web app"),
    ],
)
def test_where_only_a_schedule_sends_nothing_is_said_of_an_endpoint(option: str, word: str) -> None:
    assert word in advice(option)
    assert word not in advice(option, scheduling="cron").replace("in the web app and never", "")


def test_limits_of_rabbitmq_are_told_where_it_is_used() -> None:
    for option in ("celery", "dramatiq"):
        assert "below 30 minutes" in advice(option, scheduling="delayed", infrastructure="rabbitmq")
        assert "below 30 minutes" not in advice(
            option, scheduling="delayed", infrastructure="redis"
        )


def test_what_is_said_of_the_clock_holds_on_a_serverless_host() -> None:
    clock = reader.load(sweep.RULES).options["clock"]

    assert "systemd" not in clock.name
    assert clock.needs.startswith("your platform's scheduler")
    assert "systemd" not in clock.fits["retry"]["basic"].short


def test_no_workers_are_named_for_runs_that_last_days_on_a_serverless_host() -> None:
    named = {
        name
        for note in reader.load(sweep.RULES).notes
        if note.option is None
        and {"stateful", "serverless"}
        <= {*note.when.get("workflow", ()), *note.when.get("infrastructure", ())}
        for name in note.see
    }

    assert named == {"Inngest", "Restate"}


@pytest.mark.parametrize("option", ["celery", "dbos", "dramatiq", "procrastinate", "rq", "taskiq"])
def test_what_serves_many_workers_does_not_ask_for_one(option: str) -> None:
    assert "one worker process" not in reader.load(sweep.RULES).options[option].needs
