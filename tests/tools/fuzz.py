"""The whole program, given input of every kind, and its results compared with brute force.

    python tests/tools/fuzz.py --runs 100000 --seed 1      that many trials, in turn of each kind
    python tests/tools/fuzz.py --runs 1 --seed 1234        the one that was reported
    python tests/tools/fuzz_mutations.py                   whether it would notice: see there

A trial is an empty folder, a few files, and some runs of the program in this process. What must
hold of every run is in `fuzzing/bench.py`: it ends in time, with a documented exit code, without
a traceback, below 200 MB; nothing is written where it failed; no control character reaches
stdout, stderr or a file. What must hold of its results is with each kind of trial. A run of 60
trials or more also reports a command or a format that no trial has reached.

On two cores 320 trials took 64 s, with 117 MB at most.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import time
from typing import TYPE_CHECKING

import program
from fuzzing import broken, compared, written
from fuzzing.bench import MOST_MEMORY, Bench, memory, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = [
    *(compared.decided, broken.inputs, compared.explained, written.recorded, broken.inputs),
    *(compared.drawn, compared.differing, broken.inputs, compared.checked, written.hostile),
    *(compared.matrix, written.named, written.started, compared.tasks, compared.asked),
    *(written.hostile, broken.inputs, compared.decided, written.recorded, compared.shipped),
]
RARE = [written.new, written.large, written.probed]
RARELY = 25
"""One trial in so many is of a kind that takes long."""
ENOUGH = 60
"""Trials within which everything must have been reached."""
MOST_SPACE = 2 * 1024**3
"""In bytes: a program that takes more is stopped before it stops the machine."""


def attempt(number: int, formats: dict[str, list[str]]) -> Bench:
    """One trial, whose number is its seed and its kind."""
    rare = number % RARELY == 0
    kinds = RARE if rare else KINDS
    kind = kinds[(number // RARELY if rare else number) % len(kinds)]
    bench = Bench(random.Random(number))
    try:
        kind(bench, formats)
    except Exception as error:  # the output is not what it should be
        bench.fault(f"{kind.__name__}: {type(error).__name__}: {error}"[:300])
    finally:
        bench.close()
    if memory() > MOST_MEMORY:
        bench.fault(f"took {memory() // 1024} MB")
    return bench


def fuzz(runs: int, seed: int) -> Iterator[tuple[str, list[str]]]:
    """Try many inputs, and give those that break something: what to run again, and its faults."""
    formats = {words: program.formats(command) for words, command in program.commands().items()}
    missing = unreached([], formats)
    for number in range(seed, seed + runs):
        bench = attempt(number, formats)
        if missing:
            left = unreached(bench.runs, formats)
            missing = [each for each in missing if each in left]
        if bench.faults:
            yield f"--runs 1 --seed {number}", [*dict.fromkeys(bench.faults)]
        if (done := number - seed + 1) % 5000 == 0:
            print(f"{done:,} of {runs:,}", file=sys.stderr, flush=True)
    if runs >= ENOUGH and missing:
        yield "no trial reached", missing


def unreached(runs: list[list[str]], formats: dict[str, list[str]]) -> list[str]:
    """The commands and formats that were in none of the runs."""
    missing = []
    for command in sorted(formats):
        path = command.split()
        had = {word for words in runs if words[: len(path)] == path for word in [*words, ""]}
        missing += [
            f"{command} {form}".strip() for form in formats[command] or [""] if form not in had
        ]
    return missing


def main() -> None:
    signal.signal(signal.SIGALRM, too_long)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_SPACE, MOST_SPACE))
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", action="store_true", help="stop at the first that is broken")
    options = parser.parse_args()
    start = time.monotonic()
    broken_ones = 0
    for again, faults in fuzz(options.runs, options.seed):
        broken_ones += 1
        print(f"{again}: {'; '.join(faults)}", flush=True)
        if options.first:
            break
    took = time.monotonic() - start
    print(f"{options.runs:,} trials, {broken_ones} broken, {took:.0f} s, {memory() // 1024} MB")
    sys.exit(bool(broken_ones))


if __name__ == "__main__":
    main()
