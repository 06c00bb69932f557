"""The value of an expression, as far as the code writes it out."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taskpick.scan.parsing.modules import Module


class Unknown:
    """A value that the code does not show."""


UNKNOWN = Unknown()


def evaluate(node: ast.expr | None, module: Module, depth: int = 0, *, whole: bool = False) -> Any:
    """The value of an expression that is written out; of a text its beginning, or the whole.

    Defaults of environment variables count: they are what holds where nothing is set.
    """
    if depth > 8:
        return UNKNOWN
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [evaluate(item, module, depth + 1, whole=whole) for item in items]
        case ast.Dict(keys=keys, values=values):
            if whole and not all(isinstance(k, ast.Constant) for k in keys):
                return UNKNOWN
            pairs = zip(keys, values, strict=True)
            return {
                k.value: evaluate(v, module, depth + 1, whole=whole)
                for k, v in pairs
                if isinstance(k, ast.Constant)
            }
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) if not whole:
            return text
        case ast.Name(id=name) if name in module.values:
            return evaluate(module.values[name], module, depth + 1, whole=whole)
        case ast.BinOp():
            value = _computed(node, module, depth)
            return UNKNOWN if whole and isinstance(value, str) else value
        case ast.Call(func=func, args=args, keywords=keywords):
            name = getattr(func, "attr", getattr(func, "id", ""))
            default = next((k.value for k in keywords if k.arg == "default"), None)
            if default is None and len(args) > 1 and name in _READS_ENVIRONMENT:
                default = args[1]
            if default is not None and name in _READS_ENVIRONMENT:
                return evaluate(default, module, depth + 1, whole=whole)
            if name in ("int", "float", "str") and len(args) == 1:
                value = evaluate(args[0], module, depth + 1, whole=whole)
                return int(value) if name == "int" and str(value).isdecimal() else value
    return UNKNOWN


_READS_ENVIRONMENT = frozenset(
    [
        "get",
        "getenv",
        "env",
        "str",
        "int",
        "bool",
        "config",
        "url",
        "broker_url",
        "get_env",
        "getvar",
        "cache_url",
        "list",
    ]
)


def _computed(node: ast.BinOp, module: Module, depth: int) -> Any:
    left = evaluate(node.left, module, depth + 1)
    if isinstance(left, str):
        return left
    right = evaluate(node.right, module, depth + 1)
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return UNKNOWN
    match node.op:
        case ast.Mult():
            return left * right
        case ast.Add():
            return left + right
    return UNKNOWN
