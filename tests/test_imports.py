"""A run loads no more than it needs: a command line is paid for at every start.

Which way imports run is a contract of its own, in pyproject.toml.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import taskpick as package
from taskpick.rulefile import bundled

HOME = Path(package.__file__).parent
HEAVY = {
    *("typer", "rich", "yaml", "jinja2", "prompt_toolkit", "pydantic", "pygments", "markdown_it"),
    *("pickle", "fractions", "decimal", "hashlib", "tempfile", "random", "asyncio"),
}
FOLDERS = {"rulefile", "decision", "questions", "report", "starter", "records", "checks", "formats"}
ANSWERS = (
    "--duration minutes --persistence durable --retry basic --scheduling none "
    "--distribution one-worker"
)
COMPLETION = {
    "_TASKPICK_COMPLETE": "complete_bash",
    "COMP_WORDS": "taskpick advise --retry ",
    "COMP_CWORD": "3",
}
PROGRAM = """
import sys, typer
before = set(sys.modules)
from taskpick.__main__ import main
try:
    main()
finally:
    print(*sorted(set(sys.modules) - before), file=open("modules", "w"))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of taskpick as an installation lays it out, which may keep what it has parsed."""
    home = tmp_path_factory.mktemp("installed")
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HOME, home / "taskpick", ignore=without)
    shutil.copytree(bundled.folder(), home / "taskpick" / "rules", ignore=without)
    return home


def modules(home: Path, line: str, **variables: str) -> set[str]:
    """What a run imports beyond Typer once it has run before."""
    environment = {name: value for name, value in os.environ.items() if "TASKPICK" not in name}
    environment |= {"PYTHONPATH": str(home), **variables}
    command = [sys.executable, "-c", PROGRAM, *line.split()]
    # What is kept is written by the first run only, and read where nothing may be written.
    for forbidden in ("", "1"):
        environment["PYTHONDONTWRITEBYTECODE"] = forbidden
        subprocess.run(command, env=environment, cwd=home, stdin=subprocess.DEVNULL, check=False)
    return set((home / "modules").read_text().split())


def folders(names: set[str]) -> set[str]:
    """The folders of taskpick's modules."""
    return {name.split(".")[1] for name in names if name.startswith("taskpick.")} & FOLDERS


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("--version", {"rulefile"}),
        ("--help", {"rulefile"}),
        ("advise --help", {"rulefile", "decision", "report"}),
        (f"advise {ANSWERS}", {"rulefile", "decision", "report", "starter"}),
        (
            f"advise {ANSWERS} --format json",
            {"rulefile", "decision", "report", "starter", "formats"},
        ),
    ],
)
def test_a_run_loads_no_more_than_it_needs(home: Path, line: str, needed: set[str]) -> None:
    names = modules(home, line)

    assert names & HEAVY == set()
    assert folders(names) <= needed


def test_completion_loads_no_more_than_it_needs(home: Path) -> None:
    names = modules(home, "", **COMPLETION)

    assert names & HEAVY == set()
    assert folders(names) <= {"rulefile", "decision", "report"}


@pytest.mark.parametrize(
    ("line", "heavy"),
    [
        (f"advise {ANSWERS} --details", "rich"),
        (f"advise {ANSWERS} --rules ./mine.yaml", "yaml"),
    ],
)
def test_what_is_heavy_is_loaded_where_it_is_used(home: Path, line: str, heavy: str) -> None:
    shutil.copy(Path(__file__).parent / "data/rules/valid/small.yaml", home / "mine.yaml")

    assert heavy in modules(home, line)


def test_the_package_loads_nothing_before_it_is_asked_for(home: Path) -> None:
    asked = "import sys, taskpick; print(*sys.modules); assert taskpick.decide; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(home)}
    run = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, check=True, text=True
    )
    before, after = (set(line.split()) for line in run.stdout.splitlines())

    assert {name for name in before if name.startswith("taskpick.")} == {"taskpick.version"}
    assert "taskpick.decision.decide" in after
    assert not after & {"typer", "yaml", "rich"}
