"""The flags of `taskpick advise` that no other command has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from taskpick.cli import files
from taskpick.cli.completion import complete_option, complete_path
from taskpick.report.report_format import ReportFormat

_RESULT = "Result"

FormatFlag = Annotated[
    ReportFormat, typer.Option("--format", help="What to print.", rich_help_panel=_RESULT)
]
DetailsFlag = Annotated[
    bool,
    typer.Option(
        "--details",
        help="Show every reason, note and source above the verdict.",
        rich_help_panel=_RESULT,
    ),
]
NoCodeFlag = Annotated[
    bool, typer.Option("--no-code", help="Leave out the code.", rich_help_panel=_RESULT)
]
OutputFlag = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        parser=files.result_place,
        help="Write the result to a file, atomically; - is stdout. With --format "
        "markdown it may be a folder: the record becomes the next free NNNN-title.md.",
        rich_help_panel=_RESULT,
        autocompletion=complete_path(""),
    ),
]
SaveAnswersFlag = Annotated[
    Path | None,
    typer.Option(
        "--save-answers",
        metavar="FILE",
        parser=files.file,
        help="Write the answers to a file that --answers reads.",
        rich_help_panel=_RESULT,
        autocompletion=complete_path(".yaml", ".yml"),
    ),
]
ExpectFlag = Annotated[
    str | None,
    typer.Option(
        "--expect",
        metavar="OPTION",
        help="Exit with 1 if the pick is not this option.",
        autocompletion=complete_option,
    ),
]
DecidersFlag = Annotated[
    list[str] | None,
    typer.Option(
        "--decider",
        metavar="NAME",
        help="Who decides, for the record; may be repeated.",
        rich_help_panel=_RESULT,
    ),
]
SupersedesFlag = Annotated[
    Path | None,
    typer.Option(
        "--supersedes",
        metavar="FILE",
        help="The record that the new one replaces; each then names the other.",
        rich_help_panel=_RESULT,
        autocompletion=complete_path(".md"),
    ),
]
StarterFlag = Annotated[
    Path | None,
    typer.Option(
        "--starter",
        metavar="DIRECTORY",
        help="Write a project that runs the pick.",
        rich_help_panel=_RESULT,
        autocompletion=complete_path("/"),
    ),
]
NoInputFlag = Annotated[
    bool, typer.Option("--no-input", help="Never ask; exit with 3 if answers are missing.")
]
PlainFlag = Annotated[
    bool,
    typer.Option(
        "--plain", help="Ask in numbered lines: for screen readers, and for piped answers."
    ),
]
QuickFlag = Annotated[
    bool, typer.Option("--quick", help="Ask the fewest questions that decide it.")
]
AllFlag = Annotated[bool, typer.Option("--all", help="Ask about every criterion.")]
