"""The text of a decision record: a new one, one computed again, one that is superseded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskpick.answers import scalar
from taskpick.named_tuple import NamedTuple
from taskpick.problems import InvalidFile, Problem, Source, Span
from taskpick.records import fingerprint, parts
from taskpick.records.parts import HEADINGS
from taskpick.records.record import FORMAT, FRONT, OPENING, OWN, comments
from taskpick.wording import printable

if TYPE_CHECKING:
    import collections.abc as abc

    from taskpick.records.parts import Part, Stamp
    from taskpick.records.record import Basis, Record


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
    comment = _written(basis, {name: parts.stamp_of(text) for name, text in texts.items()})
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
    present, stamps = old.parts, dict(old.stamps)
    edited = [part.name for part in present.values() if part.edited and not force]
    gone = [name for name, stamp in stamps.items() if stamp.lines and name not in present]
    # From the last to the first, so that the offsets of those before stay true.
    for name in reversed([name for name in HEADINGS if name not in (*edited, *gone)]):
        words = texts.get(name, "").replace("\n", newline)
        offsets = _offsets(present, name)
        if offsets is not None:
            text = _replaced(text, offsets, words, newline, is_new=name not in present)
            stamps[name] = parts.stamp_of(texts.get(name, ""))
    start, end = comments(text)[0]
    text = text[:start] + _written(basis, stamps).replace("\n", newline) + text[end:]
    text = _in_front(text, lambda front: OWN.sub(lambda _: _own(basis), front, count=1))
    if text != old.source.text:
        text = _in_front(text, lambda front: _set(front, "date", date, newline))
    return Refreshed(text, edited, gone)


def _offsets(present: abc.Mapping[str, Part], name: str) -> tuple[int, int] | None:
    """Where a part is, or after which one it belongs; None if there is nothing to go by."""
    if name in present:
        return present[name].start, present[name].end
    order = list(HEADINGS)
    before = [part.end for part in present.values() if order.index(part.name) < order.index(name)]
    return (max(before), max(before)) if before else None


def _replaced(
    text: str, offsets: tuple[int, int], words: str, newline: str, *, is_new: bool
) -> str:
    start, end = offsets
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
    if not FRONT.match(old):
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
    offsets = comments(new)
    end = offsets[0][0] if offsets else len(new)
    rest = newline * 2 + new[end:] if offsets else newline
    return new[:end].rstrip("\r\n") + newline * 2 + words + rest


def _own(basis: Basis) -> str:
    """The line of the front matter that is taskpick's."""
    pick = f"pick: {scalar(basis.pick)}, " if basis.pick else ""
    return f"taskpick: {{{pick}rules: {_quoted(basis.rules)}}}"


def _written(basis: Basis, stamps: abc.Mapping[str, Stamp]) -> str:
    """The comment at the end of a record."""
    use = "for 'taskpick verify' and 'taskpick record refresh'; edit the text above instead"
    lines = [f"{OPENING}{FORMAT} {use}", f"version: {basis.version}"]
    lines += [f"as_of: {basis.as_of}"] if basis.as_of else []
    lines += ["details: true"] if basis.details else []
    lines += [f"supersedes: {_quoted(basis.supersedes)}"] if basis.supersedes else []
    for key, names in (("only", basis.only), ("without", basis.without)):
        lines += [f"{key}: [{', '.join(map(scalar, names))}]"] if names else []
    lines += [f"have: {scalar(basis.have)}"] if basis.have else []
    # Whole mappings on one line: people have no use for them, and a page has few lines.
    answers = [
        f"{name}: {{level: {scalar(level)}, from: {origin}}}"
        for name, (level, origin) in basis.answers.items()
    ]
    written = [f"{name}: [{stamp.lines}, {stamp.digest}]" for name, stamp in stamps.items()]
    lines += [f"answers: {{{', '.join(answers)}}}", f"parts: {{{', '.join(written)}}}"]
    return "\n".join([*lines, *fingerprint.write(basis.fingerprint), "-->"])


def _in_front(text: str, change: abc.Callable[[str], str]) -> str:
    front = FRONT.match(text)
    assert front  # noqa: S101  it was read
    start, end = front.span(2)
    return text[:start] + change(text[start:end]) + text[end:]


def _set(front: str, key: str, value: str, newline: str) -> str:
    line = f"{key}: {value}"
    new, count = re.subn(rf"^{key}:[^\r\n]*", lambda _: line, front, count=1, flags=re.MULTILINE)
    return new if count else f"{line}{newline}{front}"


def _quoted(text: str) -> str:
    """The text as a YAML string that cannot end a comment."""
    import json

    written = json.dumps(printable(text), ensure_ascii=False)
    return re.sub("[<>&]", lambda match: f"\\u{ord(match[0]):04x}", written)
