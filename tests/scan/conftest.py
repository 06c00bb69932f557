"""What the tests of both caches stand on: a folder to keep things in, and a scan that uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def cache(monkeypatch, tmp_path_factory) -> Path:
    """The folder of the user for such things, empty."""
    folder: Path = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def scan(taskpick, cache, project) -> Callable[[], str]:
    """Scan the folder of the `project` that a module has."""

    def run(words: str = "") -> str:
        out: str = taskpick(f"scan . --format json --details {words}").out
        return out

    return run
