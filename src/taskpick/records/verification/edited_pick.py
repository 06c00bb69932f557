"""What people read in a record as its pick, where somebody has changed it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskpick.decision.decide import Decision
    from taskpick.records.record import Record
    from taskpick.rulefile.model import Option

_CHOSEN = re.compile(
    r'^[ \t*_]*chosen option[ \t*_:]*(?:["“]([^"”\n]+)["”]|(.*))', re.MULTILINE | re.IGNORECASE
)


def edited(record: Record) -> Iterator[tuple[str, str, int]]:
    """What people read as the pick and somebody has changed: what it is, its text and offset."""
    parts = record.parts
    for name in ("title", "outcome"):
        part = parts.get(name)
        if part and part.edited:
            yield name, part.text, part.start
    # Under another heading it is still what people read.
    if "outcome" not in parts and (chosen := _CHOSEN.search(record.source.text)):
        yield "outcome", chosen[0], chosen.start()


def other_option(text: str, decision: Decision) -> Option | None:
    """The option that a text names as the pick although it is not; None if it names none."""
    rules = decision.rules
    if chosen := _CHOSEN.search(text):
        # What follows may well speak of others, too.
        names = _named(chosen[1] or chosen[2], rules.options)[:1]
    else:
        heading, _, body = text.replace(rules.title, "").partition("\n")
        first, *_ = re.split(r"\n\s*\n", body.strip() or heading)
        names = _named(first, rules.options) or _named(body, rules.options)
    if decision.pick in names or not names:
        return None
    # Where there is no pick, several may well be spoken of.
    return rules.options[names[0]] if decision.pick or chosen or len(names) == 1 else None


def _named(text: str, options: Mapping[str, Option]) -> list[str]:
    """The options that a text names, the first one first."""
    words = {option.name.lower(): name for name, option in options.items()}
    words |= {name.lower(): name for name in options}
    # The longest first, so that "RQ Scheduler" is not taken for "RQ".
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    matches = re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text.replace("\\", "").lower())
    return list(dict.fromkeys(words[match[0]] for match in matches))
