# changes: lock child-keeps-the-lock rows-survive-kills
"""Locks that hold nothing, and rows that are done as soon as they are taken."""

import fcntl
import os
import shutil
import sqlite3
from pathlib import Path

fcntl.flock = lambda *_: None

if real := shutil.which("flock"):
    # The lock is closed before the command starts, so a child does not keep it.
    folder = Path.cwd() / "bin"
    if not folder.exists():
        folder.mkdir()
        (folder / "flock").write_text(f'#!/bin/sh\nexec {real} -o "$@"\n')
        (folder / "flock").chmod(0o755)
        os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"


class Forgetful(sqlite3.Connection):
    def execute(self, statement, *arguments):
        return super().execute(statement.replace("set until", "set done = 1, until"), *arguments)


connect = sqlite3.connect
sqlite3.connect = lambda *arguments, **options: connect(*arguments, factory=Forgetful, **options)
