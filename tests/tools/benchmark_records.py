"""Time for many records and many tasks, beside one of them.

python tests/tools/benchmark_records.py

Run by hand, not a test.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ANSWERS = "--duration minutes --persistence durable --retry basic --scheduling none"
TASK = "{duration: minutes, persistence: durable, retry: basic, scheduling: none}"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, many = Path(folder, "one"), Path(folder, "many")
        one.mkdir()
        many.mkdir()
        record = one / "0001-record.md"
        run("advise", *ANSWERS.split(), "--no-input", "--format", "markdown", "-o", str(record))
        for number in range(1000):
            (many / f"{number:04}-record.md").write_bytes(record.read_bytes())
        show("verify, 1,000 records", run("verify", str(many)), run("verify", str(one)))
        times = []
        for count in (10_000, 1):
            file = Path(folder, f"{count}.yaml")
            lines = [f"  task-{number}: {TASK}\n" for number in range(count)]
            file.write_text("rules: background-tasks\ntasks:\n" + "".join(lines))
            times.append(run("advise", "--answers", str(file)))
        show("advise, 10,000 tasks", *times)


def run(*words: str) -> float:
    """Run a command in a process of its own; the seconds it took."""
    command = [str(Path(sys.executable).with_name("taskpick")), *words]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def show(name: str, many: float, one: float) -> None:
    print(f"{name}: {many:.2f} s, {many / one:.1f} times one ({one:.2f} s)")


if __name__ == "__main__":
    main()
