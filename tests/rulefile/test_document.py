"""A YAML document whose values know where they stand, and bytes that are no document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from places import DATA
from strategies import examples

from taskpick.problems import InvalidFile, Source, Span, full
from taskpick.records import resolve, statements
from taskpick.rulefile import bundled, files, reader
from taskpick.rulefile.document import Mapping, Scalar, Sequence, at, decode, entries, items, parse
from taskpick.wording import first_hidden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.rulefile.document import Node

DEFAULT = bundled.default()
SMALL = DATA / "rules" / "valid" / "small.yaml"
ANSWERS = b"""# Answers for taskpick
duration: minutes
persistence: "durable"
retry: 'basic'
scheduling: none
distribution: unsure
"""
RULES = reader.load(DEFAULT)
PLAIN = st.text(st.characters(categories=["L", "Nd", "So"]), min_size=1, max_size=20)
"""Texts of characters that stand for themselves in YAML, wherever they are."""


def root(text: str) -> Node:
    """What a text says, nothing being wrong with it."""
    node, problems = parse(Source("test.yaml", text))

    assert problems == []

    return node


def scalars(node: Node) -> Iterator[Scalar]:
    """Every text in the document, keys first, in the order of the file."""
    match node:
        case Scalar():
            yield node
        case Sequence():
            for item in node.items:
                yield from scalars(item)
        case Mapping():
            for key, value in node.entries.items():
                yield Scalar(key, node.keys[key])
                yield from scalars(value)


def excerpt(text: str, span: Span) -> str:
    """The text at a place that lies within a line."""
    line = Source("", text).line(span.line)
    return line[span.column - 1 : span.end_column - 1]


def found(text: str) -> list[str]:
    """Where the first problem is, with each problem's words."""
    try:
        _, problems = parse(Source("test.yaml", text))
    except InvalidFile as invalid:
        problems = list(invalid.problems)
    return [full(problem).splitlines()[0] for problem in problems]


def test_scalars_stay_the_text_that_was_written() -> None:
    text = "[no, on, 12:30, 010, 3.10, 1_000, ~, null, 0x1F, 1e3, .inf, 2026-11-22, =, yes]"

    assert [node.text for node in scalars(root(text))] == text.strip("[]").split(", ")


def test_an_absent_value_is_an_empty_text() -> None:
    assert [node.text for node in scalars(root("a:\nb: ''\nc: {d: }"))] == [
        *("a", "", "b", "", "c", "d", "")
    ]


def test_lists_and_mappings_are_what_they_are_and_absent_elsewhere() -> None:
    node = root("{list: [a], map: {b: c}, text: d}")

    assert list(entries(at(node, "map"))) == ["b"]
    assert len(items(at(node, "list"))) == 1
    assert items(at(node, "map")) == []
    assert entries(at(node, "list")) == {}
    assert at(at(node, "text"), "b") is None
    assert at(None, "b") is None


def test_places_count_lines_and_columns_from_one_with_the_end_outside() -> None:
    node = root("a: [bc,\n  d]")

    assert [scalar.span for scalar in scalars(node)] == [
        Span(1, 1, 1, 2, "test.yaml"),
        Span(1, 5, 1, 7, "test.yaml"),
        Span(2, 3, 2, 4, "test.yaml"),
    ]


def test_the_first_of_two_values_for_a_key_counts() -> None:
    node, _ = parse(Source("test.yaml", "a: 1\na: 2"))

    assert at(node, "a") == Scalar("1", Span(1, 4, 1, 5, "test.yaml"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a: 1\na: 2\na: 3", ["2:1: duplicate key 'a'", "3:1: duplicate key 'a'"]),
        ("{a: &x 1, b: *x}", ["1:5: an anchor, '&x'", "1:14: an alias, '*x'"]),
        ("a: !x [!!int 1]", ["1:4: a tag, '!x'", "1:8: a tag, 'tag:yaml.org,2002:int'"]),
        ("{[a]: b}", ["1:2: a key that is a list or a mapping"]),
        ("'': a\n? \n: b", ["1:1: a key without text", "2:2: a key without text"]),
        (
            '["\\0", "\\x9b"]',
            [
                "1:2: an invisible character: U+0000",
                "1:8: an invisible character: U+009B",
            ],
        ),
        ("a: 1\n--- b", ["2:1: a second document"]),
        ("a: &x 1\na: 2\n---\n", ["1:4: an anchor, '&x'", "2:1: duplicate key 'a'"]),
        ("# no more than this", ["1:1: the file is empty"]),
    ],
)
def test_what_is_refused_is_found_with_all_else(text: str, shown: list[str]) -> None:
    assert found(text)[: len(shown)] == [f"test.yaml:{line}" for line in shown]


VALUES = PLAIN
for _ in range(3):
    VALUES = PLAIN | st.lists(VALUES, max_size=4) | st.dictionaries(PLAIN, VALUES, max_size=4)


@given(VALUES, st.booleans())
@examples(200)
def test_every_text_stands_where_its_place_says(value: object, flow: bool) -> None:
    text = yaml.dump(
        value, allow_unicode=True, default_flow_style=flow, width=10**6, sort_keys=False
    )
    seen = list(scalars(root(text)))

    assert [node.text for node in seen] == list(texts(value))
    assert [excerpt(text, node.span).strip("'\"") for node in seen] == [n.text for n in seen]


def texts(value: object) -> Iterator[str]:
    """The texts of a value as `scalars` lists them."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from texts(item)
        case dict():
            for key, inner in value.items():
                yield key
                yield from texts(inner)


PIECES = st.binary(max_size=8) | st.sampled_from(
    [
        *(b"", b"\n", b"\t", b"\r", b"\0", b"\xff", b"\xe2\x80\xa8", b"\xf0\x9f\x90\x98", b"\\e"),
        *(b":", b" : ", b"- ", b"? ", b"'", b'"', b"#", b"{", b"}", b"[", b"]", b"|", b">", b","),
        *(b"&a ", b"*a ", b"!t ", b"---\n", b"...\n", b"%YAML 9\n", b"<<: ", b"\xef\xbb\xbf"),
        *(
            b"unsure",
            b"source: ",
            b"fails",
            b"levels: ",
            b"fits: {}",
            b"schema: ",
            b"tasks: ",
            b"pick: ",
            b"rules: ",
        ),
    ]
)


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """The bytes with some of them cut out or replaced."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = start + draw(st.sampled_from([0, 0, 1, 2, 10, 100]))
        data = data[:start] + draw(PIECES) + data[end:]
    return data


def said(data: bytes, *, answered: bool = False) -> str:
    """What is said of the bytes as a rule file, or as answers, on one line."""
    try:
        source = decode("file.yaml", data)
        if answered:
            for statement in statements.read(source).entries:
                resolve.given(RULES, statement)
        else:
            reader.read(source, files.below(DEFAULT.parent))
    except InvalidFile as invalid:
        return " ".join(map(full, invalid.problems)).replace("\n", " ").replace("\t", " ")
    return ""


@given(st.binary() | st.text().map(str.encode) | st.lists(PIECES).map(b"".join))
@examples(400)
def test_no_bytes_at_all_break_the_reader(data: bytes) -> None:
    assert first_hidden(said(data)) is None


@given(mutated(SMALL.read_bytes()))
@examples(400)
def test_no_changed_rule_file_breaks_the_reader(data: bytes) -> None:
    assert first_hidden(said(data)) is None


@given(mutated(DEFAULT.read_bytes()))
@examples(40)
def test_no_change_of_the_default_rule_file_breaks_the_reader(data: bytes) -> None:
    assert first_hidden(said(data)) is None


@given(mutated(ANSWERS) | st.binary())
@examples(400)
def test_no_bytes_break_the_reader_of_answers(data: bytes) -> None:
    assert said(data, answered=True).isprintable()
