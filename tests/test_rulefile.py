"""Rule files: those that are right, and every mistake with the words that a person sees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taskpick import rulefile
from taskpick.document import decode
from taskpick.problems import InvalidRules, full

if TYPE_CHECKING:
    from collections.abc import Callable

RULES = Path(__file__).parent / "rules"
VALID = sorted((RULES / "valid").glob("*.yaml"))
INVALID = sorted((RULES / "invalid").glob("*.yaml"))
assert VALID
assert INVALID


def read(data: bytes | str) -> str:
    """What a person sees who reads these rules; nothing if they are right."""
    try:
        rulefile.read(decode("rules.yaml", data.encode() if isinstance(data, str) else data))
    except InvalidRules as invalid:
        return "\n".join(full(problem) for problem in invalid.problems) + "\n"
    return ""


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_file_has_no_problem(path: Path) -> None:
    assert read(path.read_bytes()) == ""


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_mistake_is_shown_where_it_is(path: Path, snapshot: Callable[..., None]) -> None:
    snapshot(f"invalid/{path.stem}.txt", read(path.read_bytes()))


def test_every_snapshot_of_a_mistake_has_its_file() -> None:
    snapshots = (Path(__file__).parent / "snapshots" / "invalid").glob("*.txt")

    assert sorted(path.stem for path in snapshots) == sorted(path.stem for path in INVALID)
