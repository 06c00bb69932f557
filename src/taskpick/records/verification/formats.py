"""What has become of decisions, in every format."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, assert_never

from taskpick.formats import json
from taskpick.formats.diagnostics import Diagnostic, Location
from taskpick.formats.junit import TestCase
from taskpick.formats.markdown import escape, table
from taskpick.records.verification.verify import Outcome
from taskpick.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from taskpick.problems import Span
    from taskpick.records.verification.verify import FitChange, Result

SCHEMA = "taskpick.verification/1"
WORDS = {
    Outcome.HOLDS: "still holds",
    Outcome.REASONS_CHANGED: "holds, but for reasons that have changed",
    Outcome.NO_LONGER_HOLDS: "no longer holds",
    Outcome.INCONSISTENT: "is inconsistent",
    Outcome.NOT_CHECKED: "could not be checked",
    Outcome.NOT_IN_FORCE: "is not in force",
}
_LEVELS: dict[Outcome, Literal["error", "warning"]] = {
    Outcome.REASONS_CHANGED: "warning",
    Outcome.NO_LONGER_HOLDS: "error",
    Outcome.INCONSISTENT: "error",
    Outcome.NOT_CHECKED: "error",
}
_STATUS: dict[Outcome, Literal["", "failure", "error", "skipped", "system-out"]] = {
    Outcome.HOLDS: "",
    Outcome.NO_LONGER_HOLDS: "failure",
    Outcome.INCONSISTENT: "failure",
    Outcome.NOT_CHECKED: "error",
    Outcome.NOT_IN_FORCE: "skipped",
    Outcome.REASONS_CHANGED: "system-out",
}


class Format(StrEnum):
    """How the results are shown."""

    TEXT = "text"
    GITHUB = "github"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    SARIF = "sarif"


def render(results: Sequence[Result], format: Format, *, show: Callable[[str], str]) -> str:  # noqa: A002
    """The results in a format; `show` is how the name of a file is written."""
    match format:
        case Format.TEXT:
            return text(results, show)
        case Format.MARKDOWN:
            return markdown(results, show)
        case Format.JSON:
            return _json(results, show)
        case Format.JUNIT:
            from taskpick.formats import junit

            cases = [_case(result, show) for result in results]
            return junit.render(cases, suite="taskpick verify")
        case Format.GITHUB:
            from taskpick.formats import github

            return github.render(diagnostics(results, show))
        case Format.SARIF:
            from taskpick.formats import sarif

            about = {outcome.value: f"A decision that {WORDS[outcome]}." for outcome in _LEVELS}
            return sarif.render(diagnostics(results, show), about=about)
        case _:
            assert_never(format)


def counts(results: Sequence[Result]) -> dict[Outcome, int]:
    """How many of the decisions have come to what."""
    return {outcome: sum(result.outcome is outcome for result in results) for outcome in Outcome}


def counted(results: Sequence[Result]) -> str:
    """How many of the decisions hold, in one line."""
    parts = [f"{WORDS[kind]}: {count:,}" for kind, count in counts(results).items() if count]
    many = "" if len(results) == 1 else "s"
    return f"{len(results):,} decision{many} ({', '.join(parts)})"


def text(results: Sequence[Result], show: Callable[[str], str]) -> str:
    """What a person has to know: all that does not simply hold, then how many do."""
    lines = []
    for result in results:
        if result.outcome is Outcome.HOLDS:
            continue
        where = f"{show(result.file)}:{result.span.line}:{result.span.column}"
        lines.append(f"{where}: {_headline(result)}")
        lines += [f"    {line}" for line in _details(result, show)]
    return "\n".join([*lines, counted(results)]) + "\n"


def markdown(results: Sequence[Result], show: Callable[[str], str]) -> str:
    """The same for a comment or a summary: the table first."""
    lines = [f"### taskpick verify: {counted(results)}"]
    notable = [result for result in results if result.outcome is not Outcome.HOLDS]
    rows = []
    for result in notable:
        name = show(result.file)
        named = f"{name}: {result.task}" if result.task else name
        cells = [named, WORDS[result.outcome], result.pick, _today(result)]
        rows.append(list(map(escape, cells)))
    if rows:
        lines += ["", *table(["File", "Outcome", "Pick then", "Pick today"], rows)]
    for result in notable:
        if details := _details(result, show):
            name = show(result.file)
            lines += ["", f"{escape(name)} {escape(_headline(result))}:", ""]
            lines += [f"* {escape(line)}" for line in details]
    return "\n".join(lines) + "\n"


def diagnostics(results: Sequence[Result], show: Callable[[str], str]) -> list[Diagnostic]:
    """What is worth an annotation, where the pick stands and where the fits do."""
    diagnostics = []
    for result in results:
        level = _LEVELS.get(result.outcome)
        if level is None:
            continue
        message = "\n".join([_headline(result), *_details(result, show)])
        location = Location(show(result.file), result.span)
        files = [(show(change.fit.span.file), change) for change in result.fits]
        # A rule file that came with taskpick is none of the files that a review shows.
        related = [
            Location(file, change.fit.span, _fit(change, ""))
            for file, change in files
            if not file.startswith("/")
        ]
        diagnostics.append(
            Diagnostic(
                level,
                result.outcome.value,
                message,
                location,
                tuple(related),
            )
        )
    return diagnostics


def _headline(result: Result) -> str:
    task = f"{result.task} " if result.task else ""
    words = f"{task}{WORDS[result.outcome]}"
    match result.outcome:
        case Outcome.NO_LONGER_HOLDS:
            return f"{words}: {result.pick or 'undecided'} then, {_today(result)} today"
        case Outcome.INCONSISTENT | Outcome.NOT_CHECKED | Outcome.NOT_IN_FORCE:
            return f"{words}: {result.why}"
        case _:
            return f"{words}: {result.pick or 'undecided'}"


def _today(result: Result) -> str:
    if result.possible:
        return f"undecided between {', '.join(result.possible)}"
    return result.now or "unknown"


def _details(result: Result, show: Callable[[str], str]) -> list[str]:
    def location(span: Span | None) -> str:
        return f" ({show(span.file)}:{span.line})" if span else ""

    return [
        *(_fit(change, location(change.fit.span)) for change in result.fits),
        *(f"{remark.text}{location(remark.span)}" for remark in result.remarks),
    ]


def _fit(change: FitChange, where: str) -> str:
    now = change.fit.rating.value
    head = f"{change.fit.option}, {change.fit.criterion} {change.fit.level}"
    if not change.was:
        rated = now
    elif change.was == now:
        rated = f"{now} as before, reworded"
    else:
        rated = f"{now}, was {change.was}"
    why = f": {change.fit.why}" if change.fit.why else ""
    return f"{head}{where} {rated}{why}"


def _case(result: Result, show: Callable[[str], str]) -> TestCase:
    status = _STATUS[result.outcome]
    details = "\n".join(_details(result, show))
    return TestCase(show(result.file), result.task or "pick", status, _headline(result), details)


def _json(results: Sequence[Result], show: Callable[[str], str]) -> str:
    value = {
        "schema": SCHEMA,
        "taskpick": __version__,
        "counts": {outcome.value: count for outcome, count in counts(results).items()},
        "results": [_data(result, show) for result in results],
    }
    return json.text(value)


def _data(result: Result, show: Callable[[str], str]) -> dict[str, Any]:
    return {
        "file": show(result.file),
        "line": result.span.line,
        "column": result.span.column,
        "task": result.task or None,
        "outcome": result.outcome.value,
        "headline": _headline(result),
        "then": result.pick or None,
        "today": result.now or None,
        "possible": list(result.possible),
        "answers": dict(result.answers),
        "rules": show(result.rules.source.name) if result.rules else None,
        "fits": [
            {
                "option": change.fit.option,
                "criterion": change.fit.criterion,
                "level": change.fit.level,
                "was": change.was or None,
                "fit": change.fit.rating.value,
                "why": change.fit.why,
                "source": change.fit.evidence,
                **json.place(change.fit.span),
                "file": show(change.fit.span.file),
            }
            for change in result.fits
        ],
        "remarks": [remark.text for remark in result.remarks],
    }
