"""What every detector looks at, and how it says what it finds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.scan import systems
from taskpick.scan.findings import Finding, Step, rules
from taskpick.scan.reading.files import startup_texts

if TYPE_CHECKING:
    from taskpick.scan.evidence.settings import Settings
    from taskpick.scan.inventory.inventory import Inventory
    from taskpick.scan.inventory.work import Work
    from taskpick.scan.parsing.modules import Call, Module
    from taskpick.scan.reading.project import Project


class Code(NamedTuple):
    """What the rules look at."""

    project: Project
    inventory: Inventory
    settings: Settings

    @property
    def all_read(self) -> bool:
        """Whether nothing is unread that may hold what a rule misses."""
        return not self.project.files.unread and not self.settings.has_unseen

    @property
    def has_general_limit(self) -> bool:
        """Whether settings or a start-up file give all tasks of Celery a time limit."""
        keys = {"task_time_limit", "task_soft_time_limit"}
        texts = startup_texts(self.project.files)
        return bool(keys & self.settings.values.keys()) or any("time-limit" in t for _, t in texts)

    @property
    def pools(self) -> set[str]:
        """What the workers of Celery run tasks in, such as `prefork`; empty texts are not known."""
        stated = {str(setting.value) for setting in self.settings.values.get("worker_pool", [])}
        general = "" if len(stated) > 1 else next(iter(stated), "prefork")
        workers = [
            c for c in self.settings.commands if c.program in ("celery worker", "celery multi")
        ]
        return {command.pool or general for command in workers} or {general}


def hazard(rule: str, file: str, line: int, message: str, *steps: Step) -> Finding:
    return Finding(rule, rules()[rule].severity, file, line, message, steps)


def hazard_at(rule: str, call: Call, message: str, *steps: Step) -> Finding:
    return hazard(rule, call.function.module.file, call.line, message, *steps)


def defined(work: Work) -> Step:
    return Step(work.file, work.line, f"{work.name} is a task of {systems.NAMES[work.system]}")


def inherits(code: Code, work: Work, *names: str) -> bool:
    """Whether a task has one of the names from a class of the project, or might have it."""
    classes: list[tuple[str, Module]] = []
    if base := work.options.get("base"):
        name = ast.unparse(base)
        first, _, rest = name.partition(".")
        path = work.module.names.get(first, first) + (f".{rest}" if rest else "")
        classes.append((path, work.module))
    for setting in code.settings.values.get("task_cls", []):
        if not isinstance(setting.value, str):
            return True
        classes.append((setting.value.replace(":", "."), work.module))
    for path, near in classes:
        members = code.project.members(path, near)
        if members is None or members & set(names):
            return True
    return False
