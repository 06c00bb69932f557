"""Proves that flags, help and completion are those of the rule file in use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest
from places import DATA
from program import commands, flags

from taskpick.answers import PREFIX, SETTINGS
from taskpick.rulefile import bundled
from taskpick.rulefile.names import RESERVED

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Run

VALID = DATA / "rules" / "valid"
BIN = Path(sys.executable).parent
DEFAULT = bundled.load(bundled.default())
COMMANDS = commands()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """The folder that the program runs in, with a few rule files."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    shutil.copy(DATA / "rules" / "invalid" / "cell-missing.yaml", tmp_path / "invalid.yaml")
    return tmp_path


# Help


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("advise", "advise --help"),
        ("advise-small", "advise --rules small.yaml --help"),
        ("advise-small", "advise --rules=small.yaml --help"),
        ("advise-hostile", "advise --rules hostile.yaml -h"),
        ("compare", "compare --help"),
    ],
)
def test_help_shows_the_flags_of_the_rule_file(taskpick, snapshot, name, line) -> None:
    run = taskpick(line)

    assert (run.code, run.err) == (0, "")
    snapshot(f"help/{name}.txt", run.out)


@pytest.mark.parametrize(
    "line", ["--help", "advise --rules small.yaml --help", "advise --help", "compare --help"]
)
def test_help_fits_into_the_terminal(taskpick, line) -> None:
    lines = taskpick(line).out.splitlines()

    assert [text for text in lines if len(text) > 80] == []


def test_the_help_of_a_broken_rule_file_is_what_is_wrong_with_it(taskpick) -> None:
    run = taskpick("advise --rules invalid.yaml --help")

    assert (run.code, run.out) == (2, "")
    assert "invalid.yaml:19:7: option 'bag' has no fit for 'size: large'" in run.err


def test_every_flag_and_command_says_what_it_is_for() -> None:
    silent = [
        (words, flag.name)
        for words, command in COMMANDS.items()
        for flag in flags(command)
        if not flag.help
    ]

    assert silent == []
    assert [words for words, command in COMMANDS.items() if not command.help] == []
    assert {"advise", "compare", "rules check", "record refresh"} <= set(COMMANDS)


@pytest.mark.parametrize("name", ["advise", "compare", "explain", "starter"])
def test_no_criterion_can_have_the_name_of_a_flag(name) -> None:
    words = {word for flag in flags(COMMANDS[name]) for word in flag.opts if len(word) > 2}

    assert {word.removeprefix("--") for word in words} - set(RESERVED) == set(DEFAULT.criteria)


def test_no_criterion_can_have_the_variable_of_a_setting() -> None:
    names = {name.upper().replace("-", "_") for name in RESERVED}

    assert names >= SETTINGS
    assert PREFIX == "TASKPICK_"


def test_every_criterion_of_the_default_rule_file_has_its_flag(taskpick) -> None:
    text = taskpick("advise --help").out

    assert [name for name in DEFAULT.criteria if f"--{name} " not in text] == []


# Completion, as the shells ask for it


def bash(taskpick: Callable[..., Run], line: str) -> list[str]:
    """What bash offers at the end of a line."""
    words = line.split(" ")
    run = taskpick(
        [], _TASKPICK_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1)
    )

    assert (run.code, run.err) == (0, "")

    return run.out.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("taskpick adv", ["advise"]),
        ("taskpick advise --ret", ["--retry"]),
        ("taskpick advise --retry ", ["none", "basic", "advanced", "unsure"]),
        ("taskpick advise --retry b", ["basic"]),
        ("taskpick advise --retry x", []),
        ("taskpick advise --duration hours --retry un", ["unsure"]),
        ("taskpick compare --format j", ["json"]),
        (
            "taskpick advise --rules small.yaml --s",
            ["--size", "--save-answers", "--supersedes", "--starter"],
        ),
        ("taskpick advise --rules small.yaml --size ", ["small", "large", "unsure"]),
        ("taskpick advise --rules=small.yaml --size l", ["large"]),
        ("taskpick compare --size small --rules small.yaml --wet y", ["yes"]),
        ("taskpick advise --rules small.yaml --ret", []),
        ("taskpick advise --rules sma", ["small.yaml"]),
        ("taskpick advise --rules missing.yaml --siz", []),
        ("taskpick advise --rules invalid.yaml --siz", []),
        ("taskpick advise --rules . --siz", []),
        ("taskpick advise --rules invalid.yaml --no-i", ["--no-input"]),
    ],
)
def test_completion_offers_what_fits_the_rule_file_on_the_line(taskpick, line, offered) -> None:
    assert bash(taskpick, line) == offered


def test_completion_knows_the_rule_file_of_the_environment(taskpick, monkeypatch) -> None:
    monkeypatch.setenv("TASKPICK_RULES", "small.yaml")

    assert bash(taskpick, "taskpick advise --siz") == ["--size"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
@pytest.mark.parametrize(
    "line", ["--retry ", "--rules hostile.yaml --pipe-dash ", "--rules evil-in-a-shell.yaml --"]
)
def test_completion_says_what_each_level_means(taskpick, snapshot, shell, line) -> None:
    run = taskpick(
        [],
        _TASKPICK_COMPLETE=f"complete_{shell}",
        _TYPER_COMPLETE_ARGS=f"taskpick advise {line}",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
    )
    name = line.replace("--", "").replace(".yaml", "").replace(" ", "-").strip("-")

    assert (run.code, run.err) == (0, "")
    snapshot(f"completion/{name}.{shell}.txt", run.out)


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh")
def test_no_text_of_a_rule_file_is_run_by_zsh(environment, folder) -> None:
    env = {**environment, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "ZDOTDIR": str(folder)}
    zsh = pexpect.spawn("zsh -f", cwd=str(folder), env=env, dimensions=(50, 200), timeout=30)
    zsh.sendline("autoload -U compinit; compinit -D; PS1='at'' rest '; zmodload zsh/zle")
    zsh.sendline('eval "$(_TASKPICK_COMPLETE=source_zsh taskpick)"; echo loa""ded')
    zsh.expect("loaded")
    zsh.expect("at rest")
    zsh.send("taskpick advise --rules evil-in-a-shell.yaml --x-y \t")
    zsh.expect("half past")
    zsh.sendcontrol("u")
    zsh.send("taskpick advise --rules evil-in-a-shell.yaml --x\t\t")
    zsh.send("\x15echo do''ne\n")
    zsh.expect("done")
    zsh.close(force=True)

    assert list(folder.glob("pwned*")) == []


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_the_script_for_bash_completes_in_bash(environment, folder) -> None:
    script = (
        'eval "$(_TASKPICK_COMPLETE=source_bash taskpick)"; COMP_WORDS=(taskpick advise --retry a)'
        "; COMP_CWORD=3; _taskpick_completion taskpick; echo ${COMPREPLY[@]}"
    )
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**environment, "PATH": path},
        check=False,
    )

    assert (done.stdout, done.stderr) == ("advanced\n", "")


# One dialect of error


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("recommend", "did you mean 'advise'?"),
        ("complare", "did you mean 'compare'?"),
        ("rules chek", "did you mean 'check'?"),
        ("rules list", "known: check, test, probe, diff, tree, schema, new"),
        (
            "record new",
            "'taskpick advise --format markdown --output docs/decisions/' writes a record",
        ),
        ("explain", "'taskpick explain --help' shows what there is"),
        ("explain celry", "did you mean 'celery'?"),
        ("advise --no-inptu", "did you mean '--no-input'?"),
        ("advise --retry", "give --retry none|basic|advanced"),
        ("advise --retry bsic", "did you mean 'basic'?"),
        ("advise --quick=1", "'taskpick advise --help' shows what there is"),
        ("advise rq", "'taskpick advise --help' shows what there is"),
        ("compare --format jsn", "did you mean 'json'?"),
        ("rules check --max-age soon", "'taskpick rules check --help' shows what there is"),
        ("help advize", "did you mean 'advise'?"),
    ],
)
def test_every_error_is_a_sentence_and_a_way_out(taskpick, line, hint) -> None:
    run = taskpick(line)

    assert (run.code, run.out) == (2, "")
    message, way_out = run.err.splitlines()
    assert message.startswith("taskpick: error: ")
    assert way_out == f"taskpick: {hint}"


@pytest.mark.parametrize(
    ("words", "called"),
    [
        (["starter", "rq", ""], "DIRECTORY"),
        (["advise", "--no-input", "--starter="], "--starter"),
        (["advise", "--no-input", "-o", ""], "--output"),
        (["scan", ""], "PATH"),
        (["verify", "docs", ""], "FILE"),
        (["rules", "check", ""], "FILE"),
    ],
)
def test_an_empty_name_is_not_the_current_folder(taskpick, tmp_path, words, called) -> None:
    before = {*tmp_path.iterdir()}
    run = taskpick(words)

    assert run.err.splitlines()[0] == f"taskpick: error: {called} is empty"
    assert (run.code, run.out, {*tmp_path.iterdir()}) == (2, "", before)


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("compare --format terminal", "compare --format text"),
        ("compare --format=md", "compare --format markdown"),
        ("advise --no-input --format terminal", "advise --no-input"),
        ("why-not rq", "explain rq"),
        ("-V", "--version"),
    ],
)
def test_names_that_people_expect_are_understood(taskpick, line, same) -> None:
    assert taskpick(line) == taskpick(same)


@pytest.mark.parametrize("command", ["explain", "starter"])
def test_the_options_complete(taskpick, command) -> None:
    line = f"taskpick {command} r"
    done = taskpick([], _TASKPICK_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD="2")

    assert done.out.split() == ["rq"]


def test_a_rule_file_that_another_flag_takes_for_its_value_is_not_used(taskpick, tmp_path) -> None:
    (tmp_path / "mine.yaml").write_bytes((DATA / "rules" / "valid" / "small.yaml").read_bytes())
    for line in ("--rules=./mine.yaml", "--rules ./mine.yaml"):
        assert taskpick(f"compare {line}").code == 0

        run = taskpick(f"advise --no-input --size small --format markdown --decider {line}")

        assert (run.code, run.out) == (2, "")
