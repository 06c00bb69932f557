"""Several kinds of work and the systems for them, in every format; the same words in each."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from taskpick.decision.decide import Status
from taskpick.decision.staying import Advice
from taskpick.formats import json as json_format
from taskpick.formats.diagnostics import Diagnostic, Location
from taskpick.formats.markdown import escape, table
from taskpick.report import staying, tasks_in_use, tasks_left_out
from taskpick.report.report_format import ReportFormat
from taskpick.rulefile.model import NOTHING_FITS
from taskpick.version import __version__
from taskpick.wording import as_few, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskpick.decision.decide import Decision
    from taskpick.decision.tasks import Assignment, Setup, Task, Workload
    from taskpick.rulefile.model import Rules

SCHEMA = "taskpick.tasks/1"
_MANY = 12
"""From so many tasks on those with the same pick stand on one line."""
_NUMBERS = {1: "One system", 2: "Two systems", 3: "Three systems"}


def render(workload: Workload, format: ReportFormat, *, width: int, file: str) -> str:  # noqa: A002
    """The picks, the plans and what one system fewer means; `file` is where the tasks stand."""
    match format:
        case ReportFormat.JSON:
            return _json(workload)
        case ReportFormat.MARKDOWN:
            return markdown(workload)
        case ReportFormat.GITHUB:
            from taskpick.formats import github

            return github.render(_diagnostics(workload, file))
        case ReportFormat.TEXT:
            return _terminal(workload, width)


def headline(workload: Workload) -> str:
    """How many tasks stay with which system, and how many of the others get which pick."""
    rules, total = workload.rules, len(workload.tasks)
    stays = Counter(tasks_in_use.stay(task) for task in workload.tasks)
    outcomes = [task.outcome for task in workload.tasks if not tasks_in_use.stay(task)]
    picked = [option for option in rules.options if option in outcomes]
    parts = [f"{words} for {count}" for words, count in stays.most_common() if words]
    parts += [f"{outcomes.count(option)} for {rules.name_of(option)}" for option in picked]
    if failing := outcomes.count(NOTHING_FITS):
        parts.append(f"{failing} that nothing fits")
    if undecided := outcomes.count(""):
        parts.append(f"{undecided} undecided")
    kinds = "kind" if total == 1 else "kinds"
    return f"{total} {kinds} of work: {', '.join(parts)}"


def difference(task: Task) -> str:
    """What a task that expects another pick gets."""
    return f"{task.name}: expected {task.expected}, but the pick is {task.outcome or 'undecided'}"


def markdown(workload: Workload) -> str:
    """The whole as Markdown."""
    lines = [f"# {escape(workload.rules.title)}: {escape(headline(workload))}", ""]
    rows = [[task.name, _advice(workload.rules, task), _remark(task)] for task in workload.tasks]
    lines += table(["Task", "Pick", ""], [list(map(escape, row)) for row in rows])
    for heading, sentences in _sections(workload):
        lines += ["", f"## {heading}", "", *(f"* {escape(sentence)}" for sentence in sentences)]
    return "\n".join(lines) + "\n"


def _terminal(workload: Workload, width: int) -> str:
    from textwrap import TextWrapper, fill

    # Names of tasks have dashes, and are found again only if they stay whole.
    wrapper = TextWrapper(
        width, initial_indent=" • ", subsequent_indent="   ", break_on_hyphens=False
    )
    wide = min(max(len(task.name) for task in workload.tasks), 40)
    lines = [fill(headline(workload), width), ""]
    if len(workload.tasks) > _MANY:
        lines += [wrapper.fill(line) for line in _by_advice(workload)]
    else:
        for task in workload.tasks:
            remark = _remark(task)
            words = f"{_advice(workload.rules, task)}{f'  ({remark})' if remark else ''}"
            lines.append(f"  {task.name:<{wide}}  {words}")
    for heading, sentences in _sections(workload):
        lines += ["", heading]
        lines += [wrapper.fill(sentence) for sentence in sentences]
    return "\n".join(lines) + "\n"


def _by_advice(workload: Workload) -> list[str]:
    """A line for what is said of each group, the largest first, and one for those not expected."""
    groups: dict[str, list[Task]] = {}
    for task in workload.tasks:
        groups.setdefault(_advice(workload.rules, task), []).append(task)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    largest, rest = ordered[:_MANY], ordered[_MANY:]
    lines = [_group(advice, tasks) for advice, tasks in largest]
    if rest:
        lines.append(_group("in other ways", [task for _, tasks in rest for task in tasks]))
    differing = [difference(task) for task in workload.tasks if task.differs]
    return [*lines, *([f"not as expected: {as_few(differing)}"] if differing else [])]


def _group(advice: str, tasks: list[Task]) -> str:
    drawbacks = sum(bool(_drawbacks(task)) for task in tasks)
    count = f"{len(tasks):,}{f', {drawbacks:,} with a drawback' if drawbacks else ''}"
    return f"{advice} ({count}): {as_few([task.name for task in tasks])}"


def _sections(workload: Workload) -> list[tuple[str, list[str]]]:
    ladder = workload.ladder
    plans = []
    for setup in ladder:
        number = _NUMBERS.get(len(setup.options), f"{len(setup.options)} systems")
        plans.append(f"{number}: {_setup(workload, setup)}")
    in_use = tasks_in_use.sentences(workload)
    sections = [(tasks_in_use.HEADING, in_use)] if in_use else []
    if missing := tasks_left_out.sentences(workload):
        sections.append((tasks_left_out.HEADING, missing))
    sections.append(("What would serve them all", plans))
    if fewer := [_fewer(workload, *rungs) for rungs in pairwise(ladder)]:
        sections.append(("Fewer systems: what you gain and lose", fewer))
    return sections


def _setup(workload: Workload, setup: Setup) -> str:
    who, total = _names(workload.rules, setup.options), len(setup.served)
    if setup.fails:
        short = _at(workload, [(a.task, a.fitness.fails) for a in setup.fails])
        words = f"{who} cannot serve {len(setup.fails)} of {total}: {short}"
    elif setup.strains:
        at = _at(workload, [(a.task, a.fitness.strains) for a in setup.strains])
        words = f"{who}, with a drawback for {at}"
    else:
        words = f"{who}, without a drawback"
    if moved := workload.moved(setup):
        words += f"; {tasks_in_use.moving(len(moved))}"
    elif setup.beyond:
        words += f"; not the first choice for {as_few([served.task for served in setup.beyond])}"
    return f"{words}."


def _fewer(workload: Workload, more: Setup, fewer: Setup) -> str:
    """What the second plan saves and loses against the first."""
    rules = workload.rules
    moved = len(workload.moved(fewer)) - len(workload.moved(more))
    number = len(more.options) - len(fewer.options)
    saved = f"{_names(rules, fewer.options)} instead of {_names(rules, more.options)}: "
    saved += f"{number} fewer system{'s' if number > 1 else ''} to run"
    lost = [
        *_lost("no option works for", more.fails, fewer.fails),
        *([tasks_in_use.moving(moved)] if moved > 0 else []),
        *_lost("a drawback for", more.strains, fewer.strains),
        *_lost("not the first choice for", more.beyond, fewer.beyond),
    ]
    return f"{saved}, but {'; '.join(lost)}." if lost else f"{saved}, and nothing is lost."


def _lost(what: str, before: Sequence[Assignment], after: Sequence[Assignment]) -> list[str]:
    same = {(served.task, served.fitness.strains) for served in before}
    new = [served.task for served in after if (served.task, served.fitness.strains) not in same]
    return [f"{what} {as_few(new)}"] if new else []


def _at(workload: Workload, found: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Tasks, each with the criteria at which its option does not fit."""
    decisions = {task.name: task.decision for task in workload.tasks}
    return as_few([f"{task} ({_or_perhaps(decisions[task], names)})" for task, names in found])


def _or_perhaps(decision: Decision, names: Sequence[str]) -> str:
    """The criteria among these that are answered, and apart from them those that are open."""
    is_open = decision.rules.criteria.keys() - decision.answers.keys()
    sure = listed([name for name in names if name not in is_open])
    perhaps = listed([name for name in names if name in is_open])
    return ", ".join(filter(None, [sure, perhaps and f"perhaps {perhaps}"]))


def _advice(rules: Rules, task: Task) -> str:
    """`stay with Celery`, `move to RQ`; where nothing is in use, the pick."""
    if staying := tasks_in_use.stay(task):
        return staying
    moves = task.staying and task.staying.advice is Advice.MOVE
    return f"{'move to ' if moves and task.outcome else ''}{_pick(rules, task)}"


def _pick(rules: Rules, task: Task) -> str:
    decision = task.decision
    if decision.status is not Status.UNDECIDED:
        return rules.name_of(task.outcome)
    if task.safe is None:
        return f"undecided: {rules.names_of(decision.counts)}"
    safe = task.safe.option
    others = rules.names_of([pick for pick in decision.counts if pick != safe])
    words = "the safest" if task.safe.exceptions else "the safe choice"
    return (
        f"{rules.name_of(safe)}, {words}; perhaps {others}, depending on {listed([*decision.open])}"
    )


def _remark(task: Task) -> str:
    drawbacks = _drawbacks(task)
    parts = [f"drawback: {listed(drawbacks)}"] if drawbacks else []
    return "; ".join([*parts, *([f"expected {task.expected}"] if task.differs else [])])


def _drawbacks(task: Task) -> list[str]:
    """The criteria at which it has a drawback: the system that stays, or else the pick."""
    pick = task.decision.pick
    if task.staying and tasks_in_use.stay(task):
        return [fit.criterion for fit in task.staying.costs]
    return task.decision.evaluations[pick].strains if pick else []


def _names(rules: Rules, options: Iterable[str]) -> str:
    return listed([rules.name_of(option) for option in options])


def _diagnostics(workload: Workload, file: str) -> list[Diagnostic]:
    """An error for each task that is not as expected, and a note on all."""
    diagnostics = []
    for task in workload.tasks:
        if task.differs:
            location = Location(file, task.span)
            diagnostics.append(Diagnostic("error", "another-pick", difference(task), location))
        elif task.is_open:
            message = f"{task.name}: {_pick(workload.rules, task)}"
            diagnostics.append(Diagnostic("error", "undecided", message, Location(file, task.span)))
    location = Location(file, workload.tasks[0].span)
    return [*diagnostics, Diagnostic("note", "tasks", headline(workload), location)]


def _json(workload: Workload) -> str:
    in_use = tasks_in_use.sentences(workload)
    value = {
        "schema": SCHEMA,
        "taskpick": __version__,
        "title": workload.rules.title,
        "as_of": workload.rules.as_of,
        "headline": headline(workload),
        "tasks": [_task(task) for task in workload.tasks],
        "single": _data(workload.single),
        "pair": _data(workload.pair) if workload.pair else None,
        "triple": _data(workload.triple) if workload.triple else None,
        "each": _data(workload.own),
        "kept": _data(workload.kept) if in_use else None,
        "what_you_have": in_use,
        "left_out": tasks_left_out.sentences(workload),
        "fewer": [_fewer(workload, *rungs) for rungs in pairwise(workload.ladder)],
    }
    return json_format.text(value)


def _task(task: Task) -> dict[str, Any]:
    decision = task.decision
    return {
        "task": task.name,
        "status": decision.status.value,
        "pick": decision.pick,
        "expected": task.expected or None,
        "possible": decision.possible,
        "answers": dict(decision.given),
        "assumed": dict(decision.assumed),
        "open": list(decision.open),
        "safe_choice": task.safe.option if task.safe else None,
        "strains": decision.evaluations[decision.pick].strains if decision.pick else [],
        "only": list(decision.rules.only),
        "without": list(decision.rules.without),
        "have": staying.data(task.staying) if task.staying else None,
    }


def _data(setup: Setup) -> dict[str, Any]:
    return {
        "options": list(setup.options),
        "fails": {a.task: list(a.fitness.fails) for a in setup.fails},
        "strains": {a.task: list(a.fitness.strains) for a in setup.strains},
        "beyond": [a.task for a in setup.beyond],
    }
