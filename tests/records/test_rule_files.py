"""A file may name only rule files that its repository holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from taskpick.problems import Refused
from taskpick.records.rule_files import named
from taskpick.rulefile import bundled


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with rules beside `docs/decisions`, and the current folder."""
    root = tmp_path / "project"
    for folder in (".git", "docs/decisions", "rules"):
        (root / folder).mkdir(parents=True)
    (root / "rules/own.yaml").touch()
    (tmp_path / "other.yaml").touch()
    monkeypatch.chdir(root)
    return root


def test_a_path_with_dots_within_the_repository_is_followed(project: Path) -> None:
    path = named("../../rules/own.yaml", Path("docs/decisions"))

    assert path.resolve() == project / "rules/own.yaml"


def test_a_rule_file_that_comes_with_taskpick_is_found_by_its_name(project: Path) -> None:
    assert bundled.default() == named("background-tasks", Path("docs"))
    assert bundled.default() == named("", Path("docs"))


@pytest.mark.parametrize(
    "name",
    [
        ".env",
        "../rules/own.yaml.txt",
        "/proc/self/environ",
        "/etc/rules.yaml",
        "../../other.yaml",
        "link.yaml",
        "secret.yaml",
        "folder.yaml",
        "pipe.yaml",
    ],
)
def test_nothing_else_may_be_named(project: Path, tmp_path: Path, name: str) -> None:
    docs = project / "docs"
    (docs / ".env").touch()
    (docs / "link.yaml").symlink_to(tmp_path / "other.yaml")
    (docs / "secret.yaml").symlink_to(docs / ".env")
    (docs / "folder.yaml").mkdir()
    os.mkfifo(docs / "pipe.yaml")

    with pytest.raises(Refused):
        named(name, Path("docs"))


def test_without_a_repository_it_is_the_current_folder_that_holds_rule_files(
    project: Path,
) -> None:
    (project / ".git").rmdir()

    assert named("../../rules/own.yaml", Path("docs/decisions")).is_file()
    with pytest.raises(Refused, match="outside"):
        named("../../../other.yaml", Path("docs/decisions"))
