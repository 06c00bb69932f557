"""The commands that start processes, and the versions that are pinned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.reading.files import Files

_PROGRAMS = (
    (r"celery\b[^#\n|&;]{0,300}?\b(?:worker|multi|beat|flower)\b", "celery", "celery"),
    (r"rq\s+worker\b", "rq worker", "rq"),
    (r"manage\.py\s+rqworker\b", "manage.py rqworker", "rq"),
    (r"rqworker\b", "rqworker", "rq"),
    (r"rqscheduler\b", "rqscheduler", ""),
    (r"rq\s+scheduler\b", "rq scheduler", ""),
    (r"dramatiq\s+[\w.:-]+", "", "dramatiq"),
    (r"huey_consumer\b", "huey_consumer", "huey"),
    (r"run_huey\b", "run_huey", "huey"),
    (r"taskiq\s+worker\b", "taskiq worker", "taskiq"),
    (r"taskiq\s+scheduler\b", "taskiq scheduler", ""),
    (r"arq\s+[\w.]+", "", "arq"),
    (r"saq\s+[\w.]+", "", "saq"),
    (r"procrastinate\b[^#\n]{0,300}\bworker\b", "procrastinate worker", "procrastinate"),
    (r"gunicorn\b", "gunicorn", ""),
    (r"uvicorn\b", "uvicorn", ""),
    (r"hypercorn\b", "hypercorn", ""),
    (r"fastapi\s+run\b", "fastapi run", ""),
    (r"periodiq\b", "periodiq", ""),
)
"""How a process is started, what it is called (else as it is written), and whose work it runs.

A search is bounded, so that a long line costs no more than its length.
"""
_PROCESS = re.compile(rf"\b(?:{'|'.join(f'({pattern})' for pattern, _, _ in _PROGRAMS)})")
_SEVERAL = re.compile(r"(?:--workers[= ]|(?<!\S)-w[= ]?)(\d+)")
_FASTAPI = re.compile(
    r"""fastapi(?:-slim)?(?:\[[^\]]*\])?["']?\s*"""
    r"""(?:==|version\s*=\s*"|=\s*")\s*"?(\d{1,4})\.(\d{1,4})""",
    re.I,
)
_LOCKED = re.compile(r"""name = "fastapi"\nversion = "(\d{1,4})\.(\d{1,4})""")


class Command(NamedTuple):
    """A command that starts a process."""

    program: str
    text: str
    file: str
    line: int
    system: str
    """The system whose work it runs; empty if it is no worker."""

    @property
    def web_workers(self) -> int:
        """How many processes of a web server it starts, as far as it says so."""
        match = _SEVERAL.search(self.text)
        web = self.program in ("gunicorn", "uvicorn", "hypercorn", "fastapi run")
        return int(match.group(1)[:4]) if web and match else 1


def commands(file: str, source: str) -> Iterator[Command]:
    """The commands in a file that start workers, schedulers and web servers."""
    lines = source.split("\n")
    at = 0
    while at < len(lines):
        first, parts = at, [lines[at].rstrip()]
        while parts[-1].endswith("\\") and at + 1 < len(lines):
            at += 1
            parts[-1] = parts[-1][:-1]
            parts.append(lines[at].strip())
        at += 1
        plain = " ".join(re.sub(r"""["',\[\]]+""", " ", " ".join(parts)).split())
        if plain.lstrip().startswith(("#", "RUN ", "pip ", "-r ")) or "pip install" in plain:
            continue
        if match := _PROCESS.search(plain):
            program, system = _program(match)
            text = plain[match.start() :].strip()[:400]
            yield Command(program, text, file, first + 1, system)


def _program(match: re.Match[str]) -> tuple[str, str]:
    """What a process is called, and the system whose work it runs."""
    _, name, system = _PROGRAMS[(match.lastindex or 1) - 1]
    words = match.group().split()
    if name == "celery":
        return f"celery {words[-1]}", "" if words[-1] in ("beat", "flower") else system
    return name or " ".join(words), system


def fastapi_version(files: Files) -> tuple[int, int] | None:
    """The version of FastAPI that is pinned; None if none is, or several are."""
    versions = set()
    for file in files.requirements:
        text = (files.read(file) or b"").decode("utf-8", "replace")
        pattern = _LOCKED if file.endswith(".lock") else _FASTAPI
        versions |= {(int(major), int(minor)) for major, minor in pattern.findall(text)}
    return versions.pop() if len(versions) == 1 else None
