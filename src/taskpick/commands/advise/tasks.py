"""`taskpick advise` for an answers file with several tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from taskpick import answers
from taskpick.cli import files, github, shell
from taskpick.cli.answers import collect
from taskpick.problems import InvalidFile
from taskpick.report.report_format import ReportFormat
from taskpick.rulefile.model import NOTHING_FITS
from taskpick.wording import as_few

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.cli.options import Choice
    from taskpick.decision.tasks import Task, Workload
    from taskpick.problems import Problem
    from taskpick.records.statements import Statement


_MOST_LINES = 20
"""At most this many tasks of a kind are named on standard error; the others are counted."""


def advise(
    choice: Choice,
    given: Mapping[str, str],
    statements: Sequence[Statement],
    format: ReportFormat,  # noqa: A002
    output_file: str | None,
    *,
    force: bool,
) -> None:
    """Recommend systems for several tasks; flags and environment answer for each of them.

    Raises:
        InvalidFile: with every problem of the answers.
    """
    from taskpick.decision import tasks
    from taskpick.report import tasks as words

    path = files.file(output_file) if output_file else None
    shell.check_places(path, force=force)
    workload = tasks.workload(choice.rules, _tasks(choice, given, statements))
    file = statements[0].source.name
    shell.emit(words.render(workload, format, width=shell.width(), file=file), path, force=force)
    if format is ReportFormat.GITHUB:
        github.tell(_summary(workload), {"systems": ",".join(workload.own.options)})
    _finish(workload)


def _tasks(choice: Choice, given: Mapping[str, str], statements: Sequence[Statement]) -> list[Task]:
    from taskpick.decision import tasks

    decided: list[Task] = []
    problems: list[Problem] = []
    for statement in statements:
        try:
            rules, have = choice.allowed(statement), choice.in_use(statement)
            levels = answers.levels(collect(rules, given, statement))
        except InvalidFile as invalid:
            problems += invalid.problems
            continue
        decided.append(
            tasks.task(
                rules,
                statement.task,
                levels,
                expected=statement.pick,
                span=statement.span,
                have=have,
            )
        )
    if problems:
        raise InvalidFile(list(dict.fromkeys(problems)))  # what the tasks share is wrong but once
    return decided


def _summary(workload: Workload) -> str:
    from taskpick.formats.markdown import demoted
    from taskpick.report.tasks import markdown

    return demoted(markdown(workload))


def _finish(workload: Workload) -> None:
    from taskpick.report.tasks import difference

    undecided = [task for task in workload.tasks if task.is_open]
    differing = [task for task in workload.tasks if task.differs and task.outcome]
    failing = [t for t in workload.tasks if t.outcome == NOTHING_FITS and not t.expected]
    _say([difference(task) for task in differing], "that are not as expected")
    _say([f"{task.name}: nothing fits" for task in failing], "for which nothing fits")
    _say(_undecided(undecided), "groups that are undecided")
    if differing or failing:
        raise typer.Exit(shell.ExitCode.FINDING)
    if undecided:
        raise typer.Exit(shell.ExitCode.UNDECIDED)


def _undecided(tasks: Sequence[Task]) -> list[str]:
    """What keeps tasks from a pick; those that the same keeps from it are in one line."""
    groups: dict[str, list[str]] = {}
    for task in tasks:
        picks = ", ".join(pick or NOTHING_FITS for pick in task.decision.counts)
        words = f"undecided between {picks}; answer {', '.join(task.decision.open)}"
        groups.setdefault(words, []).append(task.name)
    return [f"{as_few(names)}: {words}" for words, names in groups.items()]


def _say(lines: Sequence[str], which: str) -> None:
    """Say each line, but of very many only the first."""
    for line in lines[:_MOST_LINES]:
        shell.say(line)
    if (more := len(lines) - _MOST_LINES) > 0:
        shell.say(f"{more:,} more {which}; all are in --format json")
