"""The command `taskpick scan`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from taskpick.cli import files, shell
from taskpick.cli.flags import ForceFlag, OutputFlag
from taskpick.cli.helpful import HelpfulCommand
from taskpick.problems import Refused
from taskpick.scan import answers, findings, rules
from taskpick.scan.files import find
from taskpick.scan.formats import Format, Scan, counted, render
from taskpick.scan.project import Project
from taskpick.scan.settings import Settings
from taskpick.scan.work import Inventory

SCAN_EXAMPLES = """
\b
Examples:
  taskpick scan .
      the background work of this folder, and hazards in it
  taskpick scan . --answers tasks.yaml
      writes what the code shows, for taskpick advise --answers tasks.yaml
  taskpick scan --explain enqueue-in-async
      what a rule finds, why it matters, and how often it was right
"""
_LARGEST_BASELINE = 10_000_000
commands = typer.Typer(rich_markup_mode=None)


@commands.command(cls=HelpfulCommand, name="scan", epilog=SCAN_EXAMPLES, no_args_is_help=True)
def scan(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="PATH", help="The folder of a code base.", show_default=False),
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.TEXT,  # noqa: A002
    details: Annotated[
        bool, typer.Option("--details", help="Show all work, all findings, and why.")
    ] = False,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="RULE", help="Look for this alone; may be repeated."),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="RULE", help="Say what a rule finds, and stop."),
    ] = None,
    answers_out: Annotated[
        Path | None,
        typer.Option(
            "--answers", metavar="FILE", parser=files.file, help="Write the work as answers."
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="FILE", help="Leave out the findings in this file."),
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Write the findings to --baseline FILE.")
    ] = False,
    output_file: OutputFlag = None,
    force: ForceFlag = False,
) -> None:
    """List the background work of a code base, and hazards in it.

    All systems are looked for at once. Nothing is imported or run. Ends with 1 if there is a
    hazard; notes do not count.
    """
    if explain is not None:
        shell.emit(findings.explain(explain), output_file, force=force)
        return
    if path is None:
        shell.stop("which folder?", "taskpick scan PATH")
    if update_baseline and baseline is None:
        shell.stop("--update-baseline needs a file", "--baseline FILE")
    selected = [findings.known_rule(name).id for name in select or []]
    shell.check_places(output_file, answers_out, force=force)
    result = _scan(path, selected, details=details)
    if baseline is not None and update_baseline:
        text = findings.baseline(result.findings, result.project)
        shell.emit(text, files.file(baseline), force=True)
        return
    if baseline is not None:
        result = _since(result, baseline)
    shell.emit(render(result, format), output_file, force=force)
    if answers_out is not None:
        _write_answers(result, answers_out, force=force)
    if format is not Format.TEXT or output_file:
        shell.say(counted(result))
    if result.hazards:
        raise typer.Exit(shell.ExitCode.FINDING)


def _scan(path: Path, selected: list[str], *, details: bool) -> Scan:
    """What is in a folder.

    Raises:
        Refused: it is no folder with Python in it.
    """
    project = Project(find(path))
    inventory = Inventory(project)
    settings = Settings(inventory)
    found = rules.find(rules.Code(project, inventory, settings))
    found = findings.with_ignores(found, project)
    if selected:
        found = [one for one in found if one.rule in selected]
    base = path if path.is_dir() else path.parent
    prefix = Path(os.path.relpath(base)).as_posix()
    prefix = "" if prefix == "." else f"{prefix}/"
    name = path.resolve().name or str(path)
    return Scan(name, prefix, project, inventory, settings, found, 0, details)


def _since(result: Scan, name: str) -> Scan:
    """The result without the findings of a baseline.

    Raises:
        Refused: it is no baseline file.
    """
    data = files.read_bytes(name, largest=_LARGEST_BASELINE)
    if len(data) > _LARGEST_BASELINE:
        raise Refused(f"'{name}' is too large for a baseline")
    new = findings.since(result.findings, data.decode("utf-8", "replace"), name, result.project)
    return result._replace(findings=new, held=len(result.findings) - len(new))


def _write_answers(result: Scan, place: Path, *, force: bool) -> None:
    from taskpick.rulefile import bundled

    if not result.inventory.work:
        shell.stop("there is no background work to answer for", "nothing was written")
    rules_file = bundled.load(bundled.default())
    text = answers.to_text(rules_file, result.inventory, result.settings)
    shell.emit(text, place, force=force)
    if str(place) != "-":
        shell.say(f"next: taskpick advise --answers {place}")
