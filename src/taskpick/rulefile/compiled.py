"""A value as compiled Python that makes it anew, which takes half as long as reading a pickle.

As trustworthy as a compiled module: who can change the bytes can run code.
"""

from __future__ import annotations

import marshal
from enum import Enum
from types import MappingProxyType
from typing import Any


def dumps(value: object) -> bytes:
    """The bytes of a value: named tuples, enums, mappings and what else a rule file consists of."""
    names: dict[str, str] = {}
    source = _source(value, names)
    return marshal.dumps(compile("\n".join([*names.values(), f"value = {source}"]), "", "exec"))


def loads(data: bytes) -> Any:
    """The value of those bytes, which this very Python has made.

    Raises:
        EOFError, TypeError, ValueError: they are cut off.
    """
    names = {"new": tuple.__new__, "view": MappingProxyType}
    exec(marshal.loads(data), names)  # noqa: S102, S302
    return names["value"]


def _source(value: object, names: dict[str, str]) -> str:
    """An expression for a value, and the lines that give it the `names` it uses."""
    kind = type(value)
    match value:
        case Enum():
            member = f"{kind.__name__}_{value.name}"  # the lookup in the class is slow
            names[kind.__name__] = f"from {kind.__module__} import {kind.__name__}"
            names[member] = f"{member} = {kind.__name__}.{value.name}"
            return member
        case MappingProxyType():
            return f"view({_source(dict(value), names)})"
        case dict():
            items = (f"{key!r}: {_source(item, names)}" for key, item in value.items())
            return f"{{{', '.join(items)}}}"
        case tuple():
            items = (f"{_source(item, names)}, " for item in value)
            plain = f"({''.join(items)})"
            if kind is tuple:
                return plain
            names[kind.__name__] = f"from {kind.__module__} import {kind.__name__}"
            return f"new({kind.__name__}, {plain})"
        case None | str() | int():
            return repr(value)
    raise TypeError(f"no value of a rule file: {value!r}")
