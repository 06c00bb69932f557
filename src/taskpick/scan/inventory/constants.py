"""The text that an expression is, or that a constant of the project holds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskpick.scan.parsing.modules import Module
    from taskpick.scan.reading.project import Project


def text(node: ast.expr | None, name: str, near: Module, project: Project) -> str:
    """The text that an expression is, or that the constant of that name holds; empty if neither."""
    if isinstance(node, ast.Name | ast.Attribute):
        constant = project.constant(name, near)
        node = constant[0] if constant else None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
