"""Checks of the claims: where they come from, how old they are, and of which versions."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from taskpick.checks.catalogue import CHECKS, Finding
from taskpick.problems import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.rulefile.model import Fit, Note, Option, Rules


def findings(rules: Rules, *, today: date, max_age: int | None) -> Iterator[Finding]:
    """Everything found by reading the sources, the day and the versions."""
    yield from _age(rules, today, max_age)
    for option in rules.options.values():
        yield from _without_source(option)
        yield from _without_version(rules, option)
    for note in rules.notes:
        if not note.source:
            subject = {"option": note.option} if note.option else {}
            yield Finding(
                CHECKS["claim-without-source"],
                "the note has no source",
                note.span,
                "add `source:` with a web address, or with what was measured",
                subject,
            )


def _age(rules: Rules, today: date, max_age: int | None) -> Iterator[Finding]:
    """What is wrong with the days on which the claims, and the known systems, were last checked."""
    if rules.as_of:
        yield from _day(rules.as_of, "the claims were", _as_of(rules.source), today, max_age)
    else:
        message = "the file does not say when its claims were last checked"
        start = Span.at(1, 1, rules.source.name)
        hint = "add `as_of:` with a day as YYYY-MM-DD"
        yield Finding(CHECKS["claims-too-old"], message, start, hint)
    for system in rules.known.values():
        yield from _day(system.as_of, f"'{system.id}' was", system.span, today, max_age)
    measured: list[Note | Fit] = [*rules.notes, *rules.fits]
    for item in {(item.option, item.probe): item for item in measured}.values():
        if item.last_run:
            what = f"'{item.probe}' of '{item.option}' was"
            yield from _day(item.last_run.as_of, what, item.span, today, max_age)


def _day(as_of: str, what: str, span: Span, today: date, max_age: int | None) -> Iterator[Finding]:
    age = (today - date.fromisoformat(as_of)).days
    # It may be tomorrow already where it was checked.
    if age < -1:
        message = f"{what} last checked on {as_of}, a day in the future"
        hint = f"set `as_of:` to the day of the check; today is {today}"
        yield Finding(CHECKS["claims-of-a-day-to-come"], message, span, hint)
    elif max_age is not None and age > max_age:
        message = f"{what} last checked {age} days ago, on {as_of}"
        hint = f"check again; {max_age} days are allowed"
        yield Finding(CHECKS["claims-too-old"], message, span, hint)


def _as_of(source: Source) -> Span:
    key = re.search(r"^[\"']?as_of\b", source.text, re.MULTILINE)
    return source.span(key.start()) if key else Span.at(1, 1, source.name)


def _without_source(option: Option) -> Iterator[Finding]:
    for criterion, row in option.fits.items():
        bare = [level for level, fit in row.items() if not fit.source]
        if bare:
            yield Finding(
                CHECKS["claim-without-source"],
                f"what '{option.id}' does at '{criterion}: {', '.join(bare)}' has no source",
                row[bare[0]].span,
                "add `source:` to the fit, or to the row for all its fits",
                {"option": option.id, "criterion": criterion},
            )


def _without_version(rules: Rules, option: Option) -> Iterator[Finding]:
    check = CHECKS["claim-without-version"]
    if not option.versions:
        message = f"option '{option.id}' does not say which versions its fits are true of"
        yield Finding(check, message, option.span, "add `versions:`", {"option": option.id})
        return
    sources = [
        (fit.source, fit.span, {"option": option.id, "criterion": criterion, "level": level})
        for criterion, row in option.fits.items()
        for level, fit in row.items()
    ]
    sources += [
        (note.source, note.span, {"option": option.id})
        for note in rules.notes
        if note.option == option.id
    ]
    for source, span, subject in sources:
        for package, version in option.versions.items():
            named = re.findall(rf"\b{re.escape(package)} v?(\d+(?:\.\w+)*)", source, re.IGNORECASE)
            if named and version not in named:
                message = (
                    f"the source names {package} {named[0]}, but the fits of '{option.id}' are "
                    f"for {version}"
                )
                yield Finding(check, message, span, "check the claim on that version", subject)
