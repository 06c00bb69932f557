# changes: killed-task listed-delays backoff retries-by-default time-limit coroutines-share-a-loop
# changes: results group-with-a-failure json-message
"""Dramatiq with other retries, a loop for each coroutine, and groups that always end."""

import asyncio
import functools
import json
import sys
import time

import dramatiq.actor
import dramatiq.brokers.redis
import dramatiq.encoder
import dramatiq.errors
import dramatiq.message
import dramatiq.middleware
import dramatiq.middleware.retries


def patched(cls, name, change):
    original = getattr(cls, name)

    @functools.wraps(original)
    def method(self, *arguments, **options):
        return change(original, self, *arguments, **options)

    setattr(cls, name, method)


def fewer_retries(original, self, **options):
    original(self, **options)
    self.max_retries = 3


def patient(original, self, **options):
    original(self, **{**options, "heartbeat_timeout": 3_600_000})


def other_delay(original, self, message="", delay=None):
    original(self, message, delay=200)


def no_error(original, self, *arguments, **options):
    try:
        return original(self, *arguments, **options)
    except dramatiq.results.errors.ResultMissing:
        return None


def failure_counts(original, self, broker, message, *, result=None, exception=None):
    original(self, broker, message, result=result)


patched(dramatiq.middleware.Retries, "__init__", fewer_retries)
patched(dramatiq.brokers.redis.RedisBroker, "__init__", patient)
patched(dramatiq.errors.Retry, "__init__", other_delay)
patched(dramatiq.message.Message, "get_result", no_error)
patched(dramatiq.middleware.GroupCallbacks, "after_process_message", failure_counts)
dramatiq.middleware.retries.compute_backoff = lambda attempts, **_: (
    attempts,
    3000 - 900 * attempts,
)


def own_loop(function):
    @functools.wraps(function)
    def call(*arguments):
        return asyncio.run(function(*arguments))

    return call


# `dramatiq.actor` is the decorator of that name.
sys.modules["dramatiq.actor"].async_to_sync = own_loop

# A limit can end a call that waits in short pieces.
sleep = time.sleep


def in_pieces(seconds):
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        sleep(min(left, 0.05))


time.sleep = in_pieces


class Renamed(dramatiq.encoder.JSONEncoder):
    """Messages with another name for the actor; the encoder is that of results, too."""

    def encode(self, data):
        return super().encode(renamed(data, "actor_name", "actor"))

    def decode(self, data):
        return renamed(json.loads(data), "actor", "actor_name")


def renamed(data, old, new):
    if not isinstance(data, dict):
        return data
    return {new if key == old else key: value for key, value in data.items()}


dramatiq.message.global_encoder = Renamed()
