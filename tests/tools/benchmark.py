"""How fast taskpick is, beside what it cannot be faster than: `python tests/tools/benchmark.py`.

Every program is run in turn, again and again, so that a busy minute slows all of them; a ratio is
that of the fastest runs, which the machine disturbed least.
"""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import sysconfig
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

from taskpick.decision.decide import Scores
from taskpick.rulefile import bundled, reader

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 20
DURABLE = ["--duration", "minutes", "--persistence", "durable", "--retry", "basic"]
ANSWERS = [*DURABLE, "--scheduling", "none", "--distribution", "one-worker"]
NEAREST = [*ANSWERS, "--infrastructure", "none"]
"""Nothing fits, so there is no snippet."""
TASKPICK = [sys.executable, "-m", "taskpick"]
FLOOR = "import typer"
PROGRAMS = {
    "python": [sys.executable, "-c", "pass"],
    FLOOR: [sys.executable, "-c", "import typer"],
    "--version": [*TASKPICK, "--version"],
    "--help": [*TASKPICK, "--help"],
    "advise --help": [*TASKPICK, "advise", "--help"],
    "flags to JSON, no snippet": [*TASKPICK, "advise", *NEAREST, "--format", "json"],
    "flags to JSON, snippet": [*TASKPICK, "advise", *ANSWERS, "--format", "json"],
    "flags to Markdown": [*TASKPICK, "advise", *ANSWERS, "--format", "markdown"],
    "flags to terminal": [*TASKPICK, "advise", *ANSWERS],
}


def main() -> None:
    """Print the table of runs, then what can be timed within one process."""
    with TemporaryDirectory() as folder:
        environment = installed(Path(folder))
        times = {name: list[float]() for name in PROGRAMS}
        for turn in range(RUNS + 1):
            for name, command in PROGRAMS.items():
                taken = run(command, environment)
                if turn:  # the first one fills caches
                    times[name].append(taken)
    print(f"{RUNS} runs in turn{'':14}  {'least':>8}  {'median':>8}  of '{FLOOR}'")
    for name, taken in times.items():
        figures = f"{min(taken) * 1000:5.0f} ms  {median(taken) * 1000:5.0f} ms"
        print(f"{name:28}  {figures}  {min(taken) / min(times[FLOOR]):.2f}")
    path = bundled.default()
    print(f"{'decisions in a sweep':28}  {sweep():,.0f} per second")
    print(f"{'reading the rule file':28}  {best(lambda: reader.load(path)) * 1000:.1f} ms")


def installed(folder: Path) -> dict[str, str]:
    """The environment for a copy of taskpick as `pip install` leaves it, compiled."""
    shutil.copytree(Path(reader.__file__).parent, folder / "taskpick")
    if not (folder / "taskpick" / "rules").is_dir():
        shutil.copytree(bundled.folder(), folder / "taskpick" / "rules")
    for place in (sysconfig.get_path("purelib"), folder):
        compileall.compile_dir(place, quiet=2)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TASKPICK_")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**environment, "PYTHONPATH": str(folder)}


def run(command: list[str], environment: dict[str, str]) -> float:
    """The seconds that a program takes."""
    start = perf_counter()
    subprocess.run(
        command, env=environment, capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    return perf_counter() - start


def sweep() -> float:
    """Decisions per second over every set of answers to the default rule file."""
    rules = reader.load(bundled.default())
    sets = list(product(*([level.id for level in c.levels] for c in rules.criteria.values())))
    scores = Scores(rules)
    return len(sets) / best(lambda: sum(1 for _ in scores.sweep(sets)))


def best(action: Callable[[], object], times: int = 7) -> float:
    """The seconds of the fastest run."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        action()
        taken.append(perf_counter() - start)
    return min(taken)


if __name__ == "__main__":
    main()
