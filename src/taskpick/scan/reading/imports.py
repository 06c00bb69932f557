"""What the names at the top of a file stand for."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskpick.scan.reading.modules import Module


class Imports(ast.NodeVisitor):
    """Names that exist before anything is called: imports wherever they are, and definitions."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.owner = ""

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name.partition(".")[0]
            self.module.names[alias.asname or top] = alias.name if alias.asname else top

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        source = node.module or ""
        if node.level:
            parts = self.module.name.split(".")
            up = len(parts) - node.level + self.module.is_package
            source = ".".join([*parts[: max(up, 0)], *([source] if source else [])])
        for alias in node.names:
            self.module.names[alias.asname or alias.name] = f"{source}.{alias.name}"

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if not self.owner:
            self.module.names[node.name] = f"{self.module.name}.{node.name}"
        before, self.owner = self.owner, f"{self.owner}.{node.name}"
        self.generic_visit(node)
        self.owner = before

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.visit_FunctionDef(node)  # type: ignore[arg-type]

    def visit_Assign(self, node: ast.Assign) -> None:
        if not self.owner:
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self.module.names[target.id] = f"{self.module.name}.{target.id}"

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if not self.owner and isinstance(node.target, ast.Name):
            self.module.names[node.target.id] = f"{self.module.name}.{node.target.id}"

    def visit_Expr(self, node: ast.Expr) -> None:
        """Expressions define nothing."""
