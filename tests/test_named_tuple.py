"""taskpick's named tuples do what those of the standard library do."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import TYPE_CHECKING, Any

import pytest

import taskpick.named_tuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Standard(typing.NamedTuple):
    """A point."""

    x: int
    y: int = 2
    name: str = ""

    @property
    def total(self) -> int:
        """Both together."""
        return self.x + self.y

    @classmethod
    def origin(cls) -> Standard:
        """Where all begins."""
        return cls(0, 0)


class Own(taskpick.named_tuple.NamedTuple):
    """A point."""

    x: int
    y: int = 2
    name: str = ""

    @property
    def total(self) -> int:
        """Both together."""
        return self.x + self.y

    @classmethod
    def origin(cls) -> Own:
        """Where all begins."""
        return cls(0, 0)


def _matched(value: Any) -> Any:
    match value:
        case Standard(x, y) | Own(x, y):
            return x, y


def _assigned(value: Any, name: str) -> None:
    setattr(value, name, 1)


USES: dict[str, Callable[[Any], Any]] = {
    "by position": lambda point: tuple(point(1, 3, "a")),
    "by name": lambda point: tuple(point(name="a", x=1)),
    "both": lambda point: tuple(point(1, name="a")),
    "too few": lambda point: point(),
    "too many": lambda point: point(1, 2, "a", 4),
    "an unknown field": lambda point: point(1, z=3),
    "a field twice": lambda point: point(1, x=3),
    "all and one more": lambda point: point(1, 2, "a", x=3),
    "fields": lambda point: (point(1).x, point(1).y, point(1).name, point(1).total),
    "class method": lambda point: tuple(point.origin()),
    "compared": lambda point: (point(1) == point(1), point(1) == (1, 2, ""), point(1) < point(2)),
    "hash": lambda point: hash(point(1)) == hash((1, 2, "")),
    "unpacked": lambda point: [*point(1)],
    "matched": lambda point: _matched(point(1)),
    "replaced": lambda point: tuple(point(1)._replace(y=4)),
    "as a mapping": lambda point: point(1)._asdict(),
    "of a list": lambda point: tuple(point._make([1, 2, "a"])),
    "of a short list": lambda point: point._make([]),
    "what it has": lambda point: (point._fields, point._field_defaults, point.__match_args__),
    "shown": lambda point: repr(point(1)).removeprefix(point.__name__),
    "pickled": lambda point: tuple(pickle.loads(pickle.dumps(point(1)))),
    "of the same type again": lambda point: type(pickle.loads(pickle.dumps(point(1)))) is point,
    "copied": lambda point: tuple(copy.deepcopy(point(1, name="a"))),
    "a field assigned": lambda point: _assigned(point(1), "x"),
    "something else assigned": lambda point: _assigned(point(1), "z"),
    "described": lambda point: point.__doc__,
}


def _outcome(use: Callable[[Any], Any], point: Any) -> Any:
    try:
        return use(point)
    except Exception as error:
        return type(error)


@pytest.mark.parametrize("name", USES)
def test_as_in_the_standard_library(name: str) -> None:
    assert _outcome(USES[name], Own) == _outcome(USES[name], Standard)


def test_what_was_wrong_in_a_call_is_said() -> None:
    with pytest.raises(TypeError, match="Own takes x, y, name; given: "):
        Own()  # type: ignore[call-arg]
