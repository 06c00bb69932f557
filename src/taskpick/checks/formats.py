"""What was found in rule files, as text, JSON, GitHub annotations or SARIF."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from taskpick.answers import as_flags
from taskpick.checks.catalogue import CHECKS, Finding, Severity
from taskpick.formats import github, json, sarif
from taskpick.formats.diagnostics import Diagnostic, Location
from taskpick.problems import Problem, full, location
from taskpick.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.checks.check import Checked
    from taskpick.problems import Span

SCHEMA = "taskpick.check/1"


class Format(StrEnum):
    """How findings are shown."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def render(files: Sequence[Checked], format: Format) -> str:  # noqa: A002  the name of the flag
    """All findings in a format."""
    match format:
        case Format.TEXT:
            return "\n".join(_text(checked, named=len(files) > 1) for checked in files)
        case Format.JSON:
            return _json(files)
        case Format.GITHUB:
            # Related locations would be annotations of their own, of which GitHub shows only ten.
            unallowed = (diagnostic for diagnostic in _diagnostics(files) if not diagnostic.allowed)
            return github.render(diagnostic._replace(related=()) for diagnostic in unallowed)
        case Format.SARIF:
            about = {check.id: check.summary for check in CHECKS.values()}
            return sarif.render(_diagnostics(files), about=about)
        case _:
            assert_never(format)


def explain(check_id: str) -> str:
    """What a check finds, why it matters and how to fix it."""
    import textwrap

    check = CHECKS[check_id]
    allow = f"allow:\n  - check: {check.id}\n    reason: why it is intended\n"
    words = textwrap.fill(check.explanation, 80)
    head = f"{check.id} ({check.severity}): {check.summary}"
    return f"{head}\n\n{words}\n\nIf it is intended:\n\n{allow}"


def summary(checked: Checked) -> str:
    """How much was found, in one line."""
    errors, warnings = checked.count(Severity.ERROR), checked.count(Severity.WARNING)
    allowed = f"; {len(checked.allowed)} allowed" if checked.allowed else ""
    return (
        f"{errors} error{_s(errors)} and {warnings} warning{_s(warnings)} "
        f"in {checked.answers:,} answer sets{allowed}"
    )


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _text(checked: Checked, *, named: bool) -> str:
    parts = []
    for finding in checked.findings:
        lines = [full(_problem(checked, finding))]
        if finding.witness:
            lines.append(f"    for instance: {_flags(finding.witness)}")
        lines += [f"    {location(span)}: {words}" for span, words in finding.related]
        parts.append("\n".join(lines))
    name = f"{checked.rules.source.name}: " if named else ""
    return "\n\n".join([*parts, name + summary(checked)]) + "\n"


def _problem(checked: Checked, finding: Finding) -> Problem:
    message = f"{finding.check.severity}: {finding.message} [{finding.check.id}]"
    return Problem(message, checked.rules.source_of(finding.span), finding.span, finding.hint)


def _flags(answers: Mapping[str, str]) -> str:
    return " ".join(as_flags(answers))


def _json(files: Sequence[Checked]) -> str:
    data = {
        "schema": SCHEMA,
        "taskpick": __version__,
        "files": [_data(checked) for checked in files],
    }
    return json.text(data)


def _data(checked: Checked) -> dict[str, Any]:
    return {
        "file": checked.rules.source.name,
        "answer_sets": checked.answers,
        "errors": checked.count(Severity.ERROR),
        "warnings": checked.count(Severity.WARNING),
        "findings": [_finding(finding) for finding in checked.findings],
        "allowed": [
            {**_finding(finding), "reason": allow.reason} for finding, allow in checked.allowed
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check.id,
        "severity": finding.check.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        **_span(finding.span),
        "subject": dict(finding.subject),
        "witness": dict(finding.witness) if finding.witness else None,
        "related": [{**_span(span), "message": words} for span, words in finding.related],
    }


def _span(span: Span) -> dict[str, Any]:
    return {**json.place(span), "end_line": span.end_line, "end_column": span.end_column}


def _diagnostics(files: Sequence[Checked]) -> list[Diagnostic]:
    diagnostics = []
    for checked in files:
        diagnostics += [_diagnostic(finding, "") for finding in checked.findings]
        diagnostics += [_diagnostic(finding, allow.reason) for finding, allow in checked.allowed]
    return diagnostics


def _diagnostic(finding: Finding, allowed: str) -> Diagnostic:
    message = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    if finding.witness:
        message += f"\nfor instance: {_flags(finding.witness)}"
    related = tuple(Location(span.file, span, words) for span, words in finding.related)
    check = finding.check
    first = Location(finding.span.file, finding.span)
    return Diagnostic(check.severity.value, check.id, message, first, related, allowed)
