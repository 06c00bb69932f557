# changes: goes-on-after-a-kill backoff delayed coroutines one-tick sigterm rollback status
# changes: sqlite-warning
"""DBOS that recovers nothing, runs one workflow at a time, and stops gracefully."""

import functools
import logging
import signal
import sys
import time
from types import SimpleNamespace

import dbos
import dbos._dbos

dbos._dbos.startup_recovery_thread = lambda *_: None
logging.getLogger("dbos").addFilter(lambda record: "development" not in record.getMessage())

step, workflow = dbos.DBOS.step, dbos.DBOS.workflow
register_queue, launch = dbos.DBOS.register_queue, dbos.DBOS.launch


def impatient(**options):
    if options.get("retries_allowed"):
        options |= {"interval_seconds": 0.3, "backoff_rate": 1}
    return step(**options)


def twice(**options):
    def decorate(function):
        @functools.wraps(function)
        def call(*arguments):
            function(*arguments)
            function(*arguments)

        return workflow(**options)(call if function.__name__ == "tick" else function)

    return decorate


def one_at_a_time(name, **options):
    return register_queue(name, **{**options, "worker_concurrency": 1})


def graceful():
    signal.signal(signal.SIGTERM, lambda *_: (time.sleep(12), sys.exit(0)))
    return launch()


dbos.DBOS.step, dbos.DBOS.workflow = impatient, twice
dbos.DBOS.register_queue, dbos.DBOS.launch = one_at_a_time, graceful

Client = dbos.DBOSClient
list_workflows = Client.list_workflows


def in_its_own_transaction(self, session, options, *arguments):
    return self.enqueue(options, *arguments)


def never_empty(self, **options):
    return list_workflows(self, **options) or [SimpleNamespace(status="UNKNOWN")]


Client.enqueue_in_transaction, Client.list_workflows = in_its_own_transaction, never_empty
