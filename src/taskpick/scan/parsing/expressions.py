"""What is kept of the expressions in a file."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskpick.scan.parsing.modules import Keyword

if TYPE_CHECKING:
    from collections.abc import Iterator


_SIMPLE = (ast.Name, ast.Attribute, ast.Constant)


def arguments(
    node: ast.Call, *, is_detailed: bool
) -> tuple[tuple[ast.expr | None, ...], tuple[Keyword, ...]]:
    """The arguments of a call, of which only the simple ones are kept unless it is looked at."""

    def simplified(value: ast.expr) -> ast.expr | None:
        is_kept = is_detailed and not isinstance(value, ast.Starred)
        return value if is_kept or isinstance(value, _SIMPLE) else None

    keywords = tuple(Keyword(keyword.arg, simplified(keyword.value)) for keyword in node.keywords)
    return tuple(map(simplified, node.args)), keywords


def tested_names(node: ast.AST) -> Iterator[str]:
    """The names that an expression tests, but for what a call is given."""
    if isinstance(node, ast.Name):
        yield node.id
    elif not isinstance(node, ast.Call):
        for child in ast.iter_child_nodes(node):
            yield from tested_names(child)


def is_beat_entry(node: ast.Dict) -> bool:
    """Whether a mapping looks like an entry of Celery's schedule, wherever it stands."""
    return {"task", "schedule"} <= _keys(node)


def dbos_call(node: ast.Dict, names: dict[str, str]) -> str:
    """The call of DBOS that a mapping stands for, wherever it stands; empty if it is none.

    It is one for `DBOS.apply_schedules`, or the options of a client's `enqueue`.
    """
    keys = _keys(node)
    if {"schedule_name", "workflow_fn"} <= keys:
        return "dbos.DBOS.create_schedule"
    is_send = {"queue_name", "workflow_name"} <= keys
    return "dbos.EnqueueOptions" if is_send and _imports_dbos(names) else ""


def _imports_dbos(names: dict[str, str]) -> bool:
    return any(name.partition(".")[0] == "dbos" for name in names.values())


def _keys(node: ast.Dict) -> set[object]:
    return {key.value for key in node.keys if isinstance(key, ast.Constant)}
