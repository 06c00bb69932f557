"""How long a trivial endpoint takes while fifty clients ask for work and workers do it.

    python tests/live/latency.py rq celery-redis

An endpoint that answers at once is added to the starter and asked fifty times a second for half a
minute, over one connection. Beside it fifty clients, in another process, ask once a second each for
an export of two seconds, and three workers do what they can. What blocked the event loop of the
web app, such as a broker that is waited for, would be seen here.
"""

from __future__ import annotations

import http.client
import importlib
import multiprocessing
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

if __name__ == "__main__":  # as a script it is not part of the package that it is in
    sys.path.insert(0, str(Path(__file__).parents[2]))
    __package__ = importlib.import_module("tests.live").__name__

from . import projects, systems

CLIENTS, WORKERS, SECONDS = 50, 3, 30
PING = """

@app.get("/ping")
async def ping() -> dict[str, str]:
    return {}
"""
HEAD = (
    "| starter | asked | 50 % | 99 % | slowest | accepted |\n| --- | --- | --- | --- | --- | --- |"
)


def latency(kind: str, *, seconds: float = SECONDS) -> str:
    """A row of the table."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        commands = projects.write(folder, kind)
        with (folder / projects.PACKAGE / "app.py").open("a") as app:
            app.write(PING)
        with (
            projects.broker(kind, Path(scratch) / "broker") as urls,
            projects.running(folder, commands, workers=WORKERS, **urls) as (_, url),
        ):
            accepted = multiprocessing.Value("i", 0)
            clients = multiprocessing.Process(target=enqueue, args=(url, seconds, accepted))
            clients.start()
            times = sorted(pinged(url, seconds))
            clients.join()
    low, high = (times[int(len(times) * share)] for share in (0.5, 0.99))
    shown = " | ".join(f"{1000 * each:.0f} ms" for each in (low, high, times[-1]))
    return f"| {kind} | {len(times)} | {shown} | {accepted.value} |"


def pinged(url: str, seconds: float) -> list[float]:
    """How long each answer took."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    times = []
    end = time.monotonic() + seconds
    while (start := time.monotonic()) < end:
        connection.request("GET", "/ping")
        reply = connection.getresponse()
        assert (reply.status, reply.read()) == (200, b"{}")
        times.append(time.monotonic() - start)
        time.sleep(max(0.0, start + 1 / 50 - time.monotonic()))
    return times


def enqueue(url: str, seconds: float, accepted: multiprocessing.sharedctypes.Synchronized) -> None:
    """Ask for work as many clients; counts what was accepted."""
    end = time.monotonic() + seconds

    def client(number: int) -> None:
        time.sleep(number / CLIENTS)
        while (start := time.monotonic()) < end:
            reply = systems.http("POST", f"{url}/exports", {"lines": 1})
            with accepted.get_lock():
                accepted.value += reply.code == 202
            time.sleep(max(0.0, start + 1 - time.monotonic()))

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, range(CLIENTS)))


def main() -> int:
    print(HEAD, flush=True)
    for kind in sys.argv[1:] or projects.KINDS:
        print(latency(kind), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
