"""Every test below here starts brokers, workers and web servers, and kills them: `live`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from . import postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.live)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """One that every user may enter, as `nobody` has to, who runs PostgreSQL for root."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def postgres() -> Iterator[dict[str, str]]:
    """What tells the clients of a PostgreSQL of our own where it is, and where its `psql`."""
    with postgresql.address() as url:
        host = url.partition("?host=")[2]
        names = {"PGHOST": host, "PGUSER": "postgres", "PGDATABASE": "postgres"}
        yield names | {"PSQL": postgresql.psql()}
