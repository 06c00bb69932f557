"""A kind of background work, and what starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.scan import systems
from taskpick.scan.parsing.modules import last_part

if TYPE_CHECKING:
    import ast

    from taskpick.scan.parsing.modules import Call, Function, Module


class Start(NamedTuple):
    """A call that starts work."""

    system: str
    call: Call
    target: Function | None
    """What is started; None where the code does not show it."""
    text: str
    """What is started, as it is written there."""
    schedule: str
    """`cron` or `delayed`; empty where it begins at once."""
    wrapped: bool = False
    """Whether a function of the project sends it, which may wait with that."""
    sends: Work | None = None
    """The work of a queue that what is started only sends: `add_job(tidy.send)`."""

    @property
    def waits_for_commit(self) -> bool:
        """Whether it sends once the transaction is committed, or may be a part of it."""
        return last_part(self.call.name) in (*systems.ON_COMMIT, "EnqueueOptions")


class Work:
    """A kind of background work: a task that is defined, or a function that is started."""

    def __init__(self, system: str, name: str, module: Module, line: int) -> None:
        self.system = system
        self.name = name
        self.module = module
        self.line = line
        self.function: Function | None = None
        self.options: dict[str, ast.expr] = {}
        self.given_name = ""
        """The name that its options give it; empty if they give none."""
        self.through = ""
        """The decorator of the project that defines it; empty if it is the system's own."""
        self.starts: list[Start] = []
        self.schedule = ""
        """`cron` or `delayed`; empty where nothing says so."""
        self.schedule_at: tuple[str, int] | None = None

    @property
    def file(self) -> str:
        return self.module.file

    @property
    def is_class(self) -> bool:
        """Whether a class defines it, in which options are attributes."""
        return self.function is not None and self.function.name == f"{self.name}.run"

    @property
    def is_loop(self) -> bool:
        """Whether it goes on in a loop until it is stopped, at the latest with its process."""
        is_loop = self.function is not None and self.function.is_loop
        return is_loop and self.system in systems.IN_PROCESS

    @property
    def ends_with_caller(self) -> bool:
        """Whether each function that starts it also waits for it or cancels it."""
        calls = [start.call for start in self.starts]
        return (
            self.system in systems.IN_PROCESS
            and all(call.line in call.function.module.ended for call in calls)
            and bool(calls)
        )

    @property
    def waits_for_commit(self) -> bool:
        """Whether each start waits until the transaction is committed, as Huey can."""
        decorators = self.function.decorators if self.function else []
        return any(last_part(decorator.name) == "on_commit_task" for decorator in decorators)

    @property
    def task_name(self) -> str:
        """The name by which it is sent: the one it was given, or its path."""
        if self.given_name:
            return self.given_name
        if self.system == "dbos":
            return self.name
        if self.system in ("arq", "saq", "temporal"):
            return last_part(self.name)
        if self.is_class:
            return f"{self.module.name}.{self.name}"
        return self.function.path if self.function else self.name
