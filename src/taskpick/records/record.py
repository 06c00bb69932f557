"""A decision record as a file: what it is computed from, and how it is written and read again.

The front matter has what people read and set, and one line of taskpick's: the pick and the rule
file. All else that computing it again takes stands in one comment at the end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskpick.answers import Given, Origin
from taskpick.named_tuple import NamedTuple
from taskpick.problems import InvalidFile, Problem, Source, Span
from taskpick.records import fingerprint, parts
from taskpick.records.parts import Stamp
from taskpick.rulefile import document, schema
from taskpick.rulefile.document import Mapping, Node, at, entries, items
from taskpick.wording import quoted

if TYPE_CHECKING:
    import collections.abc as abc

    from taskpick.records.fingerprint import Fingerprint
    from taskpick.records.parts import Part

FORMAT = "record/1"
FRONT = re.compile(r"\A(\ufeff?)---[ \t]*\r?\n(.*?^)---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_STATUS = re.compile(r"""^status:[ \t]*["']?([^"'\r\n]*)""", re.MULTILINE)
OWN = re.compile(r"^taskpick:(?=\s)[^\r\n]*", re.MULTILINE)
OPENING = "<!-- taskpick "
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
    only: tuple[str, ...] = ()
    """The options that might be used; empty: any."""
    without: tuple[str, ...] = ()
    """The options that might not be used."""
    have: str = ""
    """The system that was in use; may be empty."""


class Record(NamedTuple):
    """A record that was read."""

    source: Source
    basis: Basis
    status: str
    answers: Mapping
    """Criterion to level, with their places."""
    span: Span
    """Where the pick stands."""
    before: Span | None
    """Where it names the record before; None if it names none."""
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
        "only": schema.Key(_TEXTS, "the options that might be used", required=False),
        "without": schema.Key(_TEXTS, "the options that might not be used", required=False),
        "have": schema.Key(_TEXT, "the system that was in use", required=False),
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
    front = FRONT.match(text)
    return front is not None and OWN.search(front[2]) is not None


def looks_like_record(text: str) -> bool:
    """Whether the text is a record, or was one before something happened to it."""
    if is_record(text):
        return True
    # Of old Macs, and of tools that lose a half of what ends a line on Windows.
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.text for line in parts.lines_outside_code(unix)]
    if any(line.lower().startswith(f"{OPENING}record/") for line in lines):
        return True
    heading = next((at for at, line in enumerate(lines) if line.startswith("#")), len(lines))
    top = [line.strip().lower() for line in lines[:heading]]
    return "---" in top and any(re.match(r"""["']?taskpick["']?\s*:""", line) for line in top)


def is_superseded(text: str) -> bool:
    """Whether the status of a record, one of taskpick or of anybody else, says so."""
    front = FRONT.match(text)
    status = _STATUS.search(front[2]) if front else None
    return status is not None and status[1].lower().startswith("superseded")


def read(source: Source) -> Record:
    """Read a record.

    Raises:
        InvalidFile: with every problem of its front matter and of its comment.
    """
    if not is_record(source.text):
        # Nothing of it is shown: it may be any file, and hold any secret.
        message = "not a record: its front matter has no 'taskpick:'"
        raise InvalidFile([Problem(message, Source(source.name, ""), Span.at(1, 1))])
    conflict = _CONFLICT.search(source.text)
    at_conflict = source.span(conflict.start()) if conflict else None
    try:
        own, root, problems = _front(source)
        comment, more = _comment(source)
    except InvalidFile as invalid:
        if at_conflict is None:
            raise
        message = "a merge left conflict markers"
        raise InvalidFile([Problem(message, source, at_conflict)]) from invalid
    if problems := [*problems, *more]:
        raise InvalidFile(problems)
    return _record(source, root, own, comment, at_conflict)


def _front(source: Source) -> tuple[Node, Node, list[Problem]]:
    front = FRONT.match(source.text)
    # The line with the dashes stays as an empty one, so that every place is the file's own.
    root, problems = document.parse(Source(source.name, f"\n{front[2]}" if front else "{}"))
    own = at(root, "taskpick")
    if own is None:
        message = "the front matter has no 'taskpick:' that can be read"
        raise InvalidFile([*problems, Problem(message, source, Span.at(1, 1))])
    return own, root, [*problems, *schema.check(own, _FRONT_SHAPE, source)]


def _comment(source: Source) -> tuple[Node, list[Problem]]:
    offsets = comments(source.text)
    if len(offsets) != 1:
        message = f"a record has one taskpick comment at its end; this one has {len(offsets)}"
        span = source.span(offsets[-1][0]) if offsets else Span.at(1, 1)
        raise InvalidFile([Problem(message, source, span)])
    start, end = offsets[0]
    before, text = source.text[:start], source.text[start:end]
    if not text.endswith("-->"):
        message = "the taskpick comment is not closed"
        problem = Problem(message, source, source.span(start), "close it with '-->'")
        raise InvalidFile([problem])
    opening, _, body = text.partition("\n")
    if (written := opening.split()[2]) != FORMAT:
        hint = f"a newer taskpick wrote it; this one reads {FORMAT}"
        problem = Problem(f"unknown format {quoted(written)}", source, source.span(start), hint)
        raise InvalidFile([problem])
    blank = "\n" * (before.count("\n") + 1)
    root, problems = document.parse(Source(source.name, blank + body.rpartition("-->")[0]))
    return root, [*problems, *schema.check(root, _COMMENT_SHAPE, source)]


def comments(text: str) -> list[tuple[int, int]]:
    """Where the comments of taskpick begin and end."""
    starts = [
        line.start
        for line in parts.lines_outside_code(text)
        if line.text.startswith(f"{OPENING}record/")
    ]
    ends = [text.find("-->", start) for start in starts]
    return [
        (start, end + 3 if end >= 0 else len(text)) for start, end in zip(starts, ends, strict=True)
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
        only=tuple(map(document.text_of, items(at(comment, "only")))),
        without=tuple(map(document.text_of, items(at(comment, "without")))),
        have=_text(comment, "have"),
    )
    return Record(
        source=source,
        basis=basis,
        status=_text(root, "status"),
        answers=Mapping(levels, answers.keys, answers.span),
        span=(at(own, "pick") or own).span,
        before=before.span if (before := at(comment, "supersedes")) else None,
        stamps={name: _stamp(node) for name, node in entries(at(comment, "parts")).items()},
        conflict=at_conflict,
    )


def _stamp(node: Node) -> Stamp:
    texts = [document.text_of(item) for item in items(node)]
    lines = int(texts[0]) if texts and texts[0].isdecimal() and len(texts[0]) < 6 else 0
    return Stamp(lines, texts[-1] if texts else "")


def next_name(names: abc.Iterable[str], title: str) -> str:
    """The next free `NNNN-title-with-dashes.md` beside files with these names."""
    numbers = [int(match[1]) for name in names if (match := _NUMBER.fullmatch(name))]
    words = re.sub(r"[\W_]+", "-", title.lower()).strip("-")[:_LONGEST_NAME].rstrip("-")
    return f"{max(numbers, default=0) + 1:04}-{words or 'decision'}.md"


def number(name: str) -> str:
    """What other records call the one with this file name: `ADR-0007`."""
    match = _NUMBER.fullmatch(name)
    return f"ADR-{match[1]}" if match else name.removesuffix(".md")


def _text(node: Node | None, key: str) -> str:
    return document.text_of(at(node, key))
