"""What was found in a rule file, as text, JSON, GitHub annotations or SARIF."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from taskpick import __version__
from taskpick.findings import CHECKS, Finding, Severity
from taskpick.problems import Problem, full

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.checks import Checked
    from taskpick.problems import Span

SCHEMA = "taskpick.check/1"


class Format(StrEnum):
    """How findings are shown."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def render(checked: Checked, format: Format) -> str:  # noqa: A002  the name of the flag
    """All findings in a format."""
    match format:
        case Format.TEXT:
            return _text(checked)
        case Format.JSON:
            return _dump(_data(checked))
        case Format.GITHUB:
            return "".join(f"{_annotation(checked, finding)}\n" for finding in checked.findings)
        case Format.SARIF:
            return _dump(_sarif(checked))
        case _:
            assert_never(format)


def explain(check_id: str) -> str:
    """What a check finds, why it matters and how to mend it."""
    import textwrap

    check = CHECKS[check_id]
    allow = f"allow:\n  - check: {check.id}\n    reason: why it is meant to be so\n"
    words = textwrap.fill(check.explanation, 80)
    return (
        f"{check.id} ({check.severity}): {check.summary}\n\n{words}\n\nIf it is meant:\n\n{allow}"
    )


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


def _text(checked: Checked) -> str:
    parts = []
    for finding in checked.findings:
        lines = [full(_problem(checked, finding))]
        if finding.witness:
            lines.append(f"    for instance: {_flags(finding.witness)}")
        name = checked.rules.source.name
        lines += [f"    {name}:{s.line}:{s.column}: {words}" for s, words in finding.related]
        parts.append("\n".join(lines))
    return "\n\n".join([*parts, summary(checked)]) + "\n"


def _problem(checked: Checked, finding: Finding) -> Problem:
    message = f"{finding.check.severity}: {finding.message} [{finding.check.id}]"
    return Problem(message, checked.rules.source, finding.span, finding.hint)


def _flags(answers: Mapping[str, str]) -> str:
    return " ".join(f"--{name} {level}" for name, level in answers.items())


def _dump(data: dict[str, Any]) -> str:
    import json

    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _data(checked: Checked) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "taskpick": __version__,
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
        **_place(finding.span),
        "subject": dict(finding.subject),
        "witness": dict(finding.witness) if finding.witness else None,
        "related": [{**_place(span), "message": words} for span, words in finding.related],
    }


def _place(span: Span) -> dict[str, int]:
    return {
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _annotation(checked: Checked, finding: Finding) -> str:
    """https://docs.github.com/actions/reference/workflow-commands-for-github-actions"""
    span = finding.span
    # Columns may only be given for a place within one line.
    within = span.line == span.end_line and span.column < span.end_column
    columns = f",col={span.column},endColumn={span.end_column}" if within else ""
    place = f"file={_property(checked.rules.source.name)},line={span.line}{columns}"
    head = f"::{finding.check.severity} {place},title={finding.check.id}"
    return f"{head}::{_escaped(_words(finding))}"


def _words(finding: Finding) -> str:
    words = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    return f"{words}\nfor instance: {_flags(finding.witness)}" if finding.witness else words


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(checked: Checked) -> dict[str, Any]:
    """https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"""
    results = [_result(checked, finding) for finding in checked.findings]
    for finding, allow in checked.allowed:
        suppression = {"kind": "inSource", "justification": allow.reason}
        results.append({**_result(checked, finding), "suppressions": [suppression]})
    rules = [
        {
            "id": check.id,
            "shortDescription": {"text": check.summary},
            "fullDescription": {"text": check.explanation},
            "defaultConfiguration": {"level": check.severity.value},
        }
        for check in CHECKS.values()
    ]
    driver = {"name": "taskpick", "version": __version__, "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
        ],
    }


def _result(checked: Checked, finding: Finding) -> dict[str, Any]:
    name = checked.rules.source.name
    return {
        "ruleId": finding.check.id,
        "ruleIndex": list(CHECKS).index(finding.check.id),
        "level": finding.check.severity.value,
        "message": {"text": _words(finding)},
        "locations": [_location(name, finding.span)],
        "relatedLocations": [
            {**_location(name, span), "id": number, "message": {"text": text}}
            for number, (span, text) in enumerate(finding.related, 1)
        ],
        "properties": {"witness": dict(finding.witness or {})},
    }


def _location(name: str, span: Span) -> dict[str, Any]:
    from pathlib import PurePath
    from urllib.parse import quote

    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    artifact = {"uri": quote(PurePath(name).as_posix())}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
