"""Time and memory of `taskpick scan`: `python tests/tools/benchmark_scan.py FOLDER…`.

The folders are copied below one folder, which is scanned without a cache, for the first time, with
nothing changed, and with one file changed that defines work. What the scan without a cache takes of
a processor is also compared with what `ast.parse` takes for all the files, run in turn with it: a
ratio says more than seconds where one machine takes twice the time of another. A figure is the
median of three runs; run it on a quiet machine. Run by hand, not a test.

Measured on 2026-12-01 with Python 3.11.7 on two cores, where `ast.parse` took 3.3 to 3.9 s for all
the files, with applications of tests/scan/judged.yaml; "cold" is without a cache:

| applications                        | files | lines   | cold, in `ast.parse` | cold         |
| ----------------------------------- | ----- | ------- | -------------------- | ------------ |
| Skyvern, Polar, Saleor              | 3,821 | 931,061 | 0.82                 | 2.8 to 2.9 s |
| Skyvern, Wegent, fief               | 2,918 | 856,007 | 0.91                 | 3.2 to 3.5 s |
| Wegent, RAGFlow, MemoryBear         | 2,853 | 860,036 | 0.75                 | 2.7 to 3.4 s |
| Onyx, Polar, CourtListener          | 3,865 | 837,095 | 0.89                 | 2.4 to 2.9 s |

The first time, which also writes the cache, took 2.6 to 3.8 s, a scan with nothing changed 0.20 to
0.27 s, one with a changed file 1.2 to 1.3 s, all with at most 173 MB.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import shutil
import subprocess
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from taskpick.scan.reading import files

RUNS = 3
TASKPICK = str(Path(sys.executable).with_name("taskpick"))


class Time(NamedTuple):
    """Seconds: those of all processors together, and those on the wall."""

    processor: float
    elapsed: float


def main(folders: list[str]) -> None:
    with TemporaryDirectory() as made:
        code, cache = Path(made, "code"), Path(made, "cache")
        for number, folder in enumerate(folders):
            ignored = shutil.ignore_patterns(".git", ".venv", "node_modules")
            shutil.copytree(folder, code / str(number), ignore=ignored, symlinks=True)
        data, _ = scan(code, cache, "--no-cache", "--format", "json")
        found = json.loads(data)
        print(f"{found['files']:,} files, {found['lines']:,} lines, {len(found['work'])} kinds")
        pairs = [(scan(code, cache, "--no-cache")[1], parse(code)) for _ in range(RUNS)]
        show("without a cache", [scanned for scanned, _ in pairs])
        ratio = median(scanned.processor / parsed for scanned, parsed in pairs)
        print(f"{ratio:.2f} times the processor time of `ast.parse` for all the files")
        show("the first time", [first(code, cache) for _ in range(RUNS)])
        show("nothing changed", [scan(code, cache)[1] for _ in range(RUNS)])
        changed = code / found["work"][0]["file"]
        show("one file changed", [after_change(code, cache, changed) for _ in range(RUNS)])
        # The largest process that was waited for: a scan, since nothing else is as large.
        print(f"memory: {getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB at most")


def parse(code: Path) -> float:
    """Seconds of a processor that it takes to parse all files that a scan looks at."""
    texts = [(code / file).read_bytes() for file in files.find(code).python]
    gc.disable()  # as a scan has it
    began = time.process_time()
    with warnings.catch_warnings(action="ignore"):
        for text in texts:
            with suppress(SyntaxError, ValueError):
                ast.parse(text)
    took = time.process_time() - began
    gc.enable()
    return took


def first(code: Path, cache: Path) -> Time:
    shutil.rmtree(cache, ignore_errors=True)
    return scan(code, cache)[1]


def after_change(code: Path, cache: Path, file: Path) -> Time:
    with file.open("a") as opened:
        opened.write("# changed\n")
    return scan(code, cache)[1]


def scan(code: Path, cache: Path, *words: str) -> tuple[bytes, Time]:
    """What a scan prints, and what it took."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before, began = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    command = [TASKPICK, "scan", str(code), *words]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    after, elapsed = getrusage(RUSAGE_CHILDREN), time.perf_counter() - began
    if done.returncode > 1:
        sys.exit(done.stderr.decode())
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, Time(processor, elapsed)


def show(name: str, times: list[Time]) -> None:
    processor, elapsed = (median(column) for column in zip(*times, strict=True))
    print(f"{name}: {processor:.2f} s of a processor, {elapsed:.2f} s in all")


if __name__ == "__main__":
    main(sys.argv[1:])
