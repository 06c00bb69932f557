"""YAML in; `Rules` out, or every problem at once."""

from __future__ import annotations

import re
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from taskpick.problems import NO_FORMAT, InvalidFile, InvalidRules, Source, Span, without_text
from taskpick.rulefile import document, files, parts
from taskpick.rulefile.document import Mapping, Node, Scalar, at, entries, items
from taskpick.rulefile.format import FORMAT, RULE_FILE
from taskpick.rulefile.last_run import LastRun, ProbeOutcome
from taskpick.rulefile.model import (
    Allow,
    Case,
    Criterion,
    Fit,
    KnownSystem,
    Level,
    Note,
    Option,
    Rating,
    Rules,
)
from taskpick.rulefile.names import undefined_names
from taskpick.rulefile.parts import LAST_RUNS_KEY
from taskpick.rulefile.schema import check

if TYPE_CHECKING:
    from taskpick.rulefile.files import ReadPart


LastRuns = dict[str, LastRun]
"""What the probes of an option showed last, claim by claim."""
_FORMAT = re.compile(r"""^[\s{]*["']?format["']?[ \t]*:""", re.MULTILINE)
_NOT_SHOWN = f"a rule file says 'format: {FORMAT}'; the text of other files is not shown"


def load(path: str | Path) -> Rules:
    """Read the rule file at a path: a file, or a folder with a `rules.yaml`.

    Raises:
        InvalidRules: with every problem of its files, sorted by place.
        OSError: the file cannot be read.
    """
    path = files.main_file(Path(path))
    data = files.read_bytes(path)
    try:
        return read(document.decode(str(path), data), files.below(path.parent))
    except InvalidFile as invalid:
        text = data.decode("utf-8", errors="replace")
        if text.strip() and not _FORMAT.search(text):
            first = sorted(invalid.problems, key=lambda problem: problem.message != NO_FORMAT)[0]
            raise InvalidRules([without_text(first, _NOT_SHOWN)]) from None
        if isinstance(invalid, InvalidRules):
            raise
        raise InvalidRules(list(invalid.problems)) from invalid


def read(source: Source, read_part: ReadPart | None = None) -> Rules:
    """Read the text of a rule file; `read_part` reads the other files of its folder.

    Raises:
        InvalidRules: with every problem of its files, sorted by place.
    """
    try:
        root, problems = document.parse(source)
    except InvalidFile as invalid:
        raise InvalidRules(list(invalid.problems)) from invalid
    problems += parts.elsewhere(problems, check(root, RULE_FILE, source))
    whole = parts.join(root, source, read_part)
    problems += whole.problems
    problems += parts.elsewhere(problems, undefined_names(whole.root, (source, *whole.parts)))
    if problems:
        raise InvalidRules(problems)
    return _rules(whole.root, source, whole.parts)


# From here on the document is known to be right.


def _rules(root: Node, source: Source, others: tuple[Source, ...]) -> Rules:
    options = _keyed(root, "options")
    last_runs = _last_runs(root)
    criteria = {name: _criterion(name, node, span) for name, node, span in _keyed(root, "criteria")}
    return Rules(
        title=_text(root, "title"),
        about=_text(root, "about"),
        as_of=_text(root, "as_of"),
        criteria=MappingProxyType(criteria),
        options=MappingProxyType(
            {
                name: _option(name, node, span, criteria, last_runs.get(name, {}))
                for name, node, span in options
            }
        ),
        notes=(
            *(
                _note(node, name, last_runs)
                for name, option, _ in options
                for node in _notes(option)
            ),
            *(_note(node, _text(node, "option") or None, last_runs) for node in _notes(root)),
        ),
        cases=tuple(_case(node) for node in items(at(root, "cases"))),
        allow=tuple(_allow(node) for node in items(at(root, "allow"))),
        source=source,
        parts=others,
        known=MappingProxyType(
            {name: _known_system(name, node) for name, node in entries(at(root, "known")).items()}
        ),
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
        ask=_text(node, "ask") == "true",
        short=_text(node, "short"),
    )


def _level(name: str, node: Node, span: Span) -> Level:
    if isinstance(node, Scalar):
        return Level(name, _one_line(node), "", 1, span)
    frequency = int(_text(node, "frequency") or 1)
    means, example, short = (_text(node, key) for key in ("means", "example", "short"))
    return Level(name, means, example, frequency, span, short)


def _last_runs(root: Node) -> dict[str, LastRuns]:
    """What the probes showed last, option by option."""
    return {
        option: {
            claim: LastRun(
                ProbeOutcome(_text(node, "outcome")), _text(node, "versions"), _text(node, "as_of")
            )
            for claim, node in entries(claims).items()
        }
        for option, claims in entries(at(root, LAST_RUNS_KEY)).items()
    }


def _option(
    name: str, node: Node, span: Span, criteria: dict[str, Criterion], last_runs: LastRuns
) -> Option:
    rows = entries(at(node, "fits"))
    return Option(
        id=name,
        name=_text(node, "name"),
        url=_text(node, "url"),
        versions=_texts(node, "versions"),
        facts=_texts(node, "facts"),
        starter=_text(node, "starter") or None,
        fits=MappingProxyType(
            {
                criterion.id: _row(name, criterion, rows[criterion.id], last_runs)
                for criterion in criteria.values()
            }
        ),
        span=span,
        short=_text(node, "short"),
        needs=_text(node, "needs"),
    )


def _row(
    option: str, criterion: Criterion, node: Node, last_runs: LastRuns
) -> MappingProxyType[str, Fit]:
    row_source, row_probe = _text(node, "source"), _text(node, "probe")
    row = {}
    for level in criterion.levels:
        fit = _fit(option, criterion.id, level.id, entries(node)[level.id])
        if not fit.source:
            fit = fit._replace(source=row_source, probe=fit.probe or row_probe)
        row[level.id] = fit._replace(last_run=last_runs.get(fit.probe))
    return MappingProxyType(row)


def _fit(option: str, criterion: str, level: str, node: Node) -> Fit:
    if isinstance(node, Scalar):
        return Fit(option, criterion, level, Rating.FITS, "", "", node.span)
    rating = next(rating for rating in Rating if rating.value in entries(node))
    assert isinstance(node, Mapping)  # noqa: S101  the shape says so
    span = node.keys[rating.value]
    why, source, short, probe = (
        _text(node, key) for key in (rating.value, "source", "short", "probe")
    )
    return Fit(option, criterion, level, rating, why, source, span, short, probe)


def _notes(node: Node) -> list[Node]:
    return items(at(node, "notes"))


def _note(node: Node, option: str | None, last_runs: dict[str, LastRuns]) -> Note:
    when = {
        criterion: tuple(_one_line(level) for level in items(value) or [value])
        for criterion, value in entries(at(node, "when")).items()
    }
    say, source, short, probe = (_text(node, key) for key in ("say", "source", "short", "probe"))
    last_run = last_runs.get(option or "", {}).get(probe)
    see = _texts(node, "see")
    return Note(option, MappingProxyType(when), say, source, see, node.span, short, probe, last_run)


def _known_system(name: str, node: Node) -> KnownSystem:
    return KnownSystem(
        id=name,
        name=_text(node, "name"),
        url=_text(node, "url"),
        say=_text(node, "say"),
        instead=_text(node, "instead") or None,
        as_of=_text(node, "as_of"),
        span=node.span,
    )


def _case(node: Node) -> Case:
    answers = _texts(node, "answers")
    return Case(_text(node, "need"), answers, _text(node, "pick"), _text(node, "source"), node.span)


def _allow(node: Node) -> Allow:
    named = {key: _text(node, key) for key in ("option", "criterion", "level")}
    subject = {key: name for key, name in named.items() if name}
    return Allow(_text(node, "check"), MappingProxyType(subject), _text(node, "reason"), node.span)


def _keyed(node: Node, key: str) -> list[tuple[str, Node, Span]]:
    parent = at(node, key)
    assert isinstance(parent, Mapping)  # noqa: S101  the shape says so
    return [(name, value, parent.keys[name]) for name, value in parent.entries.items()]


def _texts(node: Node, key: str) -> MappingProxyType[str, str]:
    return MappingProxyType(
        {name: _one_line(value) for name, value in entries(at(node, key)).items()}
    )


def _text(node: Node, key: str) -> str:
    value = at(node, key)
    return _one_line(value) if value is not None else ""


def _one_line(node: Node) -> str:
    return " ".join(node.text.split()) if isinstance(node, Scalar) else ""
