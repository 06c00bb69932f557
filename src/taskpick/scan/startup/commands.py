"""The commands that start processes, and the versions that are pinned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.scan.startup.command_texts import command_texts
from taskpick.scan.startup.own_names import OwnNames, is_own
from taskpick.scan.startup.prefixes import SHELL, plain, without_prefix
from taskpick.scan.startup.shell import simple_commands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.reading.files import Files

_OPTIONS = r"(?: (?:-[Abl]|--(?:app|broker|loglevel|workdir)) \S+| [-$]\S+)*+"
"""Options of Celery; the name of an app may be that of a command."""
_PROGRAMS = (
    (rf"celery{_OPTIONS} (?:worker|multi|beat|flower)", "celery", "celery"),
    (r"rq worker", "rq worker", "rq"),
    (r"rqworker", "rqworker", "rq"),
    (r"rqscheduler", "rqscheduler", ""),
    (r"rq scheduler", "rq scheduler", ""),
    (r"dramatiq [\w.:-]+", "", "dramatiq"),
    (r"huey_consumer(?:\.py)?", "huey_consumer", "huey"),
    (r"run_huey", "run_huey", "huey"),
    (r"taskiq worker", "taskiq worker", "taskiq"),
    (r"taskiq scheduler", "taskiq scheduler", ""),
    (r"arq [\w.]+", "", "arq"),
    (r"saq [\w.]+", "", "saq"),
    (r"procrastinate(?: \S+)*? worker", "procrastinate worker", "procrastinate"),
    (r"gunicorn(?= .)", "gunicorn", ""),
    (r"uvicorn(?= .)", "uvicorn", ""),
    (r"hypercorn(?= .)", "hypercorn", ""),
    (r"fastapi run", "fastapi run", ""),
    (r"periodiq", "periodiq", ""),
)
"""How a process is started, what it is called (else as it is written), and whose work it runs."""
_PROCESS = re.compile(rf"(?:{'|'.join(f'({pattern})' for pattern, _, _ in _PROGRAMS)})(?!\S)")
_NAMES = {re.split(r"\W", pattern)[0] for pattern, _, _ in _PROGRAMS}
_MENTION = re.compile(rf"\b(?:{'|'.join(sorted(_NAMES))})\b")
"""What a file must have in it to start one of these: most scripts have none."""
_DEEPEST = 2
"""How many names of its own a script has in front of one command: a function, and a variable."""
_SEVERAL = re.compile(r"(?:--workers[= ]|(?<!\S)-w[= ]?)(\d+)")
_POOL = re.compile(r"(?<!\S)(?:-P|--pool)[= ]?(\S+)")
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

    @property
    def pool(self) -> str:
        """What a worker of Celery runs its tasks with; empty if it does not say so."""
        match = _POOL.search(self.text)
        return match.group(1) if match else ""


def commands(file: str, source: str) -> Iterator[Command]:
    """The commands in a file that start workers, schedulers and web servers."""
    if not _MENTION.search(source):
        return
    for number, text in command_texts(file, source.replace("\r\n", "\n")):
        for line, words in _run(text, number):
            if match := _started(words) or _started(words.partition(" -- ")[2]):
                program, system = _program(match)
                text = match.string[match.start() :][:400]
                yield Command(program, text, file, line, system)


def _started(words: str) -> re.Match[str] | None:
    """The program that a command starts, if it is one of those."""
    return _PROCESS.match(words, without_prefix(words))


def _run(text: str, number: int) -> Iterator[tuple[int, str]]:
    """The commands of a text, of the texts that they give to a shell, and of its own names."""
    listed = list(simple_commands(text, number))
    own = OwnNames(text, listed)
    for line, words in listed:
        command = plain(words)
        if shell := SHELL.match(command):
            words, command = words[shell.group().count(" ") :], command[shell.end() :]
        is_text = re.search(r"\s", words[0]) and (shell or not is_own(words[0]))
        if is_text and len(words[0]) < len(text):
            yield from _run(words[0], line)
        else:
            yield line, command
            yield from _named(own, line, words, command)


def _named(
    own: OwnNames, line: int, words: list[str], command: str, depth: int = 0
) -> Iterator[tuple[int, str]]:
    """What a command stands for that begins with a variable or a function of the text."""
    if depth == _DEEPEST or not own.may_be_in(command) or _started(command):
        return
    for at, value, rest in own.written_out(line, words):
        place = at if _started(plain(value)) else line
        full = [*value, *rest]
        yield place, plain(full)
        yield from _named(own, place, full, plain(full), depth + 1)


def _program(match: re.Match[str]) -> tuple[str, str]:
    """What a process is called, and the system whose work it runs."""
    _, name, system = _PROGRAMS[(match.lastindex or 1) - 1]
    written = match.group()
    if name == "celery":
        part = written.rpartition(" ")[2]
        return f"celery {part}", "" if part in ("beat", "flower") else system
    return name or written, system


def fastapi_version(files: Files) -> tuple[int, int] | None:
    """The version of FastAPI that is pinned; None if none is, or several are."""
    versions = set()
    for file in files.requirements:
        text = (files.read(file) or b"").decode("utf-8", "replace")
        pattern = _LOCKED if file.endswith(".lock") else _FASTAPI
        versions |= {(int(major), int(minor)) for major, minor in pattern.findall(text)}
    return versions.pop() if len(versions) == 1 else None
