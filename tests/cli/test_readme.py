"""What the README shows is what the program prints.

`UPDATE_README=1 pytest tests/cli/test_readme.py` writes it anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from count_questions import expected_questions
from places import DATA, ROOT

from taskpick.questions.planner import Mode
from taskpick.rulefile import bundled

README = ROOT / "README.md"
BLOCK = re.compile(r"```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
SCREEN = re.compile(r"(?P<head><!-- screen (?P<number>\d+) -->\n```text\n).*?```", re.DOTALL)
FILM = DATA / "screens" / "session.txt"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The README as it is, and as it would be with what the program prints today."""
    folder = tmp_path_factory.mktemp("readme")
    text = README.read_text(encoding="utf-8")

    def fresh(block: re.Match[str]) -> str:
        lines = block["text"].splitlines()
        if block["kind"] == "yaml" and (named := re.fullmatch(r"# (\S+\.yaml)", lines[0])):
            (folder / named[1]).write_text(block["text"], encoding="utf-8")
        if block["kind"] == "console":
            return f"```console\n{lines[0]}\n{_printed(lines[0].removeprefix('$ '), folder)}```"
        return block[0]

    frames = re.split(r"^──── .*\n", FILM.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    filmed = SCREEN.sub(lambda shot: f"{shot['head']}{frames[int(shot['number'])]}```", text)
    return text, BLOCK.sub(fresh, filmed)


def _printed(command: str, folder: Path) -> str:
    scripts = Path(sys.executable).parent
    environment = {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "80",
        "PYTHONIOENCODING": "utf-8",
        "HOME": str(folder),
    }
    done = subprocess.run(
        ["sh", "-c", f"{command} 2>&1"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.stdout


def test_every_command_in_the_readme_prints_what_the_readme_shows(shown: tuple[str, str]) -> None:
    is_shown, is_printed = shown
    if os.environ.get("UPDATE_README"):
        README.write_text(is_printed, encoding="utf-8")

    assert is_printed == is_shown
    assert is_shown.count("```console") >= 5


def test_the_questions_that_the_readme_counts_are_those_expected() -> None:
    rules = bundled.load(bundled.default())
    quick, in_order = (expected_questions(rules, mode) for mode in (Mode.QUICK, Mode.NORMAL))
    said = f"{float(quick):.2f} on average for the rule file of taskpick", f"{float(in_order):.2f}"
    text = " ".join(README.read_text(encoding="utf-8").split())

    assert [words for words in said if words not in text] == []
