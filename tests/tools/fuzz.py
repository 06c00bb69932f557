"""Bad input at large: every kind of input, broken in every way, given to the whole program.

    python tests/tools/fuzz.py --runs 100000 --seed 1      random edits of valid input
    python tests/tools/fuzz.py --atheris -runs=100000      the same, led by coverage (needs atheris)

What must hold for each: it ends in time, with an exit code that is documented and without a
traceback; a word that nobody knows is never accepted; nothing is written where it failed; and
the program stays below 200 MB. An input that breaks one of these is kept, with the seed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from places import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = (DATA / "screens/commute.yaml").read_bytes()
ANSWERS = b"distance: medium\nluggage: little\nweather: dry\nparking: anything\n"
TASKS = b"tasks:\n  office: {distance: near, weather: dry, luggage: little, pick: walk}\n"
LINES = b"2\n1\n?\nb\n2\n1\n1\n\n"
CODES = {0, 1, 2, 3, 130}
LONGEST = 5.0
"""Seconds of computing that one input may take."""
HANGS = 60
"""Seconds after which an input is given up."""
MOST_MEMORY = 200 * 1024
"""In KiB, as the operating system counts it."""
PIECES = [
    *(b"", b" ", b"\n", b"\r\n", b"\t", b":", b": ", b"- ", b"{", b"}", b"[", b"]", b"#", b"'"),
    *(b'"', b"&a ", b"*a", b"!!python/object:os.system ", b"<<: ", b"---\n", b"...\n", b"|\n"),
    *(b"\x00", b"\x1b[31m", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", "\u202e".encode(), b"%"),
    *("\u05e9\U0001f600\u0301".encode(), b"unsure", b"pick: ", b"tasks:\n", b"taskpick:\n"),
    *(b"<!-- taskpick more 00000000 -->", b"<!-- /taskpick more -->", b"A" * 5000, b"[" * 200),
]
WORDS = [
    *("--distance", "--luggage=much", "--weather", "dry", "unsure", "--rules", "rules.yaml"),
    *("--answers", "answers.yaml", "-", "--format", "json", "sarif", "--output", "out.txt"),
    *("--expect", "walk", "--no-input", "--plain", "--quick", "--all", "--save-answers", "--"),
    *("--force", "-f", "-o", "docs/", "", "\x1b[31m", "--decider", "\udcff", "x" * 3000, "-h"),
    *("advise", "compare", "verify", "record", "refresh", "help", "rules", "check", "*.yaml"),
]
RIDE = ["--distance", "medium", "--luggage", "little", "--weather", "dry"]
ADVISE = ["advise", "--rules", "rules.yaml", "--no-input", "--format", "json"]


class Given(NamedTuple):
    """One input to the program."""

    words: list[str]
    files: dict[str, bytes]
    stdin: bytes = b""
    env: tuple[tuple[str, str], ...] = ()
    unknown: bool = False
    """Whether it has a word that nobody knows, so that it must not be accepted."""


class Done(NamedTuple):
    """What came of it."""

    code: object
    err: str
    seconds: float


def edited(chance: random.Random, data: bytes) -> bytes:
    """The bytes with a few places cut out, doubled, moved or filled with something."""
    for _ in range(chance.choice([1, 1, 2, 3, 8])):
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.choice([0, 1, 2, 10, 100]))
        middle = chance.choice([b"", chance.choice(PIECES), data[start:end] * 2, data[end:start]])
        data = data[:start] + middle + data[end:]
    return data


def misspelt(chance: random.Random, data: bytes) -> bytes:
    """The answers with one of their words misspelt."""
    words = [b"distance", b"medium", b"luggage", b"little", b"weather", b"dry", b"near"]
    word = chance.choice([word for word in words if word in data])
    return data.replace(word, word + chance.choice([b"x", b"q", b"zz"]), 1)


def inputs(chance: random.Random, record: bytes) -> Given:
    """One input of any kind."""
    files = {"rules.yaml": RULES, "answers.yaml": ANSWERS, "tasks.yaml": TASKS, "x.md": record}
    wrong = chance.random() < 0.3
    kind = chance.choice(["rules", "answers", "tasks", "record", "flags", "environment", "piped"])
    change = misspelt if wrong else edited
    match kind:
        case "rules":
            files["rules.yaml"] = edited(chance, RULES)
            words = chance.choice([[*ADVISE, *RIDE], ["rules", "check", "rules.yaml"]])
            return Given(words, files)
        case "answers":
            files["answers.yaml"] = change(chance, ANSWERS)
            verb = chance.choice([[*ADVISE, "--answers"], ["verify", "--rules", "rules.yaml"]])
            return Given([*verb, "answers.yaml"], files, unknown=wrong)
        case "tasks":
            files["tasks.yaml"] = change(chance, TASKS)
            verb = chance.choice([[*ADVISE, "--answers"], ["verify", "--rules", "rules.yaml"]])
            return Given([*verb, "tasks.yaml"], files, unknown=wrong)
        case "record":
            front, rest = record[: record.index(b"---\n", 4)], record[record.index(b"---\n", 4) :]
            files["x.md"] = change(chance, front) + rest if wrong else edited(chance, record)
            verb = chance.choice([["verify"], ["record", "refresh"], [*ADVISE, "--answers"]])
            return Given([*verb, "x.md"], files, unknown=wrong)
        case "flags":
            words = chance.choices(WORDS, k=chance.randint(1, 8))
            return Given(chance.choice([words, ["advise", *words], ["verify", *words]]), files)
        case "environment":
            name = chance.choice(["DISTANCE", "LUGAGE", "RULES", "WEATHER", "X", "NO_COLOR", ""])
            value = chance.choice(["near", "neer", "", "\x1b", "rules.yaml", "x" * 3000])
            bad = (name, value) in [("DISTANCE", "neer"), ("LUGAGE", "near"), ("X", "near")]
            line = ["advise", "--no-input", "--rules", "rules.yaml", "--luggage", "little"]
            return Given(line, files, env=((f"TASKPICK_{name}", value),), unknown=bad)
        case _:
            line = ["advise", "--plain", "--rules", "rules.yaml", "--format", "json"]
            return Given(line, files, stdin=edited(chance, LINES))


def run(given: Given, folder: Path) -> Done:
    """Run the program on an input, in this process."""
    from taskpick.cli.main import main

    for name, data in given.files.items():
        (folder / name).write_bytes(data)
    streams = [io.TextIOWrapper(io.BytesIO(data), "utf-8") for data in (given.stdin, b"", b"")]
    kept = sys.argv, sys.stdin, sys.stdout, sys.stderr
    env = {name: value for name, value in given.env if "\x00" not in value}
    sys.argv = ["taskpick", *given.words]
    sys.stdin, sys.stdout, sys.stderr = streams
    os.environ.update(TASKPICK_DEBUG="1", **env)
    start = time.process_time()
    code: object = 0
    signal.alarm(HANGS)
    try:
        with contextlib.chdir(folder):
            main()
    except SystemExit as end:
        code = end.code or 0
    except BaseException as error:  # a bug, whatever it is
        code = error
    finally:
        signal.alarm(0)
        seconds = time.process_time() - start
        err = streams[2]
        err.flush()
        said = err.buffer.getvalue().decode(errors="replace")  # type: ignore[attr-defined]
        sys.argv, sys.stdin, sys.stdout, sys.stderr = kept
        for name in ("TASKPICK_DEBUG", *env):
            os.environ.pop(name, None)
    return Done(code, said, seconds)


def faults(given: Given, done: Done, before: set[str], after: set[str]) -> list[str]:
    """What should not have happened."""
    found = []
    if isinstance(done.code, BaseException):
        found.append(f"raised {type(done.code).__name__}: {done.code}")
    elif done.code not in CODES:
        found.append(f"ended with {done.code!r}")
    elif (
        done.code != 0
        and not done.err
        and "verify" not in given.words
        and "check" not in given.words
    ):
        found.append(f"ended with {done.code} and said nothing")
    if given.unknown and done.code != 2:
        found.append(f"accepted an unknown word: ended with {done.code!r}")
    # What verify writes is its report, and that may be that it cannot tell; and answers that do
    # not settle the pick are saved, so that they need not be given again.
    meant = "verify" in given.words or (done.code == 3 and "--save-answers" in given.words)
    if done.code not in (0, 1) and after - before and not meant:
        found.append(f"failed, and wrote {sorted(after - before)}")
    if any(char in done.err for char in "\x1b\x00\x07"):
        found.append("sent a control character to the terminal")
    if done.seconds > LONGEST:
        found.append(f"took {done.seconds:.1f} s")
    return found


def memory() -> int:
    """The most memory that this process has taken, in KiB."""
    # Linux counts in ru_maxrss what the process had before it became this program.
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s*(\d+) kB", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def valid_record(folder: Path) -> bytes:
    """A record that holds, as the program writes it."""
    line = ["advise", "--rules", "rules.yaml", "--no-input", "--format", "markdown", "-o", "r.md"]
    run(Given([*line, *RIDE], {"rules.yaml": RULES}), folder)
    data = (folder / "r.md").read_bytes()
    (folder / "r.md").unlink()
    return data


def attempt(given: Given) -> list[str]:
    """The faults of one input, in an empty folder."""
    folder = Path(tempfile.mkdtemp(prefix="taskpick-fuzz-"))
    try:
        before = set(given.files)
        done = run(given, folder)
        after = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        return faults(given, done, before, after)
    finally:
        shutil.rmtree(folder)


def fuzz(runs: int, seed: int) -> Iterator[tuple[int, Given, list[str]]]:
    """Try many inputs, and give those that break something, each with its number as the seed."""
    folder = Path(tempfile.mkdtemp(prefix="taskpick-fuzz-"))
    record = valid_record(folder)
    shutil.rmtree(folder)
    for number in range(seed, seed + runs):
        given = inputs(random.Random(number), record)
        found = attempt(given)
        if memory() > MOST_MEMORY:
            found.append(f"took {memory() // 1024} MB")
        if found:
            yield number, given, found
        if (done := number - seed + 1) % 5000 == 0:
            print(f"{done:,} of {runs:,}", file=sys.stderr, flush=True)


def led_by_coverage() -> None:
    """Let atheris find the inputs: the first byte says of what kind they are."""
    import atheris

    with atheris.instrument_imports(include=["taskpick"]):
        import taskpick.cli.main  # noqa: F401

    folder = Path(tempfile.mkdtemp(prefix="taskpick-fuzz-"))
    names = ["rules.yaml", "answers.yaml", "tasks.yaml", "x.md"]
    files = {"rules.yaml": RULES, "answers.yaml": ANSWERS, "tasks.yaml": TASKS}
    files["x.md"] = valid_record(folder)

    def one(data: bytes) -> None:
        name = names[data[0] % len(names)] if data else "answers.yaml"
        words = {
            "rules.yaml": [*ADVISE, *RIDE],
            "x.md": ["verify", "x.md"],
        }.get(name, [*ADVISE, "--answers", name])
        found = attempt(Given(words, {**files, name: data[1:]}))

        assert not found, found

    corpus = folder / "corpus"
    corpus.mkdir()
    for at, name in enumerate(names):
        (corpus / name).write_bytes(bytes([at]) + files[name])
    arguments = [word for word in sys.argv if word != "--atheris"]
    atheris.Setup([*arguments, str(corpus)], one)
    atheris.Fuzz()


def too_long(*_: object) -> None:
    raise TimeoutError(f"still running after {HANGS} s")


def main() -> None:
    signal.signal(signal.SIGALRM, too_long)
    if "--atheris" in sys.argv:
        led_by_coverage()
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start = time.monotonic()
    broken = 0
    for number, given, found in fuzz(options.runs, options.seed):
        broken += 1
        print(f"--runs 1 --seed {number}: {'; '.join(found)}: taskpick {given.words}", flush=True)
    took = time.monotonic() - start
    print(f"{options.runs:,} inputs, {broken} broken, {took:.0f} s, {memory() // 1024} MB")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
