"""The commands that start processes, and the versions that are pinned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.reading.files import Files

_PROCESS = re.compile(
    r"\b(celery\b[^#\n|&;]*?\b(worker|beat|flower|multi)\b|rq\s+worker|manage\.py\s+rqworker|rqworker|"
    r"rqscheduler|rq\s+scheduler|dramatiq\s+[\w.:-]+|huey_consumer|run_huey|taskiq\s+(worker|scheduler)|"
    r"arq\s+[\w.]+|saq\s+[\w.]+|procrastinate\b[^#\n]*\bworker|gunicorn|uvicorn|hypercorn|"
    r"fastapi\s+run|periodiq)\b"
)
_SEVERAL = re.compile(r"(?:--workers[= ]|(?<!\S)-w[= ]?)(\d+)")
_FASTAPI = re.compile(
    r"""fastapi(?:-slim)?(?:\[[^\]]*\])?["']?\s*(?:==|version\s*=\s*"|=\s*")\s*"?(\d+)\.(\d+)""",
    re.I,
)
_LOCKED = re.compile(r"""name = "fastapi"\nversion = "(\d+)\.(\d+)""")


class Command(NamedTuple):
    """A command that starts a process."""

    program: str
    text: str
    file: str
    line: int

    @property
    def web_workers(self) -> int:
        """How many processes of a web server it starts, as far as it says so."""
        found = _SEVERAL.search(self.text)
        web = self.program in ("gunicorn", "uvicorn", "hypercorn", "fastapi run")
        return int(found.group(1)[:4]) if web and found else 1


def commands(file: str, text: str) -> Iterator[Command]:
    """The commands in a text that start workers, schedulers and web servers."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        first, line = at, lines[at]
        while line.rstrip().endswith("\\") and at + 1 < len(lines):
            at += 1
            line = f"{line.rstrip()[:-1]} {lines[at].strip()}"
        at += 1
        plain = " ".join(re.sub(r"""["',\[\]]+""", " ", line).split())
        if plain.lstrip().startswith(("#", "RUN ", "pip ", "-r ")) or "pip install" in plain:
            continue
        if found := _PROCESS.search(plain):
            program = " ".join(found.group(1).split())
            if program.startswith("celery"):
                program = f"celery {found.group(2)}"
            yield Command(program, plain[found.start() :].strip()[:400], file, first + 1)


def fastapi_version(files: Files) -> tuple[int, int] | None:
    """The version of FastAPI that is pinned; None if none is, or several are."""
    found = set()
    for file in files.requirements:
        text = (files.read(file) or b"").decode("utf-8", "replace")
        pattern = _LOCKED if file.endswith(".lock") else _FASTAPI
        found |= {(int(major), int(minor)) for major, minor in pattern.findall(text)}
    return found.pop() if len(found) == 1 else None
