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
    work: Sequence[Kind],
    answered: Mapping[tuple[str, Kind], str],
    *,
    lacks_fastapi: bool = False,
) -> str:
    """An answers file with a task for each job, for `taskpick advise --answers`.

    What is no job, such as a loop, is named in a comment.
    What a person has `answered` is the level for a criterion and a kind of work. An application
    that `lacks_fastapi` cannot use BackgroundTasks.
    """
    lines = [
        "# Background work that `taskpick scan` found: what the code shows, and the line.",
        "# Answer what is `unsure`, then: taskpick advise --answers FILE",
    ]
    if lacks_fastapi and "background-tasks" in rules.options:
        lines.append("# BackgroundTasks needs FastAPI or Starlette, and no file imports either.")
        lines.append("without: [background-tasks]")
    lines.append("tasks:")
    jobs = [kind for kind in work if kind.is_job]
    for name, kind in zip(names(jobs), jobs, strict=True):
        where = f"{kind.file}:{kind.line}"
        lines.append(f"  # {printable(where, '')}, now {systems.NAMES[kind.system]}")
        lines.append(f'  "{printable(name, "")}":')
        names_of_it = (kind.variant, kind.system)
        have = [name for name in names_of_it if name in rules.options or name in rules.known]
        lines += [f"    have: {scalar(name)}" for name in have[:1]]
        evidence = {answer.criterion: answer for answer in kind.evidence}
        for criterion, about in rules.criteria.items():
            levels = {level.id for level in about.levels}
            if criterion in evidence and evidence[criterion].level in levels:
                _, level, because = evidence[criterion]
                lines.append(f"    {criterion}: {scalar(level)}  # {printable(because, '')}")
            elif (criterion, kind) in answered:
                lines.append(f"    {criterion}: {scalar(answered[criterion, kind])}  # answered")
            elif about.default is None:
                lines.append(f"    {criterion}: unsure")
    others = [kind for kind in work if not kind.is_job]
    lines += ["# Left out, since no queue would run them:"] if others else []
    for kind in others:
        what = "a loop" if kind.is_loop else "ends with its caller"
        place = printable(f"{kind.file}:{kind.line}  {kind.name}", "")
        lines.append(f"#   {place}, {systems.NAMES[kind.system]}, {what}")
    return "\n".join(lines) + "\n"


def names(work: Sequence[Kind]) -> list[str]:
    """A name for each kind of work: as short as tells them apart."""
    short = [plain_name(kind.name) for kind in work]
    counts = Counter(short)
    result, taken = [], Counter[str]()
    for kind, name in zip(work, short, strict=True):
        if counts[name] > 1:
            name = f"{plain_name(kind.module.rpartition('.')[2])}-{name}"
        taken[name] += 1
        result.append(name if taken[name] == 1 else f"{name}-{taken[name]}")
    return result


def plain_name(name: str) -> str:
    """The last part of a name, in the letters that names of tasks have."""
    last = name.rpartition(".")[2] or name
    return re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-")[:48] or "work"
