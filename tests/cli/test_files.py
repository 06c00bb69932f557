"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest

from taskpick.cli import files
from taskpick.cli.files import OutputError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "ä line\nand another ✅\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A place for a file in a folder that is empty."""
    return tmp_path / "result.md"


def names(path: Path) -> list[str]:
    """What is in the folder of the file."""
    return sorted(each.name for each in path.parent.iterdir())


def fail(*_: object) -> None:
    """A disk that is full."""
    raise OSError(errno.ENOSPC, "No space left on device")


def test_the_text_is_there_byte_for_byte(path) -> None:
    files.write(path, TEXT, force=False)

    assert path.read_bytes() == TEXT.encode()
    assert names(path) == ["result.md"]


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_is_for_whom_the_umask_says(path, mask, mode) -> None:
    before = os.umask(mask)
    files.write(path, TEXT, force=False)
    after = os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert after == mask


def test_a_file_that_is_replaced_keeps_its_mode(path) -> None:
    path.write_text("before")
    path.chmod(0o640)
    files.write(path, TEXT, force=True)

    assert path.read_text() == TEXT
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_file_that_exists_is_kept_without_force(path) -> None:
    path.write_text("before")

    with pytest.raises(OutputError, match=r"result\.md' exists"):
        files.write(path, TEXT, force=False)
    assert path.read_text() == "before"


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_disk_that_is_full_leaves_what_was_there(path, monkeypatch, broken) -> None:
    path.write_text("before")
    monkeypatch.setattr(os, broken, fail)

    with pytest.raises(OutputError, match=r"cannot write '.*result.md': No space left on device"):
        files.write(path, TEXT, force=True)
    assert path.read_text() == "before"
    assert names(path) == ["result.md"]


def test_a_disk_that_is_full_leaves_nothing_where_nothing_was(path, monkeypatch) -> None:
    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(OutputError):
        files.write(path, TEXT, force=False)
    assert names(path) == []


@pytest.mark.parametrize("link", [os.link, fail])
def test_a_file_that_appears_in_the_meantime_is_kept(path, monkeypatch, link) -> None:
    def appear(*_: object) -> None:
        path.write_text("another's")

    monkeypatch.setattr(os, "fsync", appear)
    monkeypatch.setattr(os, "link", link)

    with pytest.raises(OutputError, match="exists"):
        files.write(path, TEXT, force=False)
    assert path.read_text() == "another's"
    assert names(path) == ["result.md"]


def test_a_file_system_without_links_is_written_to_all_the_same(path, monkeypatch) -> None:
    monkeypatch.setattr(os, "link", fail)
    files.write(path, TEXT, force=False)

    assert path.read_text() == TEXT
    assert names(path) == ["result.md"]


def test_a_link_is_followed_and_stays_a_link(path, tmp_path) -> None:
    target = tmp_path / "elsewhere" / "real.md"
    target.parent.mkdir()
    target.write_text("before")
    path.symlink_to(target)
    files.write(path, TEXT, force=True)

    assert path.is_symlink()
    assert target.read_text() == TEXT


def test_what_is_no_file_is_not_replaced_even_by_force(path) -> None:
    os.mkfifo(path)

    with pytest.raises(OutputError, match="is not a file"):
        files.write(path, TEXT, force=True)
    with pytest.raises(OutputError, match="is a folder"):
        files.write(path.parent, TEXT, force=True)
    with pytest.raises(OutputError, match="there is no folder"):
        files.write(path / "below", TEXT, force=True)
    assert path.is_fifo()


def test_a_name_that_is_as_long_as_may_be_is_written(tmp_path) -> None:
    path = tmp_path / ("n" * 255)
    files.write(path, TEXT, force=False)

    assert path.read_text() == TEXT


def test_a_name_that_is_too_long_is_refused_in_words(tmp_path) -> None:
    with pytest.raises(OutputError, match="too long"):
        files.write(tmp_path / ("n" * 256), TEXT, force=False)
