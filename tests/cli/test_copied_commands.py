"""Every command that is shown to be copied can be pasted into bash, zsh and fish."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import DATA
from strategies import examples

from taskpick.answers import command
from taskpick.rulefile import reader
from taskpick.wording import shell_joined

SHELLS = ["bash", "zsh", "fish"]
SHOWN = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.argv[1:]))"]
SPECIAL = r"""ab='"\$`!*?~{}[]()<>|&;#%^ """
WORDS = [
    "none|basic",
    "it's",
    "a b",
    "back\\slash",
    "\\'",
    "=ls",
    "~",
    "$HOME",
    "`id`",
    "!x",
    "*",
    "",
    "{a,b}",
    "%self",
    "#c",
    "a;b",
    "größer",
    "--x=~/y",
    '"',
    "(x)",
    "^",
    "x>y",
    "&",
]


def pasted(shell: str, words: list[str]) -> list[str]:
    """The words as the shell reads the line made of them."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    bare = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    line = shell_joined([*SHOWN, *words])
    done = subprocess.run([shell, *bare, "-c", line], capture_output=True, check=True, timeout=60)
    read: list[str] = json.loads(done.stdout)
    return read


@pytest.mark.parametrize("shell", SHELLS)
def test_words_are_read_as_they_are(shell: str) -> None:
    assert pasted(shell, WORDS) == WORDS


@pytest.mark.parametrize("shell", SHELLS)
@examples(10)
@given(st.lists(st.text(SPECIAL, max_size=8), min_size=20, max_size=20))
def test_any_words_are_read_as_they_are(shell: str, words: list[str]) -> None:
    assert pasted(shell, words) == words


def test_a_command_names_each_flag_once_and_keeps_those_given() -> None:
    rules = reader.load(DATA / "rules" / "valid" / "river.yaml")
    flags = (("--rules", "x.yaml"), ("--quick",), ("--output", "a b.md"), ("--quick",))
    line = command(rules, {"season": "winter", "load": "bag"}, flags, rules_name="river.yaml")

    assert line == (
        "taskpick advise --rules river.yaml --load bag --season winter --quick --output 'a b.md'"
    )


@pytest.mark.parametrize(
    "flags",
    ["--quick", "--no-code", "--save-answers saved.yaml", "--format github", "--expect boat"],
)
def test_the_command_to_go_on_with_keeps_what_was_given(taskpick, flags: str) -> None:
    rules = DATA / "rules" / "valid" / "hostile.yaml"
    line = f"advise --no-input {flags} --rules {rules}".replace("boat", "zwei")
    last = taskpick(line).err.splitlines()[-1]

    assert "go on with: taskpick advise" in last
    assert all(word in last.split() for word in line.split()[1:])
    assert last.count(" --pipe-dash ") == 1
