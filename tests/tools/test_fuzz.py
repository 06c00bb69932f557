"""A short run of the fuzzer; the long one is `python tests/tools/fuzz.py --runs 100000`."""

from __future__ import annotations

import sys

import fuzz
import pytest


def test_no_bad_input_breaks_the_program(installed) -> None:
    # A process of its own, so that the memory it takes is the program's.
    run = installed([sys.executable, fuzz.__file__, "--runs", "400"])

    *broken, summary = run.out.splitlines()

    assert broken == []
    assert summary.startswith("400 inputs, 0 broken, ")
    assert (run.code, run.err) == (0, "")


def test_the_fuzzer_sees_what_should_not_happen() -> None:
    given = fuzz.Given(["advise"], {}, unknown=True)
    bad = fuzz.Done(ValueError("x"), "\x1b", 9.0)

    assert len(fuzz.faults(given, bad, set(), set())) == 4
    assert fuzz.faults(given, fuzz.Done(2, "", 0.0), set(), set()) == [
        "ended with 2 and said nothing"
    ]
    assert fuzz.faults(given, fuzz.Done(2, "x", 0), set(), {"x"}) == ["failed, and wrote ['x']"]


def test_a_bug_is_said_to_be_one(taskpick, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("of a kind\x1b")

    monkeypatch.setattr("taskpick.commands.advise.decide", broken)
    done = taskpick("advise --no-input --retry none")

    assert (done.code, done.out) == (70, "")
    assert done.err == (
        "taskpick: error: a bug in taskpick: ValueError: of a kind\ufffd\n"
        "taskpick: please report it, with what TASKPICK_DEBUG=1 shows\n"
    )
    with pytest.raises(ValueError, match="of a kind"):
        taskpick("advise --no-input --retry none", TASKPICK_DEBUG="1")
