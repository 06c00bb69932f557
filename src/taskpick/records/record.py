"""A decision record as a file: what it is computed from, and how it is written and read again.

The front matter has what people read and set, and one line of taskpick's: the pick and the rule
file. All else that computing it again takes stands in one comment at the end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from taskpick.answers import Given, Origin, scalar
from taskpick.problems import InvalidFile, Problem, Source, Span
from taskpick.records import fingerprint, parts
from taskpick.records.parts import HEADINGS, Stamp
from taskpick.rulefile import document, schema
from taskpick.rulefile.document import Mapping, Node, at, entries, items
from taskpick.wording import printable, quoted

if TYPE_CHECKING:
    import collections.abc as abc

    from taskpick.records.fingerprint import Fingerprint
    from taskpick.records.parts import Part

FORMAT = "record/1"
_FRONT = re.compile(r"\A(\ufeff?)---[ \t]*\r?\n(.*?^)---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_OWN = re.compile(r"^taskpick:(?=\s)[^\r\n]*", re.MULTILINE)
_OPENING = "<!-- taskpick "
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?= |\r?$)", re.MULTILINE)
_NUMBER = re.compile(r"(\d{4,})-.*\.md")
_LONGEST_NAME = 60


class Basis(NamedTuple):
    """What a record is computed from."""

    version: str
    """The version of taskpick that computed it last."""
    rules: str
    """The rule file: the name of one that comes with taskpick, or a path from the record."""
    as_of: str
    pick: str
    """An option, `NOTHING_FITS`, or empty if it was undecided."""
    answers: abc.Mapping[str, Given]
    """Criterion to answer, those included that were assumed."""
    supersedes: str
    """The record before, as a path from this one; may be empty."""
    details: bool
    """Whether the record is the long form."""
    fingerprint: Fingerprint


class Record(NamedTuple):
    """A record that was read."""

    source: Source
    basis: Basis
    status: str
    answers: Mapping
    """Criterion to level, with their places."""
    span: Span
    """Where the pick stands."""
    stamps: abc.Mapping[str, Stamp]
    conflict: Span | None
    """Where a merge has left its markers; None if nowhere."""

    @property
    def parts(self) -> dict[str, Part]:
        """The parts that are still there."""
        return parts.find(self.source.text, self.stamps)


_TEXT = schema.Text()
_TEXTS = schema.ListOf(_TEXT)
_FRONT_SHAPE = schema.Record(
    {
        "pick": schema.Key(_TEXT, "the option picked", required=False),
        "rules": schema.Key(_TEXT, "the rule file"),
    }
)
_ANSWER = schema.Record(
    {
        "level": schema.Key(_TEXT, "the answer"),
        "from": schema.Key(
            schema.Text(one_of=tuple(origin.value for origin in Origin)),
            "where the answer came from",
        ),
    }
)
_COMMENT_SHAPE = schema.Record(
    {
        "version": schema.Key(_TEXT, "the version of taskpick that wrote it"),
        "as_of": schema.Key(_TEXT, "the day the rule file was checked", required=False),
        "details": schema.Key(schema.Text(one_of=("true",)), "the long form", required=False),
        "supersedes": schema.Key(_TEXT, "the record before", required=False),
        "answers": schema.Key(schema.MapOf(_TEXT, _ANSWER), "criterion to answer"),
        "parts": schema.Key(schema.MapOf(_TEXT, _TEXTS), "lines and digest of each part"),
        "options": schema.Key(_TEXTS, "the options then, in their order"),
        "fits": schema.Key(
            schema.MapOf(_TEXT, schema.MapOf(_TEXT, _TEXTS)),
            "the digest of each fit at the answers",
        ),
        "notes": schema.Key(_TEXTS, "the digest of each note"),
    }
)


def is_record(text: str) -> bool:
    """Whether the text has the front matter of a record, be it valid or not."""
    front = _FRONT.match(text)
    return front is not None and _OWN.search(front[2]) is not None


def looks_like_record(text: str) -> bool:
    """Whether the text is a record, or was one before something happened to it."""
    if is_record(text):
        return True
    lines = [line.text for line in parts.lines_outside_code(text)]
    if any(line.lower().startswith(f"{_OPENING}record/") for line in lines):
        return True
    heading = next((at for at, line in enumerate(lines) if line.startswith("#")), len(lines))
    top = [line.strip().lower() for line in lines[:heading]]
    return "---" in top and any(re.match(r"""["']?taskpick["']?\s*:""", line) for line in top)


def read(source: Source) -> Record:
    """Read a record.

    Raises:
        InvalidFile: with every problem of its front matter and of its comment.
    """
    if not is_record(source.text):
        # Nothing of it is shown: it may be any file, and hold any secret.
        message = "no record: there is no 'taskpick:' in its front matter"
        raise InvalidFile([Problem(message, Source(source.name, ""), Span.at(1, 1))])
    conflict = _CONFLICT.search(source.text)
    at_conflict = source.span(conflict.start()) if conflict else None
    try:
        own, root, problems = _front(source)
        comment, more = _comment(source)
    except InvalidFile as invalid:
        if at_conflict is None:
            raise
        message = "a merge has left its conflict markers"
        raise InvalidFile([Problem(message, source, at_conflict)]) from invalid
    if problems := [*problems, *more]:
        raise InvalidFile(problems)
    return _record(source, root, own, comment, at_conflict)


def _front(source: Source) -> tuple[Node, Node, list[Problem]]:
    front = _FRONT.match(source.text)
    # The line with the dashes stays as an empty one, so that every place is the file's own.
    root, problems = document.parse(Source(source.name, f"\n{front[2]}" if front else "{}"))
    own = at(root, "taskpick")
    if own is None:
        message = "the front matter has no 'taskpick:' that can be read"
        raise InvalidFile([*problems, Problem(message, source, Span.at(1, 1))])
    return own, root, [*problems, *schema.check(own, _FRONT_SHAPE, source)]


def _comment(source: Source) -> tuple[Node, list[Problem]]:
    found = _comments(source.text)
    if len(found) != 1:
        message = f"a record has one comment of taskpick at its end, and this has {len(found)}"
        place = source.span(found[-1][0]) if found else Span.at(1, 1)
        raise InvalidFile([Problem(message, source, place)])
    start, end = found[0]
    before, text = source.text[:start], source.text[start:end]
    opening, _, body = text.partition("\n")
    if (written := opening.split()[2]) != FORMAT:
        hint = f"a newer taskpick wrote it; this one reads {FORMAT}"
        problem = Problem(f"unknown format {quoted(written)}", source, source.span(start), hint)
        raise InvalidFile([problem])
    blank = "\n" * (before.count("\n") + 1)
    root, problems = document.parse(Source(source.name, blank + body.rpartition("-->")[0]))
    return root, [*problems, *schema.check(root, _COMMENT_SHAPE, source)]


def _comments(text: str) -> list[tuple[int, int]]:
    """Where the comments of taskpick begin and end."""
    return [
        (line.start, text.find("-->", line.start) + 3 or len(text))
        for line in parts.lines_outside_code(text)
        if line.text.startswith(f"{_OPENING}record/")
    ]


def _record(
    source: Source, root: Node, own: Node, comment: Node, at_conflict: Span | None
) -> Record:
    answers = at(comment, "answers")
    assert isinstance(answers, Mapping)  # noqa: S101  the shape says so
    levels = {name: entries(node)["level"] for name, node in answers.entries.items()}
    given = {
        name: Given(_text(node, "level"), Origin(_text(node, "from")))
        for name, node in answers.entries.items()
    }
    basis = Basis(
        version=_text(comment, "version"),
        rules=_text(own, "rules"),
        as_of=_text(comment, "as_of"),
        pick=_text(own, "pick"),
        answers=given,
        supersedes=_text(comment, "supersedes"),
        details=at(comment, "details") is not None,
        fingerprint=fingerprint.read(comment),
    )
    return Record(
        source=source,
        basis=basis,
        status=_text(root, "status"),
        answers=Mapping(levels, answers.keys, answers.span),
        span=(at(own, "pick") or own).span,
        stamps={name: _stamp(node) for name, node in entries(at(comment, "parts")).items()},
        conflict=at_conflict,
    )


def _stamp(node: Node) -> Stamp:
    texts = [document.text_of(item) for item in items(node)]
    lines = int(texts[0]) if texts and texts[0].isdecimal() and len(texts[0]) < 6 else 0
    return Stamp(lines, texts[-1] if texts else "")


def new(
    basis: Basis, texts: abc.Mapping[str, str], *, date: str, deciders: abc.Sequence[str]
) -> str:
    """A new record, proposed on that day; `texts` has the text of each part, maybe empty."""
    front = [
        "---",
        "status: proposed",
        f"date: {date}",
        f"decision-makers: [{', '.join(map(_quoted, deciders))}]",
        _own(basis),
        "---",
    ]
    written = [text for text in texts.values() if text]
    comment = _written(basis, {name: parts.stamp(text) for name, text in texts.items()})
    return "\n\n".join(["\n".join(front), *written, comment]) + "\n"


class Refreshed(NamedTuple):
    """A record computed again."""

    text: str
    edited: list[str]
    """The parts that stay as somebody edited them."""
    gone: list[str]
    """The parts that somebody took out."""


def refreshed(
    old: Record, basis: Basis, texts: abc.Mapping[str, str], *, date: str, force: bool = False
) -> Refreshed:
    """The record with what taskpick wrote computed again, and the edited parts left alone.

    All else stays byte for byte: other front matter, and what people wrote between the parts. The
    date is set only if anything else changes. With `force`, edited parts are written again, too.
    """
    text = old.source.text
    newline = "\r\n" if "\r\n" in text else "\n"
    found, stamps = old.parts, dict(old.stamps)
    edited = [part.name for part in found.values() if part.edited and not force]
    gone = [name for name, stamp in stamps.items() if stamp.lines and name not in found]
    # From the last to the first, so that the offsets of those before stay true.
    for name in reversed([name for name in HEADINGS if name not in (*edited, *gone)]):
        words = texts.get(name, "").replace("\n", newline)
        place = _place(found, name)
        if place is not None:
            text = _replaced(text, place, words, newline, is_new=name not in found)
            stamps[name] = parts.stamp(texts.get(name, ""))
    start, end = _comments(text)[0]
    text = text[:start] + _written(basis, stamps).replace("\n", newline) + text[end:]
    text = _in_front(text, lambda front: _OWN.sub(lambda _: _own(basis), front, count=1))
    if text != old.source.text:
        text = _in_front(text, lambda front: _set(front, "date", date, newline))
    return Refreshed(text, edited, gone)


def _place(found: abc.Mapping[str, Part], name: str) -> tuple[int, int] | None:
    """Where a part is, or after which one it belongs; None if there is nothing to go by."""
    if name in found:
        return found[name].start, found[name].end
    order = list(HEADINGS)
    before = [part.end for part in found.values() if order.index(part.name) < order.index(name)]
    return (max(before), max(before)) if before else None


def _replaced(text: str, place: tuple[int, int], words: str, newline: str, *, is_new: bool) -> str:
    start, end = place
    if is_new:
        return text[:start] + (newline * 2 + words if words else "") + text[end:]
    if not words:
        return text[:start].rstrip("\r\n") + text[end:]
    return text[:start] + words + text[end:]


def superseded(source: Source, *, by: str, number: str) -> str:
    """A record that says that another one, a path from it, stands in its place now.

    Raises:
        InvalidFile: it has no front matter to say it in.
    """
    old = source.text
    if not _FRONT.match(old):
        hint = "begin the file with '---', 'status: accepted' and '---', a line each"
        raise InvalidFile(
            [Problem("no front matter here", Source(source.name, ""), Span.at(1, 1), hint)]
        )
    newline = "\r\n" if "\r\n" in old else "\n"
    status = _quoted(f"superseded by {number}")
    new = _in_front(old, lambda front: _set(front, "status", status, newline))
    words = f"Superseded by [{number}](<{by}>)."
    for line in parts.lines_outside_code(new):
        if line.text.startswith("Superseded by ["):
            return new[: line.start] + words + new[line.end :]
    comments = _comments(new)
    end = comments[0][0] if comments else len(new)
    rest = newline * 2 + new[end:] if comments else newline
    return new[:end].rstrip("\r\n") + newline * 2 + words + rest


def next_name(names: abc.Iterable[str], title: str) -> str:
    """The next free `NNNN-title-with-dashes.md` beside files with these names."""
    numbers = [int(found[1]) for name in names if (found := _NUMBER.fullmatch(name))]
    words = re.sub(r"[\W_]+", "-", title.lower()).strip("-")[:_LONGEST_NAME].rstrip("-")
    return f"{max(numbers, default=0) + 1:04}-{words or 'decision'}.md"


def number(name: str) -> str:
    """What other records call the one with this file name: `ADR-0007`."""
    found = _NUMBER.fullmatch(name)
    return f"ADR-{found[1]}" if found else name.removesuffix(".md")


def _own(basis: Basis) -> str:
    """The line of the front matter that is taskpick's."""
    pick = f"pick: {scalar(basis.pick)}, " if basis.pick else ""
    return f"taskpick: {{{pick}rules: {_quoted(basis.rules)}}}"


def _written(basis: Basis, stamps: abc.Mapping[str, Stamp]) -> str:
    """The comment at the end of a record."""
    use = "for 'taskpick verify' and 'taskpick record refresh'; edit the text above instead"
    lines = [f"{_OPENING}{FORMAT} {use}", f"version: {basis.version}"]
    lines += [f"as_of: {basis.as_of}"] if basis.as_of else []
    lines += ["details: true"] if basis.details else []
    lines += [f"supersedes: {_quoted(basis.supersedes)}"] if basis.supersedes else []
    # Whole mappings on one line: people have no use for them, and a page has few lines.
    answers = [
        f"{name}: {{level: {scalar(level)}, from: {origin}}}"
        for name, (level, origin) in basis.answers.items()
    ]
    written = [f"{name}: [{stamp.lines}, {stamp.digest}]" for name, stamp in stamps.items()]
    lines += [f"answers: {{{', '.join(answers)}}}", f"parts: {{{', '.join(written)}}}"]
    return "\n".join([*lines, *fingerprint.write(basis.fingerprint), "-->"])


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
    """The text as a YAML string that cannot end a comment."""
    import json

    written = json.dumps(printable(text), ensure_ascii=False)
    return re.sub("[<>&]", lambda found: f"\\u{ord(found[0]):04x}", written)


def _text(node: Node | None, key: str) -> str:
    return document.text_of(at(node, key))
