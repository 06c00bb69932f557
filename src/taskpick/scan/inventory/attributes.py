"""Tasks of Taskiq that attributes hold: those of a worker, or what somebody was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.scan.parsing.modules import last_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskpick.scan.inventory.work import Work
    from taskpick.scan.reading.project import Project


class Attributes:
    """What the names of attributes stand for in the files of a project that were parsed."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._given: dict[str, set[str]] = {}
        """The last names of what calls are given as a keyword."""
        self._looked_at = 0

    def task_of(self, path: str, work: Sequence[Work]) -> Work | None:
        """The only task that an attribute may be: `mail` of `self.mail`.

        It has the name of the attribute, or is what that name stands for in every call that has it
        as a keyword: `Sender(task=worker.mail)`.
        """
        self._look()
        name = last_part(path)
        tasks = [one for one in work if one.system == "taskiq"]
        is_own = any(last_part(one.name) == name for one in tasks)
        names = {name} if is_own else self._given.get(name, set()) - {name}  # handed on again
        named = [one for one in tasks if names == {last_part(one.name)}]
        return named[0] if len(named) == 1 else None

    def _look(self) -> None:
        """Look at all files again where some were parsed since the last time."""
        if len(self._project.modules) == self._looked_at:
            return
        self._looked_at = len(self._project.modules)
        for call in self._project.calls():
            for keyword in call.keywords:
                value = keyword.value
                named = getattr(value, "attr", getattr(value, "id", ""))
                self._given.setdefault(keyword.name or "", set()).add(named)
