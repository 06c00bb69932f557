"""The command `taskpick compare`."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from taskpick import answers
from taskpick.cli import shell
from taskpick.cli.answers import collect, only_decision, opened
from taskpick.cli.completion import complete_option
from taskpick.cli.flags import (
    AnswersFlag,
    ForceFlag,
    OutputFlag,
    rule_command,
)
from taskpick.cli.options import option_of
from taskpick.rulefile.model import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from taskpick.rulefile.model import Option


class MatrixFormat(StrEnum):
    """What the decision matrix can be written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


commands = typer.Typer(rich_markup_mode=None)

EXAMPLES = """
\b
Examples:
  taskpick compare
  taskpick compare rq celery
      only these two
  taskpick compare --format markdown
      with the reasons
"""


@rule_command(commands, examples=EXAMPLES)
def compare(
    rules: Rules,
    given: dict[str, str],
    options: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[OPTION]...",
            help="The options to compare; all if none is named.",
            show_default=False,
            autocompletion=complete_option,
        ),
    ] = None,
    answers_file: AnswersFlag = None,
    format: Annotated[  # noqa: A002  the name of the flag
        MatrixFormat, typer.Option("--format", help="What to print.", rich_help_panel="Result")
    ] = MatrixFormat.TEXT,
    output_file: OutputFlag = None,
    force: ForceFlag = False,
) -> None:
    """Show what each option does for each answer, side by side.

    The answers given are marked.
    """
    chosen = [option_of(rules, name) for name in dict.fromkeys(options or rules.options)]
    shell.check_places(output_file, force=force)
    levels = answers.levels(collect(rules, given, only_decision(opened(answers_file))))
    stream = sys.stdout if output_file is None else None
    text = _render(rules, chosen, levels, format, stream)
    colored = format is MatrixFormat.TEXT and shell.color(stream)
    shell.emit(text, output_file, force=force, colored=colored)


def _render(
    rules: Rules,
    options: Sequence[Option],
    levels: Mapping[str, str],
    format: MatrixFormat,  # noqa: A002
    stream: TextIO | None,
) -> str:
    from taskpick.report import matrix

    match format:
        case MatrixFormat.JSON:
            return matrix.as_json(rules, options, levels)
        case MatrixFormat.MARKDOWN:
            return matrix.as_markdown(rules, options, levels)
        case MatrixFormat.TEXT:
            return matrix.as_text(
                rules,
                options,
                levels,
                marks=shell.marks(stream),
                width=shell.width(),
                color=shell.color(stream),
            )
