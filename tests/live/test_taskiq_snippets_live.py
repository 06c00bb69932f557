"""The code shown for taskiq runs as it is printed, on Valkey and on RabbitMQ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from . import systems
from .snippets import FLAKY_MAIL, SLOW_MAIL, kill_in_the_middle, running, says, signed_up, tried

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The answer for a broker, and its address."""
    if request.param == "redis":
        with systems.valkey(tmp_path / "valkey") as valkey:
            yield "redis", f"{valkey.connection_url}/0"
    else:
        with systems.rabbitmq() as url:
            yield "rabbitmq", url


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ({"code": "async", "workflow": "chain"}, "welcome, a@b.c"),
        ({"code": "cpu", "duration": "minutes"}, "welcome, ada@example.com"),
    ],
)
def test_taskiq_does_the_work(
    tmp_path: Path, broker: tuple[str, str], wanted: dict[str, str], printed: str
) -> None:
    infrastructure, address = broker
    wanted = wanted | {"infrastructure": infrastructure}
    with running(tmp_path, "taskiq", wanted, BROKER_URL=address) as (group, url):
        signed_up(url)

        says(group, "worker", printed)


def test_taskiq_does_what_a_killed_worker_left(tmp_path: Path, broker: tuple[str, str]) -> None:
    infrastructure, address = broker
    wanted = {"persistence": "durable", "infrastructure": infrastructure}
    sooner = ("idle_timeout=70_000", "idle_timeout=5_000")
    with running(tmp_path, "taskiq", wanted, mail=SLOW_MAIL, sooner=sooner, BROKER_URL=address) as (
        group,
        url,
    ):
        signed_up(url)
        kill_in_the_middle(group, tmp_path)

        says(group, "worker", "welcome, ada@example.com")


def test_taskiq_tries_again(tmp_path: Path, broker: tuple[str, str]) -> None:
    infrastructure, address = broker
    wanted = {"retry": "basic", "persistence": "durable", "infrastructure": infrastructure}
    sooner = ("default_delay=30", "default_delay=1")
    with running(
        tmp_path, "taskiq", wanted, mail=FLAKY_MAIL, sooner=sooner, BROKER_URL=address
    ) as (group, url):
        signed_up(url)

        says(group, "worker", "welcome, ada@example.com")
        tries = [float(line) for line in (tmp_path / "tries").read_text().split()]
        assert len(tries) == 3
        assert tries[1] - tries[0] >= 1


def test_taskiq_keeps_a_delayed_task_until_its_time(
    tmp_path: Path, broker: tuple[str, str]
) -> None:
    infrastructure, address = broker
    wanted = {"scheduling": "delayed", "infrastructure": infrastructure}
    sooner = ("timedelta(minutes=1)", "timedelta(seconds=3)")
    if infrastructure == "rabbitmq":
        sooner = ("delay=60", "delay=3")
    with running(tmp_path, "taskiq", wanted, sooner=sooner, BROKER_URL=address) as (group, url):
        signed_up(url)

        says(group, "worker", "welcome, ada@example.com")


def test_taskiq_has_a_clock(tmp_path: Path, broker: tuple[str, str]) -> None:
    infrastructure, address = broker
    wanted = {"retry": "advanced", "scheduling": "cron", "infrastructure": infrastructure}
    sooner = ("0 6 * * *", "* * * * *")
    with running(tmp_path, "taskiq", wanted, sooner=sooner, BROKER_URL=address) as (group, _):
        says(group, "worker", "the daily report", seconds=90)


def test_taskiq_sends_a_report_when_it_is_tried(tmp_path: Path, broker: tuple[str, str]) -> None:
    infrastructure, address = broker
    wanted = {"scheduling": "cron", "infrastructure": infrastructure}
    with running(tmp_path, "taskiq", wanted, BROKER_URL=address) as (group, _):
        tried(group)

        says(group, "worker", "the daily report")
