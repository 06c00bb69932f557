# changes: killed-task-waits given-twice retries-without-a-schedule slow-scheduler two-schedulers
# changes: one-worker-takes-all threads-beside-coroutines unknown-result
"""Taskiq that takes one message at a time, looks for killed tasks, and waits before retries."""

import asyncio
import functools
import time
from pathlib import Path

import taskiq.cli.scheduler.args
import taskiq.middlewares.smart_retry_middleware
import taskiq.receiver
import taskiq.scheduler.scheduler
import taskiq_redis
from redis.asyncio import Redis
from taskiq import AckableMessage

Broker = taskiq_redis.RedisStreamBroker
Retries = taskiq.middlewares.smart_retry_middleware.SmartRetryMiddleware
Scheduler = taskiq.scheduler.scheduler.TaskiqScheduler
Arguments = taskiq.cli.scheduler.args.SchedulerArgs
init, listen = Broker.__init__, Broker.listen


def one_at_a_time(self, *arguments, **options):
    options |= {"idle_timeout": 3_600_000, "xread_count": 1}
    init(self, *arguments, **options)


async def looking(self):
    """First what another worker has left."""
    if self.queue_name == "probe":
        async with Redis(connection_pool=self.connection_pool) as redis:
            left = await redis.xautoclaim(
                self.queue_name, self.consumer_group_name, self.consumer_name, 0
            )
        for number, message in left[1]:
            yield AckableMessage(
                data=message[b"data"], ack=self._ack_generator(number, self.queue_name)
            )
    async for each in listen(self):
        yield each


Broker.__init__, Broker.listen = one_at_a_time, looking

receive = taskiq.receiver.Receiver.__init__


@functools.wraps(receive)
def few_at_once(self, *arguments, **options):
    receive(self, *arguments, **{**options, "max_async_tasks": 2})


taskiq.receiver.Receiver.__init__ = few_at_once

send = Retries.on_send


async def after_the_delay(self, kicker, message, delay):
    await asyncio.sleep(delay)
    await send(self, kicker, message, delay)


Retries.on_send = after_the_delay

from_cli = Arguments.from_cli.__func__


def each_second(cls, arguments):
    read = from_cli(cls, arguments)
    read.update_interval = 1
    return read


Arguments.from_cli = classmethod(each_second)

on_ready = Scheduler.on_ready


async def once(self, source, task):
    if task.cron:
        try:
            Path(f"minute-{int(time.time() // 60)}").touch(exist_ok=False)
        except FileExistsError:
            return
    await on_ready(self, source, task)


Scheduler.on_ready = once

Backend = taskiq_redis.RedisAsyncResultBackend
is_ready = Backend.is_result_ready


async def ready_or_unknown(self, number):
    return await is_ready(self, number) or None


Backend.is_result_ready = ready_or_unknown
