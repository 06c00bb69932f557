"""What the tasks did: each effect once, however often its task runs.

SQLite serves one machine. On more, use the database of your app: one table whose primary
key is the idempotency key, written in the same transaction as the effect.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import settings

SCHEMA = """
CREATE TABLE IF NOT EXISTS effects (key TEXT PRIMARY KEY, at TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE IF NOT EXISTS outbox (email TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS exports (key TEXT NOT NULL, lines INTEGER NOT NULL);
"""


def connect() -> sqlite3.Connection:
    db = sqlite3.connect(settings.DATABASE, timeout=30, isolation_level=None)
    db.executescript(SCHEMA)
    return db


def once(key: str, effect: Callable[[sqlite3.Connection], object]) -> bool:
    """Call `effect` in the transaction that marks `key` as done.

    Returns whether it did: False if the effect is there already. A worker that is killed
    on the way leaves neither the effect nor the mark.
    """
    with closing(connect()) as db, db:
        db.execute("BEGIN IMMEDIATE")
        new = db.execute("INSERT OR IGNORE INTO effects (key) VALUES (?)", [key]).rowcount == 1
        if new:
            effect(db)
    return new


def mail(email: str, text: str, key: str) -> bool:
    """Put a mail into the outbox, once per key. Your mail provider goes here.

    A provider that takes an idempotency key gets `key` too: it alone can tell that a mail
    left just before the worker was killed.
    """
    return once(key, lambda db: db.execute("INSERT INTO outbox VALUES (?, ?)", [email, text]))


def save_export(lines: int, key: str) -> bool:
    """Write an export down, once per key. Your files or your object store go here."""
    return once(key, lambda db: db.execute("INSERT INTO exports VALUES (?, ?)", [key, lines]))
