"""What a decision record is computed from, and how it names its rule file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.answers import Given, Origin
from taskpick.decision.restriction import restricted
from taskpick.decision.staying import kept
from taskpick.problems import Refused
from taskpick.records import fingerprint
from taskpick.records.record import Basis
from taskpick.rulefile import bundled
from taskpick.version import __version__
from taskpick.wording import first_hidden, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from taskpick.decision.decide import Decision
    from taskpick.rulefile.model import Rules


def basis(
    decision: Decision,
    answers: Mapping[str, Given],
    *,
    file: Path | None,
    supersedes: str = "",
    details: bool = False,
    have: str = "",
) -> Basis:
    """What the record of a decision in that file is computed from; None is stdout."""
    rules, chosen = decision.rules, kept(decision, have)
    assumed = {name: Given(level, Origin.DEFAULT) for name, level in decision.assumed.items()}
    every = {**answers, **assumed}
    return Basis(
        version=__version__,
        rules=reference(rules, file.parent if file else None),
        as_of=rules.as_of,
        pick=chosen.outcome,
        answers={name: every[name] for name in rules.criteria if name in every},
        supersedes=supersedes,
        details=details,
        fingerprint=fingerprint.of(chosen),
        only=rules.only,
        without=rules.without,
        have=have,
    )


def still_allowed(rules: Rules, only: Collection[str], without: Collection[str]) -> Rules:
    """The rules with the options that might be used then, as far as there are any today.

    Raises:
        Refused: none is left.
    """
    options = rules.options
    left = [name for name in only if name in options]
    if only and not left:
        raise Refused("none of the options that were allowed is left")
    return restricted(rules, left, [name for name in without if name in options])


def reference(rules: Rules, folder: Path | None) -> str:
    """How a file in that folder names the rules: by name, or by the path from the folder.

    Raises:
        Refused: the name cannot be written down so that it can be read.
    """
    path = Path(rules.source.name)
    if first_hidden(str(path), "") is not None:
        message = f"a record cannot name {quoted(str(path))}: its name has invisible characters"
        raise Refused(message, "rename the file")
    if name := bundled.name(path):
        return name
    if folder is None:
        return path.as_posix()
    return relative(path, folder)


def relative(path: Path, folder: Path) -> str:
    """The path as seen from a folder, with forward slashes; it begins with a dot."""
    try:
        seen = os.path.relpath(path.resolve(), folder.resolve())
    except ValueError:  # another drive
        return path.resolve().as_posix()
    seen = Path(seen).as_posix()
    return seen if seen.startswith("..") else f"./{seen}"


def given(basis: Basis) -> dict[str, Given]:
    """The answers that somebody gave: all but those that were assumed."""
    answers = basis.answers.items()
    return {name: answer for name, answer in answers if answer.origin is not Origin.DEFAULT}
