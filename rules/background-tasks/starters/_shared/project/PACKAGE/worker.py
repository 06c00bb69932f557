"""How a worker does work: whichever queue brought the id, this is what it calls."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from . import ledger, logs, work
from .settings import settings

log = logging.getLogger(__name__)


class Job:
    """One try at a piece of work."""

    def __init__(self, work: str, number: int) -> None:
        self.work, self.number = work, number
        self.key = work.partition("/")[2]
        self.finished = False
        self.ready: list[str] = []
        self._reported = 0.0

    def progress(self, percent: int) -> None:
        """Let the caller know how far it is, at most once a second."""
        if time.monotonic() - self._reported > 1:
            ledger.renew(self.work, self.number, percent)
            self._reported = time.monotonic()

    @contextmanager
    def done(self, result: object = None) -> Iterator[Connection]:
        """Write the effect with this connection: it is there exactly once, if the work is done."""
        with ledger.done(self.work, self.number, result, self.ready) as db:
            yield db
        self.finished = True


def run(work_id: str, *, too_long: type[BaseException] = TimeoutError) -> list[str]:
    """Do the work unless it is done or at work elsewhere; returns what can begin after it.

    `too_long` is what the queue raises in work that has reached its time limit.
    """
    begun = ledger.begin(work_id)
    if begun is None:
        return []
    args, number = begun
    token = logs.work_id.set(work_id)
    log.info("try %d", number)
    job = Job(work_id, number)
    over = threading.Event()
    beat = threading.Thread(target=_renew, args=(job, over), daemon=True)
    beat.start()
    try:
        outcome = work.KINDS[work_id.partition("/")[0]](job, **args)
        if inspect.iscoroutine(outcome):
            asyncio.run(outcome)
        if not job.finished:
            with job.done():
                pass
        log.info("done")
    except ledger.Taken:
        log.warning("another worker has taken it over")
    except work.TRANSIENT as error:
        _again_or_failed(job, error, work.pause(number) if number <= len(work.PAUSES) else None)
    except OperationalError as error:  # the database is away, or was
        _again_or_failed(job, error, settings.lease_seconds if number < ledger.MOST_TRIES else None)
    except (Exception, too_long) as error:
        log.exception("failed")
        ledger.fail(work_id, number, f"{type(error).__name__}: {error}")
    finally:
        over.set()
        beat.join()
        logs.work_id.reset(token)
    return job.ready


def _again_or_failed(job: Job, error: Exception, pause: float | None) -> None:
    reason = f"{type(error).__name__}: {error}"
    if pause is not None:
        log.warning("%s: again in %.1f s", reason, pause)
        ledger.again(job.work, job.number, pause, reason)
    else:
        log.error("failed: %s", reason)
        ledger.fail(job.work, job.number, reason)


def _renew(job: Job, over: threading.Event) -> None:
    while not over.wait(settings.lease_seconds / 3):
        try:
            ledger.renew(job.work, job.number)
        except Exception as error:
            log.warning("the lease was not renewed: %r", error)
