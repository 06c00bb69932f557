"""What a decision rests on: the fits at its answers and the notes, each as a digest of its words.

A record keeps these, so that years later it can be said which of them are no longer the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from taskpick.records.record import digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.decision.decide import Decision

_ABOUT = "For taskpick verify: each fit at the answers as its rating and the digest of its words."


class Claim(NamedTuple):
    """A fit in short."""

    rating: str
    digest: str
    """Of why it is so and where that comes from."""


class Claims(NamedTuple):
    """What a decision rests on."""

    options: tuple[str, ...]
    """In the order of the rule file."""
    fits: Mapping[tuple[str, str], tuple[Claim, ...]]
    """Criterion and level to the claims about the options; of an open criterion every level."""
    notes: frozenset[str]


def of(decision: Decision) -> Claims:
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
            Claim(fit.rating.value, digest(fit.why, fit.source))
            for fit in (option.fits[name][level] for option in rules.options.values())
        )
        for name, level in cells
    }
    notes = [
        digest(note.say, note.source)
        for note in rules.notes
        if note.option in (None, decision.pick) and note.holds(closed)
    ]
    return Claims(tuple(rules.options), fits, frozenset(notes))


@lru_cache(maxsize=4096)
def digest(words: str, source: str) -> str:
    """Eight digits that tell a claim from others."""
    return digest_of(f"{words}\n{source}")


def write(claims: Claims) -> str:
    """The claims as a comment, for a record."""
    lines = ["<!--", _ABOUT, "", f"options = {', '.join(claims.options)}"]
    lines += [
        f"{criterion} {level} = {', '.join(' '.join(claim) for claim in row)}"
        for (criterion, level), row in claims.fits.items()
    ]
    return "\n".join([*lines, f"notes = {', '.join(sorted(claims.notes))}", "-->"])


def read(text: str) -> Claims | None:
    """The claims that were written; None where there are none that can be read."""
    rows = dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line)
    options = tuple(rows.pop("options", "").split(", "))
    notes = frozenset(rows.pop("notes", "").split(", ")) - {""}
    fits = {}
    for cell, row in rows.items():
        criterion, _, level = cell.partition(" ")
        claims = [Claim(*claim.split(" ", 1)) for claim in row.split(", ") if " " in claim]
        if len(claims) != len(options):
            return None
        fits[criterion, level] = tuple(claims)
    return Claims(options, fits, notes) if fits else None
