"""Diagnostics as SARIF 2.1.0, which code hosts and editors show beside the code.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from taskpick.formats import json
from taskpick.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.formats.diagnostics import Diagnostic, Location


def render(diagnostics: Sequence[Diagnostic], *, about: Mapping[str, str]) -> str:
    """A SARIF log of one run; `about` says in words what each id stands for."""
    ids = list(about)
    rules = [{"id": name, "shortDescription": {"text": words}} for name, words in about.items()]
    driver = {"name": "taskpick", "version": __version__, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(found, ids.index(found.id)) for found in diagnostics],
            }
        ],
    }
    return json.text(log)


def _result(found: Diagnostic, index: int) -> dict[str, Any]:
    result = {
        "ruleId": found.id,
        "ruleIndex": index,
        "level": found.level,
        "message": {"text": found.message},
        "locations": [_location(found.location)],
    }
    if found.related:
        result["relatedLocations"] = [_location(location) for location in found.related]
    if found.allowed:
        result["suppressions"] = [{"kind": "inSource", "justification": found.allowed}]
    return result


def _location(location: Location) -> dict[str, Any]:
    region = {
        "startLine": location.span.line,
        "startColumn": location.span.column,
        "endLine": location.span.end_line,
        "endColumn": location.span.end_column,
    }
    where = {"artifactLocation": {"uri": quote(location.file)}, "region": region}
    written: dict[str, Any] = {"physicalLocation": where}
    if location.message:
        written["message"] = {"text": location.message}
    return written
