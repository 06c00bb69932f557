"""Reads the syntax tree of a file once, from top to bottom, into a `Module`."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from taskpick.scan.parsing import setting_names
from taskpick.scan.parsing.branches import Branches
from taskpick.scan.parsing.expressions import arguments, dbos_call, is_beat_entry
from taskpick.scan.parsing.flow import waiting
from taskpick.scan.parsing.flow.loops import is_loop
from taskpick.scan.parsing.imports import read_names
from taskpick.scan.parsing.modules import (
    WRITES,
    Block,
    Call,
    Function,
    Keyword,
    Module,
    Setting,
    last_part,
)
from taskpick.scan.systems import DETAILED

if TYPE_CHECKING:
    from collections.abc import Callable


def read(tree: ast.Module, file: str, name: str) -> Module:
    """What the tree of a file says; of the tree itself little is kept.

    Raises:
        RecursionError: it is nested too deeply.
    """
    module = Module(file, name)
    read_names(module, tree.body)
    _Reader(module).visit_all(tree.body)
    return module


class _Reader(Branches):
    """One walk through the file."""

    def __init__(self, module: Module) -> None:
        super().__init__(module)
        self.function = module.top
        self.owner: list[str] = []
        """The classes and functions around what is read."""
        self.deferred = False

    def visit(self, node: ast.AST) -> None:
        method = _VISITORS.get(type(node))
        if method:
            method(self, node)
        else:
            self.visit_children(node)

    def visit_children(self, node: ast.AST) -> None:
        for field in node._fields:
            value = getattr(node, field, None)
            for child in value if isinstance(value, list) else (value,):
                if isinstance(child, ast.AST) and child._fields:
                    self.visit(child)

    # Definitions

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        is_async = isinstance(node, ast.AsyncFunctionDef)
        name = ".".join([*self.owner, node.name])
        function = Function(self.module, name, node.lineno, is_async=is_async)
        if self.locals:
            self.locals[-1][node.name] = function.path
        function.decorators = self.decorators(node.decorator_list)
        function.is_loop = is_loop(node.body)
        function.parameters, names = self.parameters(node.args)
        replaced = self.module.functions.get(name)
        if replaced and replaced.decorators:
            self.module.replaced.append(replaced)
        self.module.functions[name] = function
        before = self.function, self.blocks, self.deferred, self.tested
        self.function, self.deferred, self.tested = function, False, frozenset()
        self.blocks = [
            Block(d.name, frozenset(d.options), d.node.lineno, False) for d in function.decorators
        ]
        self.owner.append(node.name)
        self.locals.append(names)
        self.visit_all(node.body)
        self.locals.pop()
        self.owner.pop()
        self.function, self.blocks, self.deferred, self.tested = before
        if any(last_part(call.name) in waiting.STARTS for call in function.calls):
            waiting.note(self.module, node)

    def _class(self, node: ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        before = self.class_name
        self.owner.append(node.name)
        self.class_name = ".".join(self.owner)
        self.module.bases[self.class_name] = [self.dotted(base) for base in node.bases]
        if node.decorator_list:
            self.module.decorated[self.class_name] = self.decorators(node.decorator_list)
        self.visit_all(node.body)
        self.owner.pop()
        self.class_name = before

    # Statements

    def _assignment(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._assign(target, node.value, "")

    def _annotated(self, node: ast.AnnAssign) -> None:
        self._assign(node.target, node.value, self.annotation(node.annotation)[0])

    def _assign(self, target: ast.expr, value: ast.expr | None, annotation: str) -> None:
        name = target.id if isinstance(target, ast.Name) else "*"
        if value:
            self._value(value, name)
        stands_for = self.dotted(value) or (f"{annotation}()" if annotation else "")
        if isinstance(target, ast.Attribute):
            self.visit(target.value)
            path = self.dotted(target).removeprefix(f"{self.module.name}.")
            if path.partition(".")[0] == self.class_name.partition(".")[0] and self.class_name:
                self.module.assigned[path] = self.module.assigned.get(path) or stands_for
        elif isinstance(target, ast.Name) and self.locals:
            self.locals[-1][name] = stands_for or f"?{name}"
        elif isinstance(target, ast.Name):
            self.module.assigned[".".join([*self.owner, name])] = stands_for
        if isinstance(target, ast.Name) and value:
            self._row(name, value)
            if not self.locals:
                for path in (name, ".".join([*self.owner, name])):
                    self.module.values[path] = value
        if value and not (isinstance(target, ast.Name) and self.locals):
            self._setting(target, value)

    def _row(self, name: str, value: ast.expr) -> None:
        """Note that a name now is, or no longer is, a row of a database."""
        if isinstance(value, ast.Call) and _ROW.fullmatch(self.dotted(value.func)):
            self.function.rows[name] = value.lineno
        else:
            self.function.rows.pop(name, None)

    def _setting(self, target: ast.expr, value: ast.expr) -> None:
        name = setting_names.name_of(target)
        if setting_names.matters(name):
            self.module.settings.append(Setting(name, value, self.module, target.lineno))

    def _value(self, node: ast.expr, assigned_to: str) -> None:
        """An expression of which it is known what becomes of its value."""
        awaited = isinstance(node, ast.Await)
        inner = node.value if isinstance(node, ast.Await) else node
        if isinstance(inner, ast.Call):
            self._called(inner, assigned_to=assigned_to, awaited=awaited)
        else:
            self.visit(inner)

    def _statement(self, node: ast.Expr) -> None:
        self._value(node.value, "")

    def _await(self, node: ast.Await) -> None:
        self._value(node, "*")

    def _return(self, node: ast.Return) -> None:
        if node.value:
            self.visit(node.value)
            self.function.returns = self.dotted(node.value) or self.function.returns

    def _yield(self, node: ast.Yield) -> None:
        self.function.is_generator = True
        if node.value:
            self.visit(node.value)

    # Expressions

    def _lambda(self, node: ast.Lambda) -> None:
        before, self.deferred = self.deferred, True
        self.visit(node.body)
        self.deferred = before

    def _dict(self, node: ast.Dict) -> None:
        if is_beat_entry(node):
            schedule = ast.Dict([None], [node])
            self.module.settings.append(
                Setting("beat_schedule", schedule, self.module, node.lineno)
            )
        elif name := dbos_call(node, self.module.names):
            self._called_with(name, node)
        self.visit_children(node)

    def _called_with(self, name: str, node: ast.Dict) -> None:
        """Note a mapping as the call that has its keys as keywords."""
        pairs = zip(node.keys, node.values, strict=True)
        keywords = tuple(Keyword(str(k.value), v) for k, v in pairs if isinstance(k, ast.Constant))
        self.function.calls.append(
            Call(
                name=name,
                line=node.lineno,
                function=self.function,
                arguments=(),
                keywords=keywords,
                owner="",
                awaited=False,
                assigned_to="",
                receiver="",
                blocks=(),
                deferred=self.deferred,
                tested=self.tested,
            )
        )

    def _name(self, node: ast.Name) -> None:
        self.function.used.add(node.id)

    def _attribute(self, node: ast.Attribute) -> None:
        self.function.attributes.add(node.attr)
        self.visit(node.value)

    def _call(self, node: ast.Call) -> None:
        self._called(node, assigned_to="*", awaited=False)

    def _called(
        self, node: ast.Call, *, assigned_to: str, awaited: bool, receiver: str = ""
    ) -> None:
        func, name = node.func, self.dotted(node.func)
        attr = owner = ""
        if isinstance(func, ast.Attribute):
            attr, owner = func.attr, getattr(func.value, "id", "")
        is_detailed = (attr or name.rpartition(".")[2]) in DETAILED
        positional, keywords = arguments(node, is_detailed=is_detailed)
        self.function.calls.append(
            Call(
                name,
                node.lineno,
                self.function,
                positional,
                keywords,
                owner,
                awaited,
                assigned_to,
                receiver,
                tuple(self.blocks),
                self.deferred,
                self.tested,
            )
        )
        if attr == "add_done_callback":
            # This keeps a task no longer, and waits for it no more, than nothing would.
            self.function.attributes.add(attr)
        else:
            self.visit(func)
        for position, child in enumerate(node.args):
            if position == 0 and isinstance(child, ast.Call):
                self._called(child, assigned_to="*", awaited=False, receiver=name)
            elif not (attr in ("add", "append") and isinstance(child, ast.Name)):
                self.visit(child)
        for keyword in node.keywords:
            self.visit(keyword.value)
        if attr in WRITES:
            self.blocks = [block._replace(after_write=True) for block in self.blocks]
        if attr == "update" and name.endswith(".conf.update"):
            for keyword in node.keywords:
                if keyword.arg:
                    self._setting(ast.Name(keyword.arg, lineno=keyword.value.lineno), keyword.value)


_ROW = re.compile(r".*(\.objects\.(get|create|first)|get_object_or_404)")
"""What loads one row of a database."""


def _leaf(reader: _Reader, node: ast.AST) -> None:
    """What has nothing in it."""


_VISITORS: dict[type[ast.AST], Callable[[_Reader, Any], None]] = {
    ast.FunctionDef: _Reader._definition,
    ast.AsyncFunctionDef: _Reader._definition,
    ast.ClassDef: _Reader._class,
    ast.Assign: _Reader._assignment,
    ast.AnnAssign: _Reader._annotated,
    ast.Expr: _Reader._statement,
    ast.Await: _Reader._await,
    ast.Return: _Reader._return,
    ast.Yield: _Reader._yield,
    ast.With: _Reader.with_block,
    ast.AsyncWith: _Reader.with_block,
    ast.If: _Reader.branches,
    ast.Match: _Reader.cases,
    ast.Lambda: _Reader._lambda,
    ast.Dict: _Reader._dict,
    ast.Name: _Reader._name,
    ast.Attribute: _Reader._attribute,
    ast.Call: _Reader._call,
    **dict.fromkeys((ast.Constant, ast.Import, ast.ImportFrom), _leaf),
}
