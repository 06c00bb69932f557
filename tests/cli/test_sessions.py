"""The commands as a person or a script meets them: sessions, exit codes, streams."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from places import DATA

from taskpick.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SESSIONS = sorted((DATA / "sessions").glob("*.txt"))
assert SESSIONS

RQ = (
    "--duration minutes --persistence durable --retry basic --scheduling none "
    "--distribution one-worker"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """The folder that the program runs in, with the valid rule files and some answers."""
    for name in ("rules/valid", "answers"):
        shutil.copytree(DATA / name, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_session_goes_as_recorded(
    path: Path, taskpick: Callable[..., tuple[int, str, str]], request: pytest.FixtureRequest
) -> None:
    """A line that begins with `$` is typed; then follow stdout, stderr after `!`, the exit code."""
    typed = [line for line in path.read_text().splitlines() if line.startswith(("$ ", "# "))]
    session = "".join(f"{line}\n{''.join(_typed(line, taskpick))}" for line in typed)
    if request.config.getoption("--update"):
        path.write_text(session)

    assert path.read_text() == session


def _typed(line: str, taskpick: Callable[..., tuple[int, str, str]]) -> Iterator[str]:
    """What a line of a session leads to; lines with `#` say what the next ones are about."""
    if line.startswith("# "):
        return
    command, _, piped = line.removeprefix("$ ").partition(" < ")
    words = shlex.split(command)
    env = dict(word.split("=", 1) for word in words[: words.index("taskpick")])
    stdin = Path(piped).read_bytes() if piped else b""
    code, out, err = taskpick(words[words.index("taskpick") + 1 :], stdin=stdin, **env)
    yield out
    yield from (f"! {text}\n" for text in err.splitlines())
    yield f"exit code {code}\n\n"


# Where answers come from


def answered(run: tuple[int, str, str]) -> dict[str, str]:
    """The answers of a result as JSON."""
    answers: dict[str, str] = json.loads(run[1])["answers"]
    return answers


def test_a_flag_comes_before_the_environment_and_that_before_a_file(taskpick, folder) -> None:
    (folder / "a.yaml").write_text("size: small\nwet: unsure\n")
    json_of = "advise --rules small.yaml --format json --answers a.yaml"

    assert answered(taskpick(json_of)) == {"size": "small", "wet": "unsure"}
    assert answered(taskpick(json_of, TASKPICK_SIZE="large"))["size"] == "large"
    assert answered(taskpick(f"{json_of} --size small", TASKPICK_SIZE="large"))["size"] == "small"
    assert answered(taskpick(f"{json_of} --wet yes"))["wet"] == "yes"


def test_only_what_nobody_answered_takes_its_default(taskpick) -> None:
    assumed = json.loads(taskpick("advise --rules small.yaml --size small --format json").out)
    chosen = json.loads(
        taskpick("advise --rules small.yaml --size small --wet no --format json").out
    )

    assert (assumed["answers"], assumed["assumed"]) == ({"size": "small"}, {"wet": "no"})
    assert (chosen["answers"], chosen["assumed"]) == ({"size": "small", "wet": "no"}, {})


def test_a_variable_with_a_dash_in_its_criterion_has_an_underscore(taskpick) -> None:
    run = taskpick("advise --rules every-key.yaml --format json", TASKPICK_TIME_OF_DAY="evening")

    assert answered(run) == {"time-of-day": "evening"}


def test_a_variable_that_is_empty_answers_nothing(taskpick) -> None:
    assert answered(taskpick("advise --rules small.yaml --format json", TASKPICK_SIZE="")) == {}


def test_the_rule_file_of_a_flag_comes_before_that_of_the_environment(taskpick) -> None:
    named = taskpick("compare --rules river.yaml", TASKPICK_RULES="small.yaml")
    in_environment = taskpick("compare", TASKPICK_RULES="small.yaml")

    assert named.out.startswith("How to cross the river\n")
    assert in_environment.out.startswith("What to carry it in\n")


@pytest.mark.parametrize("rules", ["--rules river.yaml", "--rules=river.yaml"])
@pytest.mark.parametrize("order", ["advise {rules} --load bag", "advise --load bag {rules}"])
def test_the_flags_are_those_of_the_rule_file_on_the_same_line(taskpick, rules, order) -> None:
    run = taskpick(order.format(rules=rules))

    assert run.code == 0
    assert "\n  Use A boat\n" in run.out


# A result that comes back


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"advise {RQ}", 0),
        (f"advise {RQ} --infrastructure unsure", 0),
        ("advise --retry unsure --persistence durable", 3),
        ("advise --scheduling cron --infrastructure rabbitmq --code async", 3),
        (f"advise {RQ} --infrastructure serverless", 1),
        ("advise", 3),
        ("advise --rules river.yaml --load piano", 1),
        ("advise --rules small.yaml --size unsure --wet unsure", 0),
        ("advise --rules levels-that-look-like-something-else.yaml --choice 3.10", 0),
        ("advise --rules other-scripts.yaml --size größer_als_ein_koffer", 1),
    ],
)
def test_the_answers_of_a_result_give_the_same_bytes_again(taskpick, folder, line, code) -> None:
    first = taskpick(f"{line} --format json")
    (folder / "result.json").write_text(first.out)
    rules = " ".join(line.split()[1:3]) if "--rules" in line else ""
    flags = [f"--{name}={level}" for name, level in answered(first).items()]
    compact = json.dumps(json.loads(first.out), ensure_ascii=False)

    assert first.code == code
    again = shlex.split(json.loads(first.out)["command"])[1:]
    runs = [
        taskpick(f"advise {rules} --format json --answers result.json"),
        taskpick(f"advise {rules} --format json --answers -", stdin=first.out),
        taskpick(f"advise {rules} --format json --answers -", stdin=compact),
        taskpick(["advise", *rules.split(), "--format", "json", *flags]),
        taskpick([*again, "--format=json"]),
    ]

    assert [(run.code, run.out) for run in runs] == [(first.code, first.out)] * 5


def test_saved_answers_give_the_same_result_again(taskpick, folder) -> None:
    line = "advise --rules levels-that-look-like-something-else.yaml --format json"
    first = taskpick(f"{line} --choice 12:30 --save-answers saved.yaml")
    unsure = taskpick(f"{line} --choice unsure --save-answers unsure.yaml")
    nothing = taskpick("advise --format json --save-answers nothing.yaml")

    assert (
        folder / "saved.yaml"
    ).read_text() == '# Answers for taskpick: Texts\n# Which?\nchoice: "12:30"\n'
    assert first.out == taskpick(f"{line} --answers saved.yaml").out
    assert unsure.out == taskpick(f"{line} --answers unsure.yaml").out
    assert nothing.out == taskpick("advise --format json --answers nothing.yaml").out


# Nobody to ask


@pytest.mark.parametrize("line", ["advise", "advise --no-input", "advise --quick", "advise --all"])
def test_without_a_terminal_nothing_is_asked(taskpick, line) -> None:
    run = taskpick(line, stdin="1\n1\n1\n1\n1\n1\n")

    assert run.code == 3
    assert run.err == (
        "taskpick: not decided: no answer to duration, persistence, retry, scheduling, "
        "distribution\n"
        "taskpick: next: --scheduling (none, delayed, cron): When does a task start?\n"
        "taskpick: go on with: taskpick advise --scheduling none"
        f"{line.removeprefix('advise')}\n"
    )


def test_the_flag_that_is_named_is_the_one_to_add(taskpick) -> None:
    first = taskpick("advise --persistence none --retry none --scheduling none --no-input")
    again = first.err.splitlines()[-1].partition(": go on with: taskpick ")[2]
    second = taskpick(again.replace("--distribution in-process", "--distribution many-workers"))

    assert (first.code, second.code) == (3, 0)
    assert "\n  Use RQ (Redis Queue)\n" in second.out


def test_answers_that_settle_the_pick_are_enough(taskpick) -> None:
    answers = "--retry advanced --scheduling cron --distribution many-workers"
    run = taskpick(f"advise {answers} --no-input")

    assert (run.code, run.err) == (0, "")
    assert "\n  Use Celery\n" in run.out


# Files that are written


def test_a_result_in_a_file_is_the_one_on_stdout(taskpick, folder) -> None:
    shown = taskpick(f"advise {RQ} --format json")
    written = taskpick(f"advise {RQ} --format json --output result.json")
    dash = taskpick(f"advise {RQ} --format json --output -")

    assert (written.out, written.err) == ("", "taskpick: wrote result.json\n")
    assert (folder / "result.json").read_text() == shown.out == dash.out


def test_an_undecided_result_is_not_written(taskpick, folder) -> None:
    assert taskpick("advise --output result.md").code == 3
    assert not (folder / "result.md").exists()


def test_an_undecided_result_is_shown_on_a_dash_as_without_it(taskpick) -> None:
    plain, dash = taskpick("advise --retry basic"), taskpick("advise --retry basic --output -")

    assert dash == plain
    assert (dash.code, "Not decided yet" in dash.out) == (3, True)


def test_a_file_that_exists_stays_as_it_was_without_force(taskpick, folder) -> None:
    (folder / "result.md").write_text("mine")
    refused = taskpick(f"advise {RQ} --output result.md")
    saved = taskpick(f"advise {RQ} --save-answers result.md")
    kept = (folder / "result.md").read_text()
    forced = taskpick(f"advise {RQ} --output result.md --force")

    assert (refused.code, saved.code, forced.code) == (2, 2, 0)
    assert kept == "mine"
    assert "\n  Use RQ (Redis Queue)\n" in (folder / "result.md").read_text()
    assert sorted(path.name for path in folder.glob("*result*")) == ["result.md"]


def test_one_file_is_not_taken_for_two_results(taskpick, folder) -> None:
    run = taskpick(f"advise {RQ} --output result --save-answers ./result --force")

    assert run.code == 2
    assert not (folder / "result").exists()


# Streams


def test_stdout_has_the_result_and_stderr_what_is_for_people(taskpick) -> None:
    undecided = taskpick("advise --format json")

    assert json.loads(undecided.out)["status"] == "undecided"
    assert "not decided" in undecided.err
    assert taskpick(f"advise {RQ} --format json").err == ""
    assert taskpick("advise --retry often").out == ""


def test_who_reads_no_further_than_the_first_line_hears_no_complaint(installed, folder) -> None:
    endless = f"{Path(sys.executable).with_name('taskpick')} compare --format json"
    run = installed(["bash", "-c", f"set -o pipefail; {endless} | true; echo ${{PIPESTATUS[0]}}"])

    assert (run.out, run.err) == ("0\n", "")


@pytest.mark.parametrize(
    ("redirection", "code", "err"),
    [
        (
            ">&-",
            2,
            "taskpick: error: standard output is closed\ntaskpick: name a file with --output\n",
        ),
        ("2>&-", 0, ""),
        ("<&-", 0, ""),
        ("<&- >&- 2>&-", 2, ""),
        pytest.param(
            "> /dev/full",
            2,
            "taskpick: error: cannot write the result: No space left on device\n",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full"),
        ),
    ],
)
def test_a_stream_that_cannot_be_used_is_no_traceback(installed, redirection, code, err) -> None:
    script = f"{Path(sys.executable).with_name('taskpick')} advise {RQ} --no-code {redirection}"
    run = installed(["bash", "-c", script])

    assert (run.code, run.err) == (code, err)


@pytest.mark.parametrize(
    "line", ["--help", "--version", "advise --help", "--show-completion bash", "starter --list"]
)
@pytest.mark.parametrize(
    ("redirection", "message"),
    [
        (">&-", "standard output is closed"),
        pytest.param(
            "> /dev/full",
            "cannot write the result: No space left on device",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full"),
        ),
    ],
)
def test_whatever_is_asked_for_is_not_lost_in_silence(
    installed, line, redirection, message
) -> None:
    script = f"{Path(sys.executable).with_name('taskpick')} {line} {redirection}"
    run = installed(["bash", "-c", script])

    assert run.code == 2
    assert run.err.startswith(f"taskpick: error: {message}\n")


def test_a_terminal_that_cannot_show_a_symbol_gets_another_never_a_question_mark(installed) -> None:
    run = installed("compare --rules small.yaml --size small", PYTHONIOENCODING="ascii")

    assert run.code == 0
    assert "?" not in run.out


def test_a_file_name_that_is_no_text_is_refused_in_words(installed, folder) -> None:
    (folder / "river.yaml").rename(folder / "\udcff.yaml")
    shown = installed("advise --load bag --rules \udcff.yaml")
    record = installed("advise --load bag --format markdown --rules \udcff.yaml")

    assert shown.code == 0
    assert "\n  Use A boat\n" in shown.out
    assert (record.code, record.out) == (2, "")
    assert "a record cannot name" in record.err


# The program


@pytest.mark.parametrize("way", [["taskpick"], [sys.executable, "-m", "taskpick"]])
def test_the_installed_program_is_this_one(installed, way) -> None:
    command = [str(Path(sys.executable).with_name("taskpick"))] if way == ["taskpick"] else way

    assert installed([*command, "--version"]) == (0, f"taskpick {__version__}\n", "")
    assert installed([*command, "advise", *RQ.split(), "--expect", "celery"]).code == 1


def test_the_width_is_that_of_the_terminal_up_to_what_can_be_read(taskpick) -> None:
    narrow, normal, wide = (
        max(map(len, taskpick(f"advise {RQ} --no-code", COLUMNS=columns).out.splitlines()[:-1]))
        for columns in ("40", "80", "500")
    )

    assert narrow <= 39
    assert 60 < normal <= 79
    assert wide == normal


def test_colour_is_a_wish_that_is_respected(taskpick) -> None:
    plain = taskpick(f"advise {RQ}")

    assert "\x1b" not in plain.out
    assert "\x1b[" in taskpick(f"advise {RQ}", FORCE_COLOR="1").out
    assert taskpick(f"advise {RQ}", FORCE_COLOR="1", NO_COLOR="1") == plain
    assert taskpick(f"advise {RQ}", FORCE_COLOR="1", TASKPICK_NO_COLOR="1") == plain
    assert taskpick(f"advise {RQ}", NO_COLOR="") == plain


@pytest.mark.parametrize("line", [f"advise {RQ}", "compare rq celery"])
def test_colours_come_as_they_are_and_not_into_files(taskpick, tmp_path, line) -> None:
    colored = taskpick(line, FORCE_COLOR="1").out
    taskpick(f"{line} --output result.txt", FORCE_COLOR="1")
    in_file = (tmp_path / "result.txt").read_text(encoding="utf-8")

    assert "\x1b[" in colored
    assert "\ufffd" not in colored
    assert "\x1b" not in in_file
    assert "\ufffd" not in in_file


@pytest.mark.parametrize(
    ("epoch", "date"), [("0", "1970-01-01"), ("951782400", "2000-02-29"), ("86399", "1970-01-01")]
)
def test_the_date_of_a_record_can_be_set(taskpick, epoch, date) -> None:
    run = taskpick(f"advise {RQ} --format markdown", SOURCE_DATE_EPOCH=epoch)

    assert f"\ndate: {date}\n" in run.out


def test_a_date_beyond_the_calendar_is_refused_in_words(taskpick) -> None:
    run = taskpick(f"advise {RQ} --format markdown", SOURCE_DATE_EPOCH="9" * 20)

    assert (run.code, run.out) == (2, "")
    assert "is beyond the calendar" in run.err


@pytest.mark.parametrize("line", [f"advise {RQ} --no-code", "compare rq celery"])
def test_a_dash_is_the_terminal_and_as_wide(taskpick, line) -> None:
    assert taskpick(f"{line} --output -", COLUMNS="50").out == taskpick(line, COLUMNS="50").out


def test_a_variable_that_probes_read_is_no_answer(taskpick) -> None:
    assert taskpick(f"advise {RQ}", TASKPICK_POSTGRES_URL="postgresql:///x").code == 0
