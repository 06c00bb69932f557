"""What a scan found, as text, data, annotations or a picture."""

from __future__ import annotations

import textwrap
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from taskpick.formats import github, json, junit, markdown, sarif
from taskpick.formats.diagnostics import Diagnostic, Location
from taskpick.problems import Span
from taskpick.scan import systems
from taskpick.scan.findings import UNUSED, rules
from taskpick.scan.output import data, picture
from taskpick.scan.questions import questions
from taskpick.wording import shell_joined

if TYPE_CHECKING:
    from taskpick.scan.facts import Kind
    from taskpick.scan.findings import Finding
    from taskpick.scan.result import Scan

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
            return json.text(data.data(scan))
        case Format.GITHUB:
            diagnostics = (
                diagnostic for diagnostic in _diagnostics(scan) if not diagnostic.allowed
            )
            return github.render(diagnostic._replace(related=()) for diagnostic in diagnostics)
        case Format.SARIF:
            about = {name: rule.says for name, rule in rules().items()}
            about[UNUSED] = "a comment that allows nothing"
            return sarif.render(_diagnostics(scan), about=about)
        case Format.JUNIT:
            return junit.render(
                [_case(scan, finding) for finding in scan.findings], suite="taskpick scan"
            )
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
    parts += [f"{scan.in_baseline} in the baseline"] if scan.in_baseline else []
    parts += [f"{scan.before} already at {scan.revision}"] if scan.revision else []
    return ", ".join(parts)


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _text(scan: Scan) -> str:
    lines = _details(scan) if scan.details else []
    if scan.hazards or scan.notes:
        lines += ["Hazards and notes", *_findings(scan), ""]
    if scan.details and scan.allowed:
        lines += ["Allowed"]
        for finding in scan.allowed:
            lines += [f"  {finding.file}:{finding.line}  [{finding.rule}]"]
            lines += _wrapped(finding.allowed, 4)
        lines += [""]
    if asked := questions(scan.work):
        lines += [
            "What the code does not show",
            *(line for question in asked for line in _wrapped(question.text)),
            "",
        ]
    lines += _summary(scan)
    return "\n".join(lines) + "\n"


def _findings(scan: Scan) -> list[str]:
    lines: list[str] = []
    ordered = [*scan.hazards, *scan.notes]
    visible = ordered if scan.details else ordered[:_SHOWN]
    for finding in visible:
        mark = f"[{finding.rule}]"
        where = f"  {finding.file}:{finding.line}"
        kind = " (note)" if finding.level == "note" else ""
        fits = len(where) + len(mark) + len(kind) + 2 <= _WIDTH
        lines += [f"{where}  {mark}{kind}"] if fits else [where, f"    {mark}{kind}"]
        lines += _wrapped(finding.message, 4)
        if scan.details:
            lines += [f"    {step.file}:{step.line}: {step.words}" for step in finding.steps]
            lines += _wrapped(f"To fix it: {finding.mend}", 4) if finding.mend else []
    if len(ordered) > len(visible):
        lines.append(f"  and {len(ordered) - len(visible)} more; --details shows all, and why")
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
    lines = ["Work"] if scan.work else []
    for work in sorted(scan.work, key=lambda one: (one.system, one.file, one.line)):
        lines.append(f"  {work.file}:{work.line}  {work.name}")
        facts = [systems.NAMES[work.system], *([_when(work)] if work.schedule else [])]
        facts += ["a loop"] if work.is_loop else []
        facts += ["ends with its caller"] if work.ends_with_caller else []
        facts += [f"queue {work.queue}"] if work.queue else []
        facts.append(_many(len(work.starts), "start"))
        if work.through:
            facts.append(f"defined through {work.through.rpartition('.')[2]}")
        lines += _wrapped(", ".join(facts), 4)
        for start in work.starts:
            queue = f"  queue {start.queue}" if start.queue else ""
            lines.append(f"      {start.file}:{start.line}{queue}")
    lines += [""] if scan.work else []
    if scan.facts.commands:
        lines.append("Processes")
        for command in scan.facts.commands:
            lines.append(f"  {command.file}:{command.line}  {command.program}")
        lines.append("")
    return lines


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
    lines += _wrapped(_no_work(scan))
    for system, count in by_system.most_common():
        mine = [kind for kind in scan.work if kind.system == system]
        clock = sum(kind.schedule == "cron" for kind in mine)
        starts = sum(len(kind.starts) for kind in mine)
        loops = sum(kind.is_loop for kind in mine)
        helpers = sum(kind.ends_with_caller and not kind.is_loop for kind in mine)
        extra = f", {clock} on a schedule" if clock else ""
        extra += f", {_many(loops, 'loop')}" if loops else ""
        extra += (
            f", {helpers} that end{'s' if helpers == 1 else ''} with the caller" if helpers else ""
        )
        lines.append(f"  {systems.NAMES[system]:<18} {count:>4}, {_many(starts, 'start')}{extra}")
    for name, text in _unrecognised(scan):
        lines += _wrapped(f"{name:<18}    {text}")
    if scan.facts.broker:
        broker = scan.facts.broker
        lines += _wrapped(f"{'Celery broker':<18} {broker.value}, from {broker.file}:{broker.line}")
    left_out = ", ".join(f"{kind} ({count})" for kind, count in sorted(files.left_out.items()))
    lines += _wrapped(f"Left out: {left_out}") if left_out else []
    lines += _unread(scan)
    lines.append(f"  {counted(scan)}")
    if work and not scan.hands_over:
        folder = scan.prefix.removesuffix("/") or "."
        command = shell_joined(["taskpick", "scan", folder, "--answers", "tasks.yaml"])
        lines += [f"  Next   {command}", "         taskpick advise --answers tasks.yaml"]
    return lines


def _no_work(scan: Scan) -> str:
    """What would have been recognised, where nothing is."""
    if scan.work or scan.revision:
        return ""
    return f"No background work was recognised, of these: {', '.join(systems.NAMES.values())}."


def _unrecognised(scan: Scan) -> list[tuple[str, str]]:
    """Systems that are used in a way that is not known here, and what shows it."""
    return [
        (
            systems.NAMES[system],
            "0 recognised, though "
            + (f"{file}:{line} starts a worker" if line else f"{file} imports it"),
        )
        for system, file, line in (() if scan.revision else scan.facts.unrecognised)
    ]


def _unread(scan: Scan) -> list[str]:
    unread = scan.files.unread
    visible = unread if scan.details else unread[:3]
    lines = [line for entry in visible for line in _wrapped(f"Not read: {entry.file}: {entry.why}")]
    if len(unread) > len(visible):
        lines.append(f"  Not read: {len(unread) - len(visible)} more; --details names them")
    return lines


def _diagnostics(scan: Scan) -> list[Diagnostic]:
    return [_diagnostic(scan, finding) for finding in scan.findings]


def _diagnostic(scan: Scan, finding: Finding) -> Diagnostic:
    related = tuple(
        Location(scan.prefix + step.file, Span.at(step.line, 1), step.words)
        for step in finding.steps
    )
    location = Location(scan.prefix + finding.file, Span.at(finding.line, 1))
    mend = f". To fix it: {finding.mend}" if finding.mend else ""
    return Diagnostic(
        finding.level, finding.rule, finding.message + mend, location, related, finding.allowed
    )


def _case(scan: Scan, finding: Finding) -> junit.TestCase:
    status: Any = (
        "skipped" if finding.allowed else "failure" if finding.level == "error" else "system-out"
    )
    steps = "".join(f"\n{s.file}:{s.line}: {s.words}" for s in finding.steps)
    name = f"{finding.rule} at line {finding.line}"
    return junit.TestCase(
        scan.prefix + finding.file, name, status, finding.message, finding.message + steps
    )


def _markdown(scan: Scan) -> str:
    """A summary of the work, and a table of the findings."""
    by_system = Counter(work.system for work in scan.work)
    rows = [[systems.NAMES[name], str(count)] for name, count in by_system.most_common()]
    since = f" since {markdown.escape(scan.revision)}" if scan.revision else ""
    new = "New background" if scan.revision else "Background"
    lines = [f"# {new} work in {markdown.escape(scan.name)}{since}", ""]
    if rows:
        lines += [*markdown.table(["System", "Kinds of work"], rows, right=[1]), ""]
    if nothing := _no_work(scan):
        lines += [nothing, ""]
    if others := _unrecognised(scan):
        lines += [*(f"- {name}: {markdown.escape(text)}" for name, text in others), ""]
    cells = [
        [
            markdown.code(f"{finding.file}:{finding.line}"),
            finding.rule,
            markdown.escape(finding.message),
        ]
        for finding in [*scan.hazards, *scan.notes]
    ]
    lines += [f"## {counted(scan)}", ""]
    lines += [*markdown.table(["Place", "Rule", "What"], cells), ""] if cells else []
    lines += [f"- {markdown.escape(question.text)}" for question in questions(scan.work)]
    return "\n".join(lines).rstrip("\n") + "\n"
