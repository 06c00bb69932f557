"""The code shown for dramatiq runs as it is printed, on each of its brokers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from . import postgresql, systems
from .snippets import FLAKY_MAIL, SLOW_MAIL, kill_in_the_middle, running, says, signed_up, tried

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["redis", "rabbitmq", "postgres"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The answer for a broker, and where it is."""
    if request.param == "redis":
        with systems.valkey(tmp_path / "valkey") as valkey:
            yield "redis", {"BROKER_URL": f"{valkey.connection_url}/0"}
    elif request.param == "rabbitmq":
        with systems.rabbitmq() as url:
            yield "rabbitmq", {"BROKER_URL": url}
    else:
        with postgresql.address() as url:
            yield "postgres", {"DATABASE_URL": url}


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ({"code": "async"}, "welcome, ada@example.com"),
        ({"code": "cpu", "workflow": "chain", "duration": "minutes"}, "welcome, a@b.c"),
    ],
)
def test_dramatiq_does_the_work(
    tmp_path: Path, broker: tuple[str, dict[str, str]], wanted: dict[str, str], printed: str
) -> None:
    infrastructure, places = broker
    wanted = wanted | {"infrastructure": infrastructure}
    with running(tmp_path, "dramatiq", wanted, **places) as (group, url):
        signed_up(url)

        says(group, "worker", printed)


def test_dramatiq_does_what_a_killed_worker_left(
    tmp_path: Path, broker: tuple[str, dict[str, str]]
) -> None:
    infrastructure, places = broker
    wanted = {"persistence": "durable", "infrastructure": infrastructure}
    with running(tmp_path, "dramatiq", wanted, mail=SLOW_MAIL, **places) as (group, url):
        signed_up(url)
        kill_in_the_middle(group, tmp_path)

        says(group, "worker", "welcome, ada@example.com", seconds=180)


def test_dramatiq_tries_again_later(tmp_path: Path, broker: tuple[str, dict[str, str]]) -> None:
    infrastructure, places = broker
    wanted = {"retry": "advanced", "scheduling": "delayed", "infrastructure": infrastructure}
    sooner = ("delay=60_000", "delay=3_000")
    with running(tmp_path, "dramatiq", wanted, mail=FLAKY_MAIL, sooner=sooner, **places) as (
        group,
        url,
    ):
        signed_up(url)

        says(group, "worker", "welcome, ada@example.com")
        assert len((tmp_path / "tries").read_text().splitlines()) == 3


def test_dramatiq_has_a_clock(tmp_path: Path, broker: tuple[str, dict[str, str]]) -> None:
    infrastructure, places = broker
    wanted = {"retry": "basic", "scheduling": "cron", "infrastructure": infrastructure}
    sooner = ("0 6 * * *", "* * * * *")
    with running(tmp_path, "dramatiq", wanted, sooner=sooner, **places) as (group, _):
        says(group, "worker", "the daily report", seconds=90)


def test_dramatiq_sends_a_report_when_it_is_tried(
    tmp_path: Path, broker: tuple[str, dict[str, str]]
) -> None:
    infrastructure, places = broker
    wanted = {"scheduling": "cron", "infrastructure": infrastructure}
    with running(tmp_path, "dramatiq", wanted, **places) as (group, _):
        tried(group)

        says(group, "worker", "the daily report")
