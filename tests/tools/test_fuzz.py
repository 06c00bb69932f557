"""No input breaks the program in a short run of the fuzzer, and the fuzzer sees what would.

The long run is `python tests/tools/fuzz.py --runs 100000`.
"""

from __future__ import annotations

import sys

import fuzz
import fuzz_mutations
import pytest
from fuzzing import bench

RUNS = 60


def test_no_input_breaks_the_program(installed) -> None:
    # A process of its own, so that the memory it takes is the program's.
    run = installed([sys.executable, fuzz.__file__, "--runs", str(RUNS)])

    *broken, summary = run.out.splitlines()

    assert broken == []
    assert summary.startswith(f"{RUNS} trials, 0 broken, ")
    assert (run.code, run.err) == (0, "")


def test_what_should_not_happen_is_seen_in_every_run() -> None:
    written = {"x": "\x9b".encode()}
    bad = bench.Done(ValueError("x"), "\u202e", "\x1b", 99.0, written)
    found = bench.faults(["advise"], bad)

    assert found == [
        "raised ValueError: x",
        "failed, and wrote ['x']",
        "sent U+202E to stdout",
        "sent U+001B to stderr",
        "sent U+009B to x",
        "took 99.0 s",
    ]
    assert bench.faults(["advise"], bench.Done(2, "", "", 0.0, {})) == [
        "ended with 2 and said nothing"
    ]
    assert bench.faults(["advise"], bench.Done(4, "", "x", 0.0, {})) == ["ended with 4"]


def test_every_command_and_format_is_reached_or_named() -> None:
    formats = {"verify": ["text", "sarif"], "rules new": []}

    assert fuzz.unreached([["verify", "x", "--format", "sarif"]], formats) == [
        "rules new",
        "verify text",
    ]


QUICKLY = ["pick-is-the-last-option", "verify-never-ends-with-1", "rules-diff-raises"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in QUICKLY else [pytest.mark.slow])
        for name in fuzz_mutations.WAYS
    ],
)
def test_a_broken_program_is_found(name: str) -> None:
    noticed, line = fuzz_mutations.is_noticed(name)

    assert noticed == (name != "not-at-all"), line


def test_a_bug_is_said_to_be_one(taskpick, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("of a kind\x1b")

    monkeypatch.setattr("taskpick.commands.advise.advise.decide", broken)
    done = taskpick("advise --no-input --retry none")

    assert (done.code, done.out) == (70, "")
    assert done.err == (
        "taskpick: error: a bug in taskpick: ValueError: of a kind\ufffd\n"
        "taskpick: please report it, with what TASKPICK_DEBUG=1 shows\n"
    )
    with pytest.raises(ValueError, match="of a kind"):
        taskpick("advise --no-input --retry none", TASKPICK_DEBUG="1")
