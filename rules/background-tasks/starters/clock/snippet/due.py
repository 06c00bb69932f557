import sqlite3
import time
import traceback
from datetime import UTC, datetime

db = sqlite3.connect("due.sqlite3", timeout=30, isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS due (key TEXT PRIMARY KEY, at, done)")


def add(key: str, at: float) -> None:  # a key counts once
    db.execute("INSERT OR IGNORE INTO due (key, at) VALUES (?, ?)", [key, at])


def work(key: str) -> None:  # a killed one runs again
    print(key, flush=True)  # your work goes here


add(f"daily-report-{datetime.now(UTC):%Y-%m-%d}", time.time())
waiting = "SELECT key FROM due WHERE done IS NULL AND at <= ? ORDER BY at"
for (key,) in db.execute(waiting, [time.time()]).fetchall():
    try:
        work(key)
        db.execute("UPDATE due SET done = ? WHERE key = ?", [time.time(), key])
    except Exception:  # it stays due, and the next run tries it again
        traceback.print_exc()
