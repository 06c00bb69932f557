"""A decision record: what taskpick wrote in it, told apart from what people wrote.

The front matter holds what the record is computed from. In the body, what taskpick wrote stands
in blocks between markers, and a marker carries the digest of its block: a block that somebody
edited is known by that, and is theirs from then on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from taskpick.answers import Given, Origin, scalar
from taskpick.problems import InvalidFile, Problem, Source, Span
from taskpick.rulefile import document, schema
from taskpick.rulefile.document import Mapping, Node, at, entries
from taskpick.rulefile.format import FORMAT
from taskpick.wording import printable

if TYPE_CHECKING:
    import collections.abc as abc

SCHEMA = "taskpick.record/1"
_FRONT = re.compile(r"\A(\ufeff?)---[ \t]*\r?\n(.*?^)---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_OWN = re.compile(r"^taskpick:(?=\s)[^\n]*\n(?:[ \t]+[^\n]*\n)*", re.MULTILINE)
_MARKER = re.compile(
    r"^<!-- (?:taskpick (?P<name>[a-z-]+) (?P<digest>[0-9a-f]{8})|/taskpick (?P<end>[a-z-]+)) -->",
    re.MULTILINE,
)
_NUMBER = re.compile(r"(\d{4,})-.*\.md")
_LONGEST_NAME = 60


class Basis(NamedTuple):
    """What a record is computed from."""

    version: str
    """The version of taskpick that computed it last."""
    rules: str
    """The rule file: the name of one that comes with taskpick, or a path from the record."""
    format: str
    as_of: str
    sha256: str
    """The digest of the rule file's text."""
    pick: str
    """An option, `NOTHING_FITS`, or empty if it was undecided."""
    answers: abc.Mapping[str, Given]
    """Criterion to answer, those included that were assumed."""
    supersedes: str
    """The record before, as a path from this one; may be empty."""


class Record(NamedTuple):
    """A record that was read."""

    source: Source
    basis: Basis
    status: str
    date: str
    answers: Mapping
    """Criterion to level, with their places."""
    span: Span
    """Where the pick stands."""


_BASIS = schema.Record(
    {
        "schema": schema.Key(schema.Text(), f"the format of the record: {SCHEMA}"),
        "version": schema.Key(schema.Text(), "the version of taskpick that wrote it"),
        "rules": schema.Key(schema.Text(), "the rule file"),
        "format": schema.Key(schema.Text(), f"the format of the rule file: {FORMAT}"),
        "as_of": schema.Key(schema.Text(), "the day the rule file was checked", required=False),
        "sha256": schema.Key(
            schema.Text(pattern="[0-9a-f]{64}", words="a SHA-256 digest"),
            "the digest of the rule file",
        ),
        "pick": schema.Key(schema.Text(), "the option picked", required=False),
        "supersedes": schema.Key(schema.Text(), "the record before", required=False),
        "answers": schema.Key(
            schema.MapOf(
                schema.Text(),
                schema.Record(
                    {
                        "level": schema.Key(schema.Text(), "the answer"),
                        "from": schema.Key(
                            schema.Text(one_of=tuple(origin.value for origin in Origin)),
                            "where the answer came from",
                        ),
                    }
                ),
            ),
            "criterion to answer",
        ),
    }
)


def is_record(text: str) -> bool:
    """Whether the text has the front matter of a record, be it valid or not."""
    front = _FRONT.match(text)
    return front is not None and _OWN.search(front[2]) is not None


def read(source: Source) -> Record:
    """Read a record.

    Raises:
        InvalidFile: with every problem of its front matter.
    """
    front = _FRONT.match(source.text)
    # The line with the dashes stays as an empty one, so that every place is the file's own.
    yaml = "\n" + front[2] if front else "{}"
    root, problems = document.parse(Source(source.name, yaml))
    own = at(root, "taskpick")
    if own is None:
        message = "no record: there is no 'taskpick:' in its front matter"
        raise InvalidFile([*problems, Problem(message, source, Span.at(1, 1))])
    written = _text(own, "schema")
    if written not in ("", SCHEMA):
        place = entries(own)["schema"].span
        hint = f"a newer taskpick wrote it; this one reads {SCHEMA}"
        raise InvalidFile([Problem(f"unknown format '{printable(written)}'", source, place, hint)])
    problems += schema.check(own, _BASIS, source)
    if problems:
        raise InvalidFile(problems)
    return _record(source, root, own)


def text(front: str, sections: abc.Mapping[str, str]) -> str:
    """A record: its front matter, and a block for each section."""
    return "\n\n".join([front, *(_block(name, words) for name, words in sections.items())]) + "\n"


def front(basis: Basis, *, status: str, date: str, deciders: abc.Sequence[str]) -> str:
    """The front matter of a new record."""
    lines = ["---", f"status: {_quoted(status)}", f"date: {date}"]
    if deciders:
        lines.append(f"decision-makers: [{', '.join(map(_quoted, deciders))}]")
    return "\n".join([*lines, *_own(basis), "---"])


def refreshed(
    old: str, basis: Basis, sections: abc.Mapping[str, str], *, date: str, force: bool = False
) -> tuple[str, list[str]]:
    """The record with what taskpick wrote computed again, and the edited blocks left alone.

    All else stays byte for byte: other front matter, text around the blocks, and blocks that are
    gone or have other names. The date is set only if anything else changes. With `force`, edited
    blocks are written again, too.
    """
    newline = _newline(old)
    kept, parts, done = [], [], 0
    for block in _blocks(old):
        if digest_of(block.said) != block.digest and not force:
            kept.append(block.name)
            continue
        if block.name not in sections:
            continue
        written = _block(block.name, sections[block.name]).replace("\n", newline)
        parts += [old[done : block.start], written]
        done = block.end
    own = "".join(f"{line}{newline}" for line in _own(basis))
    body = "".join([*parts, old[done:]])
    new = _in_front(body, lambda front: _OWN.sub(lambda _: own, front, count=1))
    if new != old:
        new = _in_front(new, lambda front: _set(front, "date", date, newline))
    return new, kept


def superseded(source: Source, *, by: str, number: str) -> str:
    """A record that says that another one, a path from it, stands in its place now.

    Raises:
        InvalidFile: it has no front matter to say it in.
    """
    old = source.text
    if not _FRONT.match(old):
        hint = "begin the file with '---', 'status: accepted' and '---', a line each"
        raise InvalidFile([Problem("no front matter here", source, Span.at(1, 1), hint)])
    newline = _newline(old)
    status = _quoted(f"superseded by {number}")
    new = _in_front(old, lambda front: _set(front, "status", status, newline))
    written = _block("superseded", f"Superseded by [{number}](<{by}>).").replace("\n", newline)
    for block in _blocks(new):
        if block.name == "superseded":
            return new[: block.start] + written + new[block.end :]
    return new.rstrip("\r\n") + newline * 2 + written + newline


def next_name(names: abc.Iterable[str], title: str) -> str:
    """The next free `NNNN-title-with-dashes.md` beside files with these names."""
    numbers = [int(found[1]) for name in names if (found := _NUMBER.fullmatch(name))]
    words = re.sub(r"[\W_]+", "-", title.lower()).strip("-")[:_LONGEST_NAME].rstrip("-")
    return f"{max(numbers, default=0) + 1:04}-{words or 'decision'}.md"


def number(name: str) -> str:
    """What other records call the one with this file name: `ADR-0007`."""
    found = _NUMBER.fullmatch(name)
    return f"ADR-{found[1]}" if found else name.removesuffix(".md")


def digest_of(text: str) -> str:
    """Eight digits that tell this text from others, whatever its line ends."""
    from hashlib import sha256

    return sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()[:8]


def said(text: str, name: str) -> str:
    """What stands in a block; empty if there is no such block."""
    return next((block.said for block in _blocks(text) if block.name == name), "")


class _Block(NamedTuple):
    name: str
    digest: str
    said: str
    start: int
    end: int


def _blocks(text: str) -> abc.Iterator[_Block]:
    """The blocks of a text, in one pass over it."""
    opened: re.Match[str] | None = None
    for marker in _MARKER.finditer(text):
        if marker["name"]:
            opened = marker
        elif opened and opened["name"] == marker["end"]:
            between = text[opened.end() : marker.start()]
            yield _Block(opened["name"], opened["digest"], between, opened.start(), marker.end())
            opened = None


def _record(source: Source, root: Node, own: Node) -> Record:
    answers = at(own, "answers")
    assert isinstance(answers, Mapping)  # noqa: S101  the shape says so
    levels = {name: entries(node)["level"] for name, node in answers.entries.items()}
    given = {
        name: Given(_text(node, "level"), Origin(_text(node, "from")))
        for name, node in answers.entries.items()
    }
    pick = at(own, "pick")
    basis = Basis(
        version=_text(own, "version"),
        rules=_text(own, "rules"),
        format=_text(own, "format"),
        as_of=_text(own, "as_of"),
        sha256=_text(own, "sha256"),
        pick=_text(own, "pick"),
        answers=given,
        supersedes=_text(own, "supersedes"),
    )
    return Record(
        source=source,
        basis=basis,
        status=_text(root, "status"),
        date=_text(root, "date"),
        answers=Mapping(levels, answers.keys, answers.span),
        span=(pick or answers).span,
    )


def _own(basis: Basis) -> list[str]:
    """The lines of the front matter that are taskpick's."""
    lines = ["taskpick:", f"  schema: {SCHEMA}", f"  version: {basis.version}"]
    lines += [f"  rules: {_quoted(basis.rules)}", f"  format: {basis.format}"]
    lines += [f"  as_of: {basis.as_of}"] if basis.as_of else []
    lines += [f"  sha256: {basis.sha256}"]
    lines += [f"  pick: {scalar(basis.pick)}"] if basis.pick else []
    lines += [f"  supersedes: {_quoted(basis.supersedes)}"] if basis.supersedes else []
    lines += ["  answers:" if basis.answers else "  answers: {}"]
    lines += [
        f"    {name}: {{level: {scalar(level)}, from: {origin}}}"
        for name, (level, origin) in basis.answers.items()
    ]
    return lines


def _block(name: str, words: str) -> str:
    body = f"\n{words}\n\n" if words else ""
    return f"<!-- taskpick {name} {digest_of(words)} -->\n{body}<!-- /taskpick {name} -->"


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _in_front(text: str, change: abc.Callable[[str], str]) -> str:
    found = _FRONT.match(text)
    assert found  # noqa: S101  it was read
    start, end = found.span(2)
    return text[:start] + change(text[start:end]) + text[end:]


def _set(front: str, key: str, value: str, newline: str) -> str:
    line = f"{key}: {value}"
    new, count = re.subn(rf"^{key}:[^\r\n]*", lambda _: line, front, count=1, flags=re.MULTILINE)
    return new if count else f"{line}{newline}{front}"


def _quoted(text: str) -> str:
    import json

    return json.dumps(printable(text), ensure_ascii=False)


def _text(node: Node | None, key: str) -> str:
    value = at(node, key)
    return value.text if isinstance(value, document.Scalar) else ""
