"""The command `taskpick explain`: why an option is the pick, or why not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from taskpick import answers
from taskpick.cli import shell
from taskpick.cli.answers import collect, only_decision, opened
from taskpick.cli.completion import complete_option
from taskpick.cli.flags import AnswersFlag, DataFormat, rule_command
from taskpick.cli.options import Choice, OnlyFlag, WithoutFlag, option_of
from taskpick.decision.decide import Status, decide
from taskpick.rulefile.model import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.decision.explanation import Explanation

commands = typer.Typer(rich_markup_mode=None)

EXAMPLES = """
\b
Examples:
  taskpick explain celery --duration minutes --persistence durable --retry basic \\
      --scheduling none --distribution one-worker
      why not Celery, and what would make it the pick
  taskpick explain rq
      when RQ would be the pick
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
    only: OnlyFlag = None,
    without: WithoutFlag = None,
    format: Annotated[  # noqa: A002  the name of the flag
        DataFormat, typer.Option("--format", help="What to print.")
    ] = DataFormat.TEXT,
    details: Annotated[
        bool,
        typer.Option("--details", help="Show every reason and its place in the rule file."),
    ] = False,
) -> None:
    """Say why an option is the pick, or what stands in its way.

    With --details each reason is proven: it holds whatever the other answers are, and no shorter
    reason does.
    """
    from taskpick.decision import explanation
    from taskpick.report.details import explanation as formats

    statement = only_decision(opened(answers_file))
    rules = Choice(rules, only, without).allowed(statement)
    option = option_of(rules, option).id
    levels = answers.levels(collect(rules, given, statement))
    explained = explanation.explain(decide(rules, levels), option)
    if format is DataFormat.JSON:
        shell.emit(formats.json_text(explained), None, force=False)
        return
    from taskpick.report.details import explanation_text

    color = shell.color(sys.stdout)
    text = formats.details(explained) + "\n" if details else ""
    text += explanation_text.render(
        explained, _next(explained, levels), width=shell.width(), color=color
    )
    shell.emit(text, None, force=False, colored=color)


def _next(explained: Explanation, levels: Mapping[str, str]) -> str:
    """The comparison with the pick, or the recommendation: where nothing fits, with its sources."""
    decision = explained.decision
    if decision.status is Status.NOTHING_FITS:
        return answers.command(decision.rules, levels, (("--details",),))
    if explained.is_pick or decision.pick is None:
        return answers.command(decision.rules, levels)
    words = ("compare", decision.pick, explained.option.id)
    return answers.command(decision.rules, levels, words=words)
