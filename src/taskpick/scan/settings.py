"""What settings and start-up commands say: brokers, limits, schedules, and which processes run."""

from __future__ import annotations

import ast
import re
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from taskpick.scan.files import startup_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.definitions import Work
    from taskpick.scan.files import Files
    from taskpick.scan.modules import Module, Setting
    from taskpick.scan.work import Inventory

_OLD_NAMES = {
    "celeryd_task_time_limit": "task_time_limit",
    "celeryd_task_soft_time_limit": "task_soft_time_limit",
    "celeryd_time_limit": "task_time_limit",
    "celerybeat_schedule": "beat_schedule",
    "acks_late": "task_acks_late",
    "annotations": "task_annotations",
    "broker": "broker_url",
    "reject_on_worker_lost": "task_reject_on_worker_lost",
}
KEYS = frozenset(
    [
        "broker_url",
        "task_time_limit",
        "task_soft_time_limit",
        "task_serializer",
        "accept_content",
        "beat_schedule",
        "task_acks_late",
        "task_reject_on_worker_lost",
        "task_retry_on_worker_lost",
        "broker_transport_options",
        "task_annotations",
        "task_cls",
    ]
)
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
_PROCESS = re.compile(
    r"\b(celery\b[^#\n|&;]*?\b(worker|beat|flower|multi)\b|rq\s+worker|manage\.py\s+rqworker|rqworker|"
    r"rqscheduler|rq\s+scheduler|dramatiq\s+[\w.:-]+|huey_consumer|run_huey|taskiq\s+(worker|scheduler)|"
    r"arq\s+[\w.]+|saq\s+[\w.]+|procrastinate\b[^#\n]*\bworker|gunicorn|uvicorn|hypercorn|"
    r"fastapi\s+run|periodiq)\b"
)
_SEVERAL = re.compile(r"(?:--workers[= ]|(?<!\S)-w[= ]?)(\d+)")
_FASTAPI = re.compile(
    r"""fastapi(?:-slim)?(?:\[[^\]]*\])?["']?\s*(?:==|version\s*=\s*"|=\s*")\s*"?(\d+)\.(\d+)""",
    re.I,
)
_LOCKED = re.compile(r"""name = "fastapi"\nversion = "(\d+)\.(\d+)""")


class Unknown:
    """A value that the code does not show."""


UNKNOWN = Unknown()


class Value(NamedTuple):
    """What a setting is set to, and where."""

    value: Any
    """`UNKNOWN` where the code does not show it."""
    file: str
    line: int


class Command(NamedTuple):
    """A command that starts a process."""

    program: str
    text: str
    file: str
    line: int

    @property
    def web_workers(self) -> int:
        """How many processes of a web server it starts, as far as it says so."""
        found = _SEVERAL.search(self.text)
        web = self.program in ("gunicorn", "uvicorn", "hypercorn", "fastapi run")
        return int(found.group(1)[:4]) if web and found else 1


class Settings:
    """The settings of a project, and its start-up commands."""

    def __init__(self, inventory: Inventory) -> None:
        self.values: dict[str, list[Value]] = {}
        self.commands: list[Command] = []
        self.has_unseen = False
        """Whether settings come from where they cannot be read."""
        project = inventory.project
        for module in project.modules.values():
            for setting in module.settings:
                self._add(setting.name, setting.value, setting)
        for call in project.calls():
            self.has_unseen |= call.name.endswith((".config_from_envvar", ".config_from_cmdline"))
            if not call.name.endswith("Celery"):
                continue
            name = project.canonical(call.name, call.function.module)
            if name in ("celery.Celery", "celery.app.Celery", "celery.app.base.Celery"):
                for keyword in call.node.keywords:
                    if keyword.arg:
                        self._note(
                            _key(keyword.arg), keyword.value, call.function.module, call.line
                        )
        self._schedule(inventory)
        for file, text in startup_texts(project.files):
            self.commands += commands(file, text)
        self.fastapi = _fastapi_version(project.files)

    def _add(self, name: str, value: ast.expr, setting: Setting) -> None:
        is_named = name.isupper() or setting.module.file.endswith(("celeryconfig.py", "config.py"))
        if name in ("CELERY", "CELERY_CONFIG") and isinstance(value, ast.Dict):
            for key, inner in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    self._note(_key(key.value), inner, setting.module, inner.lineno)
        elif is_named or _key(name) == name:
            self._note(_key(name), value, setting.module, setting.line)

    def _note(self, key: str, node: ast.expr, module: Module, line: int) -> None:
        if key in KEYS:
            value = node if key == "beat_schedule" else evaluate(node, module)
            found = Value(value, module.file, line)
            if found not in self.values.setdefault(key, []):
                self.values[key].append(found)

    def _schedule(self, inventory: Inventory) -> None:
        """Note at the work what Celery's beat starts."""
        named = {work.task_name: work for work in inventory.work if work.system == "celery"}
        for found in self.values.get("beat_schedule", []):
            entries = found.value.values if isinstance(found.value, ast.Dict) else []
            for entry in entries:
                pairs = zip(entry.keys, entry.values, strict=True) if _is_dict(entry) else ()
                for key, value in pairs:
                    name = getattr(value, "value", "")
                    if getattr(key, "value", "") == "task" and isinstance(name, str):
                        work = named.get(name) or _by_end(named, name)
                        if work:
                            work.schedule = "cron"
                            work.schedule_at = (found.file, value.lineno)
        for call in inventory.calls_named("add_periodic_task"):
            signature = call.argument(1, "sig")
            if isinstance(signature, ast.Call) and (work := inventory.signed(signature, call)):
                work.schedule, work.schedule_at = "cron", (call.function.module.file, call.line)

    def get(self, key: str) -> Value | None:
        """The value of a setting; None where it has none, or several that differ."""
        found = self.values.get(key, [])
        return found[0] if found and all(one.value == found[0].value for one in found) else None

    @property
    def broker(self) -> Value | None:
        """The kind of server that Celery's messages go through, by the scheme of its address."""
        for found in self.values.get("broker_url", []):
            if isinstance(found.value, str) and (kind := _kind(found.value)):
                return found._replace(value=kind)
        return None


def _is_dict(node: ast.expr) -> TypeGuard[ast.Dict]:
    return isinstance(node, ast.Dict)


def _by_end(named: dict[str, Work], name: str) -> Work | None:
    """The only work whose path ends in a name: code may lie below what is scanned."""
    found = [work for path, work in named.items() if path.endswith(f".{name}")]
    return found[0] if len(found) == 1 else None


def _key(name: str) -> str:
    """The name of a setting as Celery writes it today."""
    key = name.lower().removeprefix("celery_")
    return _OLD_NAMES.get(key, key)


def _kind(address: str) -> str:
    scheme = address.partition(":")[0].partition("+")[0].lower()
    return _SCHEMES.get(scheme, "")


def evaluate(node: ast.expr | None, module: Module, depth: int = 0) -> Any:
    """The value of an expression that is written out; of a text its beginning suffices.

    Defaults of environment variables count: they are what holds where nothing is set.
    """
    if depth > 8:
        return UNKNOWN
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [evaluate(item, module, depth + 1) for item in items]
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return {
                k.value: evaluate(v, module, depth + 1)
                for k, v in pairs
                if isinstance(k, ast.Constant)
            }
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return text
        case ast.Name(id=name) if name in module.values:
            return evaluate(module.values[name], module, depth + 1)
        case ast.BinOp():
            return _computed(node, module, depth)
        case ast.Call(func=func, args=args, keywords=keywords):
            name = getattr(func, "attr", getattr(func, "id", ""))
            default = next((k.value for k in keywords if k.arg == "default"), None)
            if default is None and len(args) > 1 and name in _READS_ENVIRONMENT:
                default = args[1]
            if default is not None and name in _READS_ENVIRONMENT:
                return evaluate(default, module, depth + 1)
            if name in ("int", "float", "str") and len(args) == 1:
                value = evaluate(args[0], module, depth + 1)
                return int(value) if name == "int" and str(value).isdecimal() else value
    return UNKNOWN


_READS_ENVIRONMENT = frozenset(
    [
        "get",
        "getenv",
        "env",
        "str",
        "int",
        "bool",
        "config",
        "url",
        "broker_url",
        "get_env",
        "getvar",
        "cache_url",
        "list",
    ]
)


def _computed(node: ast.BinOp, module: Module, depth: int) -> Any:
    left = evaluate(node.left, module, depth + 1)
    if isinstance(left, str):
        return left
    right = evaluate(node.right, module, depth + 1)
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return UNKNOWN
    match node.op:
        case ast.Mult():
            return left * right
        case ast.Add():
            return left + right
    return UNKNOWN


def commands(file: str, text: str) -> Iterator[Command]:
    """The commands in a text that start workers, schedulers and web servers."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        first, line = at, lines[at]
        while line.rstrip().endswith("\\") and at + 1 < len(lines):
            at += 1
            line = f"{line.rstrip()[:-1]} {lines[at].strip()}"
        at += 1
        plain = " ".join(re.sub(r"""["',\[\]]+""", " ", line).split())
        if plain.lstrip().startswith(("#", "RUN ", "pip ", "-r ")) or "pip install" in plain:
            continue
        if found := _PROCESS.search(plain):
            program = " ".join(found.group(1).split())
            if program.startswith("celery"):
                program = f"celery {found.group(2)}"
            yield Command(program, plain[found.start() :].strip()[:400], file, first + 1)


def words(command: Command) -> list[str]:
    """The words of a command, also of one that a shell would not take."""
    try:
        return shlex.split(command.text)
    except ValueError:
        return command.text.split()


def _fastapi_version(files: Files) -> tuple[int, int] | None:
    """The version of FastAPI that is pinned; None if none is, or several are."""
    found = set()
    for file in files.requirements:
        text = (files.read(file) or b"").decode("utf-8", "replace")
        pattern = _LOCKED if file.endswith(".lock") else _FASTAPI
        found |= {(int(major), int(minor)) for major, minor in pattern.findall(text)}
    return found.pop() if len(found) == 1 else None
