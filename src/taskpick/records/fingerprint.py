"""What a decision rests on: the fits at its answers and the notes, each as a digest of its words.

A record keeps these, so that years later it can be said which of them are no longer the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from taskpick.answers import scalar
from taskpick.named_tuple import NamedTuple
from taskpick.records.parts import digest
from taskpick.rulefile.document import at, entries, items, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.decision.decide import Decision
    from taskpick.rulefile.document import Node


class FitDigest(NamedTuple):
    """A fit in short."""

    rating: str
    digest: str
    """Of why it is so and where that comes from."""


class Fingerprint(NamedTuple):
    """What a decision rests on."""

    options: tuple[str, ...]
    """In the order of the rule file."""
    fits: Mapping[tuple[str, str], tuple[FitDigest, ...]]
    """Criterion and level to the fit of each option; of an open criterion every level."""
    notes: frozenset[str]

    def has(self, criterion: str) -> bool:
        """Whether the rules had this criterion then."""
        return any(name == criterion for name, _ in self.fits)


def of(decision: Decision) -> Fingerprint:
    """What this decision rests on."""
    rules, closed = decision.rules, decision.answers
    cells = [
        (name, level.id)
        for name, criterion in rules.criteria.items()
        for level in criterion.levels
        if closed.get(name, level.id) == level.id
    ]
    fits = {
        (name, level): tuple(
            FitDigest(fit.rating.value, words_digest(fit.why, fit.source))
            for fit in (option.fits[name][level] for option in rules.options.values())
        )
        for name, level in cells
    }
    notes = [words_digest(note.say, note.source) for note in decision.notes]
    return Fingerprint(tuple(rules.options), fits, frozenset(notes))


@lru_cache(maxsize=4096)
def words_digest(words: str, source: str) -> str:
    """Eight digits that tell a fit or a note from others."""
    return digest(f"{words}\n{source}")


def write(fingerprint: Fingerprint) -> list[str]:
    """The fingerprint as lines of YAML."""
    levels: dict[str, list[str]] = {}
    for (criterion, level), row in fingerprint.fits.items():
        cells = ", ".join(" ".join(fit) for fit in row)
        levels.setdefault(criterion, []).append(f"{scalar(level)}: [{cells}]")
    fits = [f"{criterion}: {{{', '.join(rows)}}}" for criterion, rows in levels.items()]
    return [
        f"options: [{', '.join(map(scalar, fingerprint.options))}]",
        f"fits: {{{', '.join(fits)}}}",
        f"notes: [{', '.join(map(scalar, sorted(fingerprint.notes)))}]",
    ]


def read(node: Node) -> Fingerprint:
    """The fingerprint that was written; a row that somebody broke is left out."""
    options = _texts(at(node, "options"))
    fits = {
        (criterion, level): row
        for criterion, levels in entries(at(node, "fits")).items()
        for level, cells in entries(levels).items()
        if len(row := _row(cells)) == len(options)
    }
    return Fingerprint(options, fits, frozenset(_texts(at(node, "notes"))))


def _row(cells: Node) -> tuple[FitDigest, ...]:
    pairs = [text.split(" ", 1) for text in _texts(cells)]
    return tuple(FitDigest(*pair) for pair in pairs if len(pair) == 2)


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(text_of(item) for item in items(node))
