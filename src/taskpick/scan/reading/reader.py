"""Reads the syntax tree of a file once, from top to bottom, into a `Module`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskpick.scan.reading.imports import Imports
from taskpick.scan.reading.modules import (
    WRITES,
    Block,
    Call,
    Decorator,
    Function,
    Module,
    Parameter,
    Setting,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(tree: ast.Module, file: str, name: str) -> Module:
    """What the tree of a file says; nothing of the tree is kept but the calls.

    Raises:
        RecursionError: it is nested too deeply.
    """
    module = Module(file, name)
    Imports(module).visit(tree)
    _Reader(module).visit_all(tree.body)
    return module


class _Reader:
    """One walk through the file, from top to bottom."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.function = module.top
        self.owner: list[str] = []
        """The classes and functions around what is read."""
        self.class_name = ""
        self.locals: list[dict[str, str]] = []
        self.blocks: list[Block] = []
        self.deferred = False
        self.tested: frozenset[str] = frozenset()

    def visit_all(self, nodes: list[ast.stmt]) -> None:
        for node in nodes:
            self.visit(node)

    def visit(self, node: ast.AST) -> None:
        method = getattr(self, f"_{type(node).__name__}", None)
        if method:
            method(node)
        else:
            for child in ast.iter_child_nodes(node):
                self.visit(child)

    # Names

    def dotted(self, node: ast.AST | None) -> str:
        """What an expression stands for; empty where that cannot be said."""
        match node:
            case ast.Name(id=name):
                for names in reversed(self.locals):
                    if name in names:
                        return names[name]
                return self.module.names.get(name, name)
            case ast.Attribute(value=value, attr=attr):
                if isinstance(value, ast.Name) and value.id in ("self", "cls") and self.class_name:
                    return f"{self.module.name}.{self.class_name}.{attr}"
                before = self.dotted(value)
                return f"{before}.{attr}" if before else ""
            case ast.Call(func=ast.Attribute(attr="register_task"), args=[task]):
                return self.dotted(task)
            case ast.Call(func=func, args=args):
                name = self.dotted(func)
                if name == "functools.partial" and args:
                    return self.dotted(args[0])
                return f"{name}()" if name else ""
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self.dotted(value)
            case ast.Subscript(value=value):
                return self.dotted(value)
        return ""

    def _annotation(self, node: ast.expr | None) -> tuple[str, str]:
        """The type of a parameter, and what it depends on."""
        match node:
            case ast.Constant(value=str(text)) if text.replace(".", "").isidentifier():
                return self.dotted(ast.parse(text, mode="eval").body), ""
            case ast.BinOp(left=left, op=ast.BitOr()):
                return self._annotation(left)
            case ast.Subscript(value=value, slice=inner):
                outer = self.dotted(value)
                if outer.endswith("Annotated") and isinstance(inner, ast.Tuple):
                    depends = (self._depends(extra) for extra in inner.elts[1:])
                    return self.dotted(inner.elts[0]), next(filter(None, depends), "")
                return self._annotation(inner) if outer.endswith("Optional") else (outer, "")
        return self.dotted(node), ""

    def _depends(self, node: ast.expr | None) -> str:
        if isinstance(node, ast.Call) and self.dotted(node.func).endswith(("Depends", "Security")):
            return self.dotted(node.args[0]) if node.args else ""
        return ""

    # Definitions

    def _FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:  # noqa: N802
        for decorator in node.decorator_list:
            self.visit(decorator)
        is_async = isinstance(node, ast.AsyncFunctionDef)
        name = ".".join([*self.owner, node.name])
        made = Function(self.module, name, node.lineno, is_async=is_async)
        if self.locals:
            self.locals[-1][node.name] = made.path
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            made.decorators.append(Decorator(self.dotted(called), decorator))
        names = self._parameters(node.args, made)
        self.module.functions[name] = made
        before = self.function, self.blocks, self.deferred, self.tested
        self.function, self.deferred, self.tested = made, False, frozenset()
        self.blocks = [Block(d.name, d.node, d.node.lineno, False) for d in made.decorators]
        self.owner.append(node.name)
        self.locals.append(names)
        self.visit_all(node.body)
        self.locals.pop()
        self.owner.pop()
        self.function, self.blocks, self.deferred, self.tested = before

    _AsyncFunctionDef = _FunctionDef

    def _parameters(self, arguments: ast.arguments, made: Function) -> dict[str, str]:
        """The parameters, noted at the function, and what their names stand for."""
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults: dict[str, ast.expr | None] = {
            one.arg: default
            for one, default in zip(
                reversed(positional), reversed(arguments.defaults), strict=False
            )
        }
        defaults |= {
            one.arg: value
            for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        }
        extra = [one for one in (arguments.vararg, arguments.kwarg) if one]
        names = {one.arg: f"?{one.arg}" for one in extra}
        for one in [*positional, *arguments.kwonlyargs]:
            annotation, depends = self._annotation(one.annotation)
            depends = depends or self._depends(defaults.get(one.arg))
            made.parameters[one.arg] = Parameter(annotation, depends)
            names[one.arg] = f"{annotation}()" if annotation else f"?{one.arg}"
        return names

    def _ClassDef(self, node: ast.ClassDef) -> None:  # noqa: N802
        for decorator in node.decorator_list:
            self.visit(decorator)
        before = self.class_name
        self.owner.append(node.name)
        self.class_name = ".".join(self.owner)
        self.module.bases[self.class_name] = [self.dotted(base) for base in node.bases]
        self.visit_all(node.body)
        self.owner.pop()
        self.class_name = before

    # Statements

    def _Assign(self, node: ast.Assign) -> None:  # noqa: N802
        for target in node.targets:
            self._assign(target, node.value, "")

    def _AnnAssign(self, node: ast.AnnAssign) -> None:  # noqa: N802
        self._assign(node.target, node.value, self._annotation(node.annotation)[0])

    def _assign(self, target: ast.expr, value: ast.expr | None, annotation: str) -> None:
        name = target.id if isinstance(target, ast.Name) else "*"
        if value:
            self._value(value, name)
        stands_for = self.dotted(value) or (f"{annotation}()" if annotation else "")
        if isinstance(target, ast.Attribute):
            self.visit(target.value)
            path = self.dotted(target).removeprefix(f"{self.module.name}.")
            if path.partition(".")[0] == self.class_name.partition(".")[0] and self.class_name:
                self.module.assigned.setdefault(path, stands_for)
        elif isinstance(target, ast.Name) and self.locals:
            self.locals[-1][name] = stands_for or f"?{name}"
        elif isinstance(target, ast.Name):
            self.module.assigned[".".join([*self.owner, name])] = stands_for
        if isinstance(target, ast.Name) and value:
            self.function.values[name] = value
            if not self.locals:
                self.module.values[name] = value
        if value and not (isinstance(target, ast.Name) and self.locals):
            self._setting(target, value)

    def _setting(self, target: ast.expr, value: ast.expr) -> None:
        name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
        if name:
            self.module.settings.append(Setting(name, value, self.module, target.lineno))

    def _value(self, node: ast.expr, kept: str) -> None:
        """An expression of which it is known what becomes of its value."""
        awaited = isinstance(node, ast.Await)
        inner = node.value if isinstance(node, ast.Await) else node
        if isinstance(inner, ast.Call):
            self._called(inner, kept=kept, awaited=awaited)
        else:
            self.visit(inner)

    def _Expr(self, node: ast.Expr) -> None:  # noqa: N802
        self._value(node.value, "")

    def _Await(self, node: ast.Await) -> None:  # noqa: N802
        self._value(node, "*")

    def _Return(self, node: ast.Return) -> None:  # noqa: N802
        if node.value:
            self.visit(node.value)
            self.function.returns = self.dotted(node.value) or self.function.returns

    def _Yield(self, node: ast.Yield) -> None:  # noqa: N802
        self.function.is_generator = True
        if node.value:
            self.visit(node.value)

    def _With(self, node: ast.With | ast.AsyncWith) -> None:  # noqa: N802
        before = len(self.blocks)
        for item in node.items:
            self.visit(item.context_expr)
            context = item.context_expr
            called = context.func if isinstance(context, ast.Call) else context
            self.blocks.append(Block(self.dotted(called), context, context.lineno, False))
            if isinstance(item.optional_vars, ast.Name) and self.locals:
                self.locals[-1][item.optional_vars.id] = self.dotted(context)
        self.visit_all(node.body)
        del self.blocks[before:]

    _AsyncWith = _With

    def _If(self, node: ast.If) -> None:  # noqa: N802
        """Branches are no sequence: what one writes was not written before the other."""
        self.visit(node.test)
        before, tested = list(self.blocks), self.tested
        self.tested |= set(_names(node.test))
        self.visit_all(node.body)
        after, self.blocks = self.blocks, before
        self.visit_all(node.orelse)
        self.tested = tested
        pairs = zip(self.blocks, after, strict=True)
        self.blocks = [max(pair, key=lambda block: block.after_write) for pair in pairs]

    def _Match(self, node: ast.Match) -> None:  # noqa: N802
        self.visit(node.subject)
        before, wrote = list(self.blocks), list(self.blocks)
        for case in node.cases:
            self.blocks = list(before)
            self.visit_all(case.body)
            wrote = [
                max(p, key=lambda b: b.after_write) for p in zip(wrote, self.blocks, strict=True)
            ]
        self.blocks = wrote

    # Expressions

    def _Lambda(self, node: ast.Lambda) -> None:  # noqa: N802
        before, self.deferred = self.deferred, True
        self.visit(node.body)
        self.deferred = before

    def _Name(self, node: ast.Name) -> None:  # noqa: N802
        self.function.used.add(node.id)

    def _Attribute(self, node: ast.Attribute) -> None:  # noqa: N802
        self.function.attributes.add(node.attr)
        self.visit(node.value)

    def _Call(self, node: ast.Call) -> None:  # noqa: N802
        self._called(node, kept="*", awaited=False)

    def _called(self, node: ast.Call, *, kept: str, awaited: bool) -> None:
        name, blocks = self.dotted(node.func), tuple(self.blocks)
        attr = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        found = Call(name, node, self.function, awaited, kept, blocks, self.deferred, self.tested)
        self.function.calls.append(found)
        if attr == "add_done_callback":
            # This keeps a task no longer, and waits for it no more, than nothing would.
            self.function.attributes.add(attr)
        else:
            self.visit(node.func)
        for child in [*node.args, *(keyword.value for keyword in node.keywords)]:
            if not (attr in ("add", "append") and isinstance(child, ast.Name)):
                self.visit(child)
        if attr in WRITES:
            self.blocks = [block._replace(after_write=True) for block in self.blocks]
        if attr == "update" and name.endswith(".conf.update"):
            for keyword in node.keywords:
                if keyword.arg:
                    self._setting(ast.Name(keyword.arg, lineno=keyword.value.lineno), keyword.value)


def _names(node: ast.AST) -> Iterator[str]:
    """The names that an expression tests, but for what a call is given."""
    if isinstance(node, ast.Name):
        yield node.id
    elif not isinstance(node, ast.Call):
        for child in ast.iter_child_nodes(node):
            yield from _names(child)
