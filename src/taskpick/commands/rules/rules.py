"""The commands for rule files: `taskpick rules check`, `test` and the others."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path  # noqa: TC003  Typer reads the types of a command when it runs
from typing import TYPE_CHECKING, Annotated

import typer

from taskpick.checks.diff import formats as diff_formats
from taskpick.cli import files as output
from taskpick.cli import shell
from taskpick.cli.completion import complete_path
from taskpick.cli.flags import DataFormat, ForceFlag, OutputFlag
from taskpick.cli.helpful import HelpfulCommand, HelpfulGroup
from taskpick.commands.rules import check, probe
from taskpick.problems import Refused
from taskpick.questions import drawing as tree_formats
from taskpick.rulefile import bundled, json_schema
from taskpick.wording import quoted, shell_joined

if TYPE_CHECKING:
    from taskpick.rulefile.model import Rules

TEST_EXAMPLES = """
\b
Examples:
  taskpick rules test rules.yaml --threshold 100
      exits with 1 if a case fails, or if an edit would go unnoticed
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
      a valid rule file, for you to change
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


app.command(cls=HelpfulCommand, epilog=check.EXAMPLES)(check.check)


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
            help="Exit with 1 if fewer of the edits are noticed.",
        ),
    ] = "0",  # type: ignore[assignment]  # the parser makes it a fraction
) -> None:
    """Run the cases of a rule file, and find the mistakes they would miss.

    Each fit is changed to each other rating, one at a time. The cases should notice every change
    that leads to a different pick. Exits with 1 if a case fails, or if there are none.
    """
    from taskpick.checks.mutation import formats, mutation
    from taskpick.formats import json

    tested = mutation.run(_load(file))
    if format is DataFormat.JSON:
        result = json.text(formats.data(tested))
    else:
        result = formats.text(tested)
    shell.emit(result, None, force=False)
    if not tested.rules.cases:
        shell.say("there are no cases")
        raise typer.Exit(shell.ExitCode.FINDING)
    if tested.failures or tested.score * 100 < threshold:
        raise typer.Exit(shell.ExitCode.FINDING)


_complete_rules = complete_path(".yaml", ".yml")


app.command(cls=HelpfulCommand, epilog=probe.EXAMPLES)(probe.probe)


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

    Exits with 1 if any pick changes.
    """
    from taskpick.checks.diff.diff import diff as compare
    from taskpick.checks.diff.versions import load_version

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
        json_schema.Part, typer.Option("--for", help="Which kind of file it describes.")
    ] = json_schema.Part.RULES,
    output_file: OutputFlag = None,
    force: ForceFlag = False,
) -> None:
    """Print the JSON Schema of rule files, for editors that complete and check them.

    Put it next to the rule file, and name it in the first line there:
    `# yaml-language-server: $schema=taskpick.schema.json`. If the rule file is a folder, its
    options and its cases have their own schemas: `--for option`, `--for cases`.
    """
    shell.check_places(output_file, force=force)
    shell.emit(json_schema.text(part), output_file, force=force)


@app.command(cls=HelpfulCommand, epilog=NEW_EXAMPLES)
def new(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", parser=output.file, help="The file to write.")
    ],
    force: ForceFlag = False,
) -> None:
    """Start a rule file: valid, commented, and with cases that hold."""
    from importlib.resources import files

    text = files("taskpick.rulefile").joinpath("new_rules.yaml").read_text(encoding="utf-8")
    shell.emit(text, file, force=force)
    shell.say(f"next: {shell_joined(['taskpick', 'rules', 'check', bundled.called(file)])}")
