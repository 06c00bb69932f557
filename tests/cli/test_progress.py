"""How far a command is, for somebody who waits at a terminal."""

from __future__ import annotations

import io
import sys

import pexpect
import pytest

from taskpick.cli import progress

AT_ONCE = """
from taskpick.cli import main, progress
progress._AFTER = 0
main.main()
"""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Terminal(), True), (io.StringIO(), False)])
def test_it_is_shown_to_somebody_who_waits(monkeypatch, stream, shown) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "_AFTER", 0)
    with progress.progress("files") as show:
        show(7, 1000)

    assert ("7 of 1,000 files" in stream.getvalue()) == shown
    assert stream.getvalue().endswith("\x1b[K") == shown


def test_what_takes_no_time_shows_no_progress(monkeypatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "_AFTER", 3600)
    with progress.progress("files") as show:
        show(7, 1000)

    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("words", "shown"),
    [(["verify", "."], r"0 of 2 files"), (["scan", ".", "--no-cache"], r"\d of 2 Python files")],
)
def test_commands_that_read_many_files_say_how_far_they_are(tmp_path, words, shown) -> None:
    for name in "ab":
        (tmp_path / f"{name}.py").write_text("import celery\n")
        (tmp_path / f"{name}.md").write_text("---\nstatus: accepted\n---\n# Decision\n")
    child = pexpect.spawn(
        sys.executable, ["-c", AT_ONCE, *words], encoding="utf-8", timeout=60, cwd=tmp_path
    )

    child.expect(shown)
    child.expect(pexpect.EOF)
