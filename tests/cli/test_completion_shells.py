"""Completion in the shells people use: bash, zsh and fish, as they are installed here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pexpect
import pytest
from commute import FILE

TASKPICK = Path(sys.executable).with_name("taskpick")
SHELLS = ("bash", "zsh", "fish")
LINES = {
    "criteria": ("taskpick advise --dist", "--distribution"),
    "criteria of --rules": ("taskpick advise --rules commute.yaml --wea", "--weather"),
    "levels": ("taskpick advise --persistence dur", "durable"),
    "levels of --rules": ("taskpick advise --rules commute.yaml --distance med", "medium"),
    "options": ("taskpick advise --expect cel", "celery"),
    "options to compare": ("taskpick starter --compare rq cel", "celery"),
    "options of --rules": ("taskpick advise --rules commute.yaml --expect bic", "bicycle"),
    "rule files": ("taskpick advise --rules comm", "commute.yaml"),
    "bundled rule files": ("taskpick advise --rules background", "background-tasks"),
    "formats": ("taskpick verify --format sar", "sarif"),
    "commands": ("taskpick ver", "verify"),
    "commands of record": ("taskpick record ref", "refresh"),
    "records": ("taskpick verify decis", "decision.md"),
    "records to refresh": ("taskpick record refresh decis", "decision.md"),
    "commands to have explained": ("taskpick help comp", "compare"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a rule file, a record and a text that is neither."""
    shutil.copy(FILE, tmp_path)
    for name in ("decision.md", "decisions.txt", "common.txt"):
        (tmp_path / name).touch()
    return tmp_path


def program(folder: Path) -> dict[str, str]:
    """An environment in which the program is found by its name."""
    path = f"{TASKPICK.parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(folder), "TERM": "dumb", "LANG": "C.UTF-8"}


@cache
def script(shell: str) -> str:
    """The completion script for a shell, as --install-completion would write it."""
    env = {**program(TASKPICK.parent), "_TASKPICK_COMPLETE": f"source_{shell}"}
    done = subprocess.run([str(TASKPICK)], capture_output=True, text=True, env=env, check=True)
    return done.stdout


def in_fish(line: str, folder: Path) -> str:
    """The line with the only completion that fish has for its last word."""
    command = f"source completion; complete --do-complete '{line}'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", command],
        cwd=folder,
        env=program(folder),
        capture_output=True,
        text=True,
    )
    words = [each.split("\t")[0] for each in done.stdout.splitlines()]

    assert len(words) == 1, done

    return " ".join([*line.split(" ")[:-1], words[0]])


def typed(shell: str, line: str, folder: Path) -> str:
    """What stands on the line of a shell after the tab key."""
    start, setup = {
        "bash": (["--norc", "--noprofile"], "bind 'set enable-bracketed-paste off'"),
        "zsh": (["-f"], "autoload -Uz compinit; compinit -u -D; unset zle_bracketed_paste"),
    }[shell]
    env = {**program(folder), "PS1": "> ", "INPUTRC": os.devnull}
    child = pexpect.spawn(shell, start, env=env, cwd=folder, encoding="utf-8", timeout=15)
    try:
        child.setwinsize(30, 200)
        child.sendline(f"{setup}; . ./completion; PS1='> '; echo rea''dy")
        child.expect("ready\r\n")
        # The line that the tab key leaves becomes the words that are printed.
        child.send(f"{line}\t\x01printf '<%s>\\n' \x05; echo do''ne\r")
        child.expect(r"<taskpick>\r\n((?:<[^>]*>\r\n)+)done")
        return "taskpick " + " ".join(re.findall("<(.*?)>", child.match[1]))
    finally:
        child.close(force=True)


@pytest.mark.parametrize("what", LINES)
@pytest.mark.parametrize("shell", SHELLS)
def test_the_tab_key_completes(shell: str, what: str, folder: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (folder / "completion").write_text(script(shell))
    line, word = LINES[what]
    said = in_fish(line, folder) if shell == "fish" else typed(shell, line, folder)

    assert f"{line.rpartition(' ')[0]} {word}" == said.strip()
