"""Many tasks while workers are killed at random: is every one done, and none done twice?

    python tests/live/under_fire.py rq celery-redis celery-rabbitmq background-tasks

Each is the starter as it is written, its web app, its workers and a broker of its own, all as
real processes. A task is an export of a fifth of a second; what it did is counted in its database,
where a second export under the same key would be a second row. A kill is SIGKILL to a worker
and all its children at once, and a new worker after it.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy

if __name__ == "__main__":  # as a script it is not part of the package that it is in
    sys.path.insert(0, str(Path(__file__).parents[2]))
    __package__ = importlib.import_module("tests.live").__name__

from . import projects, systems
from .systems import http

WORKERS = 3
PER_SECOND = 25
"""As many tasks are sent in a second: about what the workers can do."""
FAST = {"STEP_SECONDS": "0.02", "TASK_SECONDS": "5"}
PATIENCE = 150
"""After as many seconds without anything done, what is missing is asked for again."""


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    kind: str
    tasks: int
    kills: int
    done: int
    asked_again: int
    """Tasks that were gone, and came back when they were asked for again under their key."""
    twice: int
    runs: int
    """How often a task was begun, as the ledger tells."""
    seconds: float
    recovery: float
    """Seconds from the last kill to the last task done."""

    def row(self) -> str:
        return (
            f"| {self.kind} | {self.tasks} | {self.kills} | {self.done} | {self.asked_again} | "
            f"{self.tasks - self.done} | {self.twice} | {self.runs} | {self.recovery:.0f} s |"
        )


HEAD = (
    "| starter | tasks | kills | done | asked again | lost | done twice | runs "
    "| last kill to last done |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


def fire(
    kind: str,
    *,
    tasks: int,
    kills: int,
    seed: int,
    postgres: bool = False,
    patience: float = PATIENCE,
) -> Outcome:
    """Send the tasks, kill while they are worked on, and wait for the last of them."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        commands = projects.write(folder, kind, retry="advanced", persistence="durable")
        broker = projects.broker(kind, Path(scratch) / "broker")
        sqlite = nullcontext(f"sqlite:///{folder}/data.sqlite3")
        with (
            broker as urls,
            systems.postgres() if postgres else sqlite as address,
            projects.running(
                folder,
                commands,
                workers=WORKERS,
                DATABASE_URL=(data := address.replace("postgresql:", "postgresql+psycopg:")),
                **urls,
                **FAST,
            ) as (group, url),
        ):
            start = time.monotonic()
            victims = [name for name in group.running if name.startswith("worker")] or ["web"]
            with ThreadPoolExecutor(1) as pool:
                sent = pool.submit(send, url, tasks)
                last = shoot(group, victims, data, tasks, kills, random.Random(seed))
                sent.result()
            end = wait(data, tasks, patience)
            gone = missing(data, tasks)
            for key in gone:
                print(f"{key}: {projects.status(url, f'export/{key}')}", file=sys.stderr)
                logged = "\n".join(group.log(name) for name in victims).splitlines()
                print(*[line[:2000] for line in logged if key in line], sep="\n", file=sys.stderr)
                promise(url, key)
            if gone:
                wait(data, tasks, 20)
            runs = begun(data)
            done, rows = counted(data)
    return Outcome(
        kind=kind,
        tasks=tasks,
        kills=kills,
        done=done,
        asked_again=len(gone),
        twice=rows - done,
        runs=runs,
        seconds=end - start,
        recovery=max(0.0, end - last),
    )


def send(url: str, tasks: int) -> None:
    """Ask for every export until it is promised; the key makes it one and the same."""
    start = time.monotonic()
    for number in range(tasks):
        time.sleep(max(0.0, start + number / PER_SECOND - time.monotonic()))
        promise(url, f"fire-{number:04}")


def promise(url: str, key: str) -> None:
    for _ in range(200):
        try:
            headers = {"Idempotency-Key": key}
            if http("POST", f"{url}/exports", {"lines": 1}, headers).code == 202:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{key} was never promised")


def shoot(
    group: systems.Processes,
    victims: list[str],
    data: str,
    tasks: int,
    kills: int,
    chance: random.Random,
) -> float:
    """Kill and start again, spread over the work; the time of the last kill."""
    last = time.monotonic()
    for number in range(kills):
        # Not before that much is done, so that there is always work that a kill interrupts.
        goal = tasks * (number + 0.5) / (kills + 2) * (0.5 if victims == ["web"] else 1)
        end = time.monotonic() + 30
        while counted(data)[0] < goal and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(chance.random() * 0.3)
        name = chance.choice(victims)
        command = group.commands[name]
        group.kill(name)
        last = time.monotonic()
        group.start(name, command)
    return last


def rows(data: str, query: str) -> list[Any]:
    """What the database of that address answers."""
    engine = sqlalchemy.create_engine(data, poolclass=sqlalchemy.NullPool)
    with engine.connect() as db:
        return list(db.execute(sqlalchemy.text(query)))


def counted(data: str) -> tuple[int, int]:
    """How many exports there are, and how many rows for them."""
    keys, effects = rows(data, "SELECT count(DISTINCT key), count(*) FROM exports")[0]
    return keys, effects


def missing(data: str, tasks: int) -> list[str]:
    done = {key for (key,) in rows(data, "SELECT key FROM exports")}
    return [key for key in (f"fire-{number:04}" for number in range(tasks)) if key not in done]


def wait(data: str, tasks: int, patience: float) -> float:
    """Until all is done or nothing more happens; the time of the last thing that did."""
    done, since = counted(data)[0], time.monotonic()
    while done < tasks and time.monotonic() < since + patience:
        time.sleep(0.2)
        if (now := counted(data)[0]) > done:
            done, since = now, time.monotonic()
    return since


def begun(data: str) -> int:
    return int(rows(data, "SELECT sum(tries) FROM work")[0][0])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kinds", nargs="*", default=projects.KINDS, metavar="STARTER")
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help="keep the ledger in PostgreSQL")
    arguments = parser.parse_args()
    print(HEAD, flush=True)
    lost = 0
    for kind in arguments.kinds:
        outcome = fire(
            kind,
            tasks=arguments.tasks,
            kills=arguments.kills,
            seed=arguments.seed,
            postgres=arguments.postgres,
        )
        print(outcome.row(), flush=True)
        lost += outcome.tasks - outcome.done + outcome.twice
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
