"""Which of several options a system is: Huey with its queue in Redis is not Huey on SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.scan.parsing.values import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.inventory.work import Work
    from taskpick.scan.reading.project import Project


def variant(work: Work, project: Project) -> str:
    """What runs it, as `huey-redis`; empty where the name of the system says all."""
    for decorator in work.function.decorators if work.function and work.system == "huey" else ():
        name = project.canonical(decorator.name, work.module)
        classes = _of_django(project) if name.startswith("huey.contrib.djhuey.") else [name]
        if all("Redis" in each for each in classes):
            return "huey-redis"
    return ""


def _of_django(project: Project) -> Iterator[str]:
    """The class that the settings of Django name; Huey's own default is Redis."""
    for module in project.modules.values():
        if "HUEY" in module.values:
            value = evaluate(module.values["HUEY"], module)
            named = value.get("huey_class", "RedisHuey") if isinstance(value, dict) else ""
            yield str(named) or module.assigned.get("HUEY", "")
