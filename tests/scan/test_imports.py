"""Proves that work is found however the names that lead to it are imported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

DEFINED = """
import dramatiq
from apscheduler.schedulers.background import BackgroundScheduler
from celery import Celery, Task, shared_task
from huey import RedisHuey
from taskiq_redis import ListQueueBroker

app = Celery()
broker = ListQueueBroker("redis://localhost")
huey = RedisHuey()
scheduler = BackgroundScheduler()

@shared_task
def by_celery(): ...

class ByClass(Task):
    def run(self): ...

@dramatiq.actor
def by_dramatiq(): ...

@huey.task()
def by_huey(): ...

@broker.task
async def by_taskiq(): ...

def plain(): ...

def celery_task(function):
    return shared_task(acks_late=True)(function)

def huey_task(function):
    return huey.task(retries=2)(function)
"""
USES = {
    "by_celery": "def use():\n    {}.delay()",
    "ByClass": "def use():\n    {}().delay()",
    "by_dramatiq": "def use():\n    {}.send_with_options(delay=9)",
    "by_huey": "def use():\n    {}()",
    "by_taskiq": "async def use():\n    await {}.kiq()",
    "plain": "from rq import Queue\ndef use():\n    Queue().enqueue({})",
    "app": "@{}.task\ndef work(): ...\ndef use():\n    work.delay()",
    "broker": "@{}.task\nasync def work(): ...\nasync def use():\n    await work.kiq()",
    "celery_task": "@{}\ndef work(): ...\ndef use():\n    work.delay()",
    "huey_task": "@{}\ndef work(): ...\ndef use():\n    work()",
    "scheduler": "def job(): ...\ndef use():\n    {}.add_job(job)",
}
"""What is imported, and how a file with it sends work; each sends once."""
IMPORTS = {
    "from shop.{module} import {name}": "{name}",
    "from shop.{module} import {name} as other": "other",
    "from shop.{module} import (  # one (or two)\n    {name},\n)": "{name}",
    "from shop.{module} import \\\n    {name}": "{name}",
    "from shop.{module} import *": "{name}",
    "from shop import {module}": "{module}.{name}",
    "from shop import {module} as other": "other.{name}",
    "import shop.{module}": "shop.{module}.{name}",
    "import os, shop.{module} as other": "other.{name}",
    "import os; from shop.{module} import {name}": "{name}",
    "from ..{module} import {name}": "{name}",
    "from .. import {module}": "{module}.{name}",
    "try:\n    from ..{module} import {name}\nexcept ImportError:\n    {name} = None": "{name}",
}
PACKAGES = {
    "none": "",
    "names": f"from ..defined import {', '.join(USES)}\n",
    "all names": "from shop.defined import *\n",
    "values": "from .. import defined\n" + "".join(f"{name} = defined.{name}\n" for name in USES),
}
"""What a package hands on of the file that defines it all."""


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("written", IMPORTS)
def test_work_is_found_however_the_names_are_imported(
    taskpick, tmp_path: Path, written: str, package: str
) -> None:
    shop = tmp_path / "src" / "shop"
    (shop / "handed").mkdir(parents=True)
    (shop / "web").mkdir()
    (shop / "defined.py").write_text(DEFINED)
    (shop / "handed" / "__init__.py").write_text(PACKAGES[package])
    for name, use in USES.items():
        words = {"module": "handed" if PACKAGES[package] else "defined", "name": name}
        text = use.format(IMPORTS[written].format(**words))
        (shop / "web" / f"use_{name}.py").write_text(f"{written.format(**words)}\n{text}\n")
    found = json.loads(taskpick("scan . --format json").out)
    starts = [start["file"] for work in found["work"] for start in work["starts"]]

    assert sorted(starts) == sorted(f"src/shop/web/use_{name}.py" for name in USES)


def test_files_may_take_all_names_of_each_other(taskpick, tmp_path: Path) -> None:
    files = [f"part_{number}" for number in range(30)]
    for file in files:
        stars = "".join(f"from {other} import *\n" for other in files if other != file)
        (tmp_path / f"{file}.py").write_text(f"{stars}def use_{file}():\n    send.delay()\n")
    with (tmp_path / "part_9.py").open("a") as last:
        last.write("from celery import shared_task\n@shared_task\ndef send(): ...\n")
    (work,) = json.loads(taskpick("scan . --format json").out)["work"]

    assert len(work["starts"]) == len(files)
