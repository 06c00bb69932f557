"""Proves that workflows of Temporal are seen where they are defined, and with their schedules."""

from __future__ import annotations

import json

WORKFLOWS = """
from temporalio import workflow

@workflow.defn
class Clean:
    @workflow.run
    async def run(self, number: int): ...

    @workflow.signal
    def stop(self): ...

@workflow.defn(name="nightly")
class Nightly:
    @workflow.run
    async def execute(self):
        await workflow.execute_child_workflow(Clean.run, 1)

@workflow.defn
class Weekly:
    @workflow.run
    async def run(self): ...

@workflow.defn
class Idle:
    @workflow.run
    async def run(self): ...
"""
START = """
from temporalio.client import Client, Schedule, ScheduleActionStartWorkflow, ScheduleSpec
from workflows import Nightly, Weekly

async def start(client: Client):
    await client.start_workflow("Clean", 1, id="a", task_queue="q")
    action = ScheduleActionStartWorkflow(Nightly.execute, id="b", task_queue="q")
    await client.create_schedule("c", Schedule(action=action, spec=ScheduleSpec()))
    await client.start_workflow("nightly", id="d", task_queue="q")
    await client.start_workflow(Weekly.run, id="e", task_queue="q", cron_schedule="0 6 * * 1")
"""


def test_a_workflow_may_be_started_by_its_class_through_an_adapter(taskpick, tmp_path) -> None:
    adapter = (
        "from temporalio.client import Client\n\n\nclass Adapter:\n    client: Client\n\n"
        "    async def start_workflow(self, workflow):\n"
        "        await self.client.start_workflow(workflow)\n"
    )
    start = (
        "from adapter import Adapter\nfrom workflows import Idle\n\n\n"
        "async def start(adapter: Adapter):\n    await adapter.start_workflow(workflow=Idle)\n"
    )
    files = {"workflows": WORKFLOWS, "adapter": adapter, "start": start}
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(text)
    data = json.loads(taskpick("scan . --format json").out)
    (idle,) = (one for one in data["work"] if one["name"] == "Idle")

    assert idle["file"] == "workflows.py"
    assert [(one["file"], one["line"]) for one in idle["starts"]] == [("start.py", 6)]


def test_workflows_are_work_with_their_starts_and_schedules(taskpick, tmp_path) -> None:
    (tmp_path / "workflows.py").write_text(WORKFLOWS)
    (tmp_path / "start.py").write_text(START)
    data = json.loads(taskpick("scan . --format json").out)

    assert {
        (one["name"], one["file"], one["schedule"], len(one["starts"])) for one in data["work"]
    } == {
        ("Clean", "workflows.py", None, 2),
        ("Nightly", "workflows.py", "cron", 2),
        ("Weekly", "workflows.py", "cron", 1),
        ("Idle", "workflows.py", None, 0),
    }
    assert data["unrecognised"] == []
