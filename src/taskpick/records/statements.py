"""Decisions found in files: answers files, JSON results and decision records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskpick.answers import Origin
from taskpick.named_tuple import NamedTuple
from taskpick.problems import InvalidFile, Problem, Source, Span, without_text
from taskpick.records import record
from taskpick.rulefile import document, files
from taskpick.rulefile.document import Mapping, Node, Scalar, Sequence, at, entries, items, text_of
from taskpick.rulefile.model import NOTHING_FITS

if TYPE_CHECKING:
    import collections.abc as abc

    from taskpick.records.fingerprint import Fingerprint
    from taskpick.records.record import Record

LARGEST = 8 * files.LARGEST
"""The largest file that is read, in bytes: ten thousand tasks take more than a rule file."""
MARKDOWN = (".md", ".markdown")
ENDINGS = (*MARKDOWN, ".yaml", ".yml", ".json")
"""How the names of files end in which decisions are looked for, in any letters."""
_CHOICE = ("only", "without", "have")
"""What of the options may be used, and which one is in use: for one decision or for a task."""
_SETTINGS = ("rules", "pick", *_CHOICE)
"""What stands beside answers."""
_QUOTED = r"""rules:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|"""
_AT_TOP = re.compile(rf"""^{_QUOTED}([^\s#"'{{\[][^\n#]*))""", re.MULTILINE)
_IN_RECORD = re.compile(rf"""^taskpick:[^\n]*\b{_QUOTED}([^\s#"'{{\[][^\n#,}}]*))""", re.MULTILINE)
_PICK = re.compile(
    r"""^["']?(?:pick|tasks)["']?[ \t]*:|^[ \t{]*"schema"[ \t]*:[ \t]*"taskpick\.recommendation""",
    re.MULTILINE | re.IGNORECASE,
)
SETTING = re.compile(r"""^[ \t{]*["']?(?:rules|pick|tasks|schema)["']?[ \t]*:""", re.MULTILINE)
"""What answers files alone have beside answers."""
NO_ANSWERS = "this does not look like an answers file, so its text is not shown"
"""Why the text of a file is kept out of its problems: it may be any file, and a secret one."""
_RULE_FILE = re.compile(r"^format[ \t]*:", re.MULTILINE)


class Name(NamedTuple):
    """The name of an option in a file, not checked yet."""

    id: str
    span: Span


class Statement(NamedTuple):
    """The answers of one decision in a file, and the pick that they lead to."""

    source: Source
    task: str
    """Empty where the file is about one decision."""
    answers: Mapping
    """Those that somebody gave: criterion to level, not checked yet."""
    pick: str
    """An option or `NOTHING_FITS`; empty where none is named."""
    span: Span
    """Where the pick stands, else the answers."""
    expects: bool = False
    """Whether the file asks for the pick, and does not only say what it was."""
    record: Record | None = None
    """The record, where the file is one."""
    only: tuple[Name, ...] = ()
    """The options that may be used; empty: any."""
    without: tuple[Name, ...] = ()
    """The options that may not."""
    have: Name | None = None
    """The system that is in use."""

    @property
    def is_verifiable(self) -> bool:
        """Whether there is something to compare with: a pick, or a record of an open decision."""
        return bool(self.pick or self.record)

    @property
    def origins(self) -> dict[str, Origin]:
        """Of a record: where the answers came from then, those that were assumed included."""
        answers = self.record.basis.answers if self.record else {}
        return {name: answer.origin for name, answer in answers.items()}

    @property
    def assumed(self) -> dict[str, str]:
        """Of a record: what was assumed then, criterion to level."""
        answers = self.record.basis.answers if self.record else {}
        return {name: a.level for name, a in answers.items() if a.origin is Origin.DEFAULT}

    @property
    def fingerprint(self) -> Fingerprint | None:
        """Of a record: what the decision rested on then."""
        return self.record.basis.fingerprint if self.record else None


class Statements(NamedTuple):
    """All decisions of a file."""

    rules: str
    """The rule file that it names; may be empty."""
    entries: tuple[Statement, ...]


def rules_named(text: str) -> str:
    """The rule file that the text of an answers file or of a record names; may be empty."""
    match = (_IN_RECORD if record.is_record(text) else _AT_TOP).search(text)
    return next(filter(None, match.groups()), "").strip() if match else ""


def looks_like_decision(name: str, data: bytes) -> bool:
    """Whether a file ought to name a pick, be it readable, half merged or in another encoding."""
    # Without its zeros UTF-16 and UTF-32 are near enough to what they say.
    text = data.replace(b"\0", b"").decode("utf-8", errors="replace").lstrip("\ufeff\ufffd")
    if name.lower().endswith(MARKDOWN):
        return record.looks_like_record(text)
    return bool(_PICK.search(text)) and not _RULE_FILE.search(text)


def read(source: Source) -> Statements:
    """The decisions of a file; their answers are yet to be checked against the rules.

    Raises:
        InvalidFile: with every problem of its shape.
    """
    if record.is_record(source.text):
        return _record(record.read(source))
    if record.looks_like_record(source.text):
        message = "it looks like a record, but does not begin with front matter with 'taskpick:'"
        hint = "remove what comes before it, such as a merge marker"
        raise InvalidFile([Problem(message, Source(source.name, ""), Span.at(1, 1), hint)])
    try:
        return _answers(source)
    except InvalidFile as invalid:
        if not source.text.strip() or SETTING.search(source.text):
            raise
        raise InvalidFile([without_text(invalid.problems[0], NO_ANSWERS)]) from None


def _answers(source: Source) -> Statements:
    root, problems = document.parse(source)
    tasks = at(root, "tasks")
    if tasks is not None:
        problems += _unknown_keys(source, root, ("rules", "tasks", *_CHOICE))
        statements = tuple(_tasks(source, root, tasks, problems))
    else:
        statements = (_single(source, root, problems),)
    if problems:
        raise InvalidFile(problems)
    return Statements(text_of(at(root, "rules")), statements)


def _record(record: Record) -> Statements:
    basis, nodes = record.basis, record.answers
    names = [name for name, answer in basis.answers.items() if answer.origin is not Origin.DEFAULT]
    answers = _part(nodes, names)
    statement = Statement(record.source, "", answers, basis.pick, record.span, record=record)
    statement = statement._replace(
        only=tuple(Name(name, record.span) for name in basis.only),
        without=tuple(Name(name, record.span) for name in basis.without),
        have=Name(basis.have, record.span) if basis.have else None,
    )
    return Statements(basis.rules, (statement,))


def _single(source: Source, root: Node, problems: list[Problem]) -> Statement:
    """A JSON result of taskpick, or an answers file."""
    is_result = at(root, "schema") is not None
    answers = at(root, "answers") if is_result else root
    if not isinstance(answers, Mapping):
        span = root.span if answers is None else answers.span
        message = "no answers here: write one `criterion: level` pair per line"
        raise InvalidFile([*problems, Problem(message, source, span)])
    node = at(root, "pick")
    pick = text_of(node)
    if is_result and pick == "null":
        pick = NOTHING_FITS if text_of(at(root, "status")) == NOTHING_FITS else ""
    levels = answers if is_result else _without(answers, _SETTINGS)
    span = (node or answers).span
    statement = Statement(source, "", levels, pick, span, expects=not is_result)
    return _with_choice(statement, root, problems)


def _with_choice(statement: Statement, node: Node, problems: list[Problem]) -> Statement:
    """The statement with the options that are named beside its answers, or with its tasks."""
    only, without = (
        tuple(_names(statement.source, at(node, key), problems)) for key in ("only", "without")
    )
    have = at(node, "have")
    if at(node, "schema") is not None:
        # In a JSON result it stands with the advice that was given on it, or there is a null.
        have = at(have, "option")
    return statement._replace(
        only=only or statement.only,
        without=(*statement.without, *without),
        have=next(_names(statement.source, have, problems), statement.have),
    )


def _names(source: Source, node: Node | None, problems: list[Problem]) -> abc.Iterator[Name]:
    """The options in a list, or in a text with commas."""
    for item in items(node) or ([node] if node else []):
        if isinstance(item, Scalar):
            yield from (Name(word.strip(), item.span) for word in item.text.split(","))
        elif item is not node or not isinstance(item, Sequence):
            problems.append(Problem("expected the name of an option", source, item.span))


def _tasks(
    source: Source, root: Node, tasks: Node, problems: list[Problem]
) -> abc.Iterator[Statement]:
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
        span = pick.span if pick else tasks.keys[name]
        answers = _without(node, ("pick", *_CHOICE))
        statement = Statement(source, name, answers, text_of(pick), span, expects=True)
        for named in (root, node):
            statement = _with_choice(statement, named, problems)
        yield statement


def _unknown_keys(source: Source, root: Node, allowed: tuple[str, ...]) -> abc.Iterator[Problem]:
    assert isinstance(root, Mapping)  # noqa: S101  it has keys
    for key in entries(root):
        if key not in allowed:
            hint = "answers belong inside a task"
            yield Problem(f"unknown key '{key}' next to 'tasks'", source, root.keys[key], hint)


def _without(answers: Mapping, names: tuple[str, ...]) -> Mapping:
    return _part(answers, [name for name in answers.entries if name not in names])


def _part(answers: Mapping, names: abc.Iterable[str]) -> Mapping:
    return answers._replace(entries={name: answers.entries[name] for name in names})
