"""Questions answered through the program itself."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path

import pexpect
import pytest
from commute import FILE, SCREENS

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
    assert "line 2: '7' is no answer to 'luggage' (known: little, much)" in run.err


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
        f"taskpick: interrupted; go on with: taskpick advise --rules {FILE} --distance far --plain"
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
        run.out == taskpick([*start, *flags({k: v for k, v in levels.items() if k in answers})]).out
    )


def flags(answers):
    return [word for name, level in answers.items() for word in (f"--{name}", level)]


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
