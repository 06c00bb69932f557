"""Proves that a task of Taskiq is known by the attribute of an object that holds it."""

from __future__ import annotations

import json

import pytest

TASKS = """\
from taskiq_redis import RedisStreamBroker

broker = RedisStreamBroker("")


@broker.task
async def deliver_task(number): ...
"""
SENDER = """\
class Sender:
    def __init__(self, deliver_task):
        self.deliver_task = deliver_task

    async def send(self):
        await self.deliver_task.kiq(1)
        await self.deliver_task.kicker().with_labels(queue="slow").kiq(2)
        await self.other.kiq(3)
"""


@pytest.mark.parametrize(("files", "counts"), [(["tasks.py"], [2]), (["tasks.py", "b.py"], [0, 0])])
def test_a_task_is_sent_by_an_attribute_of_its_name_alone(
    taskpick, tmp_path, files, counts
) -> None:
    for file in files:
        (tmp_path / file).write_text(TASKS)
    (tmp_path / "sender.py").write_text(SENDER)
    work = json.loads(taskpick("scan . --format json").out)["work"]

    assert [one["name"] for one in work] == ["deliver_task"] * len(files)
    assert [len(one["starts"]) for one in work] == counts
