# /// script
# dependencies = ["huey"]
# [tool.taskpick]
# claims = ["killed-task", "sigterm", "listed-delays", "backoff", "refuses-coroutines", "results",
#   "chord-errors", "pickled", "time-limit"]
# ///
"""Huey on SQLite: what it loses, how it retries, and what it keeps of a result."""

import os
import sys
import time
from pathlib import Path

from _tools import claim, gaps, kill, notes, process, until

MODULE = """
import os, sys, time
from pathlib import Path
from huey import SqliteHuey, RetryTask
huey = SqliteHuey("probe", filename=os.environ["FILE"])
NOTES = Path(os.environ["NOTES"])
def note(word):
    with NOTES.open("a") as file:
        file.write(f"{word} {time.time()}\\n")
@huey.task(retries=3)
def slow(word, seconds):
    note(f"start-{word}"); time.sleep(seconds); note(f"end-{word}")
@huey.task(retries=3, context=True)
def listed(task=None):
    note("listed")
    starts = NOTES.read_text().count("listed")  # RetryTask itself counts nothing
    if starts < 4: raise RetryTask(delay=[1, 3, 5][starts - 1])
@huey.task(retries=3, retry_delay=1, retry_backoff=2)
def backoff():
    note("backoff"); raise OSError("again")
@huey.task(timeout=2)
def endless():
    note("endless"); time.sleep(30); note("never")
@huey.task()
def double(x):
    if x == 2: raise ValueError("two")
    return 2 * x
@huey.task()
def join(results):
    note("join-" + "-".join(type(each).__name__ for each in results))
"""
Path("tasks.py").write_text(MODULE)
os.environ |= {"FILE": str(Path("queue.db").resolve()), "NOTES": str(Path("notes").resolve())}
sys.path.insert(0, ".")
import tasks  # noqa: E402

CONSUMER = ("-m", "huey.bin.huey_consumer", "tasks.huey", "-w", "2", "-d", "0.1", "-m", "0.5")


tasks.slow("killed", 3)
with process(*CONSUMER) as consumer:
    until(lambda: notes("start-killed"), 20)
    kill(consumer)
with process(*CONSUMER):
    again = until(lambda: len(notes("start-killed")) > 1, 12)
claim(
    "killed-task",
    again is None,
    f"run again after {again} s, retries=3" if again else "never run again in 12 s, with retries=3",
)

tasks.slow("stopped", 4)
with process(*CONSUMER) as consumer:
    until(lambda: notes("start-stopped"), 20)
    consumer.terminate()
    began = time.monotonic()
    consumer.wait(20)
    took = round(time.monotonic() - began, 1)
ended = bool(notes("end-stopped"))
claim(
    "sigterm",
    took < 2 and not ended and consumer.returncode == 0,
    f"gone {took} s after SIGTERM with {consumer.returncode}, the task {'ended' if ended else 'did not end'}",
)

tasks.listed(), tasks.backoff()
with process(*CONSUMER):
    until(lambda: len(notes("listed")) == 4 and len(notes("backoff")) == 4, 60)
waits = gaps("listed")
claim(
    "listed-delays",
    len(waits) == 3 and all(0 <= w - d < 2 for w, d in zip(waits, (1, 3, 5))),
    f"delays of 1, 3 and 5 s came after {waits}",
)
waits = gaps("backoff")
claim(
    "backoff", len(waits) == 3 and waits[0] < waits[1] < waits[2], f"retry_backoff=2 waited {waits}"
)

endless = tasks.endless()
with process(*CONSUMER, "-k", "process"):
    until(lambda: notes("endless"), 20)
    try:
        ended = f"gave {endless.get(blocking=True, timeout=10)}"
    except Exception as error:
        ended = f"ended with {error}"
claim("time-limit", "TaskTimeout" in ended, f"a task past timeout=2 in a process worker {ended}")

try:

    @tasks.huey.task()
    async def coroutine():
        """Never declared."""

    claim("refuses-coroutines", False, "an async def task was declared")
except Exception as error:
    claim("refuses-coroutines", True, f"{type(error).__name__}: {error}")

result = tasks.double(1)
waiting = tasks.huey.result(result.id)
with process(*CONSUMER):
    until(lambda: result.get(preserve=True) is not None, 20)
first, second = tasks.huey.result(result.id), tasks.huey.result(result.id)
unknown = tasks.huey.result("no-such-id")
claim(
    "results",
    (waiting, first, second, unknown) == (None, 2, None, None),
    f"waiting {waiting}, first read {first}, second read {second}, unknown {unknown}",
)

data = tasks.huey.serialize_task(tasks.double.s(1))
claim("pickled", data[:1] == b"\x80", f"the stored bytes begin with {data[:2].hex(' ')}")

from huey import chord  # noqa: E402

tasks.huey.enqueue(chord([tasks.double.s(1), tasks.double.s(2)], tasks.join.s()))
with process(*CONSUMER):
    until(lambda: "join-" in Path("notes").read_text(), 20)
joined = [
    line.split()[0] for line in Path("notes").read_text().splitlines() if line.startswith("join-")
]
claim("chord-errors", any("Error" in word for word in joined), f"the joining task got {joined}")
