"""The inventory: every kind of background work of a code base, and where it is started."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from taskpick.scan import systems
from taskpick.scan.inventory import by_name, handed_on, schedules
from taskpick.scan.inventory.attributes import Attributes
from taskpick.scan.inventory.callers import names
from taskpick.scan.inventory.constants import text
from taskpick.scan.inventory.definitions import Definitions
from taskpick.scan.inventory.endpoints import Endpoints
from taskpick.scan.inventory.work import Start, Work
from taskpick.scan.parsing.modules import last_part

if TYPE_CHECKING:
    from taskpick.scan.parsing.modules import Call, Function
    from taskpick.scan.reading.project import Project

_ROUNDS = 4
"""How often files are looked for that hold the names found in others."""
_OPTIONS = re.compile(r"(\.(configure|kicker|with_(labels|task_id|schedule_id|broker))\(\))+$")
"""What sets options of a send before it."""


class Inventory:
    """All background work of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.endpoints = Endpoints(project)
        self.starts: list[Start] = []
        """The calls that send work, as far as it is known how.

    Signatures only describe it, and how a function of the project queues a task by its name is
    not looked into.
    """
        self._attributes = Attributes(project)
        self._defined = Definitions(project)
        self.work = self._defined.work
        self._wrappers: dict[str, systems.Start] = {}
        self._wrapper_names: set[str] = set()
        self._huey: set[str] = set()
        project.parse_first()
        in_use = project.systems_in_use()
        self._start_words = systems.start_words(in_use)
        self._methods = frozenset[str]().union(*map(systems.methods, in_use))
        """What is called on work, to start it or to describe a start."""
        for _ in range(_ROUNDS):
            self._defined.look()
            self._load_targets()
            self._defined.look()
            if not project.parse_users(names(self._defined, self.endpoints, self._sends)):
                break
        self._start()
        for work in self.work:
            if schedule := schedules.of_decorators(work):
                work.schedule, work.schedule_at = schedule

    def work_of(self, function: Function | None) -> Work | None:
        """The task that a function is; None if it is none."""
        return self._defined.of.get(function) if function else None

    def _load_targets(self) -> None:
        """Parse the files of what is started by a method of its own, where nothing else led."""
        for method in sorted(self._methods):
            for call in self.project.calls_named(method):
                self.project.function(_object_of(call), call.function.module)

    def _sends(self, call: Call) -> bool:
        """Whether a call sends work, or starts an asyncio task that it drops."""
        if last_part(call.name) in ("create_task", "ensure_future"):
            return not call.assigned_to and self._spelled(call) is not None
        return bool(self._spelled(call) or self._started_itself(call))

    # What is started

    def _start(self) -> None:
        self._huey = {work.name for work in self.work if work.system == "huey"}
        calls = list(self.project.calls())
        for call in calls:
            if last_part(call.name) in self._start_words:
                self._find_wrapper(call, self._spelled(call))
        for name in sorted(self._wrapper_names):
            for call in self.project.calls_named(name):  # a wrapper of a wrapper
                self._find_wrapper(call, self._wrapper(call))
        words = self._start_words | self._methods | self._huey | self._wrapper_names
        for call in calls:
            if last_part(call.name) in words and (start := self._started(call)):
                handed, is_all = handed_on.starts(self.project, start)
                for each in handed if is_all else (start, *handed):
                    self._count(each)
                if last_part(call.name) not in systems.SIGNATURE_WORDS:
                    self.starts.append(start)
        known = {id(start.call) for work in self.work for start in work.starts}
        for call, work, _ in by_name.sends(self.project, self.work):
            if id(call) not in known:
                work.starts.append(self._start_of(work, call)._replace(wrapped=True))

    def _find_wrapper(self, call: Call, spelled: systems.Start | None) -> None:
        """Note a function of the project that sends what it is given."""
        function = call.function
        if spelled is None or spelled.system in systems.IN_PROCESS or not function.name:
            return
        target = call.argument(spelled.position, spelled.keyword)
        names = list(function.parameters)
        if isinstance(target, ast.Name) and target.id in names:
            position = names.index(target.id)
            position -= names[0] in ("self", "cls")
            wrapper = systems.Start(spelled.system, spelled.pattern, position, target.id)
            self._wrappers[function.path] = wrapper
            self._wrapper_names.add(last_part(function.name))

    def _wrapper(self, call: Call) -> systems.Start | None:
        """How a call of a function of the project that sends what it is given starts work."""
        if last_part(call.name) not in self._wrapper_names:
            return None
        function = self.project.function(call.name, call.function.module)
        return self._wrappers.get(function.path) if function else None

    def _spelled(self, call: Call) -> systems.Start | None:
        if last_part(call.name) not in self._start_words:
            return None
        return systems.start(self.project.canonical(call.name, call.function.module))

    def _started(self, call: Call) -> Start | None:
        spelled, wrapped = self._spelled(call), False
        if spelled is None:
            if start := self._started_itself(call):
                return start
            spelled, wrapped = self._wrapper(call), True
            if spelled is None:
                return None
        target = call.argument(spelled.position, spelled.keyword)
        if work := self._sent_by(target, call):
            return self._start_of(work, call)._replace(
                system=spelled.system,
                target=None,
                schedule=schedules.of_call(spelled.system, call),
                sends=work,
            )
        if _is_waited_for(spelled.system, call):
            return None
        if isinstance(target, ast.Name) and call.function.path in self._wrappers:
            return None  # counted where the wrapper is called
        if wrapped and target is None:
            return None  # the wrapper is handed what it sends in another way
        return self._made(spelled.system, call, target)._replace(wrapped=wrapped)

    def _started_itself(self, call: Call) -> Start | None:
        """A start by a method of the work: `send_mail.delay(…)`."""
        method = last_part(call.name)
        if method in self._methods and (before := _object_of(call)):
            near = call.function.module
            task = _OPTIONS.sub("", self.project.canonical(before, near))
            work = self.work_of(self.project.function(task, near))
            work = work or self._defined.of_class(before, near)
            if work is None and method == "kiq":
                work = self._attributes.task_of(before, self.work)
            if work and method in systems.methods(work.system):
                return self._start_of(work, call)
        if method in self._huey:
            work = self.work_of(self.project.function(call.name, call.function.module))
            if work and work.system == "huey":
                return self._start_of(work, call)
        return None

    def _start_of(self, work: Work, call: Call) -> Start:
        when = schedules.of_call(work.system, call)
        return Start(work.system, call, work.function, work.name, when)

    def _sent_by(self, node: ast.expr | None, call: Call) -> Work | None:
        """The work that a method sends which a call hands on: `add_job(tidy.send, …)`."""
        method = _without_partial(node)
        if not isinstance(method, ast.Attribute) or method.attr not in systems.METHOD_WORDS:
            return None
        name = call.function.dotted(method.value)
        work = self.work_of(self.project.function(name, call.function.module))
        return work if work and method.attr in systems.START_METHODS.get(work.system, ()) else None

    def _made(self, system: str, call: Call, node: ast.expr | None) -> Start:
        """A start whose work is named by an argument."""
        when = schedules.of_call(system, call)
        node = _without_partial(node)
        if node is not None and call.function.dotted(node) == "asyncio.run":
            node = _given_to(node, call)
        node = node.func if isinstance(node, ast.Call) else node
        name, near = call.function.dotted(node), call.function.module
        if sent := text(node, name, near, self.project):
            named = [work for work in self.work if work.task_name == sent]
            target = named[0].function if len(named) == 1 else None
            path = sent.replace(":", ".")  # of APScheduler: `app.jobs:tidy`
            return Start(system, call, target or self.project.function(path, near), sent, when)
        target = self.project.function(name, near) if name else None
        if target is None and (work := self._defined.of_class(name, near)):
            target = work.function
        written = ast.unparse(node) if node is not None else "?"
        return Start(system, call, target, written[:60], when)

    def _count(self, start: Start) -> None:
        """Count a start to its kind of work, which is made if it is not defined anywhere."""
        function = start.target
        work = start.sends or self.work_of(function)
        runs_here = start.system in systems.IN_PROCESS and not start.sends
        if work is None or (runs_here and work.system != start.system):
            name = function.name if function else start.text
            where = function.module if function else start.call.function.module
            line = function.line if function else start.call.line
            same = (
                w for w in self.work if (w.system, w.name, w.module) == (start.system, name, where)
            )
            work = next(same, None)
            if work is None:
                work = Work(start.system, name, where, line)
                work.function = function
                self.work.append(work)
                if (
                    function
                    and function not in self._defined.of
                    and start.system not in systems.IN_PROCESS
                ):
                    self._defined.of[function] = work
        work.starts.append(start)
        line_of_start = (start.call.function.module.file, start.call.line)
        if start.schedule == schedules.CRON or (start.schedule and not work.schedule):
            work.schedule, work.schedule_at = start.schedule, line_of_start

    def signed(self, node: ast.Call, call: Call) -> Work | None:
        """The task of a signature, `task.s(…)`, that is an argument of a call."""
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in ("s", "si"):
            return None
        name = call.function.dotted(node.func.value)
        return self.work_of(self.project.function(name, call.function.module))

    def is_retried(self, function: Function) -> bool:
        """Whether something outside of a task retries it: `task.retry(…)`."""
        return any(
            self.project.function(call.name.rpartition(".")[0], call.function.module) is function
            for call in self.project.calls_named("retry")
        )


def _object_of(call: Call) -> str:
    """What a method is called on, without options: of `task.configure(…).defer()` the task."""
    return _OPTIONS.sub("", call.name.rpartition(".")[0])


def _without_partial(node: ast.expr | None) -> ast.expr | None:
    """The function that a partial is of; another expression as it is."""
    if isinstance(node, ast.Call) and node.args and last_part(ast.unparse(node.func)) == "partial":
        return node.args[0]
    return node


def _given_to(function: ast.expr, call: Call) -> ast.expr | None:
    """The first argument that a call hands on to a function that it starts."""
    match call.named("args"):
        case ast.Tuple(elts=[first, *_]) | ast.List(elts=[first, *_]):
            return first
    return next((after for one, after in pairwise(call.arguments) if one is function), None)


def _is_waited_for(system: str, call: Call) -> bool:
    """Whether who starts it waits for it, and so runs nothing in the background."""
    if system not in ("asyncio", "thread", "executor"):
        return False
    executor = call.name.rpartition(".")[0].removesuffix("()")
    is_in_block = any(block.name.removesuffix("()") == executor for block in call.blocks)
    is_waited = call.awaited or call.line in call.function.module.waited
    return is_waited or (system == "executor" and is_in_block)
