"""Time and memory of `taskpick rules` on the default file and on the largest we promise.

    python tests/tools/benchmark_check.py

Run by hand, not a test. The large file has 12 criteria of 4 levels and 10 options: 16.7 million
answer sets. Its fits are random, and once such that no option ever fails, which leaves the most
to compare.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main():
    for words in (["check", "--strict"], ["test", "--threshold", "100"], ["tree"]):
        run(" ".join(words), *words)
    for name, weights in {"that mostly fit": (8, 3, 1), "that never fail": (1, 1, 0)}.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "large.yaml"
            path.write_text(json.dumps(large(weights)))
            run(f"check, 16.7 million answer sets, fits {name}", "check", str(path))


def run(name, *words):
    """Run a command in a process of its own; print its time and the most memory it had."""
    command = [str(Path(sys.executable).with_name("taskpick")), "rules", *words]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    megabytes = usage.ru_maxrss * unit // 2**20
    print(f"{took:6.2f} s {megabytes:5} MB  exit {process.returncode}  {name}")


def large(weights):
    """A rule file with random fits, the same on every run."""
    chance = random.Random(1)
    ratings = ["fits", {"strains": "it does"}, {"fails": "it does"}]
    levels = {f"l{place}": "a level" for place in range(4)}
    criteria = {f"c{place}": {"question": "?", "why": "!", "levels": levels} for place in range(12)}
    return {
        "format": "taskpick/1",
        "title": "Large",
        "criteria": criteria,
        "options": {
            f"o{place}": {
                "name": f"Option {place}",
                "fits": {
                    name: {level: chance.choices(ratings, weights)[0] for level in levels}
                    for name in criteria
                },
            }
            for place in range(10)
        },
    }


if __name__ == "__main__":
    main()
