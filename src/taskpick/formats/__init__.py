"""Writers that know no subject: diagnostics, GitHub, SARIF, JUnit, Markdown."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """What a result can be written as."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    JSON = "json"


class ReportFormat(StrEnum):
    """What a recommendation can be written as."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    JSON = "json"
    GITHUB = "github"


class DataFormat(StrEnum):
    """How a result is shown that people read or programs use."""

    TEXT = "text"
    JSON = "json"
