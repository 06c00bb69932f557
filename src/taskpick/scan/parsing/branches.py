"""The blocks and branches of a file: what is around a call, and what was done before it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskpick.scan.parsing.expressions import tested_names
from taskpick.scan.parsing.modules import Block
from taskpick.scan.parsing.resolver import Resolver

if TYPE_CHECKING:
    from taskpick.scan.parsing.modules import Module


class Branches(Resolver):
    """A walk that knows the blocks and the tests around the place where it is."""

    def __init__(self, module: Module) -> None:
        super().__init__(module)
        self.blocks: list[Block] = []
        self.tested: frozenset[str] = frozenset()

    def visit(self, node: ast.AST) -> None:
        """Go on within a node."""
        raise NotImplementedError

    def visit_all(self, nodes: list[ast.stmt]) -> None:
        for node in nodes:
            self.visit(node)

    def with_block(self, node: ast.With | ast.AsyncWith) -> None:
        before = len(self.blocks)
        for item in node.items:
            self.visit(item.context_expr)
            context = item.context_expr
            called, options = context, frozenset[str]()
            if isinstance(context, ast.Call):
                called = context.func
                options = frozenset(keyword.arg or "" for keyword in context.keywords)
            self.blocks.append(Block(self.dotted(called), options, context.lineno, False))
            if isinstance(item.optional_vars, ast.Name) and (path := self.dotted(context)):
                names = self.locals[-1] if self.locals else self.module.names
                names[item.optional_vars.id] = path
        self.visit_all(node.body)
        del self.blocks[before:]

    def branches(self, node: ast.If) -> None:
        """Branches are no sequence: what one writes was not written before the other."""
        self.visit(node.test)
        before, tested = list(self.blocks), self.tested
        self.tested |= set(tested_names(node.test))
        self.visit_all(node.body)
        after, self.blocks = self.blocks, before
        self.visit_all(node.orelse)
        self.tested = tested
        pairs = zip(self.blocks, after, strict=True)
        self.blocks = [max(pair, key=lambda block: block.after_write) for pair in pairs]

    def cases(self, node: ast.Match) -> None:
        self.visit(node.subject)
        before, wrote = list(self.blocks), list(self.blocks)
        for case in node.cases:
            self.blocks = list(before)
            self.visit_all(case.body)
            wrote = [
                max(p, key=lambda b: b.after_write) for p in zip(wrote, self.blocks, strict=True)
            ]
        self.blocks = wrote
