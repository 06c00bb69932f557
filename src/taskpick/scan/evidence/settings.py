"""What settings and start-up commands say: brokers, limits, schedules, and which processes run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, TypeGuard

from taskpick.named_tuple import NamedTuple
from taskpick.scan.evidence.middleware import retries
from taskpick.scan.inventory.constants import text
from taskpick.scan.parsing.setting_names import KEYS, OBJECTS, key
from taskpick.scan.parsing.values import evaluate
from taskpick.scan.reading.files import startup_texts
from taskpick.scan.startup.commands import Command, commands, fastapi_version

if TYPE_CHECKING:
    from taskpick.scan.inventory.inventory import Inventory
    from taskpick.scan.inventory.work import Work
    from taskpick.scan.parsing.modules import Module, Setting
    from taskpick.scan.reading.project import Project

_SCHEMES = {
    "redis": "Redis",
    "rediss": "Redis",
    "sentinel": "Redis",
    "amqp": "RabbitMQ",
    "amqps": "RabbitMQ",
    "pyamqp": "RabbitMQ",
    "sqs": "Amazon SQS",
    "memory": "memory",
    "filesystem": "files",
    "postgresql": "PostgreSQL",
}
_AWAIT_TASKS = {"celery_aio_pool", "celery_pool_asyncio"}


class Value(NamedTuple):
    """What a setting is set to, and where."""

    value: Any
    """`UNKNOWN` where the code does not show it."""
    file: str
    line: int


class Settings:
    """The settings of a project, and its start-up commands."""

    def __init__(self, inventory: Inventory) -> None:
        self.values: dict[str, list[Value]] = {}
        self.commands: list[Command] = []
        self.has_unseen = False
        """Whether settings come from where they cannot be read."""
        self.awaits_tasks = False
        """Whether a library lets Celery await the tasks that are coroutines."""
        project = inventory.project
        _load_schedules(project)
        for module in project.modules.values():
            tops = {name.partition(".")[0] for name in module.names.values()}
            self.awaits_tasks |= bool(tops & _AWAIT_TASKS)
            for setting in module.settings:
                self._add(setting.name, setting.value, setting)
        for call in project.calls():
            self.has_unseen |= call.name.endswith((".config_from_envvar", ".config_from_cmdline"))
            if not call.name.endswith("Celery"):
                continue
            name = project.canonical(call.name, call.function.module)
            if name in ("celery.Celery", "celery.app.Celery", "celery.app.base.Celery"):
                for keyword in call.keywords:
                    if keyword.name and keyword.value:
                        self._note(
                            key(keyword.name), keyword.value, call.function.module, call.line
                        )
        self._schedule(inventory)
        for file, script in startup_texts(project.files):
            self.commands += commands(file, script)
        self.fastapi = fastapi_version(project.files)
        self.dramatiq_retries = retries(project)
        """Whether Dramatiq tries failed tasks again, unless a task says otherwise."""

    def _add(self, name: str, value: ast.expr, setting: Setting) -> None:
        is_named = name.isupper() or setting.module.file.endswith(("celeryconfig.py", "config.py"))
        if name in OBJECTS and isinstance(value, ast.Dict):
            for name_, inner in zip(value.keys, value.values, strict=True):
                if isinstance(name_, ast.Constant) and isinstance(name_.value, str):
                    self._note(key(name_.value), inner, setting.module, inner.lineno)
        elif is_named or key(name) == name:
            self._note(key(name), value, setting.module, setting.line)

    def _note(self, name: str, node: ast.expr, module: Module, line: int) -> None:
        if name in KEYS:
            whole = name in ("task_routes", "task_default_queue")
            value = node if name == "beat_schedule" else evaluate(node, module, whole=whole)
            setting = Value(value, module.file, line)
            if setting not in self.values.setdefault(name, []):
                self.values[name].append(setting)

    def _schedule(self, inventory: Inventory) -> None:
        """Note at the work what Celery's beat starts."""
        named = {work.task_name: work for work in inventory.work if work.system == "celery"}
        for setting in self.values.get("beat_schedule", []):
            near = inventory.project.modules[setting.file]
            entries = setting.value.values if isinstance(setting.value, ast.Dict) else []
            for entry in entries:
                pairs = zip(entry.keys, entry.values, strict=True) if _is_dict(entry) else ()
                for option, value in pairs:
                    if getattr(option, "value", "") == "task":
                        name = text(value, near.top.dotted(value), near, inventory.project)
                        if work := named.get(name) or _by_end(named, name):
                            work.schedule = "cron"
                            work.schedule_at = (setting.file, value.lineno)
        for call in inventory.project.calls_named("add_periodic_task"):
            signature = call.argument(1, "sig")
            if isinstance(signature, ast.Call) and (work := inventory.signed(signature, call)):
                work.schedule, work.schedule_at = "cron", (call.function.module.file, call.line)

    def get(self, name: str) -> Value | None:
        """The value of a setting; None where it has none, or several that differ."""
        values = self.values.get(name, [])
        return (
            values[0]
            if values and all(setting.value == values[0].value for setting in values)
            else None
        )

    @property
    def broker(self) -> Value | None:
        """The kind of server that Celery's messages go through, by the scheme of its address."""
        for setting in self.values.get("broker_url", []):
            if isinstance(setting.value, str) and (kind := _kind(setting.value)):
                return setting._replace(value=kind)
        return None


def _load_schedules(project: Project) -> None:
    """Parse the files that hold what the schedule of Celery's beat is made of."""
    for module in list(project.modules.values()):
        for setting in module.settings:
            if key(setting.name) == "beat_schedule":
                for node in ast.walk(setting.value):
                    if isinstance(node, ast.Name | ast.Attribute):
                        project.definition(module.top.dotted(node), module)


def _is_dict(node: ast.expr) -> TypeGuard[ast.Dict]:
    return isinstance(node, ast.Dict)


def _by_end(named: dict[str, Work], name: str) -> Work | None:
    """The only work whose path ends in a name: code may lie below what is scanned."""
    matching = [work for path, work in named.items() if path.endswith(f".{name}")]
    return matching[0] if len(matching) == 1 else None


def _kind(address: str) -> str:
    scheme = address.partition(":")[0].partition("+")[0].lower()
    return _SCHEMES.get(scheme, "")
