"""What `taskpick starter --compare` shows."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskpick.cli import shell
from taskpick.cli.options import option_of
from taskpick.commands.compare import MatrixFormat
from taskpick.problems import Refused

if TYPE_CHECKING:
    from taskpick.decision.decide import Decision
    from taskpick.rulefile.model import Option, Rules
    from taskpick.starter.comparison import Comparison

USAGE = "taskpick starter --compare OPTION OPTION"


def two_of(rules: Rules, first: str, second: str) -> tuple[Option, Option]:
    """The two options that are to be compared.

    Raises:
        Refused: one is no option, or both are the same.
    """
    options = option_of(rules, first), option_of(rules, second)
    if options[0] is options[1]:
        raise Refused(f"'{first}' is named twice", USAGE)
    return options


def show(compared: Comparison, decision: Decision, format: MatrixFormat) -> None:  # noqa: A002
    """Print what differs between the projects of two options."""
    text = _rendered(compared, decision, format)
    colored = format is MatrixFormat.TEXT and shell.color(sys.stdout)
    shell.emit(text, None, force=False, colored=colored)


def _rendered(compared: Comparison, decision: Decision, format: MatrixFormat) -> str:  # noqa: A002
    from taskpick.report import starter_comparison as report

    match format:
        case MatrixFormat.JSON:
            return report.as_json(compared, decision.completed)
        case MatrixFormat.MARKDOWN:
            return report.as_markdown(compared)
        case MatrixFormat.TEXT:
            return report.as_text(
                compared,
                marks=shell.marks(sys.stdout),
                width=shell.width(),
                color=shell.color(sys.stdout),
            )
