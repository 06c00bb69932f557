"""The commands for rule files: `taskpick rules check`, `test` and the others."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path  # noqa: TC003  Typer reads the types of a command when it runs
from typing import TYPE_CHECKING, Annotated

import typer

from taskpick.checks import diff_formats
from taskpick.checks import formats as check_formats
from taskpick.checks.catalogue import CHECKS, Severity
from taskpick.cli import shell
from taskpick.cli.completion import complete_path
from taskpick.cli.flags import DataFormat, ForceFlag, OutputFlag
from taskpick.cli.helpful import HelpfulCommand, HelpfulGroup
from taskpick.commands import rules_probe
from taskpick.problems import Refused
from taskpick.questions import drawing as tree_formats
from taskpick.rulefile import bundled, json_schema
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskpick.rulefile.model import Rules

CHECK_EXAMPLES = """
\b
Examples:
  taskpick rules check rules.yaml --strict
      ends with 1 if anything is wrong
  taskpick rules check --explain case-fails
      what a finding means, and how to mend it
"""
TEST_EXAMPLES = """
\b
Examples:
  taskpick rules test rules.yaml --threshold 100
      ends with 1 if a case fails, or if an edit would go unnoticed
"""
DIFF_EXAMPLES = """
\b
Examples:
  taskpick rules diff old.yaml new.yaml
      those for whom the pick changes
"""
TREE_EXAMPLES = """
\b
Examples:
  taskpick rules tree rules.yaml
      the questions and where they lead
"""
SCHEMA_EXAMPLES = """
\b
Examples:
  taskpick rules schema --output taskpick.schema.json
      for editors that complete and check YAML
"""
NEW_EXAMPLES = """
\b
Examples:
  taskpick rules new rules.yaml
      a rule file that is valid, to change into your own
"""


class _Rules(HelpfulGroup):
    meant = {  # noqa: RUF012  never changed
        **dict.fromkeys(["lint", "validate"], "did you mean 'check'?"),
        **dict.fromkeys(["init", "create", "add"], "did you mean 'new'?"),
        **dict.fromkeys(["measure", "run"], "did you mean 'probe'?"),
        **dict.fromkeys(["draw", "graph", "show"], "did you mean 'tree'?"),
    }


app = typer.Typer(
    name="rules",
    cls=_Rules,
    help="Check, test, compare and draw rule files.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
commands = typer.Typer(rich_markup_mode=None)
commands.add_typer(app)

FileArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[FILE]",
        help="The rule file, or its folder; if none is named, the one for background tasks.",
        autocompletion=complete_path(".yaml", ".yml"),
        show_default=False,
    ),
]


def _check_id(value: str | None) -> str | None:
    if value is not None and value not in CHECKS:
        raise Refused(f"unknown value {quoted(value)} for --explain", did_you_mean(value, CHECKS))
    return value


@app.command(cls=HelpfulCommand, epilog=CHECK_EXAMPLES)
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
            help="Explain what a check finds, and how to mend it.",
            callback=_check_id,
            autocompletion=lambda incomplete: [i for i in CHECKS if i.startswith(incomplete)],
        ),
    ] = None,
) -> None:
    """Find what is wrong with rule files, whatever the answers are.

    A file of a folder, such as an option, stands for the whole folder. Ends with 1 if there are
    errors, and with --strict also if there are warnings. A finding that is intended can be allowed
    in the file: `allow: [{check: ID, reason: …}]`.
    """
    if explain:
        shell.emit(check_formats.explain(explain), None, force=False)
        return
    from datetime import date

    from taskpick.checks.check import check as run_checks

    today = date.fromisoformat(shell.today())
    loaded = [bundled.load(path) for path in _whole(files)] if files else [_load(None)]
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


def _threshold(value: str) -> Fraction:
    try:
        percent = Fraction(value)
    except (ValueError, ZeroDivisionError):
        percent = Fraction(-1)
    if not 0 <= percent <= 100:
        raise Refused(f"unknown value {quoted(value)} for --threshold", "from 0 to 100, in percent")
    return percent


@app.command(name="test", cls=HelpfulCommand, epilog=TEST_EXAMPLES)
def run_cases(
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
    """Run the cases of a rule file, and find the mistakes they would miss.

    Each fit is changed to each other rating, one at a time. The cases should notice every change
    that leads to another pick. Ends with 1 if a case fails, or if
    there are none.
    """
    from taskpick.checks import mutation
    from taskpick.formats import json

    tested = mutation.run(_load(file))
    if format is DataFormat.JSON:
        result = json.text(mutation.data(tested))
    else:
        result = mutation.text(tested)
    shell.emit(result, None, force=False)
    if not tested.rules.cases:
        shell.say("there are no cases")
        raise typer.Exit(shell.ExitCode.FINDING)
    if tested.failures or tested.score * 100 < threshold:
        raise typer.Exit(shell.ExitCode.FINDING)


_complete_rules = complete_path(".yaml", ".yml")


app.command(cls=HelpfulCommand, epilog=rules_probe.EXAMPLES)(rules_probe.probe)


@app.command(cls=HelpfulCommand, epilog=DIFF_EXAMPLES)
def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            help="A rule file or its folder, or a git revision such as HEAD~1:rules/tasks.yaml.",
            autocompletion=_complete_rules,
        ),
    ],
    new: Annotated[
        str,
        typer.Argument(
            metavar="NEW",
            help="The file to compare it with, named in the same ways.",
            autocompletion=_complete_rules,
        ),
    ],
    format: Annotated[  # noqa: A002  the name of the flag
        diff_formats.Format, typer.Option("--format", help="What to print.")
    ] = diff_formats.Format.TEXT,
) -> None:
    """Show for whom the pick changes between two rule files, and when.

    Ends with 1 if any pick changes.
    """
    from taskpick.checks.diff import diff as compare
    from taskpick.checks.versions import load_version

    difference = compare(load_version(old), load_version(new))
    shell.emit(diff_formats.render(difference, format), None, force=False)
    if difference.changes:
        raise typer.Exit(shell.ExitCode.FINDING)


def _load(name: str | None) -> Rules:
    return bundled.load(bundled.chosen(name))


@app.command(cls=HelpfulCommand, epilog=TREE_EXAMPLES)
def tree(
    file: FileArgument = None,
    format: Annotated[  # noqa: A002  the name of the flag
        tree_formats.Format, typer.Option("--format", help="How to draw it.")
    ] = tree_formats.Format.OUTLINE,
    everything: Annotated[
        bool, typer.Option("--all", help="Assume no defaults; any criterion may be asked.")
    ] = False,
    output_file: OutputFlag = None,
    force: ForceFlag = False,
) -> None:
    """Draw the decision as the questions that `taskpick advise --quick` asks."""
    from taskpick.questions.tree import grow

    shell.check_places(output_file, force=force)
    rules = _load(file)
    drawn = tree_formats.render(grow(rules, everything=everything), rules, format)
    shell.emit(drawn, output_file, force=force)


@app.command(name="schema", cls=HelpfulCommand, epilog=SCHEMA_EXAMPLES)
def print_schema(
    part: Annotated[
        json_schema.Part, typer.Option("--for", help="Which file of a rule file it describes.")
    ] = json_schema.Part.RULES,
    output_file: OutputFlag = None,
    force: ForceFlag = False,
) -> None:
    """Print the JSON Schema of rule files, for editors that complete and check them.

    Put it beside the rule file, and name it in the first line there:
    `# yaml-language-server: $schema=taskpick.schema.json`. Where the rule file is a folder, its
    options and its cases have schemas of their own: `--for option`, `--for cases`.
    """
    shell.check_places(output_file, force=force)
    shell.emit(json_schema.text(part), output_file, force=force)


@app.command(cls=HelpfulCommand, epilog=NEW_EXAMPLES)
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    force: ForceFlag = False,
) -> None:
    """Start a rule file: valid, explained by comments, and with cases that hold."""
    from importlib.resources import files

    text = files("taskpick.rulefile").joinpath("new_rules.yaml").read_text(encoding="utf-8")
    shell.emit(text, file, force=force)
    shell.say(f"next: taskpick rules check {file}")
