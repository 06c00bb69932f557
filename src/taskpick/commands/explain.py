"""The command `taskpick explain`: why an option is the pick, or why not."""

from __future__ import annotations

from typing import Annotated

import typer

from taskpick import answers
from taskpick.cli import shell
from taskpick.cli.answers import gather, one, opened
from taskpick.cli.completion import complete_option
from taskpick.cli.flags import AnswersFlag, DataFormat, rule_command
from taskpick.cli.options import option_of
from taskpick.decision.decide import decide
from taskpick.rulefile.model import Rules

commands = typer.Typer(rich_markup_mode=None)

EXAMPLES = """
\b
Examples:
  taskpick explain celery --duration minutes --persistence durable --retry basic \\
      --scheduling none --distribution one-worker
      why not Celery, and what would make it the pick
  taskpick explain rq
      when RQ is the pick, while all core criteria are open
"""


@rule_command(commands, examples=EXAMPLES)
def explain(
    rules: Rules,
    given: dict[str, str],
    option: Annotated[
        str,
        typer.Argument(
            metavar="OPTION", help="The option to explain.", autocompletion=complete_option
        ),
    ],
    answers_file: AnswersFlag = None,
    format: Annotated[  # noqa: A002  the name of the flag
        DataFormat, typer.Option("--format", help="What to print.")
    ] = DataFormat.TEXT,
) -> None:
    """Say why an option is the pick, or what stands in its way.

    Every reason is proven: it holds for all answers that it does not name, and none is smaller.
    """
    from taskpick.decision import explanation
    from taskpick.report import explanation as formats

    option_of(rules, option)
    known = answers.levels(gather(rules, given, one(opened(answers_file))))
    found = explanation.explain(decide(rules, known), option)
    if format is DataFormat.JSON:
        shell.emit(formats.json_text(found), None, force=False)
    else:
        shell.emit(formats.text(found), None, force=False)
