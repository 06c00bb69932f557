"""Proves which tasks, threads and jobs of pools the function that starts them waits for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

STARTER = (
    "import asyncio\nfrom concurrent.futures import ThreadPoolExecutor, as_completed\n"
    "from threading import Thread\n\nPOOL = ThreadPoolExecutor()\n\n\n"
    "async def one(): ...\n\n\nasync def start(two):\n    {}\n"
)


@pytest.fixture
def names(taskpick, tmp_path) -> Callable[[str], list[str]]:
    """The work that a scan finds where a function has these lines."""

    def run(lines: str) -> list[str]:
        (tmp_path / "jobs.py").write_text(STARTER.format(lines))
        data = json.loads(taskpick("scan . --format json").out)
        assert data["not_read"] == []
        return [work["name"] for work in data["work"]]

    return run


@pytest.mark.parametrize(
    "lines",
    [
        "with ThreadPoolExecutor() as pool:\n        pool.submit(one)",
        "futures = [POOL.submit(one)]\n    for f in as_completed(futures):\n        f.result()",
        "futures = {}\n    f = POOL.submit(one)\n    futures[f] = 1\n    as_completed(futures)",
        "tasks = [asyncio.create_task(one()) for _ in '12']\n    await asyncio.gather(*tasks)",
        "tasks = []\n    tasks.append(asyncio.create_task(one()))\n    await asyncio.wait(tasks)",
        "task = asyncio.create_task(one())\n    two()\n    return await task",
        "await asyncio.gather(*(asyncio.create_task(one()) for _ in '12'))",
        "tasks = [asyncio.create_task(one())]\n    for t in tasks:\n        await t",
        "thread = Thread(target=one)\n    thread.start()\n    thread.join()",
        """
    first = asyncio.create_task(one())
    second = asyncio.create_task(one())
    try:
        await first
    except BaseException:
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        raise
    return await second""",
        """
    task = asyncio.create_task(one())
    if not two():
        task.cancel()
        return None
    return await task""",
        """
    tasks = {asyncio.create_task(one()), asyncio.create_task(one())}
    _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending)""",
        """
    tasks = [asyncio.create_task(one()) for _ in '12']
    try:
        while True:
            yield await two.get()
    finally:
        await asyncio.gather(*tasks)""",
        "task = asyncio.create_task(one())\n    yield await task",
        "task = asyncio.create_task(one())\n    return await asyncio.shield(task)",
        """
    loop = asyncio.new_event_loop()
    task = loop.create_task(one())
    loop.run_until_complete(task)""",
        """
    thread = Thread(target=one)
    thread.start()
    try:
        two.wait()
    except KeyboardInterrupt:
        thread.join()
        raise""",
        "yield\n    task = asyncio.create_task(one())\n    await task",
    ],
)
def test_what_the_same_function_waits_for_is_not_in_the_background(names, lines) -> None:
    assert names(lines) == []


@pytest.mark.parametrize(
    "lines",
    [
        "asyncio.create_task(one())\n    await asyncio.gather(two())",
        "task = asyncio.create_task(one())\n    await asyncio.wait([task], timeout=1)",
        "thread = Thread(target=one)\n    thread.start()\n    thread.join(5)",
        "task = asyncio.create_task(one())\n    yield\n    await task",
        "task = asyncio.create_task(one())\n    two()\n    task.cancel()\n    await task",
        "task = asyncio.create_task(one())\n\n    async def stop():\n        await task",
        "future = POOL.submit(one)\n    return future",
        """
    loop = asyncio.new_event_loop()
    loop.create_task(one())
    loop.run_forever()""",
        """
    task = asyncio.create_task(one())
    try:
        while True:
            yield await two.get()
    finally:
        if not task.done():
            task.cancel()
        await task""",
        """
    tasks = [asyncio.create_task(one())]
    two()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks)""",
        """
    task = asyncio.create_task(one())
    try:
        await two()
    except Exception:
        task.cancel()
        await task
        raise""",
    ],
)
def test_what_goes_on_beside_the_function_is(names, lines) -> None:
    assert names(lines) == ["one"]
