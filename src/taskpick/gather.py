"""The answers of all sources: flag over environment over file over a question."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from taskpick import answers, bundled, shell
from taskpick.document import LARGEST, decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.conversation import Mode
    from taskpick.model import Rules
    from taskpick.problems import Source


def gather(rules: Rules, given: Mapping[str, str], answers_file: str | None) -> dict[str, str]:
    """The answers given as flags, in the environment and in a file, the first one winning.

    Raises:
        InvalidAnswer: a variable that answers no criterion, or with an unknown level.
        InvalidFile: a file with an answer that the rules do not know.
        OSError: the file cannot be read.
    """
    from_file = answers.from_text(rules, read(answers_file)) if answers_file else {}
    known = {**from_file, **answers.from_environment(rules, os.environ), **given}
    return {name: known[name] for name in rules.criteria if name in known}


def read(name: str) -> Source:
    """The text of a file, or of stdin for `-`.

    Raises:
        InvalidFile: it is too large or not UTF-8.
        OSError: it cannot be read.
    """
    if name != "-":
        with Path(name).open("rb") as file:
            return decode(name, file.read(LARGEST + 1))
    if sys.stdin.isatty():
        shell.stop("standard input is a terminal", "pipe a file into it, or name a file")
    return decode("<stdin>", sys.stdin.buffer.read(LARGEST + 1))


def can_ask(*, plain: bool, no_input: bool, answers_file: str | None) -> bool:
    """Whether there is somebody to ask: at a terminal, or with `--plain` the lines of a pipe."""
    if no_input or answers_file == "-":
        return False
    return plain or (sys.stdin.isatty() and sys.stderr.isatty())


def ask(rules: Rules, known: Mapping[str, str], mode: Mode, *, plain: bool) -> dict[str, str]:
    """Ask for what is still to be answered; whoever leaves early is told how to go on."""
    from taskpick.ask import BadLine, Interrupted, OutOfInput, ask

    try:
        return ask(rules, known, mode=mode, plain=plain, color=shell.color())
    except Interrupted as left:
        _stop(rules, left.answers, "interrupted", shell.ExitCode.INTERRUPTED)
    except OutOfInput as ended:
        _stop(rules, ended.answers, str(ended), shell.ExitCode.UNDECIDED)
    except BadLine as bad:
        shell.stop(str(bad), "nothing after this line was read")


def command(rules: Rules, given: Mapping[str, str]) -> str:
    """The command line that gives these answers again."""
    import shlex

    words = ["taskpick", "advise"]
    if rules.source.name != str(bundled.default()):
        words += ["--rules", rules.source.name]
    for name in rules.criteria:
        if name in given:
            words += [f"--{name}", given[name]]
    return shlex.join(words)


def _stop(rules: Rules, known: Mapping[str, str], why: str, code: shell.ExitCode) -> NoReturn:
    shell.stop(f"{why}; go on with: {command(rules, known)}", code=code)
