"""Answers: where they came from, whether the rules know them, and how to give them again."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.problems import Refused
from taskpick.rulefile.model import UNSURE
from taskpick.wording import did_you_mean, printable, quoted, shell_joined

if TYPE_CHECKING:
    import collections.abc as abc

    from taskpick.rulefile.model import Rules

PREFIX = "TASKPICK_"
SETTINGS = frozenset({"DEBUG", "NO_COLOR", "POSTGRES_URL", "RULES"})
"""What `TASKPICK_…` may be beside answers."""


class Origin(StrEnum):
    """Where an answer came from."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    FILE = "file"
    QUESTION = "question"
    DEFAULT = "default"


class Given(NamedTuple):
    """An answer and where it came from."""

    level: str
    origin: Origin


class InvalidAnswer(Refused):
    """An answer that the rules do not know; the text names where it came from."""


def given(levels: abc.Mapping[str, str], origin: Origin) -> dict[str, Given]:
    """The answers, all from one place."""
    return {criterion: Given(level, origin) for criterion, level in levels.items()}


def levels(answers: abc.Mapping[str, Given]) -> dict[str, str]:
    """The answers, wherever they came from."""
    return {criterion: answer.level for criterion, answer in answers.items()}


def variable(criterion: str) -> str:
    """The environment variable that answers a criterion."""
    return PREFIX + criterion.upper().replace("-", "_")


def check_level(rules: Rules, criterion: str, level: str) -> None:
    """Accept a level of the criterion, or `unsure`.

    Raises:
        InvalidAnswer: anything else.
    """
    levels = [level.id for level in rules.criteria[criterion].levels]
    if level not in levels and level != UNSURE:
        message = f"unknown value {quoted(level)} for '{criterion}'"
        raise InvalidAnswer(message, did_you_mean(level, [*levels, UNSURE]))


def from_environment(rules: Rules, environ: abc.Mapping[str, str]) -> dict[str, str]:
    """The answers in `TASKPICK_<CRITERION>`; an empty variable is none.

    Raises:
        InvalidAnswer: a variable of that kind that fits no criterion, or with an unknown level.
    """
    variables = {variable(criterion): criterion for criterion in rules.criteria}
    answers = {}
    for name, level in sorted(environ.items()):
        if not name.startswith(PREFIX) or name.removeprefix(PREFIX) in SETTINGS or not level:
            continue
        if name not in variables:
            message = f"environment variable {name} matches no criterion of the rule file"
            raise InvalidAnswer(message, did_you_mean(name, variables))
        try:
            check_level(rules, variables[name], level)
        except InvalidAnswer as error:
            raise InvalidAnswer(f"environment variable {name}: {error}", error.hint) from None
        answers[variables[name]] = level
    return answers


def as_flags(levels: abc.Mapping[str, str]) -> list[str]:
    """The words of a command line that gives these answers."""
    return [word for criterion, level in levels.items() for word in (f"--{criterion}", level)]


Flags = tuple[tuple[str, ...], ...]
"""Flags of a command line as they were given, each with its values: `("--output", "a.md")`."""


_NOT_TAKEN = {"explain": ("--have",), "compare": ("--only", "--without", "--have")}
"""Flags about the options that a command does not take."""


def limits(rules: Rules) -> Flags:
    """The flags that leave out the options that these rules leave out."""
    named = (("--only", rules.only), ("--without", rules.without))
    return tuple((flag, ",".join(names)) for flag, names in named if names)


def command(
    rules: Rules,
    levels: abc.Mapping[str, str],
    flags: Flags = (),
    *,
    words: tuple[str, ...] = ("advise",),
    rules_name: str = "",
) -> str:
    """A command line of taskpick with these answers and flags, for a person to copy.

    The one builder of all of them: each flag is named once, and what a shell would read is
    quoted. The rule file is left out where it is the default one; `rules_name` is what to call it.
    """
    from pathlib import Path

    from taskpick.rulefile import bundled

    path = Path(rules.source.name)
    line = ["taskpick", *words]
    if path != bundled.default():
        line += ["--rules", rules_name or bundled.called(path)]
    line += as_flags({name: levels[name] for name in rules.criteria if name in levels})
    if all(flag[0] not in ("--answers", "--only", "--without") for flag in flags):
        flags = (*limits(rules), *flags)
    not_taken = ("--rules", *_NOT_TAKEN.get(words[0], ()))
    once = dict.fromkeys(flag for flag in flags if flag[0] not in not_taken)
    return shell_joined([*line, *(word for flag in once for word in flag)])


def to_text(rules: Rules, given: abc.Mapping[str, str], *, have: str = "") -> str:
    """An answers file that gives these answers back; its comments are fit to print."""
    lines = [f"# Answers for taskpick: {printable(rules.title, '')}"]
    for name in rules.criteria:
        if name in given:
            lines.append(f"# {printable(rules.criteria[name].question, '')}")
            lines.append(f"{name}: {scalar(given[name])}")
    for key, names in (("only", rules.only), ("without", rules.without)):
        lines += [f"{key}: [{', '.join(map(scalar, names))}]"] if names else []
    lines += [f"have: {scalar(have)}"] if have else []
    return "\n".join(lines) + "\n" if len(lines) > 1 else lines[0] + "\n{}\n"


def scalar(level: str) -> str:
    """The level for a YAML file, the same text for every reader."""
    # Other readers of YAML 1.1 would take `no`, `3.10` or `12:30` for something else.
    return level if level.isalpha() and level.lower() not in _YAML_WORDS else f'"{level}"'


_YAML_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
