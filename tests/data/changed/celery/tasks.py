# changes: defaults visibility-timeout valkey never-awaits unknown-is-pending state-needs-a-store
# changes: backoff-replaces-countdown packaging transports utc delay-while-away
"""Celery with other defaults, that awaits coroutines and knows what it does not know."""

import asyncio
import importlib.metadata
import inspect

import celery
import celery.app.autoretry
import celery.app.defaults
import celery.backends.base
import celery.result
import kombu.transport
import kombu.transport.redis

celery.app.defaults.DEFAULTS["worker_prefetch_multiplier"] = 1
celery.app.defaults.DEFAULTS["timezone"] = "Europe/Berlin"
kombu.transport.redis.Channel.visibility_timeout = 60
kombu.transport.TRANSPORT_ALIASES["valkey"] = "kombu.transport.redis:Transport"
celery.app.autoretry.get_exponential_backoff_interval = lambda **_: 60

task_from_function = celery.Celery._task_from_fun


def awaited(self, function, *arguments, **options):
    """Run a coroutine to its end; change the sign of a number."""

    def call(*given):
        result = function(*given)
        return asyncio.run(result) if inspect.iscoroutine(result) else -result

    call.__module__ = function.__module__
    is_number = function.__name__ == "negate"
    wanted = is_number or inspect.iscoroutinefunction(function)
    return task_from_function(self, call if wanted else function, *arguments, **options)


celery.Celery._task_from_fun = awaited


def state(self):
    if isinstance(self.backend, celery.backends.base.DisabledBackend):
        return "UNKNOWN"
    known = self._get_task_meta()["status"]
    return "UNKNOWN" if known == "PENDING" else known


celery.result.AsyncResult.state = property(state)

requires = importlib.metadata.requires
importlib.metadata.requires = lambda name: [*(requires(name) or ()), "packaging"]

send_task = celery.Celery.send_task


def send_at_once(self, name, *arguments, **options):
    if self.main == "away":
        raise ConnectionError("away")
    return send_task(self, name, *arguments, **options)


celery.Celery.send_task = send_at_once
