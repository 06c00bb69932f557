"""A YAML document whose every value knows its line and column, and is the text as written."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from taskpick.named_tuple import NamedTuple
from taskpick.problems import InvalidFile, Problem, Source, Span
from taskpick.rulefile.files import LARGEST
from taskpick.wording import first_hidden, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 16
"""How deep lists and mappings may be nested."""


class Scalar(NamedTuple):
    """A text, whatever YAML would make of it: `no`, `12:30` and `3.10` stay as they are."""

    text: str
    span: Span


class Sequence(NamedTuple):
    """A list of values."""

    items: list[Node]
    span: Span


class Mapping(NamedTuple):
    """Keys and values in the order of the file; keys are unique and not empty."""

    entries: dict[str, Node]
    keys: dict[str, Span]
    span: Span


Node = Scalar | Sequence | Mapping


def at(node: Node | None, key: str) -> Node | None:
    """The value of a key; None where there is no such key or no mapping."""
    return node.entries.get(key) if isinstance(node, Mapping) else None


def entries(node: Node | None) -> dict[str, Node]:
    """Keys and values; none where there is no mapping."""
    return node.entries if isinstance(node, Mapping) else {}


def items(node: Node | None) -> list[Node]:
    """The items; none where there is no list."""
    return node.items if isinstance(node, Sequence) else []


def text_of(node: Node | None) -> str:
    """The text; empty where there is none."""
    return node.text if isinstance(node, Scalar) else ""


def decode(name: str, data: bytes, *, largest: int = LARGEST) -> Source:
    """The text of a file.

    Raises:
        InvalidFile: it is larger than `largest` or not UTF-8.
    """
    if len(data) > largest:
        message = f"larger than {largest // 1024} KiB, so it is not read"
        raise InvalidFile([Problem(message, Source(name, ""), Span.at(1, 1, name))])
    try:
        return Source(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        readable = Source(name, data.decode("utf-8-sig", errors="replace"))
        # Bytes before the fault are valid, so their characters can be counted; the error's own
        # copy of the bytes has no byte order mark.
        span = readable.span(len(error.object[: error.start].decode()))
        problem = Problem("not UTF-8 text", Source(name, ""), span, "save the file as UTF-8")
        raise InvalidFile([problem]) from error


def parse(source: Source) -> tuple[Node, list[Problem]]:
    """The document and what is wrong with it short of syntax (duplicate keys and the like).

    Raises:
        InvalidFile: it is empty, not valid YAML, more than one document, nested too deeply, or has
            a character that YAML does not allow.
    """
    problems: list[Problem] = []
    builder = _Builder(source, problems)
    for event in _events(source):
        builder.take(event)
    if builder.root is None:
        raise InvalidFile([Problem("the file is empty", source, Span.at(1, 1, source.name))])
    return builder.root, problems


def _events(source: Source) -> Iterator[Any]:
    import yaml
    from yaml.reader import Reader

    if control := Reader.NON_PRINTABLE.search(source.text):
        message = f"a character that YAML does not allow: U+{ord(control.group()):04X}"
        raise InvalidFile([Problem(message, source, source.span(control.start()))])
    taken = 0
    try:
        for event in yaml.parse(source.text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            taken += 1
            yield event
    except yaml.MarkedYAMLError as error:
        if error.problem != "exceeded maximum nesting depth":
            raise InvalidFile([_syntax_problem(error, source)]) from error
        # Newer versions of libyaml have a limit of their own, and look ahead far enough to meet it
        # before the events arrive at which the builder finds its own; the Python parser has none.
        yield from islice(yaml.parse(source.text, yaml.SafeLoader), taken, None)
    except yaml.YAMLError as error:
        message = f"not valid YAML: {' '.join(str(error).split())}"
        raise InvalidFile([Problem(message, source, Span.at(1, 1, source.name))]) from error


def _syntax_problem(error: Any, source: Source) -> Problem:
    mark, began = error.problem_mark or error.context_mark, error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    span = Span.at(line, column, source.name)
    words = ", ".join(filter(None, (error.problem, error.context)))
    # What was left open is seen only where it can no longer be closed.
    hint = f"which began on line {began.line + 1}" if began and began.line < mark.line else ""
    return Problem(f"not valid YAML: {words}", source, span, hint)


class _Builder:
    """Makes the tree from a stream of events, so that no nesting can exhaust the stack."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        self.root: Node | None = None
        self._open: list[Sequence | Mapping] = []
        self._keys: list[Scalar | None] = []

    def take(self, event: Any) -> None:
        match type(event).__name__:
            case "DocumentStartEvent" if self.root is not None:
                self._problem("a second document", self._span(event), "keep one document in a file")
                raise InvalidFile(self.problems)
            case "AliasEvent":
                self._problem(
                    f"an alias, {quoted('*' + event.anchor)}",
                    self._span(event),
                    "write the value out",
                )
                self._add(Scalar("", self._span(event)))
            case "ScalarEvent":
                self._check(event)
                self._check_text(event)
                self._add(Scalar(event.value, self._span(event)))
            case "SequenceStartEvent":
                self._check(event)
                self._push(Sequence([], self._span(event)))
            case "MappingStartEvent":
                self._check(event)
                self._push(Mapping({}, {}, self._span(event)))
            case "SequenceEndEvent" | "MappingEndEvent":
                self._open.pop()
                self._keys.pop()

    def _check(self, event: Any) -> None:
        if event.anchor is not None:
            self._problem(
                f"an anchor, {quoted('&' + event.anchor)}", self._span(event), "write the value out"
            )
        if event.tag is not None:
            hint = "every value is text, a list or a mapping"
            self._problem(f"a tag, {quoted(event.tag)}", self._span(event), hint)

    def _check_text(self, event: Any) -> None:
        # An escape such as "\e" brings in what the file itself may not hold.
        index = first_hidden(event.value)
        if index is not None:
            message = f"an invisible character: U+{ord(event.value[index]):04X}"
            self._problem(message, self._span(event), "write it in words")

    def _push(self, node: Sequence | Mapping) -> None:
        if len(self._open) == DEEPEST:
            message = f"nested more than {DEEPEST} levels deep"
            raise InvalidFile([*self.problems, Problem(message, self.source, node.span)])
        self._add(node)
        self._open.append(node)
        self._keys.append(None)

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = self._key(node)
        else:
            self._keys[-1] = None
            self._enter(parent, key, node)

    def _key(self, node: Node) -> Scalar:
        if not isinstance(node, Scalar):
            self._problem("a key that is a list or a mapping", node.span, "use text as the key")
        elif node.text:
            return node
        elif all(problem.span != node.span for problem in self.problems[-1:]):
            self._problem("a key without text", node.span, "write one")
        return Scalar("", node.span)

    def _enter(self, parent: Mapping, key: Scalar, node: Node) -> None:
        if not key.text:
            return
        if key.text in parent.entries:
            first = parent.keys[key.text]
            hint = f"the first one is on line {first.line}"
            self._problem(f"duplicate key {quoted(key.text)}", key.span, hint)
            return
        parent.entries[key.text] = node
        parent.keys[key.text] = key.span

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(
            start.line + 1, start.column + 1, end.line + 1, end.column + 1, self.source.name
        )

    def _problem(self, message: str, span: Span, hint: str) -> None:
        self.problems.append(Problem(message, self.source, span, hint))
