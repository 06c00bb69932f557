"""What leaving options out changes for several kinds of work: what each would be the pick for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.decision.decide import Status, decide
from taskpick.decision.restriction import left_out
from taskpick.wording import as_few

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskpick.decision.tasks import Task, Workload

HEADING = "What may not be used"


def sentences(workload: Workload) -> list[str]:
    """A sentence for each option that is left out for some of the work."""
    whole = workload.rules.unrestricted
    lines = []
    for option in whole.options:
        tasks = [task for task in workload.tasks if option in left_out(task.decision.rules)]
        if tasks:
            picked = [task.name for task in tasks if _outcome(task) == option]
            possible = [task.name for task in tasks if option in _possible(task)]
            parts = [f"would be the pick for {as_few(picked)}"] if picked else []
            parts += [f"might be the pick for {as_few(possible)}"] if possible else []
            changed = " and ".join(parts)
            with_it = f"With all options it {changed}" if parts else "That changes no pick"
            lines.append(f"{whole.name_of(option)} is left out. {with_it}.")
    return lines


def _outcome(task: Task) -> str:
    return decide(task.decision.rules.unrestricted, task.decision.inputs).outcome


def _possible(task: Task) -> Iterable[str | None]:
    """The options that open answers could make the pick among all options."""
    among_all = decide(task.decision.rules.unrestricted, task.decision.inputs)
    return among_all.counts if among_all.status is Status.UNDECIDED else []
