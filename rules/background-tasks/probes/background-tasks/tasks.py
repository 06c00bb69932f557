# /// script
# dependencies = ["fastapi", "httpx"]
# [tool.taskpick]
# claims = ["error-drops-the-rest", "dropped-tasks", "dependency-outlives-the-task",
#   "forty-threads", "no-state"]
# ///
"""FastAPI's BackgroundTasks: what is dropped without a word, where a task runs, what is kept."""

import asyncio
import threading

import anyio.to_thread
import httpx
from _tools import claim
from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Response
from starlette.background import BackgroundTask


def post(app):
    """The status that a caller sees."""

    async def call():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return (await client.post("/")).status_code

    return asyncio.run(call())


app, ran = FastAPI(), []


def fail():
    ran.append("first")
    raise ValueError


@app.post("/")
def after_an_error(tasks: BackgroundTasks):
    tasks.add_task(fail)
    tasks.add_task(ran.append, "second")


status = post(app)
claim(
    "error-drops-the-rest",
    (status, ran) == (200, ["first"]),
    f"the first of two tasks raised: status {status}, ran {ran}",
)

app, ran = FastAPI(), []


@app.post("/")
def with_an_http_error(tasks: BackgroundTasks):
    tasks.add_task(ran.append, "task")
    raise HTTPException(409)


status = post(app)
claim("dropped-tasks", (status, ran) == (409, []), f"status {status}, ran {ran}")

app, ran = FastAPI(), []


@app.post("/")
def with_its_own(tasks: BackgroundTasks):
    tasks.add_task(ran.append, "task")
    return Response(background=BackgroundTask(ran.append, "its own"))


post(app)
claim("dropped-tasks", ran == ["its own"], f"ran {ran}")

app, seen = FastAPI(), []


def session():
    seen.append("open")
    yield
    seen.append("closed")


@app.post("/", dependencies=[Depends(session)])
def with_a_session(tasks: BackgroundTasks):
    tasks.add_task(seen.append, "task")


post(app)
claim("dependency-outlives-the-task", seen == ["open", "task", "closed"], ", ".join(seen))

app, threads, limits = FastAPI(), {}, []


def plain():
    threads["def"] = threading.current_thread()


async def coroutine():
    threads["async def"] = threading.current_thread()
    limits.append(anyio.to_thread.current_default_thread_limiter().total_tokens)


@app.post("/")
def in_threads(tasks: BackgroundTasks):
    tasks.add_task(plain)
    tasks.add_task(coroutine)


post(app)
here = threading.current_thread()
apart = threads.get("def") is not here and threads.get("async def") is here
claim(
    "forty-threads",
    apart and limits == [40],
    f"def in a thread and async def on the loop: {apart}; threads: {limits}",
)

tasks = BackgroundTasks()
given = tasks.add_task(print)
kept = sorted({"id", "status", "state"} & set(dir(tasks.tasks[0])))
claim("no-state", given is None and not kept, f"add_task returned {given}; a task has {kept}")

names = []


def spans():
    """FastAPI with a tracer that notes the names of spans."""
    from opentelemetry import trace

    class Tracer(trace.NoOpTracer):
        def start_as_current_span(self, name, *rest, **options):
            names.append(name)
            return super().start_as_current_span(name, *rest, **options)

    class Provider(trace.TracerProvider):
        def get_tracer(self, *_, **__):
            return Tracer()

    return FastAPI(telemetry={"tracer_provider": Provider()})


try:
    app = spans()

    @app.post("/")
    def with_a_span(tasks: BackgroundTasks):
        tasks.add_task(int)

    post(app)
    claim("no-state", "fastapi.background_task" in names, f"spans: {names}")
except (ImportError, TypeError) as error:
    claim("no-state", False, f"{type(error).__name__}: {error}")
