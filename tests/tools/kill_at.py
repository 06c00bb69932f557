"""Ends a run of taskpick at each of its file operations, and says what it left: for a test.

Reads one JSON object from stdin: `before`, the folder to begin with; `work`, where to copy it to
for each run; `arguments` of taskpick; the number of a `signal`; `stride`, as every operation is
not always worth the time. Writes a JSON line for each run: the number of the operation, how the
run ended, the files that it left, and those that the same run leaves when it is made again.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import taskpick.commands.advise.advise
import taskpick.commands.record
import taskpick.commands.starter  # noqa: F401  loaded once, not once for each run
from taskpick.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable

CHANGING = ("os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.chmod", "os.truncate")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def run(work: Path, arguments: list[str], number: int | None, signal: int) -> tuple[int, bool]:
    """Run taskpick in a child that sends itself the signal just before operation `number`.

    Returns its exit status, negative for a signal, and whether it got to that operation.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        reached = bool(os.read(reader, 1))
        os.close(reader)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), reached
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.chdir(work)
    sys.argv = ["taskpick", *arguments]
    if number is not None:
        count_down(number, lambda: (os.write(writer, b"x"), os.kill(os.getpid(), signal)))
    try:
        main()
    except SystemExit as end:
        os._exit(int(end.code or 0))
    os._exit(0)


def count_down(number: int, act: Callable[[], object]) -> None:
    """Act just before the change with that number, if there are so many."""
    left = number
    here = str(Path.cwd())

    def change(path: str = "") -> None:
        nonlocal left
        if path.startswith("/") and not path.startswith(here):
            return  # a cache of compiled templates
        left -= 1
        if left == -1:
            act()

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[0], str) and arguments[2] & WRITING
        if writes or event in CHANGING:
            change(os.fsdecode(arguments[0]))

    def between(name: str) -> None:
        real = getattr(os, name)

        def heard(*words: Any, **more: Any) -> Any:
            change()
            return real(*words, **more)

        setattr(os, name, heard)

    # Between a file that is new and empty, and what is written into it, there is no event.
    between("fdopen")
    between("fsync")
    sys.addaudithook(hear)


def files(folder: Path) -> dict[str, str]:
    """The files below a folder and what is in them; folders have nothing in them."""
    return {
        path.relative_to(folder).as_posix(): path.read_text() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


def sweep(task: dict[str, Any]) -> None:
    """Make the runs that a task asks for."""
    before, work = Path(task["before"]), Path(task["work"])
    number = 0
    reached = True
    while reached:
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(before, work)
        status, reached = run(work, task["arguments"], number, task["signal"])
        left = files(work)
        again, _ = run(work, task["arguments"], None, 0)
        line = {"number": number, "status": status, "left": left}
        print(json.dumps({**line, "again": again, "then": files(work), "reached": reached}))
        number += task["stride"]


if __name__ == "__main__":
    sweep(json.load(sys.stdin))
