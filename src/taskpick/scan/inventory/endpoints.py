"""Which functions a web server runs for a request."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskpick.scan.parsing.modules import Function, Module
    from taskpick.scan.reading.project import Project

_ROUTES = re.compile(
    r"(.*\(\)|.*\b(app|router|api\w*|\w+_router))\.(get|post|put|patch|delete|head|options|websocket|"
    r"websocket_route|api_route|route|middleware|on_event|exception_handler)"
)
_SERVERS = ("fastapi.FastAPI", "fastapi.APIRouter", "starlette.applications.Starlette")


class Endpoints:
    """The endpoints of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._verbs: dict[Function, str] = {}

    def verb(self, function: Function) -> str:
        """What makes a function run for a request, as `get`; empty if nothing does."""
        if function not in self._verbs:
            self._verbs[function] = self._verb(function)
        return self._verbs[function]

    def _verb(self, function: Function) -> str:
        for decorator in function.decorators:
            name = self._project.canonical(decorator.name, function.module)
            if not _ROUTES.fullmatch(name):
                continue
            owner, _, verb = name.rpartition(".")
            if owner.removesuffix("()") in _SERVERS:
                return verb
            path = decorator.arguments[0] if decorator.arguments else None
            is_path = isinstance(path, ast.Constant) and str(path.value)[:1] in ("/", "")
            if is_path and _imports_server(function.module):
                return verb
        return ""


def _imports_server(module: Module) -> bool:
    return any(name.startswith(("fastapi.", "starlette.")) for name in module.names.values())
