"""A template as a tree of tuples, made with Jinja's own parser; what is not allowed is refused.

A node of the tree is a tuple: the name of the method of `template_evaluator.Evaluator` that runs
it, then its parts. This is the only module that imports Jinja, and only a template that is new
needs it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, TemplateSyntaxError, nodes

from taskpick.starter.template_tree import FILTERS, TemplateError

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskpick.starter.template_tree import Node, Tree

_LARGEST_NUMBER = 2**63


class _NotAllowed(Exception):
    """What a template may not use, with its line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse(text: str, name: str) -> Tree:
    """The tree of a template.

    Raises:
        TemplateError: it does not parse, or uses what is not allowed.
    """
    try:
        return _body(_environment().parse(text, name).body)
    except TemplateSyntaxError as error:
        message = error.message or "does not parse"
        raise TemplateError(message, name, error.lineno) from None
    except _NotAllowed as error:
        raise TemplateError(str(error), name, error.line) from None
    except RecursionError:
        raise TemplateError("is nested too deeply", name) from None
    except ValueError as error:  # a number with thousands of digits
        raise TemplateError(str(error), name) from None


@cache
def _environment() -> Environment:
    return Environment(  # noqa: S701  nothing is rendered with it
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )


def _body(statements: list[nodes.Node]) -> Tree:
    tree: list[Node] = []
    for statement in statements:
        if isinstance(statement, nodes.Output):
            tree.extend(_output(part) for part in statement.nodes)
        else:
            tree.append(_translate(statement, _STATEMENTS))
    return tuple(tree)


def _output(part: nodes.Expr) -> Node:
    if isinstance(part, nodes.TemplateData):
        return "text", part.data
    return "output", part.lineno, _expression(part)


def _expression(node: nodes.Node) -> Node:
    return _translate(node, _EXPRESSIONS)


def _translate(node: nodes.Node, known: dict[type[nodes.Node], Callable[[Any], Node]]) -> Node:
    if translate := known.get(type(node)):
        return translate(node)
    raise _NotAllowed(f"'{type(node).__name__}' is not allowed in a starter", node.lineno)


def _expressions(parts: list[Any]) -> tuple[Node, ...]:
    return tuple(map(_expression, parts))


def _if(node: nodes.If) -> Node:
    branches = tuple(
        (branch.lineno, _expression(branch.test), _body(branch.body))
        for branch in (node, *node.elif_)
    )
    return "choose", branches, _body(node.else_)


def _for(node: nodes.For) -> Node:
    if node.recursive:
        raise _NotAllowed("a loop may not be recursive", node.lineno)
    for assign in node.find_all(nodes.Assign):
        # Jinja forgets it after each turn, which surprises everybody.
        raise _NotAllowed("'set' is not allowed inside a loop", assign.lineno)
    test = _expression(node.test) if node.test else None
    counts = any(name.name == "loop" for part in node.body for name in _names(part))
    items = _expression(node.iter)
    body, otherwise = _body(node.body), _body(node.else_)
    return "repeat", node.lineno, _target(node.target), items, test, counts, body, otherwise


def _names(node: nodes.Node) -> list[nodes.Name]:
    return [*([node] if isinstance(node, nodes.Name) else []), *node.find_all(nodes.Name)]


def _target(node: nodes.Node) -> Any:
    """A name, or a tuple of what is assigned to its parts."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Tuple):
        return tuple(map(_target, node.items))
    raise _NotAllowed(f"'{type(node).__name__}' cannot be assigned to", node.lineno)


def _include(node: nodes.Include) -> Node:
    if node.ignore_missing or not node.with_context:
        raise _NotAllowed("'include' takes the name of a file and no more", node.lineno)
    name = node.template.value if isinstance(node.template, nodes.Const) else None
    # Else a template could show any file beside the rule file, secrets among them.
    if not isinstance(name, str) or not any(p.startswith("_") for p in name.split("/")[:-1]):
        message = "'include' takes a file of a folder whose name starts with '_'"
        raise _NotAllowed(message, node.lineno)
    return "include", node.lineno, name


def _const(node: nodes.Const) -> Node:
    if type(node.value) is int and node.value >= _LARGEST_NUMBER:
        raise _NotAllowed("a number is too large", node.lineno)
    return "const", node.value


def _conditional(node: nodes.CondExpr) -> Node:
    otherwise = _expression(node.expr2) if node.expr2 else None
    return "conditional", _expression(node.test), _expression(node.expr1), otherwise


def _compare(node: nodes.Compare) -> Node:
    pairs = tuple((operand.op, _expression(operand.expr)) for operand in node.ops)
    return "compare", _expression(node.expr), pairs


def _filter(node: nodes.Filter) -> Node:
    if node.name not in FILTERS or node.node is None:
        known = ", ".join(FILTERS)
        raise _NotAllowed(f"there is no filter '{node.name}'; known: {known}", node.lineno)
    if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) > (node.name == "join"):
        raise _NotAllowed(f"too many arguments for '{node.name}'", node.lineno)
    return "filtered", node.name, _expression(node.node), _expressions(node.args)


def _dict(node: nodes.Dict) -> Node:
    pairs = ((_expression(pair.key), _expression(pair.value)) for pair in node.items)
    return "mapping", tuple(pairs)


_STATEMENTS: dict[type[nodes.Node], Callable[[Any], Node]] = {
    nodes.If: _if,
    nodes.For: _for,
    nodes.Include: _include,
    nodes.Assign: lambda n: ("assign", n.lineno, _target(n.target), _expression(n.node)),
}
_EXPRESSIONS: dict[type[nodes.Node], Callable[[Any], Node]] = {
    nodes.Const: _const,
    nodes.TemplateData: lambda n: ("const", n.data),
    nodes.Name: lambda n: ("name", n.name),
    nodes.Getattr: lambda n: ("item", _expression(n.node), ("const", n.attr)),
    nodes.Getitem: lambda n: ("item", _expression(n.node), _expression(n.arg)),
    nodes.CondExpr: _conditional,
    nodes.Compare: _compare,
    nodes.And: lambda n: ("both", _expression(n.left), _expression(n.right)),
    nodes.Or: lambda n: ("either", _expression(n.left), _expression(n.right)),
    nodes.Not: lambda n: ("negation", _expression(n.node)),
    nodes.Concat: lambda n: ("concat", _expressions(n.nodes)),
    nodes.Filter: _filter,
    nodes.List: lambda n: ("sequence", False, _expressions(n.items)),
    nodes.Tuple: lambda n: ("sequence", True, _expressions(n.items)),
    nodes.Dict: _dict,
}
