"""Writing a starter: all of it or nothing, never outside, never over what is there."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from taskpick.starter.write import StarterError, write

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"README.md": "read me\n", "app.py": "app = 1\n", "tests/deep/test_app.py": "assert 1\n"}


def tree(folder: Path) -> dict[str, str]:
    """Every file and folder below, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): "" if path.is_dir() else path.read_text()
        for path in sorted(folder.rglob("*"))
    }


WRITTEN = FILES | {"tests": "", "tests/deep": ""}


def test_a_new_directory_has_the_files_and_nothing_else(tmp_path: Path) -> None:
    written = write(FILES, tmp_path / "new" / "project")

    assert tree(tmp_path / "new") == {
        "project": "",
        **{f"project/{name}": text for name, text in WRITTEN.items()},
    }
    assert written == [tmp_path / "new/project" / name for name in FILES]


def test_a_directory_and_its_files_are_readable_by_whom_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write(FILES, tmp_path / "project")
    finally:
        os.umask(before)

    assert (tmp_path / "project").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "project/app.py").stat().st_mode & 0o777 == 0o644


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine\n")
    write(FILES, tmp_path)

    assert tree(tmp_path) == WRITTEN | {"notes.txt": "mine\n"}


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    write(FILES, tmp_path)

    assert write(FILES, tmp_path) == []


def test_nothing_is_overwritten_and_nothing_written_beside_it(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("mine\n")
    with pytest.raises(StarterError, match=r"already there: 'app\.py'") as caught:
        write(FILES, tmp_path)

    assert caught.value.hint == "give --force to overwrite"
    assert tree(tmp_path) == {"app.py": "mine\n"}


def test_force_overwrites_what_is_in_the_way_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("mine\n")
    (tmp_path / "notes.txt").write_text("mine\n")
    write(FILES, tmp_path, force=True)

    assert tree(tmp_path) == WRITTEN | {"notes.txt": "mine\n"}


@pytest.mark.parametrize("force", [False, True])
def test_a_link_is_not_followed_out(tmp_path: Path, force: bool) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "app.py").write_text("precious\n")
    for number, link in enumerate(("tests", "app.py")):
        project = tmp_path / f"project-{number}"
        project.mkdir()
        (project / link).symlink_to(outside / ("" if link == "tests" else link))
        with pytest.raises(StarterError, match="of its own"):
            write(FILES, project, force=force)

    assert tree(outside) == {"app.py": "precious\n"}


def test_a_link_to_nowhere_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "app.py").symlink_to(tmp_path / "gone")
    with pytest.raises(StarterError, match="of its own"):
        write(FILES, tmp_path, force=True)


def test_a_folder_where_a_file_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "app.py").mkdir()
    with pytest.raises(StarterError, match=r"'app.py' in .* is not a file of its own"):
        write(FILES, tmp_path, force=True)


def test_a_file_where_the_directory_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "project").write_text("mine\n")
    with pytest.raises(StarterError, match="is not a directory"):
        write(FILES, tmp_path / "project", force=True)


@pytest.mark.parametrize(
    "name",
    ["../out", "/etc/out", "a/../../out", "a//b", "", "./a", "a\\..\\out", "C:out", "a\0b", "a\nb"],
)
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StarterError, match="the starter has a path"):
        write({"fine": "", name: ""}, tmp_path / "project")

    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    "name",
    ["CON", "nul.txt", "COM1.py", "a/lpt9/b", "trail.", "a./b", "blank ", "q?", "a<b", 'a"', "a|*"],
)
def test_a_path_that_cannot_be_on_windows_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StarterError, match="a path that Windows does not allow: "):
        write({name: ""}, tmp_path)
    write({"console.py": "", "com.py": "", "null": "", ".env": ""}, tmp_path)


@pytest.mark.parametrize("name", [".git/hooks/pre-commit", ".GIT/config", "sub/.git/config"])
def test_a_file_that_git_would_run_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StarterError, match="for git itself"):
        write({name: ""}, tmp_path)


def test_two_files_that_differ_in_case_only_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StarterError, match="two files that some systems treat as one"):
        write({"app.py": "", "App.py": ""}, tmp_path)


def test_a_directory_that_may_not_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(StarterError, match=r"cannot write to '.*': Permission denied"):
        write(FILES, tmp_path / "project")


CHANGING = ("open", "mkdir", "link", "replace", "rename", "chmod")
"""The calls that change something; those that clear up afterwards are not among them."""


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()]
)
@pytest.mark.parametrize("there", [False, True])
def test_whatever_goes_wrong_the_directory_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, there: bool
) -> None:
    steps = 0
    failures = 0
    while True:
        project = tmp_path / str(steps) / "project"
        (project if there else project.parent).mkdir(parents=True)
        if there:
            (project / "app.py").write_text("mine\n")
        before = tree(project.parent)
        with monkeypatch.context() as patch:
            left = fail_at(patch, steps, error)
            try:
                write(FILES, project, force=True)
            except (StarterError, KeyboardInterrupt):
                failures += 1
                assert tree(project.parent) == before
            else:
                # A system without links is written to as well.
                assert tree(project) == WRITTEN
        if left[0] >= 0:
            break
        steps += 1

    assert steps > 8
    assert failures > 5


def fail_at(patch: pytest.MonkeyPatch, step: int, error: BaseException) -> list[int]:
    """Let the change with that number fail; returns how many were still to come before it."""
    left = [step]

    def failing(name: str) -> None:
        real = getattr(os, name)

        def act(*args: object, **kwargs: object) -> object:
            if (name == "open" and not args[1] & os.O_CREAT) or "done-" in str(args[1:2]):
                return real(*args, **kwargs)
            left[0] -= 1
            if left[0] == -1:
                raise error
            return real(*args, **kwargs)

        patch.setattr(os, name, act)

    for name in CHANGING:
        failing(name)
    return left


def test_a_file_system_without_hard_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "notes.txt").write_text("mine\n")
    write(FILES, tmp_path)

    assert tree(tmp_path) == WRITTEN | {"notes.txt": "mine\n"}
