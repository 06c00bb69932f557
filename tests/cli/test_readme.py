"""What the README and the help topics show is what the program prints.

`UPDATE_README=1 pytest tests/cli/test_readme.py` writes it anew; `python tests/tools/picture.py`
draws the picture.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import picture
import pytest
from count_questions import expected_questions
from places import DATA, ROOT

from taskpick.help import TOPICS
from taskpick.questions.planner import Mode
from taskpick.rulefile import bundled

README = ROOT / "README.md"
HELP = ROOT / "src" / "taskpick" / "help"
PAGES = {"README": README, **{topic: HELP / f"{topic}.md" for topic in TOPICS}}
BLOCK = re.compile(r"```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
SCREEN = re.compile(r"(?P<head><!-- screen (?P<number>\d+) -->\n```text\n).*?```", re.DOTALL)
FILM = DATA / "screens" / "session.txt"
LINKS = re.compile(r"\]\(([^)#:\s]+)\)")
PATHS = re.compile(r"`((?:tests|rules|src|\.ci)/[\w./-]+|[a-z]+/[\w-]+\.(?:py|md))")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_on_a_page_prints_what_the_page_shows(page: str, tmp_path: Path) -> None:
    is_shown = PAGES[page].read_text(encoding="utf-8")
    is_printed = _fresh(is_shown, tmp_path)
    if os.environ.get("UPDATE_README"):
        PAGES[page].write_text(is_printed, encoding="utf-8")

    assert is_printed == is_shown


def _fresh(text: str, folder: Path) -> str:
    """The page with what the program prints today, its YAML files written into the folder."""

    def fresh(block: re.Match[str]) -> str:
        lines = block["text"].splitlines()
        if block["kind"] == "yaml" and (named := re.fullmatch(r"# (\S+\.yaml)", lines[0])):
            (folder / named[1]).write_text(block["text"], encoding="utf-8")
        if block["kind"] == "console":
            commands = [line for line in lines if line.startswith("$ ")]
            shown = [f"{line}\n{_printed(line.removeprefix('$ '), folder)}" for line in commands]
            return f"```console\n{''.join(shown)}```"
        return block[0]

    frames = re.split(r"^──── .*\n", FILM.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    filmed = SCREEN.sub(lambda shot: f"{shot['head']}{frames[int(shot['number'])]}```", text)
    return BLOCK.sub(fresh, filmed)


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


def test_the_pages_have_examples() -> None:
    with_examples = ["README", "answers", "records", "ci", "starters", "rule-files"]
    texts = {page: PAGES[page].read_text(encoding="utf-8") for page in with_examples}

    assert [page for page in with_examples if "```console\n$ taskpick" not in texts[page]] == []


def test_the_picture_is_what_the_program_prints() -> None:
    assert picture.svg(picture.printed()) == picture.PICTURE.read_text(encoding="utf-8")


def test_a_picture_shows_each_style_at_its_column() -> None:
    drawn = picture.svg("\x1b[1;36mUse\x1b[0m a <b>\n\x1b[31mx\x1b[0m no\n" + "n" * 81)

    assert '<text x="16" y="30" class="b cyan" textLength="25.2">Use</text>' in drawn
    assert '<text x="49.6" y="30" textLength="42">a &lt;b&gt;</text>' in drawn
    assert '<text x="32.8" y="49" textLength="16.8">no</text>' in drawn
    assert '<text x="16" y="87" textLength="8.4">n</text>' in drawn


def test_the_readme_has_at_most_200_lines_and_a_topic_150() -> None:
    lines = {page: len(path.read_text("utf-8").splitlines()) for page, path in PAGES.items()}

    assert {page for page, count in lines.items() if count > (200, 150)[page in TOPICS]} == set()


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_fits_a_terminal(topic: str) -> None:
    """No line is wider than 79 columns, except what is copied or what the program prints."""
    text = re.sub(
        r"```(shell|console)\n.*?```", "", PAGES[topic].read_text("utf-8"), flags=re.DOTALL
    )

    assert [line for line in text.splitlines() if len(line) > 79 and "https://" not in line] == []


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str) -> None:
    text = PAGES[page].read_text(encoding="utf-8")
    named = [*LINKS.findall(text), *PATHS.findall(text)]
    places = (ROOT, ROOT / "src" / "taskpick")
    new = r"docs/decisions|rules/storage|starters/OPTION|^[a-z]+/NAME|starters/rq$|options/NAME"

    assert [
        name
        for name in named
        if not re.search(new, name) and not any((place / name).exists() for place in places)
    ] == []


def test_the_questions_that_are_counted_are_those_expected() -> None:
    rules = bundled.load(bundled.default())
    quick, in_order = (expected_questions(rules, mode) for mode in (Mode.QUICK, Mode.NORMAL))
    text = " ".join(PAGES["answers"].read_text(encoding="utf-8").split())

    assert f"{float(quick):.2f} on average for the default rule file" in text
    assert f"against {float(in_order):.2f} in the order of the file" in text


def test_the_readme_names_every_option_and_counts_the_other_systems() -> None:
    rules = bundled.load(bundled.default())
    text = README.read_text(encoding="utf-8").lower()
    names = [(option.short or option.name).lower().split()[0] for option in rules.options.values()]
    words = {10: "ten", 11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen"}

    assert [name for name in names if name not in text] == []
    assert f"on {words[len(rules.known)]} others" in text
