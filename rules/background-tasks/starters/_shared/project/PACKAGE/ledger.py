"""The ledger: what was promised, and how far it is. A table in the database of the app.

A row is `waiting` for other work, `queued`, `running`, `done` or `failed`. `due` is when the
sweeper looks at it next: it sends queued work again, and running work whose worker is gone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text

from .settings import settings

MOST_TRIES = 6  # so often is work begun whose worker is killed each time
MOST_SENDS = 10  # so often is work sent that no worker begins: for eight hours

# UNIQUE is the index of what is due. CREATE INDEX would wait for each open transaction that writes
# to the table, and whatever writes to it next would wait for CREATE INDEX.
SCHEMA = """
CREATE TABLE IF NOT EXISTS work (
  id TEXT PRIMARY KEY, args TEXT NOT NULL, state TEXT NOT NULL, due DOUBLE PRECISION NOT NULL,
  progress INTEGER, result TEXT, reason TEXT,
  sends INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
  waits INTEGER NOT NULL DEFAULT 0, next TEXT,
  UNIQUE (state, due, id)
);
CREATE TABLE IF NOT EXISTS ticks (name TEXT PRIMARY KEY, last DOUBLE PRECISION NOT NULL);
CREATE TABLE IF NOT EXISTS signups (key TEXT PRIMARY KEY, email TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outbox (key TEXT NOT NULL, email TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS exports (key TEXT NOT NULL, lines INTEGER NOT NULL)
"""


class KeyUsed(Exception):
    """The key stands for other work already."""


class Taken(Exception):
    """Another worker has taken the work over; what this one did is rolled back."""


def connect(url: str) -> Engine:
    """No pool: workers fork, and a connection must not be shared between processes."""
    soon = {"connect_timeout": 5} if url.startswith("postgresql") else {}  # in seconds
    made = create_engine(url, poolclass=NullPool, connect_args=soon)
    if made.dialect.name == "sqlite":

        @event.listens_for(made, "connect")
        def set_up(connection: Any, _: object) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA busy_timeout = 30000")
            connection.execute("PRAGMA journal_mode = WAL")

        @event.listens_for(made, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


engine = connect(settings.database_url)


@contextmanager
def transaction() -> Iterator[Connection]:
    with engine.begin() as db:
        yield db


def prepare() -> None:
    """Make the tables that are missing."""
    with transaction() as db:
        if engine.dialect.name == "postgresql":  # two at once would be in each other's way
            db.execute(text("SELECT pg_advisory_xact_lock(1)"))
        for statement in SCHEMA.split(";"):
            db.execute(text(statement))


def promise(
    db: Connection,
    name: str,
    key: str,
    args: dict[str, Any],
    *,
    delay: float = 0,
    then: str | None = None,
) -> str:
    """Write down work, in the transaction of the caller; returns its id.

    Asked for again under its key it is the same work; if it has failed, it begins anew. `then`
    is the id of work that waits for this one.

    Raises:
        KeyUsed: the key was used with other arguments.
    """
    work, written = f"{name}/{key}", json.dumps(args, sort_keys=True)
    due = time.time() + (delay or settings.resend_seconds)
    values = {"id": work, "args": written, "due": due, "then": then}
    new = db.execute(
        text(
            "INSERT INTO work (id, args, state, due, next)"
            " VALUES (:id, :args, 'queued', :due, :then) ON CONFLICT (id) DO NOTHING"
        ),
        values,
    )
    if new.rowcount == 0:
        if db.execute(text("SELECT args FROM work WHERE id = :id"), values).scalar() != written:
            raise KeyUsed(work)
        db.execute(
            text(
                "UPDATE work SET state = 'queued', due = :due, sends = 0, tries = 0,"
                " progress = NULL, reason = NULL WHERE id = :id AND state = 'failed'"
            ),
            values,
        )
    return work


def wait_for(db: Connection, work: str, parts: list[str]) -> None:
    """Let queued work wait until the parts, promised with `then=work`, are done."""
    open_parts = 0
    for part in parts:
        state = db.execute(text("SELECT state FROM work WHERE id = :id"), {"id": part}).scalar()
        open_parts += state != "done"
    db.execute(
        text(
            "UPDATE work SET state = 'waiting', waits = :waits"
            " WHERE id = :id AND state = 'queued' AND sends = 0 AND tries = 0 AND :waits > 0"
        ),
        {"id": work, "waits": open_parts},
    )


def begin(work: str) -> tuple[dict[str, Any], int] | None:
    """Take work: its arguments and which try this is; None if there is nothing to do."""
    now = time.time()
    with transaction() as db:
        row = db.execute(
            text(
                "UPDATE work SET state = 'running', tries = tries + 1, due = :lease"
                " WHERE id = :id AND tries < :most"
                " AND (state = 'queued' OR (state = 'running' AND due < :now))"
                " RETURNING args, tries"
            ),
            {"id": work, "now": now, "lease": now + settings.lease_seconds, "most": MOST_TRIES},
        ).one_or_none()
    return (json.loads(row.args), row.tries) if row else None


def renew(work: str, number: int, progress: int | None = None) -> None:
    """Say that the worker is alive, and how far the work is."""
    with transaction() as db:
        db.execute(
            text(
                "UPDATE work SET due = :lease, progress = COALESCE(:progress, progress)"
                " WHERE id = :id AND state = 'running' AND tries = :tries"
            ),
            {
                "id": work,
                "tries": number,
                "lease": time.time() + settings.lease_seconds,
                "progress": progress,
            },
        )


@contextmanager
def done(work: str, number: int, result: object, ready: list[str]) -> Iterator[Connection]:
    """The transaction in which the work has its effect and is done: both or neither.

    What waited for it and can begin now is added to `ready`.

    Raises:
        Taken: it is somebody else's by now.
    """
    with transaction() as db:
        row = db.execute(
            text(
                "UPDATE work SET state = 'done', progress = 100, result = :result"
                " WHERE id = :id AND state = 'running' AND tries = :tries RETURNING next"
            ),
            {"id": work, "tries": number, "result": json.dumps(result)},
        ).one_or_none()
        if row is None:
            raise Taken(work)
        yield db
        following = db.execute(
            text(
                "UPDATE work SET waits = waits - 1,"
                " state = CASE WHEN waits = 1 THEN 'queued' ELSE state END, due = :due"
                " WHERE id = :next AND state = 'waiting' RETURNING id, state"
            ),
            {"next": row.next, "due": time.time() + settings.resend_seconds},
        ).all()
    ready += [each.id for each in following if each.state == "queued"]


def again(work: str, number: int, pause: float, reason: str) -> None:
    """Let the sweeper send it after a pause."""
    with transaction() as db:
        db.execute(
            text(
                "UPDATE work SET state = 'queued', due = :due, sends = 0, reason = :reason"
                " WHERE id = :id AND state = 'running' AND tries = :tries"
            ),
            {"id": work, "tries": number, "due": time.time() + pause, "reason": reason},
        )


def fail(work: str, number: int, reason: str) -> None:
    """It failed for good, and with it what waits for it."""
    with transaction() as db:
        _fail(db, work, number, reason)


def _fail(db: Connection, work: str, number: int, reason: str) -> None:
    row = db.execute(
        text(
            "UPDATE work SET state = 'failed', reason = :reason WHERE id = :id"
            " AND state IN ('queued', 'running') AND tries = :tries RETURNING next"
        ),
        {"id": work, "tries": number, "reason": reason},
    ).one_or_none()
    if row:
        db.execute(
            text(
                "UPDATE work SET state = 'failed', reason = :reason"
                " WHERE id = :next AND state = 'waiting'"
            ),
            {"next": row.next, "reason": f"{work} failed: {reason}"},
        )


def overdue(most: int = 100) -> list[str]:
    """What is to be sent now; each is given to one caller only. What is hopeless has failed."""
    now = time.time()
    ready = []
    with transaction() as db:
        rows = db.execute(
            text(
                "UPDATE work SET due = :now + :wait * (1 << sends), sends = sends + 1,"
                " state = 'queued' WHERE due < :now AND id IN (SELECT id FROM work"
                " WHERE state IN ('queued', 'running') AND due < :now ORDER BY due LIMIT :most)"
                " AND state IN ('queued', 'running') RETURNING id, sends, tries"
            ),
            {"now": now, "wait": settings.resend_seconds, "most": most},
        ).all()
        for row in rows:
            if row.tries >= MOST_TRIES:
                _fail(db, row.id, row.tries, f"its worker was killed {MOST_TRIES} times")
            elif row.sends > MOST_SENDS:
                _fail(db, row.id, row.tries, "no worker began it")
            else:
                ready.append(row.id)
    return ready


def not_sent(works: list[str]) -> None:
    """The broker was away: try again soon, and do not count it."""
    with transaction() as db:
        for work in works:
            db.execute(
                text(
                    "UPDATE work SET due = :due, sends = sends - 1"
                    " WHERE id = :id AND state = 'queued' AND sends > 0"
                ),
                {"id": work, "due": time.time() + 5},
            )


def look_up(work: str) -> dict[str, Any] | None:
    """What the caller may know of it; None if it was never promised."""
    with transaction() as db:
        row = db.execute(
            text("SELECT state, progress, result, reason FROM work WHERE id = :id"), {"id": work}
        ).one_or_none()
    if row is None:
        return None
    state = "queued" if row.state == "waiting" else row.state
    result = json.loads(row.result) if row.result else None
    return {"state": state, "progress": row.progress, "result": result, "reason": row.reason}
