"""Processor time and memory of `taskpick scan`: `python tests/tools/benchmark_scan.py FOLDER…`.

The folders are copied below one folder, which is scanned without a cache, for the first time, with
nothing changed, and with one file changed that defines work. A figure is the median of three runs;
run it on a quiet machine. Run by hand, not a test.

Measured on 2026-11-30 with Python 3.11.7 on two quiet cores, over the Skyvern, Polar and Saleor of
tests/scan/judged.yaml, which are 3,821 files with 931,061 lines: 2.7 s without a cache, 3.3 s for
the first time, 0.23 s with nothing changed, 1.4 s with one file changed, 148 MB. Of the files 353
are parsed, and a third of the time is Python's parser. A pool of processes was not tried: it would
share out the processor time, not save any.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory

RUNS = 3
TASKPICK = str(Path(sys.executable).with_name("taskpick"))


def main(folders: list[str]) -> None:
    with TemporaryDirectory() as made:
        code, cache = Path(made, "code"), Path(made, "cache")
        for number, folder in enumerate(folders):
            ignored = shutil.ignore_patterns(".git", ".venv", "node_modules")
            shutil.copytree(folder, code / str(number), ignore=ignored, symlinks=True)
        data, _ = scan(code, cache, "--no-cache", "--format", "json")
        found = json.loads(data)
        print(f"{found['files']:,} files, {found['lines']:,} lines, {len(found['work'])} kinds")
        show("without a cache", [scan(code, cache, "--no-cache")[1] for _ in range(RUNS)])
        show("the first time", [first(code, cache) for _ in range(RUNS)])
        show("nothing changed", [scan(code, cache)[1] for _ in range(RUNS)])
        changed = code / found["work"][0]["file"]
        show("one file changed", [after_change(code, cache, changed) for _ in range(RUNS)])
        # The largest process that was waited for: a scan, since nothing else is as large.
        print(f"memory: {getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB at most")


def first(code: Path, cache: Path) -> float:
    shutil.rmtree(cache, ignore_errors=True)
    return scan(code, cache)[1]


def after_change(code: Path, cache: Path, file: Path) -> float:
    with file.open("a") as opened:
        opened.write("# changed\n")
    return scan(code, cache)[1]


def scan(code: Path, cache: Path, *words: str) -> tuple[bytes, float]:
    """What a scan prints, and the seconds of a processor that it took."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = getrusage(RUSAGE_CHILDREN)
    command = [TASKPICK, "scan", str(code), *words]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    after = getrusage(RUSAGE_CHILDREN)
    if done.returncode > 1:
        sys.exit(done.stderr.decode())
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def show(name: str, seconds: list[float]) -> None:
    print(f"{name}: {median(seconds):.2f} s of a processor")


if __name__ == "__main__":
    main(sys.argv[1:])
