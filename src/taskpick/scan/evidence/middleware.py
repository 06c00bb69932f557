"""Whether Dramatiq tries failed tasks again: its own middleware does, another list may not."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskpick.scan.parsing.setting_names import MIDDLEWARE
from taskpick.scan.systems import DRAMATIQ_BROKERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.parsing.modules import Module
    from taskpick.scan.reading.project import Project

_RETRIES = re.compile(r"\b(Retries|default_middleware)\b")


def retries(project: Project) -> bool:
    """Whether every list of middleware in a project names what tries again; also where none is."""
    return all(_names_retries(value, module) for value, module in _lists(project))


def _lists(project: Project) -> Iterator[tuple[ast.expr | None, Module]]:
    """The lists that brokers are given, and those that are assigned to one later."""
    for name in DRAMATIQ_BROKERS:
        for call in project.calls_named(name):
            if any(passed.name == MIDDLEWARE for passed in call.keywords):
                yield call.named(MIDDLEWARE), call.function.module
    for module in project.modules.values():
        for setting in module.settings:
            is_variable = MIDDLEWARE in module.values  # of FastAPI, say
            if setting.name == MIDDLEWARE and not is_variable:
                yield setting.value, module


def _names_retries(node: ast.expr | None, module: Module) -> bool:
    if isinstance(node, ast.Name):
        node = module.values.get(node.id)
    return isinstance(node, ast.List | ast.Tuple) and bool(_RETRIES.search(ast.unparse(node)))
