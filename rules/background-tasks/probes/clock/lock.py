# /// script
# dependencies = []
# [tool.taskpick]
# claims = ["lock", "child-keeps-the-lock", "rows-survive-kills"]
# ///
"""A plain clock: locks between runs, and work kept as rows. Needs `flock` of util-linux."""

import fcntl
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from _tools import claim, kill, process, until

Path("hold.py").write_text(
    "import fcntl, time\nlock = open('own.lock', 'w')\nfcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)\nopen('held', 'w')\ntime.sleep(15)\n"
)


def free():
    """Whether the lock of hold.py can be taken."""
    with open("own.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


with process("hold.py") as holder:
    until(lambda: Path("held").exists(), 20)
    second = subprocess.run([sys.executable, "hold.py"], capture_output=True).returncode
    claim("lock", second == 1, f"a second run ended with {second}")
    kill(holder)
    took = until(free, 5)
    claim("lock", took is not None, f"the lock was free {took} s after SIGKILL")

if shutil.which("flock"):
    first = subprocess.Popen(["flock", "-n", "shell.lock", "sleep", "30"], start_new_session=True)
    time.sleep(1)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    after = subprocess.run(["flock", "-n", "shell.lock", "true"]).returncode
    kill(first)
    claim(
        "child-keeps-the-lock",
        after == 1,
        f"after SIGKILL of the flock command alone a new one ended with {after}",
    )

DUE = """
import fcntl, sqlite3, sys, time
lock = open("due.lock", "w")
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    sys.exit(0)
db = sqlite3.connect("work.db", timeout=30, isolation_level=None)
while row := db.execute("update jobs set until = ?, tries = tries + 1 where id = (select id from jobs where done = 0 and until < ? order by id limit 1) returning id", [time.time() + 1, time.time()]).fetchone():
    time.sleep(0.02)
    db.execute("begin immediate")
    db.execute("insert or ignore into effects values (?)", row)
    db.execute("update jobs set done = 1 where id = ?", row)
    db.execute("commit")
"""
Path("due.py").write_text(DUE)
db = sqlite3.connect("work.db", timeout=30, isolation_level=None)
db.executescript(
    "create table jobs (id integer primary key, until real not null default 0, tries integer not null default 0, done integer not null default 0); create table effects (id integer primary key)"
)
db.executemany("insert into jobs (id) values (?)", [(number,) for number in range(200)])
random.seed(1)
kills = 0
end = time.monotonic() + 90
while (
    time.monotonic() < end and db.execute("select count(*) from jobs where done = 0").fetchone()[0]
):
    with process("due.py") as run:
        if kills < 5:
            time.sleep(random.uniform(0.3, 0.8))
            kill(run)
            kills += 1
        else:
            run.wait()
    time.sleep(0.2)
lost = db.execute("select count(*) from jobs where done = 0").fetchone()[0]
twice = db.execute("select count(*) from jobs where tries > 1").fetchone()[0]
effects = db.execute("select count(*) from effects").fetchone()[0]
claim(
    "rows-survive-kills",
    lost == 0 and effects == 200,
    f"200 rows, {kills} SIGKILLs: {lost} lost, {twice} started twice, {effects} effects",
)
