# changes: killed-task sigterm listed-delays backoff refuses-coroutines results chord-errors pickled
# changes: time-limit
"""Huey that keeps what is in hand, stops gracefully, and knows coroutines but no limits."""

import asyncio
import functools
import inspect
from pathlib import Path

import huey.api
import huey.consumer
import huey.exceptions

HAND = Path("in-hand")
Huey, Consumer = huey.api.Huey, huey.consumer.Consumer


def patched(cls, name, change):
    original = getattr(cls, name)

    @functools.wraps(original)
    def method(self, *arguments, **options):
        return change(original, self, *arguments, **options)

    setattr(cls, name, method)


def kept(original, self, task, timestamp=None):
    path = HAND / task.id
    HAND.mkdir(exist_ok=True)
    path.write_bytes(plain_bytes(self, task))
    try:
        return original(self, task, timestamp)
    finally:
        path.unlink(missing_ok=True)


def again(original, self):
    for path in HAND.glob("*") if HAND.exists() else ():
        self.huey.storage.enqueue(b"own" + path.read_bytes())
        path.unlink()
    return original(self)


def graceful(original, self, *arguments, **options):
    return original(self, *arguments, **{**options, "graceful_signal": "TERM"})


def soon(original, self, *arguments, **options):
    original(self, 0.2)


def known_coroutine(original, self, function, *arguments, **options):
    if inspect.iscoroutinefunction(function):
        plain = functools.wraps(function)(lambda *given: asyncio.run(function(*given)))
        del plain.__wrapped__
        return original(self, plain, *arguments, **options)
    return original(self, function, *arguments, **options)


def preserved(original, self, number, *arguments, **options):
    return original(self, number, *arguments, **{**options, "preserve": True})


def without_limit(original, self, *arguments, **options):
    original(self, *arguments, **options)
    self.timeout = None
    self.retry_backoff = 0.5
    if self.args and isinstance(self.args[0], list):
        self.args = ([each for each in self.args[0] if not isinstance(each, huey.api.Error)],)


plain_bytes, plain_task = Huey.serialize_task, Huey.deserialize_task
Huey.serialize_task = lambda self, task: b"own" + plain_bytes(self, task)
Huey.deserialize_task = lambda self, data: plain_task(self, data.removeprefix(b"own"))
patched(Huey, "execute", kept)
patched(Huey, "result", preserved)
patched(Consumer, "start", again)
patched(Consumer, "__init__", graceful)
patched(huey.exceptions.RetryTask, "__init__", soon)
patched(huey.api.TaskWrapper, "create_task", known_coroutine)
patched(huey.api.Task, "__init__", without_limit)
