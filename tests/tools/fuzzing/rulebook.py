"""Random rule files of any size, and what follows from them, found by trying all answers.

Nothing here is taken from the program: it is what its results are compared with.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import random

FITS, STRAINS, FAILS = "fits", "strains", "fails"
UNSURE = "unsure"
NOTHING = "nothing-fits"
PICKED, UNDECIDED = "picked", "undecided"
SMALL, LARGEST = (4, 4, 4), (24, 16, 32)
"""The most criteria, levels and options: so few that all can be tried; the reader's limits."""
NASTY = [
    *("a < b & c > d", "</text></svg><script>", "<b>", "&lt;b&gt; & <i"),
    *("a | b `c", "<script>alert(1)</script>", "[x](javascript:alert(1))", "]]> --> &amp; &#x1b;"),
    *(
        "# one\n- two\n\n```\nthree",
        "{{ 7 * 7 }} {% raw %}",
        "$(touch oops); `id` \\",
        "%0A::error::",
    ),
    *(
        "![x](http://x.example/y.png)",
        "<!-- taskpick x -->",
        "[red]bold[/red]",
        '"; drop',
        "\u00a0",
    ),
    *("\u05e9\u05dc\u05d5\u05dd \U0001f600", "e\u0301" * 40, "word " * 300, "x" * 3000, "---\n"),
]
"""Texts that mean something else in Markdown, HTML, YAML, a shell, a template or a log."""


class Criterion(NamedTuple):
    levels: list[str]
    default: str | None
    ordered: bool


class Rulebook(NamedTuple):
    """The rules of a file, without their words."""

    criteria: dict[str, Criterion]
    options: dict[str, dict[str, dict[str, str]]]
    """Option to criterion to level to what it does there."""

    def pick(self, complete: dict[str, str]) -> str:
        """None of its fits fails; of those the fewest strains; of those the first in the file."""
        best, pick = len(complete) + 1, NOTHING
        for option, fits in self.options.items():
            ratings = [fits[name][level] for name, level in complete.items()]
            if FAILS not in ratings and ratings.count(STRAINS) < best:
                best, pick = ratings.count(STRAINS), option
        return pick

    def closed(self, answers: dict[str, str]) -> dict[str, str]:
        """The level of each criterion that is answered or has a default."""
        levels = {name: answers.get(name, c.default) for name, c in self.criteria.items()}
        return {name: level for name, level in levels.items() if level not in (None, UNSURE)}

    def completions(self, answers: dict[str, str]) -> list[dict[str, str]]:
        closed = self.closed(answers)
        levels = [[closed[n]] if n in closed else c.levels for n, c in self.criteria.items()]
        return [dict(zip(self.criteria, chosen, strict=True)) for chosen in product(*levels)]

    def picks(self, answers: dict[str, str]) -> Counter[str]:
        """Each pick that is possible, and of how many complete answers."""
        return Counter(map(self.pick, self.completions(answers)))

    def text(self, words: Words) -> str:
        """The rule file."""
        return json.dumps(self.tree(words), indent=1, ensure_ascii=False)  # JSON is YAML

    def tree(self, words: Words) -> dict[str, Any]:
        return {
            "format": "taskpick/1",
            "title": words("Title"),
            "about": words("About it."),
            "as_of": "2026-11-22",
            "criteria": {name: self._criterion(name, words) for name in self.criteria},
            "options": {name: self._option(name, words) for name in self.options},
            "notes": [{"say": words("Keep this."), "source": words("measured")}],
            "cases": [],
        }

    def _criterion(self, name: str, words: Words) -> dict[str, object]:
        criterion = self.criteria[name]
        made: dict[str, object] = {
            "question": words(f"What about {name}?"),
            "why": words(f"Because of {name}."),
            "levels": {
                level: {"means": words(f"{name} is {level}"), "example": words("like this")}
                for level in criterion.levels
            },
            "ordered": "true" if criterion.ordered else "false",
        }
        return made | ({"default": criterion.default} if criterion.default else {})

    def _option(self, name: str, words: Words) -> dict[str, object]:
        rows: dict[str, object] = {}
        for criterion, levels in self.options[name].items():
            row: dict[str, object] = {"source": words("https://example.com/source")}
            for level, rating in levels.items():
                reason = words(f"{name} {rating} at {level} of {criterion}.")
                row[level] = FITS if rating == FITS else {rating: reason}
            rows[criterion] = row
        return {"name": words(f"Option {name}"), "versions": {"lib": "1.0"}, "fits": rows}


class Words:
    """The texts of a rule file: as given, or now and then something nasty instead."""

    def __init__(self, chance: random.Random, nasty: float = 0.0, longer: int = 1) -> None:
        self.chance, self.nasty, self.longer = chance, nasty, longer

    def __call__(self, text: str) -> str:
        if self.chance.random() < self.nasty:
            return f"{self.chance.choice(NASTY)} {text}"
        return text * self.longer


def grown(chance: random.Random, most: tuple[int, int, int], *, full: bool = False) -> Rulebook:
    """Random rules up to this size, or of just this size."""
    criteria_count, level_count, option_count = most
    if not full:
        criteria_count = chance.randint(1, criteria_count)
        option_count = chance.randint(1, option_count)
    criteria = {}
    for number in range(criteria_count):
        levels = [f"l{n}" for n in range(level_count if full else chance.randint(2, level_count))]
        default = chance.choice([None, None, *levels])
        criteria[f"c{number}"] = Criterion(levels, default, chance.random() < 0.7)
    # Some files rarely fail, so that strains and ties decide, too.
    ratings = chance.choice(
        [[FITS] * 6 + [STRAINS] * 3 + [FAILS], [FITS, STRAINS, FAILS], [FITS] * 3 + [FAILS]]
    )
    options = {
        f"o{number}": {
            name: {level: chance.choice(ratings) for level in criterion.levels}
            for name, criterion in criteria.items()
        }
        for number in range(option_count)
    }
    for fits in options.values():  # the reader refuses an option that nothing fits
        for levels in fits.values():
            if set(levels.values()) == {FAILS}:
                levels[chance.choice([*levels])] = FITS
    return Rulebook(criteria, options)


def some_answers(
    chance: random.Random, book: Rulebook, *, complete: bool = False
) -> dict[str, str]:
    """Random answers: all of them, or with `unsure` and gaps."""
    answers = {}
    for name, criterion in book.criteria.items():
        gaps = [] if complete else [UNSURE, None]
        level = chance.choice([*criterion.levels, *gaps])
        if level is not None:
            answers[name] = level
    return answers


def flags(answers: dict[str, str]) -> list[str]:
    return [word for name, level in answers.items() for word in (f"--{name}", level)]


def of_matrix(matrix: dict[str, Any]) -> Rulebook:
    """The rules of a file of which only the printed matrix is known."""
    criteria = {
        row["criterion"]: Criterion([cell["level"] for cell in row["levels"]], row["default"], True)
        for row in matrix["criteria"]
    }
    options = {
        option["id"]: {
            name: {level: cell["fit"] for level, cell in levels.items()}
            for name, levels in option["fits"].items()
        }
        for option in matrix["options"]
    }
    return Rulebook(criteria, options)
