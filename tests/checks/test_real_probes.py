"""Proves that the probes of the default rule file hold, and that each would see a change.

`tests/data/changed/OPTION/SCRIPT….py` makes a library behave otherwise: Python imports it before
the probe, and before every process that the probe starts. Its first lines name the claims that
have then changed.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import pytest
from places import ROOT

from taskpick.checks.probes import engine, scripts
from taskpick.rulefile import reader
from taskpick.rulefile.last_run import ProbeOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.checks.probes.scripts import Probe

RULES = reader.load(ROOT / "rules" / "background-tasks")
FOLDER = scripts.folder(RULES)
OPTIONS = sorted(RULES.options)
CHANGED = ROOT / "tests" / "data" / "changed"


class Change(NamedTuple):
    """Another behaviour of a library."""

    path: Path
    claims: set[str]
    """What has changed with it."""


def changes(each: Probe) -> list[Change]:
    """Every other behaviour that a probe has to see."""
    found = []
    for path in sorted((CHANGED / each.option).glob("*.py")):
        if path.stem.split("-")[0] == each.path.stem:
            lines = path.read_text().splitlines()
            named = [line.removeprefix("# changes: ") for line in lines if "# changes: " in line]
            found.append(Change(path, set(" ".join(named).split())))
    return found


@pytest.mark.parametrize("option", OPTIONS)
def test_every_claim_has_a_change_that_it_must_see(option: str) -> None:
    probes = scripts.scripts(FOLDER, [option])

    assert probes
    for each in probes:
        named = {claim for change in changes(each) for claim in change.claims}
        assert named == set(each.claims), each.path.name


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder as `rules probe` has one: PostgreSQL, which is not root, cannot reach tmp_path."""
    with TemporaryDirectory(prefix="taskpick-probe-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.mark.slow
@pytest.mark.parametrize("option", OPTIONS)
def test_every_claim_holds_and_every_change_is_seen(option: str, folder: Path) -> None:
    probes = scripts.scripts(FOLDER, [option])
    minor = max(each.python for each in probes)
    if engine.interpreter(minor) is None:
        pytest.skip(f"there is no Python 3.{minor} or newer on the path")
    assert not engine.prepare(RULES.options[option], probes, folder / "env", newest=False)
    python = folder / "env" / "bin" / "python"

    for each in probes:
        work = folder / each.path.stem
        measured = list(engine.run_script(each, python, work))
        assert [one for one in measured if one.outcome is not ProbeOutcome.HOLDS] == []
        for change in changes(each):
            copy = copied(each, change, folder / change.path.stem / "changed")
            seen = engine.run_script(copy, python, folder / change.path.stem / "work")
            outcomes = {one.claim: one for one in seen if one.claim in change.claims}
            others = [one for one in outcomes.values() if one.outcome is not ProbeOutcome.CHANGED]
            assert others == [], change.path.name


def copied(each: Probe, change: Change, folder: Path) -> Probe:
    """The probe beside another behaviour, which Python imports at its start."""
    (folder / each.option).mkdir(parents=True)
    shutil.copy(FOLDER / "_tools.py", folder)
    shutil.copy(change.path, folder / "sitecustomize.py")
    path = Path(shutil.copy(each.path, folder / each.option))
    return each._replace(path=path)
