"""The answers of all sources: flag over environment over file over a question."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick import answers
from taskpick.answers import Given, Origin, command
from taskpick.cli import files, shell
from taskpick.problems import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.answers import Flags
    from taskpick.questions.conversation import Mode
    from taskpick.records.statements import Statement
    from taskpick.rulefile.model import Rules


def collect(
    rules: Rules, given: Mapping[str, str], statement: Statement | None = None
) -> dict[str, Given]:
    """The answers given as flags, in the environment and in a file, the first one winning.

    Raises:
        InvalidAnswer: a variable that answers no criterion, or with an unknown level.
        InvalidFile: a file with an answer that the rules do not know.
    """
    collected = {
        **(_from_file(rules, statement) if statement else {}),
        **answers.given(answers.from_environment(rules, os.environ), Origin.ENVIRONMENT),
        **answers.given(given, Origin.FLAG),
    }
    return {name: collected[name] for name in rules.criteria if name in collected}


def _from_file(rules: Rules, statement: Statement) -> dict[str, Given]:
    from taskpick.records import resolve

    return resolve.given(rules, statement)


def opened(answers_file: str | None) -> tuple[Statement, ...]:
    """What an answers file states: one decision, or one for each of its tasks; none if no file.

    Raises:
        InvalidFile: with every problem of its shape.
        OSError: the file cannot be read.
    """
    if answers_file is None:
        return ()
    from taskpick.records import statements

    return statements.read(files.read(answers_file, largest=statements.LARGEST)).entries


def only_decision(statements: tuple[Statement, ...]) -> Statement | None:
    """The only decision of a file.

    Raises:
        Refused: it is about several tasks.
    """
    if statements and statements[0].task:
        raise Refused("the answers file has several tasks", "give it to taskpick advise")
    return statements[0] if statements else None


def can_ask(*, plain: bool, no_input: bool, answers_file: str | None) -> bool:
    """Whether there is somebody to ask: at a terminal, or with `--plain` the lines of a pipe."""
    if no_input or answers_file == "-":
        return False
    return plain or (sys.stdin.isatty() and sys.stderr.isatty())


def ask(
    rules: Rules,
    collected: Mapping[str, Given],
    mode: Mode,
    flags: Flags,
    *,
    plain: bool,
    review: bool = False,
) -> dict[str, Given]:
    """Ask for what is still to be answered; whoever leaves early is told how to go on.

    `flags` are those of this run. A `review` lets answers of this run be changed.
    """
    import gc

    from taskpick.questions.ask import BadLine, Interrupted, OutOfInput, ask

    gc.freeze()
    gc.enable()  # off since the start; a conversation may be long
    before = answers.levels(collected)
    asked = {n: level for n, level in before.items() if collected[n].origin is Origin.QUESTION}
    given = {name: level for name, level in before.items() if name not in asked}
    try:
        color = shell.color(sys.stderr)
        after = ask(
            rules, given, mode=mode, plain=plain, color=color, answered=asked if review else None
        )
    except Interrupted as left:
        next_command = command(rules, repeated(collected, left.answers, flags), flags)
        stopped = "stopped" if review else "stopped, nothing is decided"
        shell.stop(f"{stopped}; go on with: {next_command}", code=shell.ExitCode.INTERRUPTED)
    except OutOfInput as ended:
        next_command = command(rules, repeated(collected, ended.answers, flags), flags)
        shell.stop(f"{ended}; go on with: {next_command}", code=shell.ExitCode.UNDECIDED)
    except BadLine as bad:
        shell.stop(str(bad), "nothing after this line was read")
    new = {name: level for name, level in after.items() if before.get(name) != level}
    kept = {name: collected[name] for name in after if name not in new}
    return {**kept, **answers.given(new, Origin.QUESTION)}


def repeated(
    collected: Mapping[str, Given], levels: Mapping[str, str], flags: Flags
) -> dict[str, str]:
    """The answers that a command with the same flags has to name: all but those of its file."""
    filed = any(flag[0] == "--answers" for flag in flags)
    return {
        name: level
        for name, level in levels.items()
        if not (filed and name in collected and collected[name] == (level, Origin.FILE))
    }


def repeatable(flags: Flags) -> Flags:
    """The flags without what can be read only once."""
    from taskpick.rulefile.files import is_handed_over

    return tuple(
        flag
        for flag in flags
        if flag[0] != "--answers" or not (flag[1] == "-" or is_handed_over(Path(flag[1])))
    )
