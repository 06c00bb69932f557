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
                "results": [_result(d, ids.index(d.id)) for d in diagnostics],
            }
        ],
    }
    return json.text(log)


def _result(diagnostic: Diagnostic, index: int) -> dict[str, Any]:
    result = {
        "ruleId": diagnostic.id,
        "ruleIndex": index,
        "level": diagnostic.level,
        "message": {"text": diagnostic.message},
        "locations": [_location(diagnostic.location)],
    }
    if diagnostic.related:
        result["relatedLocations"] = [_location(location) for location in diagnostic.related]
    if diagnostic.allowed:
        result["suppressions"] = [{"kind": "inSource", "justification": diagnostic.allowed}]
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
