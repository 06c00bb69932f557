"""Which functions a web server runs for a request."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskpick.scan.parsing.modules import last_part

if TYPE_CHECKING:
    from taskpick.scan.parsing.modules import Function, Module
    from taskpick.scan.reading.project import Project

_ROUTES = re.compile(
    r"(.*\(\)|.*\b(app|router|api\w*|\w+_router))\.(get|post|put|patch|delete|head|options|websocket|"
    r"websocket_route|api_route|route|middleware|on_event|exception_handler)"
)
_ADDERS = {"add_api_route": "api_route", "add_api_websocket_route": "websocket"}
"""Methods of FastAPI and its routers that are given a function, and the decorators they equal."""
_SERVERS = ("fastapi.FastAPI", "fastapi.APIRouter", "starlette.applications.Starlette")


class Endpoints:
    """The endpoints of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._decorated: dict[Function, str] = {}
        self._added: dict[Function, str] = {}
        self._looked_at = 0

    def verb(self, function: Function) -> str:
        """What makes a function run for a request, as `get`; empty if nothing does."""
        if function not in self._decorated:
            self._decorated[function] = self._of_decorators(function)
        self._look()
        return self._decorated[function] or self._added.get(function, "")

    def _look(self) -> None:
        """Look at the calls that add an endpoint in files parsed since the last time."""
        calls = [call for name in _ADDERS for call in self._project.calls_named(name)]
        if len(calls) == self._looked_at:
            return
        self._looked_at = len(calls)
        for call in calls:
            name = call.function.dotted(call.argument(1, "endpoint"))
            if function := self._project.function(name, call.function.module):
                self._added[function] = _ADDERS[last_part(call.name)]

    def _of_decorators(self, function: Function) -> str:
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
