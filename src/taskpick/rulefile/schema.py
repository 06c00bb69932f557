"""What shapes a YAML document may have, and what is wrong with one that differs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from taskpick.named_tuple import NamedTuple
from taskpick.problems import Problem, Source, Span
from taskpick.rulefile.document import Mapping, Node, Scalar, Sequence
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator


class Text(NamedTuple):
    """A text that is not empty."""

    pattern: str = ""
    words: str = ""
    """What the pattern asks for, to follow 'must be'."""
    one_of: tuple[str, ...] = ()
    instead: dict[str, str] = {}  # noqa: RUF012  never changed
    """For a text that is close but wrong: what is wrong with it."""
    at_most: int = 0
    """How many characters it may have; zero is any number."""


class ListOf(NamedTuple):
    """A list whose items have one shape."""

    item: Shape
    at_least: int = 0
    at_most: int | None = None


class MapOf(NamedTuple):
    """A mapping whose keys are the file's own."""

    key: Text
    value: Shape
    at_least: int = 0
    at_most: int = 100


class Key(NamedTuple):
    """A key of a `Record`."""

    shape: Shape
    doc: str
    required: bool = True


class Record(NamedTuple):
    """A mapping whose keys are fixed."""

    keys: dict[str, Key]
    just_one: tuple[str, ...] = ()
    """Of these optional keys, one and only one must be there."""
    rest: MapOf | None = None
    """What other keys and values may stand beside the fixed ones."""


class Either(NamedTuple):
    """Two forms that YAML tells apart by their kind: text, list or mapping."""

    short: Text | ListOf
    long: Record | ListOf | MapOf


Shape = Text | ListOf | MapOf | Record | Either


def check(node: Node, shape: Shape, source: Source, span: Span | None = None) -> Iterator[Problem]:
    """Everything in which the node differs from the shape.

    `span` is where its key stands, which is where something missing is missed.
    """
    match shape:
        case Text():
            yield from _check_text(node, shape, source)
        case ListOf():
            yield from _check_list(node, shape, source, span or node.span)
        case MapOf():
            yield from _check_map(node, shape, source, span or node.span)
        case Record():
            yield from _check_record(node, shape, source, span or node.span)
        case Either():
            kind = Scalar if isinstance(shape.short, Text) else Sequence
            form = shape.short if isinstance(node, kind) else shape.long
            yield from check(node, form, source, span)
        case _:
            assert_never(shape)


def matches(text: str, shape: Text) -> bool:
    """Whether a text is one that the pattern of the shape allows."""
    return re.fullmatch(shape.pattern, text) is not None


def _check_text(node: Node, shape: Text, source: Source) -> Iterator[Problem]:
    if not isinstance(node, Scalar):
        yield _wrong(node, "text", source)
    elif not node.text.strip():
        yield Problem("a value is missing", source, node.span, "write one, or leave out the key")
    elif node.text in shape.instead:
        yield Problem(f"{quoted(node.text)} {shape.instead[node.text]}", source, node.span)
    elif shape.one_of and node.text not in shape.one_of:
        hint = did_you_mean(node.text, list(shape.one_of))
        yield Problem(f"unknown value {quoted(node.text)}", source, node.span, hint)
    elif shape.pattern and not re.fullmatch(shape.pattern, node.text):
        yield Problem(f"{quoted(node.text)} must be {shape.words}", source, node.span)
    elif shape.at_most and len(node.text) > shape.at_most:
        message = f"{len(node.text)} characters long, {shape.at_most} are allowed"
        yield Problem(message, source, node.span)


def _check_list(node: Node, shape: ListOf, source: Source, span: Span) -> Iterator[Problem]:
    if not isinstance(node, Sequence):
        yield _wrong(node, "a list", source)
        return
    if len(node.items) < shape.at_least:
        yield Problem(_too_few(shape.at_least, len(node.items)), source, span)
    if shape.at_most is not None and len(node.items) > shape.at_most:
        yield Problem(f"more than {shape.at_most} entries are too many", source, span)
    for item in node.items:
        yield from check(item, shape.item, source)


def _check_map(node: Node, shape: MapOf, source: Source, span: Span) -> Iterator[Problem]:
    if not isinstance(node, Mapping):
        yield _wrong(node, "a mapping", source)
        return
    if len(node.entries) < shape.at_least:
        yield Problem(_too_few(shape.at_least, len(node.entries)), source, span)
    if len(node.entries) > shape.at_most:
        yield Problem(f"more than {shape.at_most} entries are too many", source, span)
    yield from _check_entries(node, shape, list(node.entries), source)


def _check_entries(
    node: Mapping, shape: MapOf, keys: list[str], source: Source
) -> Iterator[Problem]:
    for key in keys:
        yield from _check_text(Scalar(key, node.keys[key]), shape.key, source)
        yield from check(node.entries[key], shape.value, source, node.keys[key])


def _check_record(node: Node, shape: Record, source: Source, span: Span) -> Iterator[Problem]:
    if not isinstance(node, Mapping):
        yield _wrong(node, "a mapping", source)
        return
    for name, key in shape.keys.items():
        if name in node.entries:
            yield from check(node.entries[name], key.shape, source, node.keys[name])
        elif key.required:
            yield Problem(f"the key '{name}' is missing", source, span, key.doc)
    if shape.just_one:
        yield from _check_just_one(node, shape, source, span)
    others = [key for key in node.entries if key not in shape.keys]
    if shape.rest:
        yield from _check_entries(node, shape.rest, others, source)
        return
    for other in others:
        hint = did_you_mean(other, shape.keys)
        yield Problem(f"unknown key {quoted(other)}", source, node.keys[other], hint)


def _check_just_one(
    node: Mapping, shape: Record, source: Source, key_span: Span
) -> Iterator[Problem]:
    present = [name for name in shape.just_one if name in node.entries]
    if len(present) != 1:
        names = ", ".join(f"'{name}'" for name in shape.just_one)
        span = node.keys[present[1]] if present else key_span
        yield Problem(f"needs one of {names}, has {len(present)}", source, span)


def _too_few(least: int, count: int) -> str:
    return f"needs at least {least} {'entry' if least == 1 else 'entries'}, has {count}"


def _wrong(node: Node, expected: str, source: Source) -> Problem:
    match node:
        case Scalar():
            actual = quoted(node.text) if node.text else "nothing"
        case Sequence():
            actual = "a list"
        case Mapping():
            actual = "a mapping"
        case _:
            assert_never(node)
    return Problem(f"expected {expected}, found {actual}", source, node.span)
