"""Odd surroundings: no home, nowhere to write, nobody who reads, a locale that is broken."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from commute import FILE

TASKPICK = str(Path(sys.executable).with_name("taskpick"))
RIDE = ["--distance", "medium", "--luggage", "little", "--weather", "dry"]
ADVISE = [TASKPICK, "advise", "--no-input", "--rules", "commute.yaml", *RIDE]
TRACE = "Traceback (most recent call last)"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX surroundings")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(FILE, tmp_path)
    return tmp_path


def run(
    command: list[str] | str, folder: Path, env: dict[str, str] | None = None, **more: object
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ if env is None else env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        **more,  # type: ignore[call-overload]
    )

    assert TRACE not in done.stderr

    return done


def test_no_environment_at_all(folder: Path) -> None:
    done = run(ADVISE, folder, env={})

    assert (done.returncode, done.stderr) == (0, "")
    assert "By bicycle" in done.stdout


def test_a_home_that_is_not_there(folder: Path) -> None:
    assert run(ADVISE, folder, env={"HOME": "/nowhere", "PATH": "/nowhere"}).returncode == 0


@pytest.mark.parametrize("name", ["C", "POSIX", "xx_XX.UTF-8", "de_DE.ISO-8859-1", ""])
def test_a_locale_without_the_symbols(folder: Path, name: str) -> None:
    env = {"LC_ALL": name, "LANG": name, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(ADVISE, cwd=folder, env=env, capture_output=True, timeout=60)

    assert done.returncode == 0, done.stderr
    assert b"By bicycle" in done.stdout


def test_a_record_is_utf_8_whatever_the_locale(folder: Path) -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    run([*ADVISE, "--format", "markdown", "-o", "x.md"], folder, env=env)
    done = run([TASKPICK, "verify", "x.md"], folder, env=env)

    assert "✗" in (folder / "x.md").read_text(encoding="utf-8")
    assert done.stdout == "1 decision (still holds: 1)\n"


@pytest.mark.parametrize("command", ["advise", "compare", "verify"])
def test_stdout_that_nobody_reads(folder: Path, command: str) -> None:
    run([*ADVISE, "--format", "markdown", "-o", "x.md"], folder)
    line = {
        "advise": " ".join(ADVISE),
        "compare": f"{TASKPICK} compare",
        "verify": f"{TASKPICK} verify x.md",
    }[command]
    done = run(["bash", "-c", f"{line} | true; exit ${{PIPESTATUS[0]}}"], folder)

    assert done.stderr == ""
    assert done.returncode in (0, 1, 141)


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_streams_that_are_closed(folder: Path, streams: str) -> None:
    done = run(["bash", "-c", f"{' '.join(ADVISE)} {streams}"], folder)

    assert done.returncode in (0, 1, 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_stdout_is_said(folder: Path) -> None:
    done = run(["bash", "-c", f"{' '.join(ADVISE)} > /dev/full"], folder)

    assert done.returncode == 2
    assert done.stderr == "taskpick: error: cannot write the result: No space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    ("line", "code"), [("advise --no-input", 3), ("advise --nope", 2), ("explain", 2)]
)
def test_a_full_disk_behind_stderr_changes_no_exit_code(folder: Path, line: str, code: int) -> None:
    done = run(["bash", "-c", f"{ADVISE[0]} {line} > /dev/null 2> /dev/full"], folder)

    assert done.returncode == code


def test_a_full_disk_leaves_nothing_and_keeps_what_was_there(folder: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    (folder / "old.md").write_text("old")
    command = [*ADVISE, "--format", "markdown", "-o", "old.md", "--force"]
    done = run(command, folder, preexec_fn=small)

    assert done.returncode == 2
    assert done.stderr == "taskpick: error: cannot write 'old.md': File too large\n"
    assert (folder / "old.md").read_text() == "old"
    assert {"commute.yaml", "old.md"} == {path.name for path in folder.iterdir()}


def test_a_folder_that_may_not_be_written_to(folder: Path) -> None:
    # Root may write anywhere, so the folder is one that has no room for new names for anybody.
    done = run([*ADVISE, "--format", "markdown", "-o", "/proc/x.md"], folder)

    assert done.returncode == 2
    assert done.stderr.startswith("taskpick: error: cannot write '/proc/x.md': ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a read-only folder")
def test_a_read_only_folder(folder: Path) -> None:
    folder.chmod(0o500)
    done = run([*ADVISE, "--format", "markdown", "-o", "x.md"], folder)
    folder.chmod(0o700)

    assert done.returncode == 2
    assert done.stderr == "taskpick: error: cannot write 'x.md': Permission denied\n"


def test_a_current_folder_that_is_gone(folder: Path) -> None:
    line = f"mkdir x && cd x && rmdir ../x && {TASKPICK} advise --no-input --retry none"
    done = run(["bash", "-c", line], folder)

    assert done.returncode in (0, 2, 3)


@pytest.mark.parametrize("name", ["folder", "/dev/null", "pipe", "loop"])
@pytest.mark.parametrize("flag", ["--rules", "--answers", "verify", "refresh"])
def test_files_that_are_no_files(folder: Path, name: str, flag: str) -> None:
    (folder / "folder").mkdir()
    (folder / "loop").symlink_to("loop")
    os.mkfifo(folder / "pipe")
    writer = threading.Thread(target=_close_soon, args=(folder / "pipe",), daemon=True)
    writer.start()
    command = {
        "verify": [TASKPICK, "verify", name],
        "refresh": [TASKPICK, "record", "refresh", name],
    }.get(flag, [TASKPICK, "advise", "--no-input", flag, name])
    done = run(command, folder)

    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr or "could not be checked" in done.stdout


def _close_soon(pipe: Path) -> None:
    """Write nothing to a pipe, whoever opens it and however often."""
    while True:
        pipe.open("wb").close()


def test_a_file_that_changes_while_it_is_read(folder: Path) -> None:
    """Each run sees one of the two texts whole, or says what is wrong with what it saw."""
    old = (folder / "commute.yaml").read_bytes()
    new = old.replace(b"{fits: Half an hour", b"{fails: Half an hour")
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            for text in (new, old):
                (folder / "commute.yaml").write_bytes(text)

    writer = threading.Thread(target=change)
    writer.start()
    try:
        runs = [run(ADVISE, folder) for _ in range(5)]
    finally:
        stop.set()
        writer.join()

    assert {done.returncode for done in runs} <= {0, 2}
    for done in runs:
        assert "  Use By " in done.stdout or "commute.yaml:" in done.stderr
