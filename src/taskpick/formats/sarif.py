"""Notices as SARIF 2.1.0, which code hosts and editors show beside the code.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from taskpick.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.formats.diagnostics import Notice, Place


def render(notices: Sequence[Notice], *, about: Mapping[str, str]) -> str:
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
                "results": [_result(notice, ids.index(notice.id)) for notice in notices],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _result(notice: Notice, index: int) -> dict[str, Any]:
    result = {
        "ruleId": notice.id,
        "ruleIndex": index,
        "level": notice.level,
        "message": {"text": notice.message},
        "locations": [_location(notice.place)],
    }
    if notice.related:
        result["relatedLocations"] = [_location(place) for place in notice.related]
    if notice.allowed:
        result["suppressions"] = [{"kind": "inSource", "justification": notice.allowed}]
    return result


def _location(place: Place) -> dict[str, Any]:
    region = {
        "startLine": place.span.line,
        "startColumn": place.span.column,
        "endLine": place.span.end_line,
        "endColumn": place.span.end_column,
    }
    where = {"artifactLocation": {"uri": quote(place.file)}, "region": region}
    location: dict[str, Any] = {"physicalLocation": where}
    if place.message:
        location["message"] = {"text": place.message}
    return location
