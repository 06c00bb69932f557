"""The work of a code base as an answers file: what the code shows, and `unsure` for the rest."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from taskpick.answers import scalar
from taskpick.scan import systems
from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.rulefile.model import Rules
    from taskpick.scan.facts import Kind


def to_text(
    rules: Rules,
    found: Sequence[Kind],
    told: Mapping[tuple[str, Kind], str],
) -> str:
    """An answers file with a task for each kind of work, for `taskpick advise --answers`.

    What a person has `told` is the level for a criterion and a kind of work.
    """
    lines = [
        "# Background work that `taskpick scan` found: what the code shows, and the line.",
        "# Answer what is `unsure`, then: taskpick advise --answers FILE",
        "tasks:",
    ]
    for name, work in zip(names(found), found, strict=True):
        place = f"{work.file}:{work.line}"
        lines.append(f"  # {printable(place, '')}, now {systems.NAMES[work.system]}")
        lines.append(f'  "{printable(name, "")}":')
        if work.system in rules.options or work.system in rules.known:
            lines.append(f"    have: {scalar(work.system)}")
        shown = {one.criterion: one for one in work.shown}
        for criterion, about in rules.criteria.items():
            levels = {level.id for level in about.levels}
            if criterion in shown and shown[criterion].level in levels:
                _, level, because = shown[criterion]
                lines.append(f"    {criterion}: {scalar(level)}  # {printable(because, '')}")
            elif (criterion, work) in told:
                lines.append(f"    {criterion}: {scalar(told[criterion, work])}  # answered")
            elif about.default is None:
                lines.append(f"    {criterion}: unsure")
    return "\n".join(lines) + "\n"


def names(work: Sequence[Kind]) -> list[str]:
    """A name for each kind of work: as short as tells them apart."""
    short = [plain_name(one.name) for one in work]
    counts = Counter(short)
    result, taken = [], Counter[str]()
    for one, name in zip(work, short, strict=True):
        if counts[name] > 1:
            name = f"{plain_name(one.module.rpartition('.')[2])}-{name}"
        taken[name] += 1
        result.append(name if taken[name] == 1 else f"{name}-{taken[name]}")
    return result


def plain_name(name: str) -> str:
    """The last part of a name, in the letters that names of tasks have."""
    last = name.rpartition(".")[2] or name
    return re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-")[:48] or "work"
