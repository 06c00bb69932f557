"""What a scan found, as text, data, annotations or a picture."""

from __future__ import annotations

import textwrap
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from taskpick.formats import github, json, junit, markdown, sarif
from taskpick.formats.diagnostics import Diagnostic, Location
from taskpick.problems import Span
from taskpick.scan import picture, systems
from taskpick.scan.findings import UNUSED, rules
from taskpick.scan.questions import questions
from taskpick.version import __version__
from taskpick.wording import shell_joined

if TYPE_CHECKING:
    from taskpick.scan.facts import Kind
    from taskpick.scan.findings import Finding
    from taskpick.scan.result import Scan

SCHEMA = "taskpick.scan/1"
_SHOWN = 6
"""How many findings are shown unless all are asked for."""
_WIDTH = 80


class Format(StrEnum):
    """How the result is shown."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    MERMAID = "mermaid"
    SVG = "svg"


def render(scan: Scan, format: Format) -> str:  # noqa: A002  the name of the flag
    """The result in a format."""
    match format:
        case Format.TEXT:
            return _text(scan)
        case Format.JSON:
            return json.text(_data(scan))
        case Format.GITHUB:
            shown = (one for one in _diagnostics(scan) if not one.allowed)
            return github.render(one._replace(related=()) for one in shown)
        case Format.SARIF:
            about = {name: rule.says for name, rule in rules().items()}
            about[UNUSED] = "a comment that allows nothing"
            return sarif.render(_diagnostics(scan), about=about)
        case Format.JUNIT:
            return junit.render([_case(scan, one) for one in scan.findings], suite="taskpick scan")
        case Format.MARKDOWN:
            return _markdown(scan)
        case Format.MERMAID:
            return picture.mermaid(picture.picture(scan))
        case Format.SVG:
            return picture.svg(picture.picture(scan), f"Background work in {scan.name}")
        case _:
            assert_never(format)


def counted(scan: Scan) -> str:
    """How much was found, in one line."""
    parts = [_many(len(scan.hazards), "hazard"), _many(len(scan.notes), "note")]
    parts += [f"{len(scan.allowed)} allowed"] if scan.allowed else []
    parts += [f"{scan.held} in the baseline"] if scan.held else []
    parts += [f"{scan.before} at {scan.revision} already"] if scan.revision else []
    return ", ".join(parts)


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _text(scan: Scan) -> str:
    lines = _details(scan) if scan.details else []
    if scan.findings:
        lines += ["Hazards and notes", *_findings(scan), ""]
    if asked := questions(scan.work):
        lines += ["What no code shows", *(line for one in asked for line in _wrapped(one.text)), ""]
    lines += _summary(scan)
    return "\n".join(lines) + "\n"


def _findings(scan: Scan) -> list[str]:
    lines: list[str] = []
    ordered = [*scan.hazards, *scan.notes]
    shown = ordered if scan.details else ordered[:_SHOWN]
    for one in shown:
        mark = f"[{one.rule}]"
        place = f"  {one.file}:{one.line}"
        kind = " (note)" if one.level == "note" else ""
        fits = len(place) + len(mark) + len(kind) + 2 <= _WIDTH
        lines += [f"{place}  {mark}{kind}"] if fits else [place, f"    {mark}{kind}"]
        lines += _wrapped(one.message, 4)
        if scan.details:
            lines += [f"    {step.file}:{step.line}: {step.words}" for step in one.steps]
            if one.rule in rules():
                lines += _wrapped(f"To mend it: {rules()[one.rule].mend}", 4)
    if len(ordered) > len(shown):
        lines.append(f"  and {len(ordered) - len(shown)} more; --details shows all, and why")
    return lines


def _wrapped(text: str, indent: int = 2) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_on_hyphens=False,
    )


def _details(scan: Scan) -> list[str]:
    lines = ["Work"]
    for work in sorted(scan.work, key=lambda one: (one.system, one.file, one.line)):
        lines.append(f"  {work.file}:{work.line}  {work.name}")
        facts = [systems.NAMES[work.system], *([_when(work)] if work.schedule else [])]
        facts += [f"queue {work.queue}"] if work.queue else []
        facts.append(_many(len(work.starts), "start"))
        if work.through:
            facts.append(f"defined through {work.through.rpartition('.')[2]}")
        lines += _wrapped(", ".join(facts), 4)
        lines += [f"      {one.file}:{one.line}" for one in work.starts]
    if scan.facts.commands:
        lines += ["", "Processes"]
        for one in scan.facts.commands:
            lines.append(f"  {one.file}:{one.line}  {one.program}")
    return [*lines, ""]


def _kinds(scan: Scan) -> str:
    """How much work there is, or has been added."""
    count = len(scan.work)
    new = f" new kind{'' if count == 1 else 's'} of work since {scan.revision}"
    return f"{count}{new}" if scan.revision else f"{_many(count, 'kind')} of work"


def _when(work: Kind) -> str:
    return "on a schedule" if work.schedule == "cron" else "after a delay"


def _summary(scan: Scan) -> list[str]:
    files, lines = scan.files, []
    by_system = Counter(work.system for work in scan.work)
    work = len(scan.work)
    lines.append(
        f"{scan.name}: {_many(len(files.python), 'Python file')}, "
        f"{_many(scan.facts.lines, 'line')}, {_kinds(scan)}"
    )
    for system, count in by_system.most_common():
        mine = [one for one in scan.work if one.system == system]
        clock = sum(one.schedule == "cron" for one in mine)
        starts = sum(len(one.starts) for one in mine)
        extra = f", {clock} on a schedule" if clock else ""
        lines.append(f"  {systems.NAMES[system]:<18} {count:>4}, {_many(starts, 'start')}{extra}")
    if scan.facts.broker:
        found = scan.facts.broker
        lines += _wrapped(f"{'Celery broker':<18} {found.value}, from {found.file}:{found.line}")
    left_out = ", ".join(f"{kind} ({count})" for kind, count in sorted(files.left_out.items()))
    lines += _wrapped(f"Left out: {left_out}") if left_out else []
    lines += _unread(scan)
    lines.append(f"  {counted(scan)}")
    if work:
        folder = scan.prefix.removesuffix("/") or "."
        command = shell_joined(["taskpick", "scan", folder, "--answers", "tasks.yaml"])
        lines += [f"  Next   {command}", "         taskpick advise --answers tasks.yaml"]
    return lines


def _unread(scan: Scan) -> list[str]:
    unread = scan.files.unread
    shown = unread if scan.details else unread[:3]
    lines = [line for one in shown for line in _wrapped(f"Not read: {one.file}: {one.why}")]
    if len(unread) > len(shown):
        lines.append(f"  Not read: {len(unread) - len(shown)} more; --details names them")
    return lines


def _data(scan: Scan) -> dict[str, Any]:
    files, broker = scan.files, scan.facts.broker
    return {
        "schema": SCHEMA,
        "taskpick": __version__,
        "path": scan.name,
        "files": len(files.python),
        "lines": scan.facts.lines,
        "left_out": dict(sorted(files.left_out.items())),
        "not_read": [{"file": one.file, "why": one.why} for one in files.unread],
        "work": [_work(one) for one in scan.work],
        "broker": {"kind": broker.value, "file": broker.file, "line": broker.line}
        if broker
        else None,
        "processes": [
            {"program": one.program, "file": one.file, "line": one.line}
            for one in scan.facts.commands
        ],
        "questions": [one.text for one in questions(scan.work)],
        "findings": [_finding(one) for one in scan.findings],
        "in_baseline": scan.held,
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
        "queue": work.queue or None,
        "starts": [{"file": one.file, "line": one.line} for one in work.starts],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "severity": one.level,
        "file": one.file,
        "line": one.line,
        "message": one.message,
        "because": [{"file": s.file, "line": s.line, "words": s.words} for s in one.steps],
        "allowed": one.allowed or None,
    }


def _diagnostics(scan: Scan) -> list[Diagnostic]:
    return [_diagnostic(scan, one) for one in scan.findings]


def _diagnostic(scan: Scan, one: Finding) -> Diagnostic:
    related = tuple(
        Location(scan.prefix + step.file, Span.at(step.line, 1), step.words) for step in one.steps
    )
    place = Location(scan.prefix + one.file, Span.at(one.line, 1))
    mend = f" To mend it: {rules()[one.rule].mend}" if one.rule in rules() else ""
    return Diagnostic(one.level, one.rule, one.message + mend, place, related, one.allowed)


def _case(scan: Scan, one: Finding) -> junit.TestCase:
    status: Any = "skipped" if one.allowed else "failure" if one.level == "error" else "system-out"
    steps = "".join(f"\n{s.file}:{s.line}: {s.words}" for s in one.steps)
    name = f"{one.rule} at line {one.line}"
    return junit.TestCase(scan.prefix + one.file, name, status, one.message, one.message + steps)


def _markdown(scan: Scan) -> str:
    """A summary of the work, and a table of the findings."""
    by_system = Counter(work.system for work in scan.work)
    rows = [[systems.NAMES[name], str(count)] for name, count in by_system.most_common()]
    since = f" since {markdown.escape(scan.revision)}" if scan.revision else ""
    new = "New background" if scan.revision else "Background"
    lines = [f"# {new} work in {markdown.escape(scan.name)}{since}", ""]
    lines += [*markdown.table(["System", "Kinds of work"], rows, right=[1]), ""]
    found = [
        [markdown.code(f"{one.file}:{one.line}"), one.rule, markdown.escape(one.message)]
        for one in [*scan.hazards, *scan.notes]
    ]
    lines += [f"## {counted(scan)}", ""]
    lines += [*markdown.table(["Place", "Rule", "What"], found), ""] if found else []
    lines += [f"- {markdown.escape(one.text)}" for one in questions(scan.work)]
    return "\n".join(lines).rstrip("\n") + "\n"
