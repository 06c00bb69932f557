"""Proves that after a change only what changed is parsed anew, that this changes no result, and
that nothing in what is kept can run.
"""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
from typing import TYPE_CHECKING

import pytest

from taskpick.scan.parsing import reader, syntax
from taskpick.scan.parsing.cache import ParsedFiles

if TYPE_CHECKING:
    from pathlib import Path

TASK = "from celery import shared_task\n\n\n@shared_task(queue=...)\ndef {}(a=1j): ...\n"
WEB = "from tasks import send\n\n\ndef view(request):\n    send.delay(request.user)\n"


@pytest.fixture
def project(tmp_path) -> Path:
    (tmp_path / "tasks.py").write_text(TASK.format("send"))
    (tmp_path / "web.py").write_text(WEB)
    return tmp_path


@pytest.fixture
def parsed(monkeypatch) -> list[bytes]:
    """The texts that are parsed, in their order."""
    texts: list[bytes] = []
    original = syntax.parse

    def parse(data: bytes) -> object:
        texts.append(data)
        return original(data)

    monkeypatch.setattr(syntax, "parse", parse)
    return texts


def test_only_what_changed_is_parsed_anew(scan, project, parsed) -> None:
    scan()
    assert len(parsed) == 2
    (project / "tasks.py").write_text(TASK.format("send") + "\n\nlast = 1\n")
    changed = scan()

    assert len(parsed) == 3
    assert parsed[2].endswith(b"last = 1\n")
    assert changed == scan("--no-cache")
    assert '"orm-argument"' in changed


def test_the_same_text_in_another_place_is_another_file(scan, project, parsed) -> None:
    scan()
    (project / "more").mkdir()
    (project / "tasks.py").rename(project / "more" / "tasks.py")

    assert '"more/tasks.py"' in scan()
    assert len(parsed) == 3


def database(cache: Path) -> Path:
    (file,) = cache.rglob("parsed.sqlite")
    return file


def forget_results(cache: Path) -> None:
    for file in cache.rglob("*.json"):
        file.unlink()


def test_a_damaged_database_counts_for_nothing_and_is_made_anew(scan, cache, parsed) -> None:
    first = scan()
    database(cache).write_bytes(b"no database" * 1000)
    forget_results(cache)
    assert scan() == first
    forget_results(cache)

    assert scan() == first
    assert len(parsed) == 4, "the third scan finds what the second one wrote"


class Evil:
    """What would write a file when it is unpickled by the usual class."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self.file), "w")


def test_a_database_that_can_only_be_read_stays_as_it_was(
    scan, cache, project, monkeypatch
) -> None:
    scan()
    kept, connect = database(cache).read_bytes(), sqlite3.connect
    monkeypatch.setattr(
        sqlite3,
        "connect",
        lambda file, **options: connect(f"file:{file}?mode=ro", uri=True, **options),
    )
    (project / "tasks.py").write_text(TASK.format("send") + "\n\nlast = 1\n")

    assert scan() == scan("--no-cache")
    assert database(cache).read_bytes() == kept


@pytest.mark.parametrize("what", [b"", b"x" * 40, "evil", [1]])
def test_nothing_that_is_kept_can_run(scan, cache, tmp_path, parsed, what) -> None:
    first = scan()
    if not isinstance(what, bytes):
        what = pickle.dumps(Evil(tmp_path / "ran") if what == "evil" else what)
        what = hashlib.sha256(what).digest() + what
    rows = sqlite3.connect(database(cache))
    with rows:
        assert rows.execute("UPDATE parsed SET module = ?", (what,)).rowcount == 2
    rows.close()
    forget_results(cache)

    assert scan() == first
    assert len(parsed) == 4
    assert not (tmp_path / "ran").exists()


def test_what_was_not_needed_for_long_is_forgotten(scan, cache, project) -> None:
    scan()
    rows = sqlite3.connect(database(cache))
    with rows:
        rows.execute("UPDATE parsed SET day = 1")
    (project / "web.py").unlink()
    scan()

    assert len(rows.execute("SELECT * FROM parsed").fetchall()) == 1
    rows.close()


def test_a_module_comes_back_as_it_was(tmp_path) -> None:
    text = TASK.format("send").encode() + b"from x import y\nname: str = y(3, k=[...])\n"
    module = reader.read(syntax.parse(text), "tasks.py", "tasks")
    for _ in range(2):
        kept = ParsedFiles(tmp_path / "parsed.sqlite", b"1")
        key = kept.key("tasks.py", text)
        again = kept.get(key)
        kept.put(key, module)
        kept.close()

    assert again is not None
    assert (again.names, again.assigned) == (module.names, module.assigned)
    assert [call.name for call in again.top.calls] == ["celery.shared_task", "x.y"]
    assert again.functions["send"].module is again
    assert set(again.functions["send"].decorators[0].options) == {"queue"}
