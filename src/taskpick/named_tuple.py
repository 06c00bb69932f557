"""`typing.NamedTuple`, defined in a ninth of the time.

A command line pays for the definition of its classes at every start. That of the standard library
compiles each annotation and a constructor for each class; this one compiles nothing. Type checkers
see the one of the standard library, and what its classes can do, these can do as well.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple  # noqa: TID251
else:
    _new = tuple.__new__

    class _Definition(type):
        """Makes the fields of a class from its annotations."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            for index, field in enumerate(fields):
                body[field] = property(itemgetter(index))
            body |= {"_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            return super().__new__(cls, name, bases, {**body, "__slots__": ()})

    class NamedTuple(tuple, metaclass=_Definition):
        """A tuple whose fields have the names that the class annotates."""

        def __new__(cls, *values: Any, **named: Any) -> NamedTuple:
            if named or len(values) != len(cls._fields):
                values = _arranged(cls, values, named)
            return _new(cls, values)

        @classmethod
        def _make(cls, values: Any) -> NamedTuple:
            return cls(*values)

        def _replace(self, **changes: Any) -> NamedTuple:
            return type(self)(**{**self._asdict(), **changes})

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __reduce__(self) -> tuple[Any, ...]:
            return type(self), tuple(self)

        def __repr__(self) -> str:
            fields = ", ".join(f"{field}={value!r}" for field, value in self._asdict().items())
            return f"{type(self).__name__}({fields})"

    def _arranged(cls: Any, values: tuple[Any, ...], named: dict[str, Any]) -> list[Any]:
        """The values of the fields in their order, with the defaults of those not given."""
        given = dict(zip(cls._fields, values, strict=False))
        every = {**cls._field_defaults, **given, **named}
        if len(given) < len(values) or given.keys() & named or every.keys() != set(cls._fields):
            fields = ", ".join(cls._fields)
            raise TypeError(f"{cls.__name__} takes {fields}; given: {values}, {named}")
        return [every[field] for field in cls._fields]
