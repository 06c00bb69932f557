"""What leaving options out changes for several kinds of work: what each would be the pick for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.decision.decide import decide
from taskpick.decision.restriction import left_out
from taskpick.wording import as_few

if TYPE_CHECKING:
    from taskpick.decision.tasks import Workload

HEADING = "What may not be used"


def sentences(workload: Workload) -> list[str]:
    """A sentence for each option that is left out for some of the work."""
    whole = workload.rules.unrestricted
    without = {task.name: left_out(task.decision.rules) for task in workload.tasks}
    among_all = {
        task.name: decide(whole, task.decision.inputs)
        for task in workload.tasks
        if without[task.name]
    }
    lines = []
    for option in whole.options:
        decisions = {name: among_all[name] for name in among_all if option in without[name]}
        if decisions:
            picked = [name for name, decision in decisions.items() if decision.pick == option]
            possible = [name for name, d in decisions.items() if not d.pick and option in d.counts]
            parts = [f"would be the pick for {as_few(picked)}"] if picked else []
            parts += [f"might be the pick for {as_few(possible)}"] if possible else []
            changed = " and ".join(parts)
            with_it = f"With all options it {changed}" if parts else "That changes no pick"
            lines.append(f"{whole.name_of(option)} is left out. {with_it}.")
    return lines
