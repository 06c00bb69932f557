"""What a scan found, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.scan.questions import questions
from taskpick.version import __version__

if TYPE_CHECKING:
    from taskpick.scan.facts import Kind
    from taskpick.scan.findings import Finding
    from taskpick.scan.result import Scan

SCHEMA = "taskpick.scan/1"


def data(scan: Scan) -> dict[str, Any]:
    files, broker = scan.files, scan.facts.broker
    return {
        "schema": SCHEMA,
        "taskpick": __version__,
        "path": scan.name,
        "files": len(files.python),
        "lines": scan.facts.lines,
        "left_out": dict(sorted(files.left_out.items())),
        "not_read": [{"file": entry.file, "why": entry.why} for entry in files.unread],
        "work": [_work(kind) for kind in scan.work],
        "unrecognised": [
            {"system": other.system, "file": other.file, "line": other.line or None}
            for other in scan.facts.unrecognised
        ],
        "broker": {"kind": broker.value, "file": broker.file, "line": broker.line}
        if broker
        else None,
        "processes": [
            {"program": command.program, "file": command.file, "line": command.line}
            for command in scan.facts.commands
        ],
        "questions": [question.text for question in questions(scan.work)],
        "findings": [_finding(finding) for finding in scan.findings],
        "in_baseline": scan.in_baseline,
        "since": {"revision": scan.revision, "findings_before": scan.before}
        if scan.revision
        else None,
    }


def _work(work: Kind) -> dict[str, Any]:
    return {
        "system": work.system,
        "name": work.name,
        "file": work.file,
        "line": work.line,
        "async": work.is_async,
        "schedule": work.schedule or None,
        "loop": work.is_loop,
        "ends_with_caller": work.ends_with_caller,
        "queue": work.queue or None,
        "starts": [
            {"file": start.file, "line": start.line, "queue": start.queue} for start in work.starts
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.level,
        "file": finding.file,
        "line": finding.line,
        "message": finding.message,
        "because": [{"file": s.file, "line": s.line, "words": s.words} for s in finding.steps],
        "allowed": finding.allowed or None,
    }
