"""Many tasks while everything is killed at random: is every one done, and none done twice?

    python tests/live/under_fire.py rq celery-redis celery-rabbitmq background-tasks

Each is the starter as it is written, its web app, its workers and a server of its own, all as
real processes. A task is an export of a fifth of a second; each fifth is asked for twice at once.
What it did is counted in its database, where a second export under the same key would be a second
row. Workers get SIGKILL with all their children, ten times, and the web app once. Valkey gets it
twice, and starts on the data that it wrote; RabbitMQ's connections are cut twice for a second, and
PostgreSQL crashes twice. What was killed starts again, and so does what ends by itself, as compose
and `run.py` have it.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy

if __name__ == "__main__":  # as a script it is not part of the package that it is in
    sys.path.insert(0, str(Path(__file__).parents[2]))
    __package__ = importlib.import_module("tests.live").__name__

from . import projects, systems
from .systems import http

if TYPE_CHECKING:
    from collections.abc import Callable

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
    attacks: int
    done: int
    asked_again: int
    """Tasks that were gone, and came back when they were asked for again under their key."""
    twice: int
    ended: int
    """How often a process ended that nobody had killed, and was started again."""
    runs: int
    """How often a task was begun, as the ledger tells."""
    seconds: float
    """From the first request to the last task done."""
    recovery: float
    """Seconds from the last attack to the last task done."""

    def row(self) -> str:
        return (
            f"| {self.kind} | {self.tasks} | {self.attacks} | {self.asked_again} | "
            f"{self.tasks - self.done} | {self.twice} | {self.ended} | {self.runs} | "
            f"{self.seconds:.0f} s | {self.recovery:.0f} s |"
        )


HEAD = (
    "| starter | tasks | attacks | asked again | lost | twice | ended | begun | all done after "
    "| after the last attack |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


def fire(
    kind: str,
    *,
    tasks: int,
    kills: int,
    seed: int,
    crashes: int = 2,
    postgres: bool = False,
    patience: float = PATIENCE,
) -> Outcome:
    """Send the tasks, attack while they are worked on, and wait for the last of them."""
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder = Path(scratch) / "project"
        commands = projects.write(folder, kind, retry="advanced", persistence="durable")
        servers = dict.fromkeys([projects.SERVERS[kind], *(["postgres"] if postgres else [])])
        environment: dict[str, str] = {}
        crash: list[Callable[[], None]] = []
        for name in servers:
            urls, fail = stack.enter_context(projects.server(name, Path(scratch) / name))
            environment |= urls
            crash += [fail] * crashes if fail else []
        data = projects.data(folder, environment)
        group, url = stack.enter_context(
            projects.running(folder, commands, workers=WORKERS, **environment, **FAST)
        )
        start = time.monotonic()
        chance = random.Random(seed)
        workers = [name for name in group.running if name.startswith("worker")] or ["web"]
        victims = [*chance.choices(workers, k=kills), "web"]
        attacks = crash + [partial(restart, group, name) for name in victims]
        chance.shuffle(attacks)
        with ThreadPoolExecutor(1) as pool:
            sent = pool.submit(send, url, tasks)
            last, ended = attack(attacks, group, data, tasks, chance)
            while not sent.done():
                ended += start_again(group)
                time.sleep(0.2)
            sent.result()
        end, later = wait(group, data, tasks, patience)
        gone = missing(data, tasks)
        for key in gone:
            report(group, url, key)
            promise(url, key)
        if gone:
            wait(group, data, tasks, 20)
        runs = begun(data)
        done, effects = counted(data)
    return Outcome(
        kind=kind,
        tasks=tasks,
        attacks=len(attacks),
        done=done,
        asked_again=len(gone),
        twice=effects - done,
        ended=ended + later,
        runs=runs,
        seconds=end - start,
        recovery=max(0.0, end - last),
    )


def report(group: systems.Processes, url: str, key: str) -> None:
    """Print what is known of a task that is gone."""
    print(f"{key}: {projects.status(url, f'export/{key}')}", file=sys.stderr)
    logged = "\n".join(group.log(name) for name in group.running).splitlines()
    print(*[line[:2000] for line in logged if key in line], sep="\n", file=sys.stderr)


def send(url: str, tasks: int) -> None:
    """Ask for every export until it is promised, for each fifth twice at once."""
    start = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        for number in range(tasks):
            time.sleep(max(0.0, start + number / PER_SECOND - time.monotonic()))
            key = f"fire-{number:04}"
            times = 2 if number % 5 == 0 else 1
            list(pool.map(promise, [url] * times, [key] * times))


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


def attack(
    attacks: list[Callable[[], None]],
    group: systems.Processes,
    data: str,
    tasks: int,
    chance: random.Random,
) -> tuple[float, int]:
    """Make the attacks, spread over the work: the time of the last one, and what ended."""
    last, ended = time.monotonic(), 0
    for number, strike in enumerate(attacks):
        # Not before that much is done, so that there is always work that it interrupts.
        goal = tasks * (number + 0.5) / (len(attacks) + 2)
        end = time.monotonic() + 30
        while counted(data)[0] < goal and time.monotonic() < end:
            ended += start_again(group)
            time.sleep(0.05)
        time.sleep(chance.random() * 0.3)
        last = time.monotonic()
        strike()
    return last, ended


def start_again(group: systems.Processes) -> int:
    """Start what has ended by itself; how many those were."""
    ended = [name for name, process in group.running.items() if process.poll() is not None]
    for name in ended:
        group.start(name, group.commands[name])
    return len(ended)


def restart(group: systems.Processes, name: str) -> None:
    """SIGKILL to a process and all below it, and a new one."""
    command = group.commands[name]
    group.kill(name)
    group.start(name, command)


def rows(data: str, query: str) -> list[Any]:
    """What the database of that address answers, when it is up."""
    engine = sqlalchemy.create_engine(data, poolclass=sqlalchemy.NullPool)
    end = time.monotonic() + 30
    while True:
        try:
            with engine.connect() as db:
                return list(db.execute(sqlalchemy.text(query)))
        except sqlalchemy.exc.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def counted(data: str) -> tuple[int, int]:
    """How many exports there are, and how many rows for them."""
    keys, effects = rows(data, "SELECT count(DISTINCT key), count(*) FROM exports")[0]
    return keys, effects


def missing(data: str, tasks: int) -> list[str]:
    done = {key for (key,) in rows(data, "SELECT key FROM exports")}
    return [key for key in (f"fire-{number:04}" for number in range(tasks)) if key not in done]


def wait(group: systems.Processes, data: str, tasks: int, patience: float) -> tuple[float, int]:
    """Until all is done or nothing more happens: the time of the last thing that did, and what
    ended."""
    done, since, ended = counted(data)[0], time.monotonic(), 0
    while done < tasks and time.monotonic() < since + patience:
        ended += start_again(group)
        time.sleep(0.2)
        if (now := counted(data)[0]) > done:
            done, since = now, time.monotonic()
    return since, ended


def begun(data: str) -> int:
    return int(rows(data, "SELECT sum(tries) FROM work")[0][0])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kinds", nargs="*", default=projects.KINDS, metavar="STARTER")
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--runs", type=int, default=1, help="each with the next seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help="keep the ledger in PostgreSQL")
    arguments = parser.parse_args()
    print(HEAD, flush=True)
    wrong = 0
    for kind in arguments.kinds:
        for seed in range(arguments.seed, arguments.seed + arguments.runs):
            outcome = fire(
                kind,
                tasks=arguments.tasks,
                kills=arguments.kills,
                seed=seed,
                postgres=arguments.postgres,
            )
            print(outcome.row(), flush=True)
            wrong += outcome.tasks - outcome.done + outcome.twice + outcome.asked_again
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
