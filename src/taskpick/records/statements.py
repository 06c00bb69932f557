"""What a file states: answers, and the pick that they lead to.

A record states one pick, as does a JSON result of taskpick, as does an answers file with `pick:`;
a file with `tasks:` states one for each task that has one.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from taskpick.answers import Given, Origin, check, texts
from taskpick.problems import MOST_SHOWN, InvalidFile, Problem, Source, Span
from taskpick.records import fingerprint, record
from taskpick.rulefile import document
from taskpick.rulefile.document import Mapping, Node, Scalar, at, entries
from taskpick.rulefile.model import NOTHING_FITS
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    import collections.abc as abc

    from taskpick.records.fingerprint import Claims
    from taskpick.rulefile.model import Rules

LARGEST = 8 * document.LARGEST
"""The largest file that is read, in bytes: ten thousand tasks take more than a rule file."""
_SETTINGS = ("rules", "pick")
"""What stands beside answers."""
_VALUE = r"""rules:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#"'{\[][^\n#]*?))[ \t]*(?:\#.*)?\r?$"""
_AT_TOP = re.compile(rf"^{_VALUE}", re.MULTILINE)
_IN_RECORD = re.compile(rf"^  {_VALUE}", re.MULTILINE)


class Statement(NamedTuple):
    """Answers of a file, and the pick that they are said to lead to."""

    source: Source
    task: str
    """Empty where the file is about one decision."""
    answers: Mapping
    """Those that somebody gave: criterion to level, not checked yet."""
    pick: str
    """An option or `NOTHING_FITS`; empty where none is stated."""
    span: Span
    """Where the pick stands, else the answers."""
    expects: bool = False
    """Whether the file asks for the pick, and does not only say what it was."""
    origins: abc.Mapping[str, Origin] = {}
    """Of a record: where the answers came from then."""
    assumed: abc.Mapping[str, str] = {}
    """What was assumed then: criterion to level."""
    claims: Claims | None = None
    """What it rested on then; None where that was not written down."""
    status: str = ""
    """Of a record: proposed, accepted, superseded by another, …"""


class Stated(NamedTuple):
    """All that a file states."""

    rules: str
    """The rule file that it names; may be empty."""
    statements: tuple[Statement, ...]


def given(rules: Rules, statement: Statement) -> dict[str, Given]:
    """The answers of a statement, those of a record from where they came from then.

    Raises:
        InvalidFile: with every answer, and the pick expected, that the rules do not know.
    """
    problems = list(islice(check(rules, statement.source, statement.answers), MOST_SHOWN))
    known = [*rules.options, NOTHING_FITS]
    if statement.expects and statement.pick and statement.pick not in known:
        message = f"unknown option: {quoted(statement.pick)}"
        hint = did_you_mean(statement.pick, known)
        problems.append(Problem(message, statement.source, statement.span, hint))
    if problems:
        raise InvalidFile(problems)
    return {
        name: Given(level, statement.origins.get(name, Origin.FILE))
        for name, level in texts(statement.answers).items()
    }


def rules_named(text: str) -> str:
    """The rule file that the text of an answers file or of a record names; may be empty."""
    found = (_IN_RECORD if record.is_record(text) else _AT_TOP).search(text)
    return next(filter(None, found.groups()), "") if found else ""


def read(source: Source) -> Stated:
    """What a file states; its answers are yet to be checked against the rules.

    Raises:
        InvalidFile: with every problem of its shape.
    """
    if record.is_record(source.text):
        return _record(record.read(source))
    root, problems = document.parse(source)
    tasks = at(root, "tasks")
    if tasks is not None:
        problems += _unknown(source, root, ("rules", "tasks"))
        statements = tuple(_tasks(source, tasks, problems))
    else:
        statements = (_single(source, root, problems),)
    if problems:
        raise InvalidFile(problems)
    return Stated(_text(at(root, "rules")), statements)


def _record(found: record.Record) -> Stated:
    basis, nodes = found.basis, found.answers
    given = [name for name, answer in basis.answers.items() if answer.origin is not Origin.DEFAULT]
    assumed = {name: basis.answers[name].level for name in nodes.entries if name not in given}
    statement = Statement(
        source=found.source,
        task="",
        answers=_part(nodes, given),
        pick=basis.pick,
        span=found.span,
        origins={name: basis.answers[name].origin for name in given},
        assumed=assumed,
        claims=fingerprint.read(record.said(found.source.text, "claims")),
        status=found.status,
    )
    return Stated(basis.rules, (statement,))


def _single(source: Source, root: Node, problems: list[Problem]) -> Statement:
    """A JSON result of taskpick, or an answers file."""
    is_result = at(root, "schema") is not None
    answers = at(root, "answers") if is_result else root
    if not isinstance(answers, Mapping):
        place = root.span if answers is None else answers.span
        message = "no answers here: expected 'criterion: level' lines"
        raise InvalidFile([*problems, Problem(message, source, place)])
    pick = at(root, "pick")
    stated = _text(pick)
    if is_result and stated == "null":
        stated = NOTHING_FITS if _text(at(root, "status")) == NOTHING_FITS else ""
    given = answers if is_result else _without(answers, _SETTINGS)
    place = (pick or answers).span
    return Statement(source, "", given, stated, place, expects=not is_result)


def _tasks(source: Source, tasks: Node, problems: list[Problem]) -> abc.Iterator[Statement]:
    if not isinstance(tasks, Mapping) or not tasks.entries:
        hint = "write 'name: {criterion: level, …}' lines"
        problems.append(Problem("'tasks' names no task", source, tasks.span, hint))
        return
    for name, node in tasks.entries.items():
        if not isinstance(node, Mapping):
            message = f"the task '{name}' has no answers"
            problems.append(Problem(message, source, tasks.keys[name]))
            continue
        pick = at(node, "pick")
        place = pick.span if pick else tasks.keys[name]
        given = _without(node, ("pick",))
        yield Statement(source, name, given, _text(pick), place, expects=True)


def _unknown(source: Source, root: Node, known: tuple[str, ...]) -> abc.Iterator[Problem]:
    assert isinstance(root, Mapping)  # noqa: S101  it has keys
    for key in entries(root):
        if key not in known:
            hint = "answers stand within a task"
            yield Problem(f"unknown key '{key}' beside 'tasks'", source, root.keys[key], hint)


def _without(answers: Mapping, names: tuple[str, ...]) -> Mapping:
    return _part(answers, [name for name in answers.entries if name not in names])


def _part(answers: Mapping, names: abc.Iterable[str]) -> Mapping:
    return answers._replace(entries={name: answers.entries[name] for name in names})


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
