"""The command `taskpick rules probe`: measure the claims of a rule file again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from taskpick.checks.probes import formats
from taskpick.cli import shell
from taskpick.cli.flags import RulesFlag
from taskpick.cli.options import option_of
from taskpick.problems import Refused
from taskpick.rulefile import bundled
from taskpick.rulefile.last_run import ProbeOutcome
from taskpick.wording import quoted

if TYPE_CHECKING:
    from pathlib import Path

    from taskpick.checks.probes.engine import Measured
    from taskpick.checks.probes.scripts import Probe
    from taskpick.rulefile.model import Rules

EXAMPLES = """
\b
Examples:
  taskpick rules probe huey
      are the claims about huey true of the versions that the rule file names?
  taskpick rules probe --newest
      which claims are no longer true of the newest versions?
"""


def probe(
    options: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[OPTION]...",
            help="The options to measure; if none is named, every one that has probes.",
            show_default=False,
        ),
    ] = None,
    rules_path: RulesFlag = None,
    newest: Annotated[
        bool, typer.Option("--newest", help="Use the newest versions, not those in the file.")
    ] = False,
    format: Annotated[  # noqa: A002  the name of the flag
        formats.Format, typer.Option("--format", help="What to print.")
    ] = formats.Format.TEXT,
    save: Annotated[
        bool, typer.Option("--save", help="Save the outcomes in probes/last-run.yaml.")
    ] = False,
    run_code: Annotated[
        bool,
        typer.Option("--run-code", help="Run probes that did not come with taskpick."),
    ] = False,
) -> None:
    """Measure the claims of a rule file again, with the scripts beside it.

    The scripts in `probes/OPTION/` run in a fresh virtual environment per option, for which pip
    downloads packages; some start their own servers, and they take minutes. Exits with 1 if a
    claim has changed, with 2 if one could not be measured. A rule file is data, but its probes
    are programs: other people's run only with --run-code.
    """
    from taskpick.checks.probes import scripts

    rules = bundled.load(bundled.chosen(rules_path))
    folder = scripts.folder(rules)
    _check_trust(folder, run_code=run_code)
    names = [option_of(rules, name).id for name in options or []]
    if save and folder.is_relative_to(bundled.packaged()):
        raise Refused(
            "--save would change the installed taskpick",
            "copy the folder of the rule file, and name the copy with --rules",
        )
    probes = scripts.scripts(folder, names or rules.options)
    if not probes:
        raise Refused("there are no probes for that", f"they are scripts in {folder}/OPTION/")
    measured = _run(rules, probes, newest=newest)
    shell.emit(formats.render(rules, folder, measured, format), None, force=False)
    if format is not formats.Format.TEXT:
        shell.say(formats.summary(measured))
    if save:
        text = formats.last_runs(folder, measured, shell.today())
        shell.emit(text, folder / formats.LAST_RUN, force=True)
    outcomes = {each.outcome for each in measured}
    if ProbeOutcome.CHANGED in outcomes:
        raise typer.Exit(shell.ExitCode.FINDING)
    if ProbeOutcome.COULD_NOT_RUN in outcomes:
        raise typer.Exit(shell.ExitCode.UNUSABLE)


def _check_trust(folder: Path, *, run_code: bool) -> None:
    if not run_code and not folder.resolve().is_relative_to(bundled.folder().resolve()):
        raise Refused(
            f"the probes in {quoted(str(folder))} are programs that did not come with taskpick",
            "read them, then give --run-code to run them with your permissions",
        )


def _run(rules: Rules, probes: list[Probe], *, newest: bool) -> list[Measured]:
    """Run the probes option by option, and say on stderr which is at work."""
    from taskpick.checks.probes import engine

    measured: list[Measured] = []
    for name in dict.fromkeys(each.option for each in probes):
        own = [each for each in probes if each.option == name]
        count = sum(len(each.claims) for each in own)
        shell.say(f"measuring {name}: {count} claim{'s' if count > 1 else ''}")
        measured += engine.run(rules.options[name], own, newest=newest)
    return measured
