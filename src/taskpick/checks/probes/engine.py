"""Measure the claims of a rule file again: run its probes, each in an environment of its own.

What a probe is, and how it is written, is in `scripts.py`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taskpick.named_tuple import NamedTuple
from taskpick.rulefile.last_run import ProbeOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taskpick.checks.probes.scripts import Probe
    from taskpick.rulefile.model import Option

TIME_LIMIT = 600
"""How long a probe may take, in seconds."""
_GRACE = 10
"""How long a probe that is interrupted may take to end what it has started, in seconds."""
_MOST_OUTPUT = 1024 * 1024
_LONGEST_SEEN = 300
_SERVERS = "TASKPICK_POSTGRES_URL"
"""The server that the probes use instead of one of their own."""
_PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Measured(NamedTuple):
    """What was seen of one claim."""

    option: str
    claim: str
    outcome: ProbeOutcome
    seen: str
    """What was seen, or why it could not be measured."""
    versions: Mapping[str, str]
    """The packages that it was measured on, of those that the probe names."""


def run(
    option: Option, probes: Sequence[Probe], *, newest: bool, time_limit: float = TIME_LIMIT
) -> Iterator[Measured]:
    """Run the probes of one option in a fresh environment, and give an outcome for each claim.

    The environment has the versions that the rule file names, or the newest ones.
    """
    with tempfile.TemporaryDirectory(prefix="taskpick-probe-", ignore_cleanup_errors=True) as name:
        environment = Path(name) / "environment"
        trouble = prepare(option, probes, environment, newest=newest)
        for probe in probes:
            if trouble:
                yield from _unmeasured(probe, trouble)
            else:
                work = Path(name) / f"{probe.path.stem}.work"
                yield from run_script(probe, environment / "bin" / "python", work, time_limit)


def prepare(option: Option, probes: Sequence[Probe], environment: Path, *, newest: bool) -> str:
    """Create an environment that has what the probes need; say what went wrong, or nothing."""
    packages = sorted({package for probe in probes for package in probe.packages})
    if not newest:
        packages = [_pinned(package, option.versions) for package in packages]
    return _create(environment, packages, max(probe.python for probe in probes))


def run_script(
    probe: Probe, python: Path, work: Path, time_limit: float = TIME_LIMIT
) -> Iterator[Measured]:
    """Run one probe with an interpreter that has its packages, in a new folder for its files."""
    work.mkdir()
    versions = _versions(python, probe.packages)
    output, trouble = _output(probe.path, python, work, time_limit)
    reports = _reports(output)
    for claim in probe.claims:
        if claim in reports:
            holds, seen = reports[claim]
            outcome = ProbeOutcome.HOLDS if holds else ProbeOutcome.CHANGED
            yield Measured(probe.option, claim, outcome, seen, versions)
        else:
            why = trouble or "the probe did not report it"
            yield Measured(probe.option, claim, ProbeOutcome.COULD_NOT_RUN, why, versions)


def _pinned(package: str, versions: Mapping[str, str]) -> str:
    """The package at the version that the rule file names, if it names one."""
    name = _PACKAGE.match(package)
    version = versions.get(name.group()) if name else None
    is_bare = re.fullmatch(r"[\w.\[\],-]+", package)
    return f"{package}=={version}" if version and is_bare else package


def _create(environment: Path, packages: Sequence[str], minor: int) -> str:
    """Create a virtual environment with the packages; say what went wrong, or nothing."""
    python = interpreter(minor)
    if not python:
        return f"it needs Python 3.{minor}, and there is no python3.{minor} or newer on the path"
    steps = [[python, "-m", "venv", *([] if packages else ["--without-pip"]), str(environment)]]
    if packages:
        pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        steps.append([*pip, "--disable-pip-version-check", "--", *packages])
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:]
            return _one_line(f"the environment cannot be created: {' '.join(last)}")
    return ""


def interpreter(minor: int) -> str | None:
    """A Python that is at least 3.minor: this one, or the oldest such on the path that starts."""
    if sys.version_info >= (3, minor):
        return sys.executable
    paths = (shutil.which(f"python3.{each}") for each in range(minor, minor + 6))
    return next((path for path in paths if path and _starts(path)), None)


def _starts(python: str) -> bool:
    # A version manager has a command for every version it knows, also for those not in use.
    command = [python, "-c", ""]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603


def _output(script: Path, python: Path, work: Path, time_limit: float) -> tuple[str, str]:
    """What a script prints, and why it did not end well if it did not.

    What it prints goes to files: a process it leaves behind would keep a pipe open.
    """
    with (work / ".stdout").open("w+b") as output, (work / ".stderr").open("w+b") as errors:
        process = subprocess.Popen(  # noqa: S603
            [str(python), str(script.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            cwd=work,
            env=_environ(script, python, work),
            start_new_session=True,
        )
        try:
            process.wait(time_limit)
            trouble = ""
        except subprocess.TimeoutExpired:
            trouble = f"it took more than {time_limit:g} seconds"
        finally:
            _end(process)
        if process.returncode and not trouble:
            last = _start(errors).strip().splitlines()[-1:]
            trouble = _one_line(f"it exited with {process.returncode}: {' '.join(last)}")
        return _start(output), trouble


def _environ(script: Path, python: Path, work: Path) -> dict[str, str]:
    """The variables of a probe: no setting or secret of the person's own is among them."""
    variables = ("LANG", "LC_ALL", "SSL_CERT_FILE", "TMPDIR", "TZ", _SERVERS)
    return {
        **{name: os.environ[name] for name in variables if name in os.environ},
        "PATH": os.pathsep.join([str(python.parent), *os.get_exec_path()]),
        "HOME": str(work),
        "PYTHONUNBUFFERED": "1",
        # For what the probes of all options share.
        "PYTHONPATH": str(script.resolve().parent.parent),
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a probe that still runs, first so that it can end the servers it has started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _start(file: Any) -> str:
    file.seek(0)
    return str(file.read(_MOST_OUTPUT).decode("utf-8", errors="replace"))


def _reports(output: str) -> dict[str, tuple[bool, str]]:
    """What a script reports: claim to whether it holds and what was seen.

    A claim that is reported more than once holds if it holds each time.
    """
    reports: dict[str, tuple[bool, str]] = {}
    for line in output.splitlines():
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        match value:
            case {"claim": str(claim), "holds": bool(holds), "seen": seen}:
                before, earlier = reports.get(claim, (True, ""))
                words = f"{earlier}; {seen}" if earlier else str(seen)
                reports[claim] = (before and holds, _one_line(words))
    return reports


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SEEN else f"{line[: _LONGEST_SEEN - 1]}…"


def _versions(python: Path, packages: Sequence[str]) -> dict[str, str]:
    names = [match.group() for package in packages if (match := _PACKAGE.match(package))]
    code = "import importlib.metadata as m, json, sys; "
    code += "print(json.dumps({name: m.version(name) for name in sys.argv[1:]}))"
    command = [str(python), "-c", code, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return dict(json.loads(done.stdout)) if done.returncode == 0 else {}


def _unmeasured(probe: Probe, why: str) -> Iterator[Measured]:
    for claim in probe.claims:
        yield Measured(probe.option, claim, ProbeOutcome.COULD_NOT_RUN, why, {})
