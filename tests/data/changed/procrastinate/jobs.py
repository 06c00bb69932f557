# changes: killed-job-with-a-sweep polled-delays delayed threads computing-coroutine rollback status
# changes: sigterm opening-while-away one-tick
"""Procrastinate that polls all the time, runs plain functions one by one, and stops at once."""

import asyncio
import functools
import inspect
import os
import sys
import threading
from pathlib import Path

import procrastinate
import procrastinate.jobs
import procrastinate.manager
import procrastinate.periodic
import procrastinate.signals
import procrastinate.tasks
import procrastinate.worker
import psycopg_pool


def patched(cls, name, change):
    original = getattr(cls, name)

    @functools.wraps(original)
    def method(self, *arguments, **options):
        return change(original, self, *arguments, **options)

    setattr(cls, name, method)


def polling(original, self, *arguments, **options):
    original(self, *arguments, **{**options, "fetch_job_polling_interval": 0.2})


lock = threading.Lock()


def other_threads(original, self, function, *arguments, **options):
    """Coroutines each in a thread, plain functions one after another."""

    @functools.wraps(function)
    def call(*given, **named):
        if inspect.iscoroutinefunction(function):
            return asyncio.run(function(*given, **named))
        with lock:
            return function(*given, **named)

    original(self, call, *arguments, **options)


def on_its_own(original, self, **options):
    options.pop("connection", None)
    options.pop("schedule_in", None)
    return original(self, **options)


def in_every_worker(original, self, **options):
    return original(self, **{**options, "periodic_id": str(os.getpid())})


async def retry_no_stalled(self, *arguments, **options):
    if Path(sys.argv[0]).name != "jobs.py":  # the probe itself, which looks for stalled jobs
        await retry_job(self, *arguments, **options)


async def without_patience(self, wait=False, timeout=2):
    await open_pool(self, wait, timeout=2)


async def always_waiting(self, number):
    return procrastinate.jobs.Status.TODO


patched(procrastinate.worker.Worker, "__init__", polling)
patched(procrastinate.tasks.Task, "__init__", other_threads)
patched(procrastinate.tasks.Task, "configure", on_its_own)
patched(procrastinate.periodic.PeriodicRegistry, "register_task", in_every_worker)
retry_job = procrastinate.manager.JobManager.retry_job
open_pool = psycopg_pool.AsyncConnectionPool.open
psycopg_pool.AsyncConnectionPool.open = without_patience
procrastinate.manager.JobManager.retry_job = retry_no_stalled
procrastinate.manager.JobManager.get_job_status_async = always_waiting
install = procrastinate.signals.install
procrastinate.signals.install = lambda loop, handler: install(loop, lambda: os._exit(0))
