"""Checks of the short texts: what a screen has to cut, in a file that has short texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.checks.catalogue import CHECKS, Finding
from taskpick.rulefile import short
from taskpick.rulefile.model import Rating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.problems import Span
    from taskpick.rulefile.model import Fit, Option, Rules


def findings(rules: Rules) -> Iterator[Finding]:
    """Everything without a short text that a screen has to cut; nothing if the file has none."""
    if not _has_short_texts(rules):
        return
    for criterion in rules.criteria.values():
        for level in criterion.levels:
            if not level.short and short.is_cut(level.means, short.LEVEL):
                what = f"level '{level.id}' of '{criterion.id}'"
                subject = {"criterion": criterion.id, "level": level.id}
                yield _missing(what, short.LEVEL, level.span, subject)
    for option in rules.options.values():
        yield from _option(rules, option)
    for note in rules.notes:
        if not note.short and short.is_cut(note.say, short.NOTE):
            subject = {"option": note.option} if note.option else {}
            yield _missing("the note", short.NOTE, note.span, subject)


def _option(rules: Rules, option: Option) -> Iterator[Finding]:
    subject = {"option": option.id}
    if short.column_name(option).endswith(short.CUT):
        yield _missing(f"the name of '{option.id}'", short.NAME, option.span, subject)
    if not option.needs and any(other.needs for other in rules.options.values()):
        message = f"'{option.id}' does not say in a few words what it needs"
        hint = "add `needs:` with what has to run for it"
        yield Finding(CHECKS["short-text-missing"], message, option.span, hint, subject)
    for row in option.fits.values():
        for fit in row.values():
            yield from _fit(fit)


def _fit(fit: Fit) -> Iterator[Finding]:
    if fit.rating is not Rating.FITS and not fit.short and short.is_cut(fit.why, short.FIT):
        what = f"why '{fit.option}' {fit.rating} at '{fit.criterion}: {fit.level}'"
        subject = {"option": fit.option, "criterion": fit.criterion, "level": fit.level}
        yield _missing(what, short.FIT, fit.span, subject)


def _missing(what: str, at_most: int, span: Span, subject: dict[str, str]) -> Finding:
    message = f"{what} is too long for a screen, and has no short text"
    hint = f"add `short:` with at most {at_most} characters"
    return Finding(CHECKS["short-text-missing"], message, span, hint, subject)


def _has_short_texts(rules: Rules) -> bool:
    criteria = rules.criteria.values()
    return (
        any(criterion.short for criterion in criteria)
        or any(level.short for criterion in criteria for level in criterion.levels)
        or any(option.short for option in rules.options.values())
        or any(note.short for note in rules.notes)
        or any(fit.short for fit in rules.fits)
    )
