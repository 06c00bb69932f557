"""The work that a code base defines: by decorators, by classes, and in the settings of workers."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskpick.scan import systems
from taskpick.scan.inventory.constants import text
from taskpick.scan.inventory.work import Work

if TYPE_CHECKING:
    from taskpick.scan.parsing.modules import Call, Decorator, Function, Module
    from taskpick.scan.reading.project import Project

_TASK_CLASS = re.compile(r"celery\.((app\.)?task\.)?Task|celery\.Celery\(\)\.Task")
_FUNC = ("arq.func", "arq.worker.func")
_NAMES = ("name", "actor_name", "task_name", "id")
"""Options that name the work."""
_DEEPEST = 4
"""How many names lie between a class and what an instance of it is called."""


class Definitions:
    """What is defined in the files of a project that were parsed."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.work: list[Work] = []
        self.of: dict[Function, Work] = {}
        """The work that a function is."""
        self._classes: dict[tuple[str, str], Work] = {}
        self._looked_at: set[str] = set()

    def look(self) -> None:
        """Look at the files that were parsed since the last time."""
        new = [m for file, m in self.project.modules.items() if file not in self._looked_at]
        self._looked_at.update(module.file for module in new)
        for module in new:
            for function in module.functions.values():
                if function.decorators and function not in self.of:
                    self._decorated(function)
        for module in new:
            self._task_classes(module)
            self._workflow_classes(module)
            self._listed(module)
        for word in systems.DEFINITION_WORDS:
            for call in (*self.project.calls_named(word), *self.project.calls_named(f"{word}()")):
                self._called_on(call)
        for word in systems.LIST_WORDS:
            for call in self.project.calls_named(word):
                self._listed_by(call)

    def _add(self, work: Work, function: Function) -> None:
        work.function = function
        given = next((work.options[key] for key in _NAMES if key in work.options), None)
        if given is not None:
            name = work.module.top.dotted(given)
            work.given_name = text(given, name, work.module, self.project)
        self.work.append(work)
        self.of[function] = work

    def _decorated(self, function: Function) -> None:
        for decorator in function.decorators:
            if not self.project.may_define(decorator.name, function.module):
                continue
            system = systems.definition(self.project.canonical(decorator.name, function.module))
            through = ""
            if not system and (system := self._decorates(decorator.name, function.module)):
                through = decorator.name
            if system:
                work = Work(system, function.name, function.module, function.line)
                work.options, work.through = decorator.options, through
                self._add(work, function)
                return

    def _called_on(self, call: Call) -> None:
        """A decorator that is called with a function: `app.task(…)(function)`.

        That of APScheduler may be given its name first: `configure_task("mail", func=mail)`.
        """
        module, name = call.function.module, call.name.removesuffix("()")
        first = call.argument(0, "func_or_task_id")
        given = call.named("func") or first
        system = systems.definition(self.project.canonical(name, module)) if given else ""
        if given is None or not system:
            return
        function = self.project.function(module.top.dotted(given), module)
        if function and function not in self.of:
            around = [call, *(c for c in call.function.calls if c.name == name)]
            work = Work(system, function.name, function.module, function.line)
            work.options = {
                keyword.name: keyword.value
                for each in around
                for keyword in each.keywords
                if each.line == call.line and keyword.name and keyword.value
            }
            if first and first is not given:
                work.options["task_name"] = first
            self._add(work, function)

    def _decorates(self, name: str, near: Module) -> str:
        """The system whose work a decorator of the project defines; empty if it does not."""
        wrapper = self.project.function(name, near)
        if wrapper is None or wrapper.module.file not in self.project.modules:
            return ""
        inner = [f for n, f in wrapper.module.functions.items() if n.startswith(f"{wrapper.name}.")]
        for function in [wrapper, *inner]:
            for call in function.calls:
                if self.project.may_define(call.name, function.module):
                    name = self.project.canonical(call.name, function.module)
                    if system := systems.definition(name):
                        return system
        return ""

    def _task_classes(self, module: Module) -> None:
        """Classes of Celery with a `run` of their own."""
        for name, bases in module.bases.items():
            function = module.functions.get(f"{name}.run")
            if not function or function in self.of:
                continue
            for base in bases:
                if _TASK_CLASS.fullmatch(self.project.canonical(base, module)):
                    work = Work("celery", name, module, function.line)
                    work.through = base
                    self._add(work, function)
                    self._classes[module.file, name] = work
                    break

    def _workflow_classes(self, module: Module) -> None:
        """Classes of Temporal, by the method that it runs."""
        if not self.project.imports("temporalio"):
            return
        for name, decorators in module.decorated.items():
            workflow = self._first(decorators, "temporalio.workflow.defn", module)
            if workflow is None:
                continue
            for path, function in module.functions.items():
                is_own = path.rpartition(".")[0] == name
                if is_own and self._first(function.decorators, "temporalio.workflow.run", module):
                    work = Work("temporal", name, module, function.line)
                    work.options = workflow.options
                    self._add(work, function)
                    self._classes[module.file, name] = work

    def _first(self, decorators: list[Decorator], name: str, near: Module) -> Decorator | None:
        """The first of the decorators that is the one of that name."""
        matching = (d for d in decorators if self.project.canonical(d.name, near) == name)
        return next(matching, None)

    def of_class(self, name: str, near: Module) -> Work | None:
        """The work that a class or an instance of it is, by a name for either."""
        for _ in range(_DEEPEST if self._classes else 0):
            name = self.project.starred(name, near) or name
            definition = self.project.definition(name, near)
            if definition is None:
                return None
            near, rest = definition
            plain = rest.replace("()", "")
            if work := self._classes.get((near.file, plain)):
                return work
            name = near.assigned.get(plain) or near.names.get(plain, plain)
        return None

    def _listed(self, module: Module) -> None:
        """Functions that a worker of arq or SAQ is given: `functions = […]`."""
        imported = {name.partition(".")[0] for name in module.names.values()}
        for setting in module.settings:
            if setting.name == "functions" and "arq" in imported:
                self._given("arq", setting.value, module)
            elif setting.name == "settings" and "saq" in imported:
                keys = setting.value if isinstance(setting.value, ast.Dict) else ast.Dict([], [])
                for key, value in zip(keys.keys, keys.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "functions":
                        self._given("saq", value, module)

    def _listed_by(self, call: Call) -> None:
        """Functions that a worker, or the settings of one, is called with."""
        module = call.function.module
        system, keyword = systems.LISTS.get(self.project.canonical(call.name, module), ("", ""))
        node = call.named(keyword) if system else None
        if node is not None:
            self._given(system, node, module)

    def _given(self, system: str, node: ast.expr, module: Module) -> None:
        for item in node.elts if isinstance(node, ast.List | ast.Tuple) else ():
            options: dict[str, ast.expr] = {}
            if isinstance(item, ast.Call) and item.args:
                name = self.project.canonical(module.top.dotted(item.func), module)
                if name not in _FUNC:
                    continue
                options = {keyword.arg: keyword.value for keyword in item.keywords if keyword.arg}
                item = item.args[0]
            function = self.project.function(module.top.dotted(item), module)
            if function and function not in self.of:
                work = Work(system, function.name, function.module, function.line)
                work.options = options
                self._add(work, function)
