"""Tasks that a function of the project queues by their names: `enqueue_job("mail", …)`."""

from __future__ import annotations

import ast
import re
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from taskpick.scan import systems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskpick.scan.inventory.work import Work
    from taskpick.scan.parsing.modules import Call, Function
    from taskpick.scan.reading.project import Project

_QUEUES = re.compile(
    "enqueue|dispatch|defer|delay|(queue|run|schedule|send|start|submit)_(actor|job|task)"
)
"""What such functions are called, in small letters: to ignore case takes three times as long."""


def sends(project: Project, work: Sequence[Work]) -> Iterator[tuple[Call, Work, Function]]:
    """The calls that are given the name of one task, the task, and the function that queues it."""
    queued = [one for one in work if one.system not in systems.IN_PROCESS]
    counts = Counter(one.task_name for one in queued)
    named = {one.task_name: one for one in queued if counts[one.task_name] == 1}
    called = list(project.calls_by_name) if named else ()
    names = [name for name in called if _QUEUES.search(name.lower())]
    for call in chain.from_iterable(map(project.calls_named, names)):
        match call.arguments[:1]:
            case (ast.Constant(value=str(name)),) if name in named:
                if function := project.function(call.name, call.function.module):
                    yield call, named[name], function
