"""The formats of a recommendation: the flag needs their names, and none of their writers."""

from __future__ import annotations

from enum import StrEnum


class ReportFormat(StrEnum):
    """What a recommendation can be written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    GITHUB = "github"
