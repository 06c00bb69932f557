"""Questions answered through the program itself."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import sys
from pathlib import Path

import pexpect
import pytest
from commute import FILE, SCREENS

from taskpick.answers import as_flags

PLAIN = ["advise", "--rules", str(FILE), "--plain"]


def test_piped_answers_are_the_answers(taskpick):
    run = taskpick(PLAIN, stdin="3\n2\n")

    assert run.code == 0
    assert "\n  Use By car\n" in run.out
    assert "Question 1, at most 2 more: How far is it?" in run.err


def test_piped_answers_lead_to_the_same_bytes_as_flags(taskpick):
    flags = ["advise", "--rules", str(FILE), "--distance", "far", "--luggage", "much"]
    piped = taskpick([*PLAIN, "--format", "json"], stdin="far\nb\n3\n2\nf\n\n")

    assert piped.out == taskpick([*flags, "--format", "json"]).out


def test_a_piped_line_that_is_no_answer_is_an_error_with_its_number(taskpick):
    run = taskpick(PLAIN, stdin="3\n7\n")

    assert run.code == 2
    assert run.out == ""
    assert "line 2: '7' is not an answer to 'luggage' (known: little, much)" in run.err


def test_the_end_of_the_input_says_what_is_missing(taskpick):
    run = taskpick(PLAIN, stdin="3\n")

    assert run.code == 3
    assert run.out == ""
    assert "the input ended after line 1, at the question 'luggage'" in run.err
    assert f"taskpick advise --rules {FILE} --distance far" in run.err


def test_leaving_says_how_to_go_on(taskpick):
    run = taskpick(PLAIN, stdin="far\nq\n")

    assert run.code == 130
    assert run.err.splitlines()[-1] == (
        "taskpick: stopped, nothing is decided; "
        f"go on with: taskpick advise --rules {FILE} --distance far --plain"
    )


@pytest.mark.parametrize("noise", [b"\xff\xfe\n", b"\0" * 100_000, b"\x1b[A\x1b[A\n"])
def test_noise_is_no_answer(taskpick, noise):
    run = taskpick(PLAIN, stdin=noise)

    assert run.code == 2
    assert "line 1: " in run.err
    assert "\x1b" not in run.err


def test_quick_says_what_it_did_not_ask(taskpick):
    run = taskpick([*PLAIN, "--quick"], stdin="much\n\n")

    assert "Not asked, since the result stays the same:\n" in run.err
    assert "\n  Use By car\n" in run.out


def test_all_asks_every_criterion(taskpick):
    run = taskpick([*PLAIN, "--all"], stdin="far\nmuch\nany\nchild\n\n\n")

    assert run.code == 0
    assert "Question 5, the last one: What may you leave at work?" in run.err


def test_nothing_is_asked_where_nobody_answers(taskpick):
    run = taskpick(PLAIN[:-1], stdin="3\n2\n")

    assert run.code == 3
    assert "Question" not in run.err


def test_questions_go_to_the_terminal_when_the_result_goes_to_a_file(tmp_path):
    command = f"taskpick advise --rules {FILE} > {tmp_path}/result.txt"
    child = pexpect.spawn("sh", ["-c", command], env=_environment(), dimensions=(24, 80))
    child.expect_exact("How far is it?")
    child.send("32\r")
    child.expect(pexpect.EOF)

    assert "\n  Use By car\n" in (tmp_path / "result.txt").read_text()


class Session:
    """A run at a terminal, in a folder of its own."""

    def __init__(self, folder, *arguments, **environment):
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "taskpick", "advise", *arguments],
            cwd=folder,
            env=_environment() | environment,
            dimensions=(40, 400),
            timeout=30,
            encoding="utf-8",
        )

    def press(self, keys, until):
        """Press keys and wait for a text."""
        self.child.send(keys)
        self.child.expect_exact(until)

    def end(self, keys=""):
        """Press keys that end the program; its exit code."""
        self.child.send(keys)
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


RQ = ["--duration", "minutes", "--persistence", "durable", "--retry", "basic"]
AFTER_VERDICT = "change an answer"


@pytest.mark.parametrize("plain", [[], ["--plain"]])
def test_the_menu_after_a_verdict_writes_a_project_and_a_record_as_its_commands_do(
    taskpick, tmp_path, monkeypatch, plain
):
    enter = "\r" if plain else ""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    session = Session(here, *RQ, *plain)
    # Only what differs from the screen before is drawn: names that share no letter in their place.
    for shown in ("When does a task start?", "rabbitmq", "async"):
        session.child.expect_exact(shown)
        session.child.send(f"1{enter}")
    session.child.expect_exact("Enter accepts: " if plain else "Show the recommendation")
    session.press("\r", AFTER_VERDICT)
    session.press(f"p{enter}", "Folder of the project (Enter: my-service): ")
    session.press("my app\r", "$ taskpick ")
    session.child.expect_exact(AFTER_VERDICT)
    project = session.child.before.splitlines()[0]
    assert "p project" not in session.child.before
    session.press(f"r{enter}", "(Enter: docs/decisions/): ")
    session.press("\r", "$ taskpick ")
    session.child.expect_exact(AFTER_VERDICT)
    record = session.child.before.splitlines()[0]

    assert session.end("\r") == 0
    monkeypatch.chdir(there)
    assert [taskpick(shlex.split(line)).code for line in (project, record)] == [0, 0]
    assert _tree(here) == _tree(there)
    assert "my app/README.md" in _tree(here)


def test_an_answer_is_changed_from_the_menu_and_the_last_decision_gives_the_exit_code(tmp_path):
    flags = ["--scheduling", "none", "--have", "rq", "--save-answers", "answers.yaml"]
    session = Session(tmp_path, *RQ, *flags)
    session.child.expect_exact("Where may the work run?")
    session.press("2", "rabbitmq")
    session.press("1", "async")
    session.press("1", "Assumed (not asked)")
    session.press("\r", AFTER_VERDICT)
    session.press("c", "Show the recommendation")
    session.press("\x1b[A" * 5 + "\r", "Changing servers allowed")
    session.press("s", "Show the recommendation")
    session.press("f", AFTER_VERDICT)

    assert session.end("q") == 1
    saved = (tmp_path / "answers.yaml").read_text()
    assert "infrastructure: serverless" in saved
    assert "have: rq" in saved


def test_the_details_are_shown_in_the_pager_and_the_menu_again_after_it(tmp_path):
    session = Session(tmp_path, "--rules", str(FILE), PAGER="cat > paged.txt")
    session.child.expect_exact("How far is it?")
    session.press("3", "What do you carry?")
    session.press("2", "Show the recommendation")
    session.press("\r", "q, enter done")
    session.press("d", "$ taskpick ")
    session.child.expect_exact("q, enter done")

    assert "Why" not in session.child.before
    assert "\nWhy\n" in re.sub(r"\x1b\[[\d;]*m", "", (tmp_path / "paged.txt").read_text())
    assert session.end("\r") == 0


def test_a_project_that_was_written_is_not_offered_until_an_answer_changes(tmp_path):
    session = Session(tmp_path, *RQ, "--scheduling", "none", "--starter", "svc")
    session.child.expect_exact("Where may the work run?")
    session.press("2", "rabbitmq")
    session.press("1", "async")
    session.press("1", "Assumed (not asked)")
    session.press("\r", AFTER_VERDICT)
    assert "p project" not in session.child.before
    assert (tmp_path / "svc/README.md").is_file()
    session.press("c", "Show the recommendation")
    session.press("f", "p project")

    assert session.end("q") == 0


def test_ctrl_c_ends_the_menu_with_the_code_of_the_decision(tmp_path):
    session = Session(tmp_path, "--rules", str(FILE))
    session.child.expect_exact("How far is it?")
    session.press("3", "What do you carry?")
    session.press("2", "Show the recommendation")
    session.press("\r", AFTER_VERDICT)

    assert session.end("\x03") == 0


def test_a_signal_gives_the_terminal_back_before_it_ends_the_program(tmp_path):
    session = Session(tmp_path, "--rules", str(FILE))
    session.child.expect_exact("How far is it?")
    session.child.kill(signal.SIGTERM)
    session.child.expect_exact("\x1b[?1049l")
    session.end()

    assert session.child.signalstatus == signal.SIGTERM


def test_ctrl_z_gives_the_terminal_back_until_the_program_goes_on(tmp_path):
    session = Session(tmp_path, "--rules", str(FILE))
    session.child.expect_exact("How far is it?")
    session.press("\x1a", "\x1b[?1049l")
    session.child.kill(signal.SIGCONT)
    session.child.expect_exact("How far is it?")

    assert session.end("q") == 130


def test_a_run_that_is_left_is_gone_on_with_by_every_flag_it_had(taskpick):
    flags = ["--plain", "--quick", "--no-code", "--details", "--output", "an answer.txt"]
    run = taskpick(["advise", *flags, "--save-answers", "it's.yaml"], stdin="u\nq\n")
    again = shlex.split(run.err.rpartition("go on with: taskpick ")[2])

    assert run.code == 130
    assert sorted([again[0], *again[3:]]) == sorted(
        ["advise", *flags, "--save-answers", "it's.yaml"]
    )
    assert again[2] == "unsure"
    assert taskpick(again, stdin="q\n").code == 130


def _tree(folder):
    """The files below a folder; a record knows which answers were asked for."""
    return {
        str(path.relative_to(folder)): path.read_text().replace("from: question", "from: flag")
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("need", [("near", "little", "any"), ("far", "much", "dry")])
def test_walking_the_turns_ends_in_the_bytes_of_all_answers_at_once(taskpick, need):
    levels = dict(zip(["distance", "luggage", "weather"], need, strict=True))
    start = ["advise", "--rules", str(FILE), "--format", "json"]
    run, answers = taskpick(start), {}
    while turn := json.loads(run.out)["next_question"]:
        assert run.code == 3
        level = levels[turn["criterion"]]
        answers[turn["criterion"]] = level
        command = next(known["command"] for known in turn["levels"] if known["level"] == level)
        run = taskpick(shlex.split(command)[1:])

    assert run.code == 0
    assert (
        run.out
        == taskpick([*start, *as_flags({k: v for k, v in levels.items() if k in answers})]).out
    )


def _environment():
    scripts = Path(sys.executable).parent
    return {**os.environ, "TERM": "xterm", "PATH": f"{scripts}:{os.environ['PATH']}"}


def test_whoever_answered_every_core_question_beforehand_is_asked_nothing():
    line = ["advise", "--rules", "commute.yaml", "--distance", "near", "--luggage", "little"]
    child = pexpect.spawn(
        sys.executable,
        ["-m", "taskpick", *line, "--weather", "dry"],
        cwd=SCREENS,
        timeout=30,
        encoding="utf-8",
    )
    shown = child.read()
    child.close()

    assert (child.exitstatus, "Question" in shown, "Accept and finish" in shown) == (
        0,
        False,
        False,
    )
