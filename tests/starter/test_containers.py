"""The files of starters that other programs read: compose.yaml, the Dockerfile and the CI file.

No container engine is needed: the schemas of compose and of GitHub's workflows come with
check-jsonschema, and hadolint reads a Dockerfile.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from live import sweep

from taskpick.starter import project

BIN = Path(sys.executable).parent
CHECKS = {
    "compose.yaml": [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec"],
    ".github/workflows/ci.yml": [
        BIN / "check-jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
    ],
    "Dockerfile": [BIN / "hadolint", "--no-color", "--failure-threshold", "style"],
}


def written(name: str, folder: Path) -> list[Path]:
    """Each distinct file of that name which the starters have, written down."""
    texts = {
        project.plan(sweep.RULES, sweep.option(option), answers)[name]
        for option in sweep.OPTIONS
        for answers in sweep.every_level(option)
    }
    paths = [folder / f"{number}-{Path(name).name}" for number in range(len(texts))]
    for path, text in zip(paths, sorted(texts), strict=True):
        path.write_text(text)
    return paths


@pytest.mark.slow
@pytest.mark.parametrize("name", CHECKS)
def test_a_program_of_another_hand_finds_nothing_wrong(name: str, tmp_path: Path) -> None:
    if not CHECKS[name][0].exists():
        pytest.skip(f"{CHECKS[name][0].name} is not installed")
    paths = written(name, tmp_path)
    done = subprocess.run([*CHECKS[name], *paths], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("compose.yaml", "services: {web: {comand: uvicorn}}\n"),
        (".github/workflows/ci.yml", "on: push\njobs: {test: {steps: []}}\n"),
        ("Dockerfile", "FROM python\n"),
    ],
)
def test_what_is_wrong_would_be_found(name: str, wrong: str, tmp_path: Path) -> None:
    if not CHECKS[name][0].exists():
        pytest.skip(f"{CHECKS[name][0].name} is not installed")
    path = tmp_path / Path(name).name
    path.write_text(wrong)

    assert subprocess.run([*CHECKS[name], path], capture_output=True).returncode == 1


@pytest.mark.parametrize("option", sweep.OPTIONS)
def test_compose_names_only_what_it_has(option: str) -> None:
    for answers in sweep.every_level(option):
        files = project.plan(sweep.RULES, sweep.option(option), answers)
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
