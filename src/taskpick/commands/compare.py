"""The command `taskpick compare`."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from taskpick import answers
from taskpick.cli import shell
from taskpick.cli.answers import gather, one, opened
from taskpick.cli.flags import AnswersFlag, ForceFlag, OutputFlag, rule_command
from taskpick.rulefile.model import Rules

commands = typer.Typer(rich_markup_mode=None)


class MatrixFormat(StrEnum):
    """What the decision matrix can be written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


FormatFlag = Annotated[
    MatrixFormat, typer.Option("--format", help="What to print.", rich_help_panel="Result")
]


@rule_command(
    commands, examples="\b\nExamples:\n  taskpick compare\n  taskpick compare --format markdown"
)
def compare(
    rules: Rules,
    given: dict[str, str],
    answers_file: AnswersFlag = None,
    format: FormatFlag = MatrixFormat.TEXT,  # noqa: A002  the name of the flag
    output_file: OutputFlag = None,
    force: ForceFlag = False,
) -> None:
    """Show the decision matrix: what each option does at each level.

    The levels that are answered are marked.
    """
    shell.check_places(output_file, force=force)
    known = answers.levels(gather(rules, given, one(opened(answers_file))))
    color = output_file is None and shell.color(sys.stdout)
    text = _render_matrix(rules, known, format, color=color)
    shell.emit(text, output_file, force=force, colored=color)


def _render_matrix(
    rules: Rules,
    known: dict[str, str],
    format: MatrixFormat,  # noqa: A002  the name of the flag
    *,
    color: bool,
) -> str:
    match format:
        case MatrixFormat.JSON:
            from taskpick.report import json

            return json.render_matrix(rules, known)
        case MatrixFormat.MARKDOWN:
            from taskpick.records import madr

            return madr.render_matrix(rules, known)
        case MatrixFormat.TEXT:
            from taskpick.report import terminal

            return terminal.render_matrix(rules, known, width=shell.width(), color=color)
