"""The code that `taskpick advise` prints: every distinct snippet, as it is printed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from live import sweep

from taskpick.report.verdict import terminal
from taskpick.rulefile import reader
from taskpick.starter import project

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAMES = ("install", "broker", "tables", "web", "worker", "scheduler", "crontab", "try")
PACKAGES = ("fastapi", "psycopg", "celery", "rq", "huey", "dbos", "taskiq")
PACKAGES += ("dramatiq", "procrastinate", "temporalio")
LINES = 30
"""How many lines the code and its commands may take above the verdict."""
IMPORT_ALL = """
import importlib, os, sys
for folder in sys.argv[1:]:
    os.chdir(folder)
    sys.path.insert(0, folder)
    for module in [name[:-3] for name in sorted(os.listdir()) if name.endswith(".py")]:
        importlib.import_module(module)
    for module in ("app", "tasks", "clock"):
        sys.modules.pop(module, None)
    sys.path.remove(folder)
"""


def distinct(
    option: str, all_answers: Iterable[dict[str, str]]
) -> dict[tuple[tuple[str, str], ...], dict[str, str]]:
    """Each distinct set of files of an option, with the first answers that lead to it."""
    found: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
    for answers in all_answers:
        printed = project.snippet(sweep.RULES, sweep.option(option), answers)
        found.setdefault(tuple(printed.files.items()), answers)
    return found


@pytest.fixture(scope="module", params=sweep.SNIPPETS)
def option(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


EXTENT = ["pairs", pytest.param("all", marks=pytest.mark.slow)]
"""For every pair of answers, and in the slow run for all of them together."""


def rows(extent: str, option: str, spread: int) -> Iterable[dict[str, str]]:
    if extent == "all":
        return [*sweep.combinations(option, "")][::spread]
    return sweep.covering(option)


@pytest.fixture(scope="module", params=EXTENT)
def folders(
    request: pytest.FixtureRequest,
    option: str,
    spread: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Path]:
    """A folder per distinct snippet, with its files as they are printed."""
    top = tmp_path_factory.mktemp(option)
    made = []
    for number, files in enumerate(distinct(option, rows(request.param, option, spread))):
        made.append(top / str(number))
        made[-1].mkdir()
        for name, text in files:
            (made[-1] / name).write_text(text)
    assert made
    return made


def test_every_snippet_compiles_and_fits_on_a_screen(folders: list[Path]) -> None:
    for path in (path for folder in folders for path in folder.iterdir()):
        text = path.read_text()
        lines = text.splitlines()
        compile(text, path, "exec")

        assert len(lines) <= LINES, path
        assert max(map(len, lines)) <= 88, path
        assert text == text.strip("\n") + "\n", path


def test_every_snippet_is_linted_and_formatted(folders: list[Path]) -> None:
    ruff = [sys.executable, "-m", "ruff"]
    top = folders[0].parent
    known = 'lint.isort.known-first-party = ["app", "tasks"]'
    settings = ["--isolated", "--config", known, "--config", 'target-version = "py311"']
    lint = subprocess.run(
        [*ruff, "check", *settings, "--select", "E,F,I,B,UP", "--no-cache", top],
        capture_output=True,
        text=True,
    )
    layout = subprocess.run(
        [*ruff, "format", "--isolated", "--diff", "--no-cache", top], capture_output=True, text=True
    )

    assert lint.returncode == 0, lint.stdout
    assert layout.returncode == 0, layout.stdout


def test_every_snippet_can_be_imported(folders: list[Path]) -> None:
    command = [sys.executable, "-W", "error", "-c", IMPORT_ALL, *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("extent", EXTENT)
def test_every_answer_gives_its_commands_in_order_and_at_most_thirty_lines(
    option: str, extent: str, spread: int
) -> None:
    distinct = {}
    for answers in rows(extent, option, spread):
        snippet = project.snippet(sweep.RULES, sweep.option(option), answers)
        names = [name for name, _ in snippet.commands]
        distinct[(*snippet.files.items(), *snippet.commands)] = snippet

        assert names == [name for name in NAMES if name in names]
        code = "".join(snippet.files.values())
        assert ("install" in names) == any(name in code for name in PACKAGES)
        assert names[-1] == "try"
        if option in ("rq", "celery"):
            clock = "crontab" if option == "rq" else "scheduler"
            assert (clock in names) == (answers["scheduling"] == "cron")
            assert ("web" in names) == (answers["scheduling"] != "cron")
    for snippet in distinct.values():
        printed = terminal.render_code(snippet).rstrip("\n")
        lines = printed.splitlines()

        assert len(lines) <= LINES, printed
        assert lines[0].startswith("# ")


def test_the_figures_of_the_code_are_those_of_the_rule_file() -> None:
    fits = reader.load(sweep.RULES).options["rq"].fits["retry"]["basic"]
    printed = project.snippet(sweep.RULES, sweep.option("rq"), sweep.answers(retry="basic"))
    written = project.plan(sweep.RULES, sweep.option("rq"), sweep.answers(retry="basic")).files

    assert "Retry(max=3, interval=[30, 300, 900])" in fits.why
    assert "Retry(max=3, interval=[30, 300, 900])" in printed.files["app.py"]
    assert "PAUSES = (30, 300, 900)" in written["app_rq/work.py"]


@pytest.mark.parametrize("option", [name for name in sweep.SNIPPETS if name not in sweep.OPTIONS])
def test_an_option_without_a_project_says_so_in_one_sentence(option: str) -> None:
    with pytest.raises(project.StarterError, match=f"there is no project for '{option}' yet"):
        project.plan(sweep.RULES, sweep.option(option), sweep.answers())


@pytest.mark.parametrize("option", sweep.OPTIONS)
def test_no_fault_of_the_guide_comes_back(option: str) -> None:
    for files in distinct(option, sweep.covering(option)):
        text = "\n".join(text for _, text in files)

        assert "job.status" not in text
        assert "Exception,)" not in text
        assert "email: str)" not in text.partition("/signup")[2].partition("return")[0]
        if option not in ("background-tasks", "taskiq"):  # to send with Taskiq takes an await
            assert "async def signup" not in text
        if option == "rq":
            assert 'serializer="json"' in text
            assert "default_timeout" in text
        if option == "celery":
            assert "task_time_limit" in text
