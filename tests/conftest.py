"""What every test stands on: the program, run in a scrubbed environment, and snapshots."""

from __future__ import annotations

import functools
import io
import os
import signal
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import hypothesis
import pytest

from taskpick.cli.main import main
from taskpick.rulefile import bundled

if TYPE_CHECKING:
    from collections.abc import Callable

RULES = Path(__file__).parents[1] / "rules"
SNAPSHOTS = Path(__file__).parent / "data" / "snapshots"
DAY = "1795996800"
"""2026-11-30 in the seconds that SOURCE_DATE_EPOCH counts."""
CLEARED = ("TASKPICK_", "_TASKPICK_", "_TYPER_")
NEUTRAL = {"COLUMNS": "80", "LINES": "24", "TERM": "xterm", "SOURCE_DATE_EPOCH": DAY}
COLORS = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "PY_COLORS", "TTY_COMPATIBLE")
"""What other programs take for a wish about colour."""


class Run(NamedTuple):
    """What a run of the program left behind."""

    code: int
    out: str
    err: str


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the snapshots anew")
    parser.addoption(
        "--spread",
        type=int,
        default=1,
        metavar="N",
        help="one in N of what slow tests go through, and a quarter of the slow and live tests "
        "that differ in their values alone",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--spread") == 1:
        return
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        if any(item.iter_markers("slow")) or any(item.iter_markers("live")):
            groups.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left = set()
    for name, group in groups.items():
        step = min(4, len(group))
        # Not always the first ones: those of several functions have the same values.
        first = zlib.crc32(name.encode()) % step
        left |= set(group) - set(group[first::step])
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]


def pytest_configure() -> None:
    # Nothing is kept of the rule files of a checkout, as it is of those of an installation.
    read, kept = bundled._read, functools.cache(bundled._read)
    bundled._read = lambda path: (kept if path.is_relative_to(RULES) else read)(path)
    # A shell starts what runs in the background with SIGINT ignored, `nohup` what
    # it starts with SIGHUP ignored, and a program inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # `strategies.examples` counts in percent of what CI tries. What is tried is the same each time,
    # so that a red run is the doing of the change; `search` tries ten times as much, at random.
    profiles = hypothesis.settings
    for name, percent, same in [("everyday", 10, True), ("ci", 100, True), ("search", 1000, False)]:
        profiles.register_profile(
            name,
            max_examples=percent,
            derandomize=same,
            database=None,
            deadline=None,
            print_blob=True,
        )
    profiles.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))


@pytest.fixture(autouse=True)
def environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The environment that every test begins with: nothing of the person who runs it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    for name in list(os.environ):
        if name.startswith(CLEARED) or name in COLORS:
            monkeypatch.delenv(name)
    for name, value in NEUTRAL.items():
        monkeypatch.setenv(name, value)
    return dict(os.environ)


@pytest.fixture(scope="session")
def spread(request: pytest.FixtureRequest) -> int:
    """One in how many of what a slow test goes through is wanted."""
    number: int = request.config.getoption("--spread")
    return number


@pytest.fixture
def taskpick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Run]:
    """Run the program in this process, in an empty folder: `taskpick("advise --retry none")`.

    `stdin` is what is piped in, `env` what is added to the environment; a list of words instead
    of a line is taken as it is.
    """
    monkeypatch.chdir(tmp_path)

    def run(line: str | list[str], *, stdin: str | bytes = "", **env: str) -> Run:
        piped = stdin.encode() if isinstance(stdin, str) else stdin
        words = line.split() if isinstance(line, str) else line
        streams = [io.TextIOWrapper(io.BytesIO(text), "utf-8") for text in (piped, b"", b"")]
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["taskpick", *words])
            for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
                patch.setattr(sys, name, stream)
            for name, value in env.items():
                patch.setenv(name, value)
            code = _code(main)
        out, err = (_written(stream) for stream in streams[1:])
        return Run(code, out, err)

    return run


@pytest.fixture
def installed(environment: dict[str, str], tmp_path: Path) -> Callable[..., Run]:
    """Run the installed script, or another command, in a process of its own."""
    script = str(Path(sys.executable).with_name("taskpick"))

    def run(words: str | list[str], *, stdin: str = "", **env: str) -> Run:
        command = [script, *words.split()] if isinstance(words, str) else words
        done = subprocess.run(
            command,
            input=stdin.encode(),
            capture_output=True,
            cwd=tmp_path,
            env={**environment, **env},
            timeout=60,
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the file of that name below `snapshots`; `--update` writes it."""

    def compare(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if request.config.getoption("--update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        expected = path.read_text(encoding="utf-8") if path.exists() else "(no snapshot yet)"

        assert expected == text

    return compare


def _code(function: Callable[[], None]) -> int:
    try:
        function()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
