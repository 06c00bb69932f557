"""YAML in; `Rules` out, or every problem at once."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.problems import MOST_SHOWN, InvalidFile, InvalidRules, Problem, Source, Span
from taskpick.rulefile import document
from taskpick.rulefile.document import Mapping, Node, Scalar, at, entries, items
from taskpick.rulefile.format import RULE_FILE
from taskpick.rulefile.model import Allow, Case, Criterion, Fit, Level, Note, Option, Rating, Rules
from taskpick.rulefile.names import Vocabulary
from taskpick.rulefile.schema import check

if TYPE_CHECKING:
    from collections.abc import Iterable


def load(path: str | Path) -> Rules:
    """Read the rule file at a path.

    Raises:
        InvalidRules: with every problem of the file, sorted by place.
        OSError: the file cannot be read.
    """
    with Path(path).open("rb") as file:
        data = file.read(document.LARGEST + 1)
    try:
        return read(document.decode(str(path), data))
    except InvalidRules:
        raise
    except InvalidFile as invalid:
        raise InvalidRules(list(invalid.problems)) from invalid


def read(source: Source) -> Rules:
    """Read the text of a rule file.

    Raises:
        InvalidRules: with every problem of the text, sorted by place.
    """
    try:
        root, problems = document.parse(source)
    except InvalidFile as invalid:
        raise InvalidRules(list(invalid.problems)) from invalid
    problems += _elsewhere(problems, check(root, RULE_FILE, source))
    problems += _elsewhere(problems, Vocabulary(root, source).problems())
    if problems:
        raise InvalidRules(problems)
    return _rules(root, source)


def _elsewhere(known: list[Problem], found: Iterable[Problem]) -> list[Problem]:
    """The problems found where none is known yet: others are consequences of that one."""
    places = {problem.span for problem in known}
    return list(islice((problem for problem in found if problem.span not in places), MOST_SHOWN))


# From here on the document is known to be right.


def _rules(root: Node, source: Source) -> Rules:
    options = _keyed(root, "options")
    criteria = {name: _criterion(name, node, span) for name, node, span in _keyed(root, "criteria")}
    return Rules(
        title=_text(root, "title"),
        about=_text(root, "about"),
        as_of=_text(root, "as_of"),
        criteria=criteria,
        options={name: _option(name, node, span, criteria) for name, node, span in options},
        notes=tuple(_note(node) for node in items(at(root, "notes"))),
        cases=tuple(_case(node) for node in items(at(root, "cases"))),
        allow=tuple(_allow(node) for node in items(at(root, "allow"))),
        source=source,
    )


def _criterion(name: str, node: Node, span: Span) -> Criterion:
    return Criterion(
        id=name,
        question=_text(node, "question"),
        why=_text(node, "why"),
        levels=tuple(_level(name, level, span) for name, level, span in _keyed(node, "levels")),
        ordered=_text(node, "ordered") != "false",
        default=_text(node, "default") or None,
        span=span,
    )


def _level(name: str, node: Node, span: Span) -> Level:
    if isinstance(node, Scalar):
        return Level(name, _one_line(node), "", 1, span)
    frequency = int(_text(node, "frequency") or 1)
    return Level(name, _text(node, "means"), _text(node, "example"), frequency, span)


def _option(name: str, node: Node, span: Span, criteria: dict[str, Criterion]) -> Option:
    rows = entries(at(node, "fits"))
    return Option(
        id=name,
        name=_text(node, "name"),
        url=_text(node, "url"),
        versions=_texts(node, "versions"),
        facts=_texts(node, "facts"),
        starter=_text(node, "starter") or None,
        fits={criterion: _row(rows[criterion], criteria[criterion]) for criterion in criteria},
        span=span,
    )


def _row(node: Node, criterion: Criterion) -> dict[str, Fit]:
    source = _text(node, "source")
    cells = entries(node)
    return {level.id: _fit(cells[level.id], source) for level in criterion.levels}


def _fit(node: Node, row_source: str) -> Fit:
    if isinstance(node, Scalar):
        return Fit(Rating.FITS, "", row_source, node.span)
    rating = next(rating for rating in Rating if rating.value in entries(node))
    source = _text(node, "source") or row_source
    assert isinstance(node, Mapping)  # noqa: S101  the shape says so
    return Fit(rating, _text(node, rating.value), source, node.keys[rating.value])


def _note(node: Node) -> Note:
    when = {
        criterion: tuple(_one_line(level) for level in items(value) or [value])
        for criterion, value in entries(at(node, "when")).items()
    }
    option = _text(node, "option") or None
    see = _texts(node, "see")
    return Note(option, when, _text(node, "say"), _text(node, "source"), see, node.span)


def _case(node: Node) -> Case:
    answers = _texts(node, "answers")
    return Case(_text(node, "need"), answers, _text(node, "pick"), _text(node, "source"), node.span)


def _allow(node: Node) -> Allow:
    named = {key: _text(node, key) for key in ("option", "criterion", "level")}
    subject = {key: name for key, name in named.items() if name}
    return Allow(_text(node, "check"), subject, _text(node, "reason"), node.span)


def _keyed(node: Node, key: str) -> list[tuple[str, Node, Span]]:
    parent = at(node, key)
    assert isinstance(parent, Mapping)  # noqa: S101  the shape says so
    return [(name, value, parent.keys[name]) for name, value in parent.entries.items()]


def _texts(node: Node, key: str) -> dict[str, str]:
    return {name: _one_line(value) for name, value in entries(at(node, key)).items()}


def _text(node: Node, key: str) -> str:
    value = at(node, key)
    return _one_line(value) if value is not None else ""


def _one_line(node: Node) -> str:
    return " ".join(node.text.split()) if isinstance(node, Scalar) else ""
