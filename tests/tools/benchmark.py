"""How fast an installed taskpick starts: `python tests/tools/benchmark.py [RUNS] [WORDS]`.

A wheel is built and installed into an environment of its own, with its bytecode. Every program is
run in turn, again and again, so that a busy minute slows all of them. A figure is a median; a ratio
is the median of those turn by turn: to `import typer`, to Python itself, to a Typer command that
does nothing, and to the import of the prompt's library. On a busy machine look at the ratio of
processor time.
With WORDS only the programs whose name contains them are run beside these.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import venv
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

PROJECT = Path(__file__).parents[2]
ANSWERS = {
    "duration": "minutes",
    "persistence": "durable",
    "retry": "basic",
    "scheduling": "none",
    "distribution": "one-worker",
}
FLAGS = [word for name, level in ANSWERS.items() for word in (f"--{name}", level)]
TYPER = "import typer"
PYTHON = "python"
NOTHING = "a Typer command that does nothing"
PROMPT = "import prompt_toolkit.application, typer"
YARDSTICKS = (PYTHON, TYPER, NOTHING, PROMPT)
QUESTION = "first question"
PROGRAM = """
import typer

app = typer.Typer(add_completion=False)


@app.command()
def nothing() -> None:
    pass


if __name__ == "__main__":
    app()
"""


class Time(NamedTuple):
    """What a run took, in seconds."""

    elapsed: float
    computed: float
    """The processor's time, in the program and in the system for it."""


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        programs = installed(home)
        for name in [name for name in programs if name not in YARDSTICKS and wanted not in name]:
            del programs[name]
        times = {name: list[Time]() for name in programs}
        for turn in range(runs + 1):
            for name, (command, extra) in programs.items():
                timed = asked if name == QUESTION else run
                taken = timed(command, environment(home) | extra, home)
                if turn:  # the first one fills caches
                    times[name].append(taken)
    show(times, runs)


def installed(home: Path) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Each program with its command and its environment, ready to run."""
    venv.create(home / "venv", with_pip=True)
    python = str(home / "venv/bin/python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(PROJECT)], check=True)
    (home / "nothing.py").write_text(PROGRAM)
    advise = [str(home / "venv/bin/taskpick"), "advise"]
    completion = {
        "_TASKPICK_COMPLETE": "complete_bash",
        "COMP_WORDS": "taskpick advise --retry ",
        "COMP_CWORD": "3",
    }
    return {
        PYTHON: ([python, "-c", "pass"], {}),
        TYPER: ([python, "-c", TYPER], {}),
        NOTHING: ([python, "-c", "import nothing; nothing.app()"], {"PYTHONPATH": str(home)}),
        PROMPT: ([python, "-c", PROMPT], {}),
        "flags to JSON, snippet": ([*advise, *FLAGS, "--format", "json"], {}),
        "flags to JSON, no snippet": ([*advise, *FLAGS, "--no-code", "--format", "json"], {}),
        "flags to text": ([*advise, *FLAGS], {}),
        "flags to Markdown": ([*advise, *FLAGS, "--format", "markdown"], {}),
        "--help": ([advise[0], "--help"], {}),
        "advise --help": ([*advise, "--help"], {}),
        "completion": (advise[:1], completion),
        "--version": ([advise[0], "--version"], {}),
        QUESTION: (advise, {}),
    }


def environment(home: Path) -> dict[str, str]:
    """The variables of this process without taskpick's, and with a terminal that can do all."""
    kept = {name: value for name, value in os.environ.items() if "TASKPICK" not in name}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "HOME": str(home)}


def run(command: list[str], variables: dict[str, str], home: Path) -> Time:
    """What a program takes from its start to its end."""
    start = perf_counter()
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(
        command,
        env=variables,
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    after = getrusage(RUSAGE_CHILDREN)
    computed = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Time(perf_counter() - start, computed)


def asked(command: list[str], variables: dict[str, str], home: Path) -> Time:
    """What it takes until a question stands on a terminal."""
    master, terminal = pty.openpty()
    start = perf_counter()
    program = subprocess.Popen(
        command, env=variables, cwd=home, stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    shown = b""
    try:
        while b"?" not in shown.replace(b"\x1b[?", b""):
            shown += os.read(master, 65536)
            if b"\x1b[6n" in shown:  # where is the cursor?
                os.write(master, b"\x1b[1;1R")
                shown = shown.replace(b"\x1b[6n", b"")
        return Time(perf_counter() - start, float("nan"))
    finally:
        program.kill()
        program.wait()
        os.close(master)


def show(times: dict[str, list[Time]], runs: int) -> None:
    """The table: one line for each program."""
    print(f"{runs} runs in turn | median, in ms | ratio to")
    print(f"{'':33} | elapsed   cpu | {TYPER}, cpu | python  nothing  prompt")
    for name, taken in times.items():
        elapsed, computed = (median(column) * 1000 for column in zip(*taken, strict=True))
        by_typer, by_python, by_nothing, by_prompt = (
            ratio(taken, times[yardstick], 0) for yardstick in (TYPER, PYTHON, NOTHING, PROMPT)
        )
        print(
            f"{name[:33]:33} | {elapsed:7.1f} {computed:5.1f}"
            f" | {by_typer:12.2f} {ratio(taken, times[TYPER], 1):4.2f}"
            f" | {by_python:6.2f} {by_nothing:8.2f} {by_prompt:7.2f}"
        )


def ratio(taken: list[Time], others: list[Time], column: int) -> float:
    """The median of the ratios turn by turn."""
    return median(one[column] / other[column] for one, other in zip(taken, others, strict=True))


if __name__ == "__main__":
    main()
