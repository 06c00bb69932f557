"""What the names in a file stand for, where they are used."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskpick.scan.parsing.modules import Decorator, Parameter, last_part
from taskpick.scan.systems import DEFINITION_WORDS

if TYPE_CHECKING:
    from taskpick.scan.parsing.modules import Module


class Resolver:
    """The names at one place of a file: those of the file, and of the functions around."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.class_name = ""
        self.locals: list[dict[str, str]] = []

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
                if len(args) == 1 and last_part(name).removesuffix("()") in DEFINITION_WORDS:
                    return self._defined(args[0]) or f"{name}()"
                return f"{name}()" if name else ""
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self.dotted(value)
            case ast.Subscript(value=value):
                return self.dotted(value)
        return ""

    def _defined(self, given: ast.expr) -> str:
        """The function that becomes work by such a call: `task = app.task(function)`."""
        path = self.dotted(given) if isinstance(given, ast.Name | ast.Attribute) else ""
        return "" if path.startswith("?") else path

    def decorators(self, nodes: list[ast.expr]) -> list[Decorator]:
        """The decorators of a function or a class."""
        called = [node.func if isinstance(node, ast.Call) else node for node in nodes]
        return [
            Decorator(self.dotted(name), node) for name, node in zip(called, nodes, strict=True)
        ]

    def annotation(self, node: ast.expr | None) -> tuple[str, str]:
        """The type of a parameter, and what it depends on."""
        match node:
            case ast.Constant(value=str(text)) if text.replace(".", "").isidentifier():
                return self.dotted(ast.parse(text, mode="eval").body), ""
            case ast.BinOp(left=left, op=ast.BitOr()):
                return self.annotation(left)
            case ast.Subscript(value=value, slice=inner):
                outer = self.dotted(value)
                if outer.endswith("Annotated") and isinstance(inner, ast.Tuple):
                    depends = (self.depends(extra) for extra in inner.elts[1:])
                    return self.dotted(inner.elts[0]), next(filter(None, depends), "")
                return self.annotation(inner) if outer.endswith("Optional") else (outer, "")
        return self.dotted(node), ""

    def depends(self, node: ast.expr | None) -> str:
        """The function that FastAPI calls for a parameter with this default; empty without one."""
        if isinstance(node, ast.Call) and self.dotted(node.func).endswith(("Depends", "Security")):
            return self.dotted(node.args[0]) if node.args else ""
        return ""

    def parameters(self, node: ast.arguments) -> tuple[dict[str, Parameter], dict[str, str]]:
        """The parameters of a function, and what their names stand for in it."""
        positional = [*node.posonlyargs, *node.args]
        defaults: dict[str, ast.expr | None] = {
            argument.arg: default
            for argument, default in zip(
                reversed(positional), reversed(node.defaults), strict=False
            )
        }
        defaults |= {
            argument.arg: value
            for argument, value in zip(node.kwonlyargs, node.kw_defaults, strict=True)
        }
        extra = [argument for argument in (node.vararg, node.kwarg) if argument]
        parameters, names = {}, {argument.arg: f"?{argument.arg}" for argument in extra}
        for argument in [*positional, *node.kwonlyargs]:
            annotation, depends = self.annotation(argument.annotation)
            depends = depends or self.depends(defaults.get(argument.arg))
            parameters[argument.arg] = Parameter(annotation, depends)
            names[argument.arg] = f"{annotation}()" if annotation else f"?{argument.arg}"
        return parameters, names
