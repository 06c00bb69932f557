"""What probes showed, as text, JSON, Markdown, GitHub annotations, and as the file of last runs."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, assert_never

from taskpick.formats import github, json, markdown
from taskpick.formats.diagnostics import Diagnostic, Location
from taskpick.problems import Span
from taskpick.rulefile.last_run import ProbeOutcome
from taskpick.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from taskpick.checks.probes.engine import Measured
    from taskpick.rulefile.model import Rules

SCHEMA = "taskpick.probe/1"
LAST_RUN = "last-run.yaml"
_LEVELS: Mapping[ProbeOutcome, Literal["error", "warning"]] = {
    ProbeOutcome.CHANGED: "error",
    ProbeOutcome.COULD_NOT_RUN: "warning",
}


class Format(StrEnum):
    """How outcomes are shown."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    MARKDOWN = "markdown"


def render(
    rules: Rules,
    folder: Path,
    measured: Sequence[Measured],
    format: Format,  # noqa: A002  the name of the flag
) -> str:
    """All outcomes in a format."""
    match format:
        case Format.TEXT:
            return _text(measured)
        case Format.JSON:
            return json.text(_data(rules, measured))
        case Format.GITHUB:
            return github.render(_diagnostics(rules, folder, measured))
        case Format.MARKDOWN:
            return _markdown(measured)
        case _:
            assert_never(format)


def summary(measured: Sequence[Measured]) -> str:
    """How many claims had which outcome, in one line."""
    counts = dict.fromkeys(ProbeOutcome, 0)
    for each in measured:
        counts[each.outcome] += 1
    plural = {ProbeOutcome.HOLDS: "hold"}
    parts = [
        f"{count} {plural.get(outcome, outcome.words) if count > 1 else outcome.words}"
        for outcome, count in counts.items()
        if count
    ]
    return f"{len(measured)} {'claim' if len(measured) == 1 else 'claims'}: {', '.join(parts)}"


def last_runs(folder: Path, measured: Sequence[Measured], today: str) -> str:
    """The file of last runs: these outcomes, and the earlier ones of all other claims.

    A claim that could not be measured today keeps what was measured before.
    """
    import json

    runs = _earlier(folder)
    for each in measured:
        claims = runs.setdefault(each.option, {})
        before = claims.get(each.claim, {}).get("outcome", ProbeOutcome.COULD_NOT_RUN)
        if each.outcome is not ProbeOutcome.COULD_NOT_RUN or before == ProbeOutcome.COULD_NOT_RUN:
            entry = {
                "outcome": each.outcome.value,
                "seen": each.seen,
                "versions": _versions(each),
                "as_of": today,
            }
            claims[each.claim] = {key: value for key, value in entry.items() if value}
    lines = ["# Written by `taskpick rules probe --save`."]
    for option, claims in sorted(runs.items()):
        lines.append(f"{option}:")
        for claim, entry in claims.items():
            lines.append(f"  {claim}:")
            # A text in JSON is one in YAML.
            lines += [
                f"    {key}: {json.dumps(value, ensure_ascii=False)}"
                for key, value in entry.items()
            ]
    return "\n".join(lines) + "\n"


def _earlier(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    """What the file of last runs says; the rule file was read, so it has the right form."""
    from taskpick.rulefile import document, files
    from taskpick.rulefile.document import Scalar, entries

    path = folder / LAST_RUN
    if not path.is_file():
        return {}
    root, _ = document.parse(document.decode(str(path), files.read_bytes(path)))
    return {
        option: {
            claim: {
                key: " ".join(value.text.split())
                for key, value in entries(run).items()
                if isinstance(value, Scalar)
            }
            for claim, run in entries(claims).items()
        }
        for option, claims in entries(root).items()
    }


def _versions(each: Measured) -> str:
    return ", ".join(f"{package} {version}" for package, version in each.versions.items())


def _text(measured: Sequence[Measured]) -> str:
    lines: list[str] = []
    for option in dict.fromkeys(each.option for each in measured):
        own = [each for each in measured if each.option == option]
        on = next((_versions(each) for each in own if each.versions), "")
        lines.append(f"{option} ({on})" if on else option)
        width = max(len(each.claim) for each in own)
        lines += [f"  {each.outcome.words:13}  {each.claim:{width}}  {each.seen}" for each in own]
        lines.append("")
    return "\n".join([*lines, summary(measured)]) + "\n"


def _data(rules: Rules, measured: Sequence[Measured]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "taskpick": __version__,
        "file": rules.source.name,
        "claims": [
            {
                "option": each.option,
                "claim": each.claim,
                "outcome": each.outcome.value,
                "seen": each.seen,
                "versions": dict(each.versions),
            }
            for each in measured
        ],
    }


def _markdown(measured: Sequence[Measured]) -> str:
    rows = [
        [
            markdown.escape(each.option),
            markdown.escape(each.claim),
            each.outcome.words,
            markdown.escape(each.seen),
            markdown.escape(_versions(each)),
        ]
        for each in measured
    ]
    table = markdown.table(["Option", "Claim", "Outcome", "Seen", "Versions"], rows)
    return "\n".join([*table, "", summary(measured)]) + "\n"


def _diagnostics(rules: Rules, folder: Path, measured: Sequence[Measured]) -> list[Diagnostic]:
    """What does not hold, at the fits and notes that rest on it."""
    diagnostics = []
    for each in measured:
        if level := _LEVELS.get(each.outcome):
            message = f"'{each.claim}' of {each.option}: {each.outcome.words}: {each.seen}"
            for span in _spans(rules, folder, each):
                location = Location(span.file, span)
                rule = f"claim-{each.outcome.value}"
                diagnostics.append(Diagnostic(level, rule, message, location))
    return diagnostics


def _spans(rules: Rules, folder: Path, each: Measured) -> list[Span]:
    fits = [fit.span for fit in rules.fits if (fit.option, fit.probe) == each[:2]]
    notes = [note.span for note in rules.notes if (note.option, note.probe) == each[:2]]
    return [*fits, *notes] or [Span.at(1, 1, str(folder / each.option))]
