"""Every starter that the rule file can produce, each distinct one once."""

from __future__ import annotations

import itertools
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.problems import Span
from taskpick.rulefile.model import Option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RULES = Path(__file__).parents[2] / "rules" / "background-tasks"
OPTIONS = (
    "background-tasks",
    "clock",
    "rq",
    "huey",
    "taskiq",
    "procrastinate",
    "dramatiq",
    "celery",
    "dbos",
)
"""Those that have a project."""
SNIPPETS = (*OPTIONS, "temporal")
"""Those whose code `taskpick advise` shows."""
LEVELS = {
    "duration": ("seconds", "minutes", "hours"),
    "persistence": ("none", "durable"),
    "retry": ("none", "basic", "advanced"),
    "scheduling": ("none", "delayed", "cron"),
    "distribution": ("in-process", "one-worker", "many-workers"),
    "infrastructure": ("any", "redis", "rabbitmq", "postgres", "serverless", "none"),
    "code": ("sync", "async", "cpu"),
    "monitoring": ("none", "status", "dashboard"),
    "workflow": ("none", "chain", "dag", "stateful"),
    "language": ("python", "mixed"),
}
TEXTS = ("README.md.jinja", "why.md.jinja")
LEAST = {criterion: levels[0] for criterion, levels in LEVELS.items()} | {"code": "sync"}


def option(name: str) -> Option:
    """An option as the rule file describes it, as far as a starter can tell."""
    return Option(
        id=name,
        name=name,
        url="https://example.com",
        versions={"fastapi": "0.165"},
        facts={},
        starter=f"starters/{name}",
        fits={},
        span=Span.at(1, 1),
    )


def answers(**given: str) -> dict[str, str]:
    """The least demanding answers, but for those given."""
    assert all(level in LEVELS[criterion] for criterion, level in given.items())
    return LEAST | given


def combinations(name: str, part: str = "") -> Iterator[dict[str, str]]:
    """All answers that can change a byte of the templates of an option, below `part`.

    The README is not counted: it has a table of all the answers.
    """
    read = [criterion for criterion in LEVELS if criterion in _read(name, part)]
    for levels in itertools.product(*(_told_apart(name, part, each) for each in read)):
        yield LEAST | dict(zip(read, levels, strict=True))


def _told_apart(name: str, part: str, criterion: str) -> list[str]:
    """The levels of a criterion that the templates name, and one for all that they do not."""
    named = [level for level in LEVELS[criterion] if f"'{level}'" in _text(name, part)]
    return [*named, *[level for level in LEVELS[criterion] if level not in named][:1]]


def _read(name: str, part: str) -> set[str]:
    """The criteria that the templates name: they have no other way to get at an answer."""
    return set(re.findall(r"answers\.(\w+)", _text(name, part)))


@cache
def _text(name: str, part: str) -> str:
    home = RULES / "starters"
    paths = [*(home / name / part).rglob("*.jinja")]
    if part != "snippet" and name in OPTIONS:
        paths += [home / name / "starter.yaml.jinja", *(home / "_shared").rglob("*.jinja")]
    return "\n".join(path.read_text() for path in paths if path.name not in TEXTS)


@cache
def covering(name: str) -> Sequence[dict[str, str]]:
    """Answers such that every pair of levels is in one of them: few, and most faults show."""
    rows = list(combinations(name))
    read = [criterion for criterion in LEVELS if criterion in _read(name, "")]
    missing = {pair for row in rows for pair in _pairs(row, read)}
    chosen = []
    while missing:
        # Only some of the rows are looked at: near the best is good enough.
        some = rows[len(chosen) % 7 :: 7]
        best = max(some, key=lambda row: len(missing & _pairs(row, read)))
        if not missing & _pairs(best, read):
            best = next(row for row in rows if missing & _pairs(row, read))
        missing -= _pairs(best, read)
        chosen.append(best)
    return chosen


def every_level(name: str) -> list[dict[str, str]]:
    """As few answers as have every level of what the code reads, each beside other ones."""
    read = [criterion for criterion in LEVELS if criterion in _read(name, "")]
    most = max(len(LEVELS[criterion]) for criterion in read)
    return [
        LEAST | {c: LEVELS[c][(row + place) % len(LEVELS[c])] for place, c in enumerate(read)}
        for row in range(most)
    ]


def _pairs(row: dict[str, str], read: list[str]) -> set[tuple[str, str, str, str]]:
    return {(a, row[a], b, row[b]) for a, b in itertools.combinations(read, 2)}
