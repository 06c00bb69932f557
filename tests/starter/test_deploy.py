"""Proves that cron, systemd and Kubernetes accept what the project of the clock has for them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from croniter import croniter
from live import sweep

from taskpick.starter import project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["seconds", "minutes", "hours"])
def files(request: pytest.FixtureRequest) -> dict[str, str]:
    answers = sweep.answers(duration=request.param)
    return project.plan(sweep.RULES, sweep.option("clock"), answers, name="my-service").files


def test_all_of_them_run_the_command_that_is_there(files: dict[str, str]) -> None:
    assert "my_service/due.py" in files
    assert ".venv/bin/python -m my_service.due\n" in files["deploy/crontab"]
    assert ".venv/bin/python -m my_service.due\n" in files["deploy/due.service"]
    assert '["python", "-m", "my_service.due"]' in files["deploy/cronjob.yaml"]


def test_the_time_limits_leave_time_for_two_tasks_in_a_row(files: dict[str, str]) -> None:
    task = int(*re.findall(r"task_seconds: int = (\d+)", files["my_service/settings.py"]))
    limits = [
        *re.findall(r"timeout (\d+) ", files["deploy/crontab"]),
        *re.findall(r"TimeoutStartSec=(\d+)", files["deploy/due.service"]),
        *re.findall(r"activeDeadlineSeconds: (\d+)", files["deploy/cronjob.yaml"]),
    ]

    assert len(limits) == 3
    assert {int(limit) for limit in limits} == {3 * task}


def test_the_line_for_cron_starts_it_each_minute(files: dict[str, str]) -> None:
    comment, line = files["deploy/crontab"].splitlines()
    fields = line.split(maxsplit=5)

    assert comment.startswith("# ")
    assert croniter.expand(" ".join(fields[:5]))[0] == [["*"]] * 5
    assert "%" not in line  # which cron reads as a new line


@pytest.fixture
def manifest(files: dict[str, str]) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(files["deploy/cronjob.yaml"], yaml.CSafeLoader)
    return read


def test_the_manifest_says_what_the_notes_of_the_rule_file_ask_for(
    manifest: dict[str, Any],
) -> None:
    spec = manifest["spec"]

    assert (manifest["apiVersion"], manifest["kind"]) == ("batch/v1", "CronJob")
    assert spec["schedule"] == "* * * * *"
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["startingDeadlineSeconds"] > 60
    assert spec["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"] == "Never"


def test_kubernetes_accepts_the_manifest(manifest: dict[str, Any]) -> None:
    schemas = pytest.importorskip("kubernetes_validate", reason="pip install '.[large]'")
    newest = schemas.latest_version()

    schemas.validate(manifest, newest, strict=True)
    manifest["spec"]["concurencyPolicy"] = "Forbid"
    with pytest.raises(schemas.ValidationError):
        schemas.validate(manifest, newest, strict=True)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")
def test_systemd_accepts_the_units(files: dict[str, str], tmp_path: Path) -> None:
    for name in ("due.service", "due.timer"):
        text = files[f"deploy/{name}"].replace("/srv/my-service/.venv/bin/python", sys.executable)
        (tmp_path / name).write_text(text)
    units = [str(tmp_path / name) for name in ("due.service", "due.timer")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
