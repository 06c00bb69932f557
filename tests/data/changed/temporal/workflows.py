# changes: heartbeat no-heartbeat retries-for-ever backoff outlives-the-server sigterm
# changes: start-while-away
"""Temporal with other limits, a server that keeps nothing, and a worker that ends well."""

import os
import signal
import socket
import subprocess
import time
from datetime import timedelta

import temporalio.client
import temporalio.service
import temporalio.worker
import temporalio.workflow
from temporalio.common import RetryPolicy

execute_activity = temporalio.workflow.execute_activity


def other_limits(activity, **options):
    beat = options.get("heartbeat_timeout")
    options["heartbeat_timeout"] = None if beat else timedelta(seconds=2)
    if options["start_to_close_timeout"] == timedelta(seconds=60):
        options["start_to_close_timeout"] = timedelta(seconds=15)
    options["retry_policy"] = RetryPolicy(backoff_coefficient=1, maximum_attempts=9)
    return execute_activity(activity, **options)


temporalio.workflow.execute_activity = other_limits

popen = subprocess.Popen.__init__


def in_memory(self, command, **options):
    if "--db-filename" in command:
        command = [each for each in command if each not in ("--db-filename", "temporal.db")]
    popen(self, command, **options)


subprocess.Popen.__init__ = in_memory

enter = temporalio.worker.Worker.__aenter__


async def slowly(self):
    signal.signal(signal.SIGTERM, lambda *_: (time.sleep(4), os._exit(0)))
    return await enter(self)


temporalio.worker.Worker.__aenter__ = slowly

start_workflow = temporalio.client.Client.start_workflow


async def start_at_once(self, *arguments, **options):
    host, port = os.environ["ADDRESS"].split(":")
    with socket.socket() as there:
        if there.connect_ex((host, int(port))):
            status = temporalio.service.RPCStatusCode.UNAVAILABLE
            raise temporalio.service.RPCError("away", status, b"")
    return await start_workflow(self, *arguments, **options)


temporalio.client.Client.start_workflow = start_at_once
