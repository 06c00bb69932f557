"""The guidelines for command lines: the table in guidelines.md is true, and what it rests on."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import pexpect
import pytest
from commute import FILE
from conftest import Run
from places import ROOT
from program import commands, flags

from taskpick.cli.shell import ExitCode
from taskpick.help import TOPICS

Taskpick = Callable[..., Run]
HERE = Path(__file__).parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXIT_CODES = (ROOT / "src/taskpick/help/exit-codes.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (yes|no|n/a) \| (.+) \|$", re.MULTILINE)
TABLE = ROW.findall((HERE / "guidelines.md").read_text(encoding="utf-8"))
TASKPICK = str(Path(sys.executable).with_name("taskpick"))
RIDE = f"--rules {FILE} --distance medium --luggage little --weather dry --no-input"
RECORD = f"advise {RIDE} --format markdown --output x.md"
COMMANDS = commands()


def test_the_table_has_all_points_in_order() -> None:
    assert [str(number) for number in range(1, 88)] == [row[0] for row in TABLE]


@pytest.mark.parametrize(("number", "point", "holds", "how"), TABLE)
def test_every_row_names_a_test_or_a_reason(number: str, point: str, holds: str, how: str) -> None:
    named = re.match(r"([\w/]+\.py)::(\w+)", how)
    if holds != "yes":
        assert named is None
        assert re.search(r"[a-z]+ [a-z]+ [a-z]+", how), "a reason in words"
    else:
        assert named
        assert f"def {named[2]}(" in (ROOT / "tests" / named[1]).read_text(encoding="utf-8")


@pytest.mark.parametrize("words", ["", "record", "rules", *COMMANDS])
def test_every_command_has_help(taskpick: Taskpick, words: str) -> None:
    short, long = (taskpick(f"{words} {flag}") for flag in ("-h", "--help"))

    assert short == long
    assert short.code == 0
    assert short.out.startswith("Usage: taskpick")
    assert "\x1b" not in short.out
    if words not in ("record", "rules", "help"):
        assert 0 < short.out.find("Examples:") < short.out.find("-h, --help")


@pytest.mark.parametrize(
    "line",
    [
        "advise --nonsense",
        "advise --retry bogus",
        "advise --rules /gone --format",
        "verify gone.md --format nonsense",
        "record refresh --output",
        "rules check --nonsense x y z",
    ],
)
def test_help_at_the_end_of_any_line_is_help(taskpick: Taskpick, line: str) -> None:
    done = taskpick(f"{line} -h")
    if "/gone" in line:
        assert done.err.startswith("taskpick: error: not found: /gone")
    else:
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(f"Usage: taskpick {line.split(' ')[0]}")


@pytest.mark.parametrize("line", ["", "verify", "record", "record refresh", "rules"])
def test_a_command_without_what_it_needs_shows_its_examples(taskpick: Taskpick, line: str) -> None:
    done = taskpick(line)

    assert done.code == 2
    assert "Usage: taskpick" in done.out + done.err
    assert f"taskpick {line}" in done.out + done.err


@pytest.mark.parametrize("words", ["", *COMMANDS, "record", "rules"])
def test_help_is_a_command_too(taskpick: Taskpick, words: str) -> None:
    assert taskpick(f"help {words}").out == taskpick(f"{words} --help").out


def test_every_help_topic_is_listed_printed_and_in_the_same_words(taskpick: Taskpick) -> None:
    listed = taskpick("help").out.split("Help topics (taskpick help TOPIC):\n")[1]

    assert [line.split()[0] for line in listed.splitlines()] == list(TOPICS)
    for topic in TOPICS:
        done = taskpick(f"help {topic}")
        assert (done.code, done.err) == (0, "")
        assert done.out == (ROOT / f"src/taskpick/help/{topic}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("word", "hint"),
    [("recrods", "'records'"), ("rulefiles", "'rule-files'"), ("advize", "'advise'"), ("x", "ci")],
)
def test_a_misspelt_topic_gets_a_suggestion(taskpick: Taskpick, word: str, hint: str) -> None:
    done = taskpick(f"help {word}")

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"taskpick: error: no command or help topic '{word}'\n")
    assert hint in done.err


def test_the_commonest_commands_come_first(taskpick: Taskpick) -> None:
    listed = taskpick("--help").out.split("Commands:\n")[1]

    assert [line.split()[0] for line in listed.splitlines()[:2]] == ["advise", "compare"]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("advize", "did you mean 'advise'?"),
        ("record refesh", "refresh"),
        ("advise --retyr none", "--retry"),
        ("advise --retry nonw", "did you mean 'none'?"),
        ("advise --expect celary", "did you mean 'celery'?"),
        ("verify x --format jsn", "json"),
    ],
)
def test_a_misspelling_gets_a_suggestion(taskpick: Taskpick, line: str, hint: str) -> None:
    done = taskpick(line)

    assert (done.code, done.out) == (2, "")
    assert hint in done.err


@pytest.mark.parametrize("line", ["advise --retr none", "advise --dur seconds", "adv"])
def test_an_abbreviation_is_refused(taskpick: Taskpick, line: str) -> None:
    assert taskpick(line).code == 2


@pytest.mark.parametrize("line", ["advise --answers -", "verify -"])
def test_a_terminal_is_no_file_to_read(line: str) -> None:
    said, code = pexpect.run(
        f"{TASKPICK} {line}", withexitstatus=True, timeout=30, encoding="utf-8"
    )

    assert code == 2
    assert "standard input is a terminal" in said


@pytest.mark.parametrize("words", ["advise", "compare", "verify", "rules check", "rules test"])
def test_every_command_that_reports_has_json(words: str) -> None:
    formats = next(each for each in flags(COMMANDS[words]) if "--format" in each.opts)

    assert "json" in formats.type.choices


@pytest.mark.parametrize("more", ["", "--expect car", "--parking bicycles"])
def test_json_on_stdout_is_json_whatever_happens(taskpick: Taskpick, more: str) -> None:
    line = f"advise {RIDE} --format json {more}".replace(
        "--weather dry", "" if "any" in more else "--weather dry"
    )

    assert json.loads(taskpick(line).out)["schema"] == "taskpick.recommendation/2"


@pytest.mark.parametrize(
    "line",
    [
        f"advise {RIDE} --format json",
        "compare --format json",
        "starter --compare rq celery --format json",
        "verify x.md --format json",
        "rules check --format json",
        "rules test --format json",
    ],
)
def test_every_json_names_its_format_and_version(taskpick: Taskpick, line: str) -> None:
    taskpick(RECORD)

    assert re.fullmatch(r"taskpick\.[a-z-]+/\d", json.loads(taskpick(line).out)["schema"])


def test_a_run_opens_no_connection_and_writes_nothing(
    taskpick: Taskpick, monkeypatch: pytest.MonkeyPatch
) -> None:
    taskpick(RECORD)
    before = {path: path.stat().st_mtime_ns for path in Path().rglob("*")}

    def refuse(*_: object) -> None:
        raise AssertionError("the network is not for us")

    monkeypatch.setattr(socket, "socket", refuse)
    codes = [
        taskpick(line).code for line in (f"advise {RIDE}", "compare", f"verify x.md --rules {FILE}")
    ]

    assert codes == [0, 0, 0]
    assert before == {path: path.stat().st_mtime_ns for path in Path().rglob("*")}


def test_every_short_flag_has_a_long_form() -> None:
    short = {
        tuple(each.opts)
        for command in COMMANDS.values()
        for each in flags(command)
        if any(len(name) == 2 for name in each.opts)
    }

    assert short <= {("--output", "-o"), ("--force", "-f"), ("-h", "--help"), ("--dry-run", "-n")}


def test_the_same_flag_means_the_same_everywhere() -> None:
    kinds: dict[str, set[bool]] = {}
    for command in COMMANDS.values():
        for each in flags(command):
            kinds.setdefault(each.opts[0], set()).add(each.is_flag)

    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}


def test_no_two_commands_have_similar_names() -> None:
    for one, other in combinations(COMMANDS, 2):
        alike = SequenceMatcher(None, one, other).ratio()

        assert alike < 0.8 or one.split()[0] == other.split()[0]


def test_flags_come_in_any_order(taskpick: Taskpick) -> None:
    pairs = [f"--rules {FILE}", "--no-input", "--luggage little", "--weather dry", "--distance far"]

    assert taskpick(f"advise {' '.join(pairs)}") == taskpick(f"advise {' '.join(pairs[::-1])}")


def test_a_dash_is_a_stream(taskpick: Taskpick) -> None:
    answers = "distance: medium\nluggage: little\nweather: dry\npick: bicycle\n"
    line = f"--rules {FILE} --format json"
    from_stdin = taskpick(f"advise {line} --answers - --output -", stdin=answers)

    assert from_stdin.out == taskpick(f"advise {RIDE} --format json").out
    assert taskpick(f"verify {line} -", stdin=answers).code == 0


def test_every_criterion_takes_unsure(taskpick: Taskpick) -> None:
    done = taskpick(f"advise --rules {FILE} --no-input --distance unsure --luggage little")

    assert done.code == 3


def test_ctrl_c_is_said_and_ends_with_130() -> None:
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    child = subprocess.Popen([TASKPICK, "verify", "-"], **pipes, text=True)
    assert child.stdin
    # More than a pipe holds: it is written once the program reads.
    child.stdin.write("#" * 1_000_000)
    child.stdin.flush()
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=30)

    assert (child.returncode, said) == (130, "taskpick: interrupted\n")


def test_own_variables_have_their_prefix() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    read = set(re.findall(r'environ(?:\.get\(|\[)"(\w+)"', source))
    common = {"NO_COLOR", "FORCE_COLOR", "TERM", "SOURCE_DATE_EPOCH"}
    common |= {"XDG_CACHE_HOME", "LOCALAPPDATA"}  # where a system keeps caches

    assert {
        name for name in read - common if not name.startswith(("TASKPICK_", "GITHUB_"))
    } == set()


def test_a_help_topic_documents_every_exit_code() -> None:
    listed = re.findall(r"^\| (\d+) +\| ", EXIT_CODES, re.MULTILINE)

    assert [str(int(code)) for code in ExitCode] == listed


def test_the_readme_says_how_to_remove_it() -> None:
    assert "pip uninstall taskpick" in README
