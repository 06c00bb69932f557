"""What the names at the top of a file stand for."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskpick.scan.parsing.modules import imported_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskpick.scan.parsing.modules import Module

BODIES = frozenset(("body", "handlers", "orelse", "finalbody", "cases"))
"""What holds the statements within a statement."""


def read_names(module: Module, body: Iterable[ast.AST], *, is_top: bool = True) -> None:
    """Note names that exist before anything is called: imports wherever they are, and definitions.

    Only statements are looked at: expressions define nothing here.
    """
    own = f"{module.name}."
    for node in body:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    top = alias.name.partition(".")[0]
                    module.names[alias.asname or top] = alias.name if alias.asname else top
            case ast.ImportFrom():
                _import_from(module, node)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                if is_top:
                    module.names[node.name] = own + node.name
                read_names(module, node.body, is_top=False)
            case ast.Assign(targets=targets, value=value):
                if is_top:
                    names_ = (target.id for target in targets if isinstance(target, ast.Name))
                    assigned = {name: own + name for name in names_}
                    # What is None where it cannot be imported is what it is where it can.
                    is_none = isinstance(value, ast.Constant) and value.value is None
                    module.names |= (assigned | module.names) if is_none else assigned
            case ast.AnnAssign(target=ast.Name(id=name)):
                if is_top:
                    module.names[name] = own + name
            case _:
                for field in node._fields:
                    if field in BODIES:
                        read_names(module, getattr(node, field), is_top=is_top)


def _import_from(module: Module, node: ast.ImportFrom) -> None:
    source = imported_path(node.module or "", node.level, module.file)
    if node.names[0].name == "*":
        module.stars.append(source)
    for alias in node.names:
        module.names[alias.asname or alias.name] = f"{source}.{alias.name}"
