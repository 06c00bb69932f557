"""The command `taskpick rules check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from taskpick.checks import formats as check_formats
from taskpick.checks.catalogue import CHECKS, Severity
from taskpick.cli import shell
from taskpick.cli.completion import complete_path
from taskpick.problems import Refused
from taskpick.rulefile import bundled
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EXAMPLES = """
\b
Examples:
  taskpick rules check rules.yaml --strict
      exits with 1 if anything is wrong
  taskpick rules check --explain case-fails
      what a finding means, and how to fix it
"""


def _check_id(value: str | None) -> str | None:
    if value is not None and value not in CHECKS:
        raise Refused(f"unknown value {quoted(value)} for --explain", did_you_mean(value, CHECKS))
    return value


def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Rule files, or their folders; if none is named, the one for background tasks.",
            autocompletion=complete_path(".yaml", ".yml"),
            show_default=False,
        ),
    ] = None,
    format: Annotated[  # noqa: A002  the name of the flag
        check_formats.Format, typer.Option("--format", help="What to print.")
    ] = check_formats.Format.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings too.")] = False,
    max_age: Annotated[
        int | None,
        typer.Option("--max-age", metavar="DAYS", min=0, help="How old `as_of` may be."),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain",
            metavar="ID",
            help="Explain what a check finds, and how to fix it.",
            callback=_check_id,
            autocompletion=lambda incomplete: [i for i in CHECKS if i.startswith(incomplete)],
        ),
    ] = None,
) -> None:
    """Find what is wrong with rule files, whatever the answers are.

    A file of a folder, such as an option, stands for the whole folder. Exits with 1 if there are
    errors, and with --strict also if there are warnings. A finding that is intended can be allowed
    in the file: `allow: [{check: ID, reason: …}]`.
    """
    if explain:
        shell.emit(check_formats.explain(explain), None, force=False)
        return
    from datetime import date

    from taskpick.checks.check import check as run_checks

    today = date.fromisoformat(shell.today())
    paths = _whole(files) if files else [bundled.chosen(None)]
    loaded = [bundled.load(path) for path in paths]
    checked = [run_checks(rules, today=today, max_age=max_age) for rules in loaded]
    shell.emit(check_formats.render(checked, format), None, force=False)
    if format is not check_formats.Format.TEXT:
        for result in checked:
            shell.say(f"{result.rules.source.name}: {check_formats.summary(result)}")
    if any(result.count(Severity.ERROR) or (strict and result.findings) for result in checked):
        raise typer.Exit(shell.ExitCode.FINDING)


def _whole(names: Sequence[str]) -> list[Path]:
    """The rule files of these names, each once: pre-commit names every file that was changed."""
    from taskpick.rulefile import files

    return list(dict.fromkeys(files.whole(bundled.find(name)) for name in names))
