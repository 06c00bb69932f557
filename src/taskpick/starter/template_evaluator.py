"""Run the tree of a template, count every step, and stop when there are too many.

No Python is made from a template, and a template reaches nothing but the items of the mappings,
lists and texts that it is given. What it costs is bounded by the count: one step for each node,
and one for each character and item that is read, compared or written.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from taskpick.starter.template_tree import MAX_OUTPUT, Steps, TemplateError, too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskpick.starter.template_tree import Node, Tree


class _Nothing:
    """The value of `A if B` where B is false: no text, no items, false, as in Jinja."""

    def __str__(self) -> str:
        return ""

    def __repr__(self) -> str:
        return "Undefined"

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[object]:
        return iter(())


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda item, items: item in items,
    "notin": lambda item, items: item not in items,
}
_NOTHING = _Nothing()
_CONTAINERS = (str, list, tuple, dict, _Nothing)


class Evaluator:
    """Renders one template; each kind of node has a method of its name."""

    def __init__(
        self, name: str, values: dict[str, object], steps: Steps, load: Callable[[str], Tree]
    ) -> None:
        self._name, self._line = name, 0
        self._values, self._steps, self._load = values, steps, load
        self._parts: list[str] = []
        self._size = 0

    def render(self, tree: Tree) -> str:
        """The text that a tree makes of the values.

        Raises:
            TemplateError: it uses a value that is not there or of the wrong kind.
            TooLarge: it takes too many steps, or writes too much.
        """
        try:
            self._run(tree)
        except (TypeError, ValueError) as error:
            raise self._error(str(error)) from None
        except RecursionError:
            raise self._error("is nested too deeply") from None
        return "".join(self._parts)

    def _run(self, tree: Tree) -> None:
        for node in tree:
            self._evaluate(node)

    def _evaluate(self, node: Node) -> Any:
        self._take(1)
        return getattr(self, node[0])(*node[1:])

    def _take(self, count: int) -> None:
        self._steps.take(count, self._name, self._line)

    def _error(self, message: str) -> TemplateError:
        return TemplateError(message, self._name, self._line)

    def _read(self, value: Any) -> None:
        """Count what it takes to go through all of a value: the same list may be in it twice."""
        self._take(len(value) if isinstance(value, _CONTAINERS) else 1)
        if isinstance(value, list | tuple):
            for item in value:
                self._read(item)
        elif isinstance(value, dict):
            for pair in value.items():
                self._read(pair)

    def _text(self, value: Any) -> str:
        self._read(value)
        return value if isinstance(value, str) else self._counted(str(value))

    def _counted(self, text: str) -> str:
        self._take(len(text))
        return text

    def _items(self, value: Any) -> list[Any]:
        if not isinstance(value, _CONTAINERS):
            raise self._error(f"{type(value).__name__} has no items")
        self._take(len(value))
        return list(value)

    def _assign(self, target: Any, value: Any) -> None:
        if isinstance(target, str):
            self._values[target] = value
            return
        items = self._items(value)
        if len(items) != len(target):
            raise self._error(f"{len(target)} names for {len(items)} values")
        for part, item in zip(target, items, strict=True):
            self._assign(part, item)

    # Statements

    def text(self, text: str) -> None:
        self._take(len(text))
        self._size += len(text)
        if self._size > MAX_OUTPUT:
            message = f"the starter writes more than {MAX_OUTPUT:,} characters into one file"
            raise too_large(message, self._name, self._line)
        self._parts.append(text)

    def output(self, line: int, expression: Node) -> None:
        self._line = line
        self.text(self._text(self._evaluate(expression)))

    def choose(self, branches: tuple[tuple[int, Node, Tree], ...], otherwise: Tree) -> None:
        for line, test, body in branches:
            self._line = line
            if self._evaluate(test):
                return self._run(body)
        return self._run(otherwise)

    def repeat(
        self,
        line: int,
        target: Any,
        iterated: Node,
        test: Node | None,
        counts: bool,
        body: Tree,
        otherwise: Tree,
    ) -> None:
        self._line = line
        items = self._items(self._evaluate(iterated))
        outer = self._values
        self._take(len(outer))
        self._values = dict(outer)
        if test:
            items = [item for item in items if self._passes(target, item, test)]
        for index, item in enumerate(items):
            self._line = line
            self._take(1)
            if counts:
                self._values["loop"] = _position(index, len(items))
            self._assign(target, item)
            self._run(body)
        self._values = outer
        if not items:
            self._run(otherwise)

    def _passes(self, target: Any, item: Any, test: Node) -> bool:
        self._assign(target, item)
        return bool(self._evaluate(test))

    def assign(self, line: int, target: Any, expression: Node) -> None:
        self._line = line
        self._assign(target, self._evaluate(expression))

    def include(self, line: int, name: str) -> None:
        self._line = line
        outer, place = self._values, self._name
        self._take(len(outer))
        tree = self._load(name)
        self._values, self._name = dict(outer), name
        self._run(tree)
        self._values, self._name, self._line = outer, place, line

    # Expressions

    def const(self, value: object) -> object:
        return value

    def name(self, name: str) -> object:
        if name not in self._values:
            raise self._error(f"'{name}' is not defined")
        return self._values[name]

    def item(self, container: Node, key: Node) -> object:
        values, index = self._evaluate(container), self._evaluate(key)
        self._read(index)
        try:
            if isinstance(values, str | list | tuple | dict):
                return values[index]
        except (TypeError, LookupError):
            pass
        raise self._error(f"'{str(index)[:60]}' is not defined")

    def conditional(self, test: Node, then: Node, otherwise: Node | None) -> object:
        if self._evaluate(test):
            return self._evaluate(then)
        return self._evaluate(otherwise) if otherwise else _NOTHING

    def compare(self, first: Node, rest: tuple[tuple[str, Node], ...]) -> object:
        left, result = self._evaluate(first), True
        for sign, operand in rest:
            right = self._evaluate(operand)
            self._read(left)
            self._read(right)
            if sign in ("in", "notin") and isinstance(left, str) and isinstance(right, str):
                self._take(len(left) * len(right) // 64)  # a search may go back in the text
            result = _COMPARE[sign](left, right)
            if not result:
                return False
            left = right
        return result

    def both(self, left: Node, right: Node) -> object:
        return self._evaluate(left) and self._evaluate(right)

    def either(self, left: Node, right: Node) -> object:
        return self._evaluate(left) or self._evaluate(right)

    def negation(self, operand: Node) -> bool:
        return not self._evaluate(operand)

    def concat(self, operands: tuple[Node, ...]) -> str:
        return "".join([self._text(self._evaluate(operand)) for operand in operands])

    def sequence(self, fixed: bool, items: tuple[Node, ...]) -> object:
        values = [self._evaluate(item) for item in items]
        return tuple(values) if fixed else values

    def mapping(self, pairs: tuple[tuple[Node, Node], ...]) -> dict[Any, Any]:
        result = {}
        for key, value in pairs:
            name = self._evaluate(key)
            self._read(name)
            result[name] = self._evaluate(value)
        return result

    def filtered(self, name: str, operand: Node, arguments: tuple[Node, ...]) -> object:
        value = self._evaluate(operand)
        return getattr(self, name)(value, *map(self._evaluate, arguments))

    # Filters

    def join(self, value: object, separator: object = "") -> str:
        texts = [self._text(item) for item in self._items(value)]
        between = self._text(separator)
        self._take(len(between) * len(texts))
        return between.join(texts)

    def json(self, value: object) -> str:
        import json

        self._read(value)
        return self._counted(json.dumps(value, ensure_ascii=False))

    def length(self, value: object) -> int:
        return len(self._items(value))

    def items(self, value: object) -> list[tuple[object, object]]:
        if not isinstance(value, dict):
            raise self._error(f"{type(value).__name__} has no items")
        self._take(len(value))
        return list(value.items())


def _position(index: int, length: int) -> dict[str, object]:
    return {
        "index": index + 1,
        "index0": index,
        "first": index == 0,
        "last": index == length - 1,
        "length": length,
    }
