"""The commands for rule files: `taskpick rules check`, `test` and the others."""

from __future__ import annotations

import json
import sys
from datetime import date
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from taskpick import bundled, coverage, shell
from taskpick.checks import check as run_checks
from taskpick.checks import formats as check_formats
from taskpick.findings import CHECKS, Severity
from taskpick.flags import HelpfulCommand, complete_path
from taskpick.problems import did_you_mean, quoted

app = typer.Typer(
    name="rules",
    help="Check, test, compare and draw rule files.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

FileArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE]",
        help="The rule file; if none is named, the one for background tasks.",
        autocompletion=complete_path(".yaml", ".yml"),
        show_default=False,
    ),
]


class DataFormat(StrEnum):
    """How a result is shown."""

    TEXT = "text"
    JSON = "json"


def _check_id(value: str | None) -> str | None:
    if value is not None and value not in CHECKS:
        raise typer.BadParameter(f"no check {quoted(value)}; {did_you_mean(value, CHECKS)}")
    return value


@app.command(cls=HelpfulCommand)
def check(
    file: FileArgument = None,
    format: Annotated[  # noqa: A002  the name of the flag
        check_formats.Format, typer.Option("--format", help="What to print.")
    ] = check_formats.Format.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 on warnings, too.")] = False,
    max_age: Annotated[
        int | None,
        typer.Option("--max-age", metavar="DAYS", min=0, help="How old `as_of` may be."),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain",
            metavar="ID",
            help="Explain a check instead.",
            callback=_check_id,
            autocompletion=lambda incomplete: [i for i in CHECKS if i.startswith(incomplete)],
        ),
    ] = None,
) -> None:
    """Find what is wrong with a rule file, over all of its answer sets.

    Ends with 1 if there are errors, and with --strict also if there are warnings. What is meant
    to be so is allowed in the file, with a reason: `allow: [{check: ID, reason: …}]`.
    """
    if explain:
        sys.stdout.write(check_formats.explain(explain))
        return
    today = date.fromisoformat(shell.today())
    checked = run_checks(bundled.load(file or bundled.default()), today=today, max_age=max_age)
    shell.emit(check_formats.render(checked, format), None, force=False)
    if format is not check_formats.Format.TEXT:
        shell.say(check_formats.summary(checked))
    if checked.count(Severity.ERROR) or (strict and checked.findings):
        raise typer.Exit(shell.ExitCode.FINDING)


def _threshold(value: str) -> Fraction:
    try:
        percent = Fraction(value)
    except (ValueError, ZeroDivisionError):
        percent = Fraction(-1)
    if not 0 <= percent <= 100:
        raise typer.BadParameter(f"{quoted(value)} is no percentage from 0 to 100")
    return percent


@app.command(cls=HelpfulCommand)
def test(
    file: FileArgument = None,
    format: Annotated[  # noqa: A002  the name of the flag
        DataFormat, typer.Option("--format", help="What to print.")
    ] = DataFormat.TEXT,
    threshold: Annotated[
        Fraction,
        typer.Option(
            "--threshold",
            metavar="PERCENT",
            parser=_threshold,
            help="End with 1 if fewer of the edits are noticed.",
        ),
    ] = "0",  # type: ignore[assignment]  # the parser makes it a fraction
) -> None:
    """Run the cases of a rule file, and see what they would not notice.

    Every fit is edited to each other rating, one at a time; of the edits that change a pick for
    any answers at all, the cases should notice every one. Ends with 1 if a case fails, or if
    there are none.
    """
    tested = coverage.run(bundled.load(file or bundled.default()))
    if format is DataFormat.JSON:
        result = json.dumps(coverage.data(tested), indent=2, ensure_ascii=False) + "\n"
    else:
        result = coverage.text(tested)
    shell.emit(result, None, force=False)
    if not tested.rules.cases:
        shell.say("there are no cases")
        raise typer.Exit(shell.ExitCode.FINDING)
    if tested.failures or tested.score * 100 < threshold:
        raise typer.Exit(shell.ExitCode.FINDING)
