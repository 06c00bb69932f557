"""What to do with the systems in use for several kinds of work: which to keep, which to leave."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from taskpick.decision.staying import Advice
from taskpick.rulefile import short
from taskpick.wording import as_few, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskpick.decision.staying import Staying
    from taskpick.decision.tasks import Setup, Task, Workload

HEADING = "What you have"


def stay(task: Task) -> str:
    """`stay with Celery`, where that is the advice and it works; empty otherwise."""
    staying = task.staying
    if not staying or not staying.stays or staying.is_last_resort:
        return ""
    return f"stay with {staying.name}{' so far' if staying.may_fail else ''}"


def sentences(workload: Workload) -> list[str]:
    """Why to leave a system, what to check and what is run then; none where none is in use."""
    if not any(task.staying for task in workload.tasks):
        return []
    groups: dict[tuple[Advice, str, str], list[Task]] = {}
    for task in workload.tasks:
        if task.staying and not stay(task):
            advice = task.staying.advice
            moves_to = (task.decision.pick or "") if advice is Advice.MOVE else ""
            groups.setdefault((advice, task.staying.id, moves_to), []).append(task)
    order = sorted(groups, key=lambda key: list(Advice).index(key[0]))
    lines = [_group(groups[key]) for key in order]
    return [*lines, *_set_right(workload), *_systems(workload)]


def _group(tasks: list[Task]) -> str:
    staying = _staying_of(tasks[0])
    who = f"{len(tasks):,} {'kind' if len(tasks) == 1 else 'kinds'} of work"
    names = as_few([task.name for task in tasks])
    match staying.advice:
        case Advice.UNKNOWN:
            say = staying.system.say if staying.system else ""
            return f"{staying.name} is not an option here: {say} It is in use for {who}: {names}."
        case Advice.MOVE:
            pick = staying.decision.pick
            to = staying.decision.rules.name_of(pick) if pick else "what is still to be decided"
            why = "may not be used" if staying.is_left_out else f"does not work ({_why(tasks)})"
            return f"Move {who} to {to}, since {staying.name} {why}: {names}."
        case Advice.STAY:
            why = _why(tasks)
            return (
                f"{staying.name} does not work for {who} ({why}), nor does anything else: {names}."
            )


def _staying_of(task: Task) -> Staying:
    assert task.staying  # noqa: S101  only tasks with a system in use are grouped
    return task.staying


def _why(tasks: list[Task]) -> str:
    """Why a system does not do for these tasks, what holds for most of them first."""
    reasons = Counter(reason for task in tasks for reason in _reasons(_staying_of(task)))
    return as_few([reason for reason, _ in reasons.most_common()], most=3)


def _reasons(staying: Staying) -> list[str]:
    rules = staying.decision.rules
    reasons = ["may not be used"] if staying.is_left_out else []
    return reasons + [
        short.level_words(rules.criteria[fit.criterion], fit.level) for fit in staying.fails
    ]


def _set_right(workload: Workload) -> list[str]:
    """For each system to stay with, what its notes say, the note for most tasks first."""
    advice: dict[str, dict[str, int]] = {}
    for staying in _staying(workload):
        notes = advice.setdefault(staying.name, {})
        for note in staying.notes:
            words = short.advice(note)
            notes[words] = notes.get(words, 0) + 1
    return [
        f"For {name}, check: {'; '.join(sorted(notes, key=lambda words: -notes[words])[:3])}"
        f"{f'; {len(notes) - 3} more' if len(notes) > 3 else ''}."
        for name, notes in advice.items()
        if notes
    ]


def _staying(workload: Workload) -> Iterable[Staying]:
    return (_staying_of(task) for task in workload.tasks if stay(task))


def _systems(workload: Workload) -> list[str]:
    """The systems that are run today and then, and what one fewer would save."""
    rules, kept = workload.rules, workload.kept
    today = list(dict.fromkeys(task.staying.name for task in workload.tasks if task.staying))
    then = [rules.name_of(option) for option in kept.options]
    is_open = _open(len(workload.still_open))
    would = listed([*then, *([is_open] if is_open else [])])
    lines = [f"Today you run {listed(today)}; with this advice, {would}."]
    if fewer := workload.without_one:
        gone = next(option for option in kept.options if option not in fewer.options)
        words = _lost(workload, kept, fewer)
        price = f", but {'; '.join(words)}" if words else ", and nothing would be lost"
        lines.append(f"Without {rules.name_of(gone)} you would run one fewer system{price}.")
    return lines


def _open(count: int) -> str:
    kinds = "kind of work" if count == 1 else "kinds of work"
    return f"what is still open for {count:,} {kinds}" if count else ""


def _lost(workload: Workload, more: Setup, fewer: Setup) -> list[str]:
    """What one system fewer costs."""
    failed, strained = ({served.task for served in group} for group in (more.fails, more.strains))
    fails = [served.task for served in fewer.fails if served.task not in failed]
    strains = [served.task for served in fewer.strains if served.task not in strained]
    words = [f"nothing would work for {as_few(fails)}"] if fails else []
    words += [moving(count)] if (count := len(workload.moved(fewer))) else []
    return words + ([f"there would be a drawback for {as_few(strains)}"] if strains else [])


def moving(count: int) -> str:
    """How many tasks would have to leave a system that they could stay with, in words."""
    return f"{count:,} {'kind' if count == 1 else 'kinds'} of work would have to move"
