"""The command `taskpick scan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from taskpick.cli import files, shell
from taskpick.cli.flags import ForceFlag, OutputFlag
from taskpick.cli.helpful import HelpfulCommand
from taskpick.cli.progress import progress
from taskpick.commands.scan import answers
from taskpick.problems import Refused
from taskpick.scan import configuration, findings, result
from taskpick.scan.output.formats import Format, counted, render
from taskpick.scan.reading.files import Excluded
from taskpick.scan.result import Request
from taskpick.scan.revision import checked_out, new_findings, new_work

if TYPE_CHECKING:
    from taskpick.scan.result import Scan

SCAN_EXAMPLES = """
\b
Examples:
  taskpick scan .
      the background work of this folder, and hazards in it
  taskpick scan . --answers tasks.yaml
      writes what the code shows, for taskpick advise --answers tasks.yaml
  taskpick scan . --diff origin/main
      only what a change adds: new work, and new hazards
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
        typer.Option("--select", metavar="RULE", help="Check only this rule; may be repeated."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="RULE", help="Leave out a rule; may be repeated."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="PATTERN", help="Leave out files; may be repeated."),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="RULE", help="Say what a rule finds, and stop."),
    ] = None,
    answers_out: Annotated[
        Path | None,
        typer.Option(
            "--answers",
            metavar="FILE",
            parser=files.file,
            help="Write the work as answers; asks first.",
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="FILE", help="Leave out the findings in this file."),
    ] = None,
    diff: Annotated[
        str | None,
        typer.Option("--diff", metavar="REV", help="Show what was added since a git revision."),
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Write the findings to --baseline FILE.")
    ] = False,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Never ask, even with --answers.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Read every file again, and cache nothing.")
    ] = False,
    output_file: OutputFlag = None,
    force: ForceFlag = False,
) -> None:
    """List the background work of a code base, and hazards in it.

    It looks for all systems at once. It imports and runs nothing. Exits with 1 if there is a
    hazard; notes do not count.
    """
    if explain is not None:
        shell.emit(findings.explain(explain), output_file, force=force)
        return
    if path is None:
        shell.stop("which folder?", "taskpick scan PATH")
    written = configuration.read(path)
    active = findings.active(select or written.select, [*written.ignore, *(ignore or [])])
    excluded = [Excluded(written.folder, pattern) for pattern in written.exclude]
    excluded += [Excluded(Path(), pattern) for pattern in exclude or []]
    baseline = baseline or written.baseline or None
    if update_baseline:
        others: dict[str, object] = {
            "--output": output_file,
            "--answers": answers_out,
            "--diff": diff,
        }
        others |= {"--details": details, f"--format {format}": format is not Format.TEXT}
        _check_update(baseline, others)
    shell.check_places(output_file, answers_out, force=force)
    request = Request(excluded, active, use_cache=not no_cache)
    with progress("Python files") as shown:
        scanned = result.scan(path, request, shown)._replace(
            details=details, hands_over=answers_out is not None
        )
    if baseline is not None and update_baseline:
        text = findings.baseline(scanned.findings, baseline, scanned.files)
        shell.emit(text, files.file(baseline), force=True)
        return
    if diff is not None:
        scanned = _added(scanned, path, diff, request)
    if baseline is not None:
        scanned = _since(scanned, baseline)
    shell.emit(render(scanned, format), output_file, force=force)
    if answers_out is not None:
        answers.write(scanned, answers_out, force=force, ask=not no_input)
    if format is not Format.TEXT or output_file:
        shell.say(counted(scanned))
    if scanned.hazards:
        raise typer.Exit(shell.ExitCode.FINDING)


def _check_update(baseline: str | None, others: dict[str, object]) -> None:
    """Refuse flags that a new baseline has no use for: it writes one file and prints nothing."""
    if baseline is None:
        shell.stop("--update-baseline needs a file", "--baseline FILE")
    for flag, value in others.items():
        if value:
            message = f"--update-baseline cannot be used with {flag}"
            shell.stop(message, "run taskpick scan once for each")


def _added(scanned: Scan, path: Path, revision: str, request: Request) -> Scan:
    """What has been added since a revision.

    Raises:
        Refused: there is no such revision.
    """
    root = path if path.is_dir() else path.parent
    with checked_out(root, revision) as folder:
        excluded = [exclusion.moved(root, folder) for exclusion in request.excluded]
        try:
            before = result.scan(
                folder / path.relative_to(root), request._replace(excluded=excluded)
            )
        except Refused:
            before = None  # there was no Python yet
        return scanned._replace(
            findings=new_findings(scanned, before),
            work=new_work(scanned, before),
            revision=revision,
            before=len(before.findings) if before else 0,
        )


def _since(scanned: Scan, name: str) -> Scan:
    """The result without the findings of a baseline.

    Raises:
        Refused: it is no baseline file.
    """
    data = files.read_bytes(name, largest=_LARGEST_BASELINE)
    if len(data) > _LARGEST_BASELINE:
        raise Refused(f"'{name}' is too large for a baseline")
    new = findings.since(scanned.findings, data.decode("utf-8", "replace"), name, scanned.files)
    return scanned._replace(findings=new, in_baseline=len(scanned.findings) - len(new))
