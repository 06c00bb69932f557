"""Several kinds of work and the systems for them, in every format; the same words in each."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from taskpick.decision.decide import Status
from taskpick.formats import json as json_format
from taskpick.formats.diagnostics import Diagnostic, Location
from taskpick.formats.markdown import escape, table
from taskpick.report.report import ReportFormat
from taskpick.rulefile.model import NOTHING_FITS
from taskpick.version import __version__
from taskpick.wording import listed, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskpick.decision.tasks import Plan, Served, Several, Task
    from taskpick.rulefile.model import Rules

SCHEMA = "taskpick.tasks/1"
_FEW = 5
"""So many tasks are named in a sentence; the others are counted."""
_NUMBERS = {1: "One system", 2: "Two systems"}


def render(several: Several, format: ReportFormat, *, width: int, file: str) -> str:  # noqa: A002
    """The picks, the plans and what one system fewer means; `file` is where the tasks stand."""
    match format:
        case ReportFormat.JSON:
            return _json(several)
        case ReportFormat.MARKDOWN:
            return markdown(several)
        case ReportFormat.GITHUB:
            from taskpick.formats import github

            return github.render(_diagnostics(several, file))
        case ReportFormat.TEXT:
            return _terminal(several, width)


def headline(several: Several) -> str:
    """How many tasks get which pick."""
    rules, total = several.rules, len(several.tasks)
    outcomes = [task.outcome for task in several.tasks]
    picked = [option for option in rules.options if option in outcomes]
    parts = [f"{_name(rules, option)} for {outcomes.count(option)}" for option in picked]
    if failing := outcomes.count(NOTHING_FITS):
        parts.append(f"nothing fits {failing}")
    if undecided := outcomes.count(""):
        parts.append(f"{undecided} undecided")
    kinds = "kind" if total == 1 else "kinds"
    return f"{total} {kinds} of work: {listed(parts)}"


def difference(task: Task) -> str:
    """What a task that expects another pick gets."""
    return f"{task.name}: expected {task.expected}, but the pick is {task.outcome or 'undecided'}"


def markdown(several: Several) -> str:
    """The whole as Markdown."""
    lines = [f"# {escape(several.rules.title)}: {escape(headline(several))}", ""]
    rows = [[task.name, _pick(several.rules, task), _remark(task)] for task in several.tasks]
    lines += table(["Task", "Pick", ""], [list(map(escape, row)) for row in rows])
    for heading, sentences in _sections(several):
        lines += ["", f"## {heading}", "", *(f"* {escape(sentence)}" for sentence in sentences)]
    return "\n".join(lines) + "\n"


def _terminal(several: Several, width: int) -> str:
    from textwrap import TextWrapper, fill

    # Names of tasks have dashes, and are found again only if they stay whole.
    wrapper = TextWrapper(
        width, initial_indent=" • ", subsequent_indent="   ", break_on_hyphens=False
    )
    wide = min(max(len(task.name) for task in several.tasks), 40)
    lines = [fill(headline(several), width), ""]
    for task in several.tasks:
        remark = _remark(task)
        said = f"{_pick(several.rules, task)}{f'  ({remark})' if remark else ''}"
        lines.append(f"  {task.name:<{wide}}  {said}")
    for heading, sentences in _sections(several):
        lines += ["", heading]
        lines += [wrapper.fill(sentence) for sentence in sentences]
    return "\n".join(lines) + "\n"


def _sections(several: Several) -> list[tuple[str, list[str]]]:
    rules, ladder = several.rules, several.ladder
    plans = []
    for plan in ladder:
        number = _NUMBERS.get(len(plan.options), f"{len(plan.options)} systems")
        plans.append(f"{number}: {_plan(rules, plan)}")
    sections = [("What would serve them all", plans)]
    if fewer := [_fewer(rules, *rungs) for rungs in pairwise(ladder)]:
        sections.append(("What fewer systems save and lose", fewer))
    return sections


def _plan(rules: Rules, plan: Plan) -> str:
    who, total = _names(rules, plan.options), len(plan.served)
    if plan.fails:
        short = _some([f"{one.task} ({listed(list(one.does.fails))})" for one in plan.fails])
        said = f"{who} cannot serve {len(plan.fails)} of {total}: {short}"
    elif plan.strains:
        said = f"{who}, at a strain for {_strained(plan.strains)}"
    else:
        said = f"{who}, without a strain"
    if plan.beyond:
        said += f"; more than is needed for {_some([one.task for one in plan.beyond])}"
    return f"{said}."


def _fewer(rules: Rules, more: Plan, fewer: Plan) -> str:
    """What the second plan saves and loses against the first."""
    number = len(more.options) - len(fewer.options)
    saved = f"{_names(rules, fewer.options)} instead of {_names(rules, more.options)}: "
    saved += f"{number} system{'s' if number > 1 else ''} fewer to run"
    lost = [
        *_lost("nothing serves", more.fails, fewer.fails),
        *_lost("a strain for", more.strains, fewer.strains),
        *_lost("more than is needed for", more.beyond, fewer.beyond),
    ]
    return f"{saved}; the price: {'; '.join(lost)}." if lost else f"{saved}, at no price."


def _lost(what: str, before: Sequence[Served], after: Sequence[Served]) -> list[str]:
    known = {(one.task, one.does.strains) for one in before}
    new = [one.task for one in after if (one.task, one.does.strains) not in known]
    return [f"{what} {_some(new)}"] if new else []


def _strained(served: Sequence[Served]) -> str:
    return _some([f"{one.task} ({listed(list(one.does.strains))})" for one in served])


def _some(words: list[str]) -> str:
    if len(words) <= _FEW:
        return listed(words)
    return f"{', '.join(words[:_FEW])} and {len(words) - _FEW:,} more"


def _pick(rules: Rules, task: Task) -> str:
    if task.decision.status is Status.UNDECIDED:
        return f"undecided: {names(rules, task.decision.counts)}"
    return _name(rules, task.outcome)


def _remark(task: Task) -> str:
    pick = task.decision.pick
    strains = task.decision.verdicts[pick].strains if pick else []
    parts = [f"strains at {listed(strains)}"] if strains else []
    return "; ".join([*parts, *([f"expected {task.expected}"] if task.differs else [])])


def _name(rules: Rules, option: str) -> str:
    return rules.options[option].name if option in rules.options else "nothing fits"


def _names(rules: Rules, options: Iterable[str]) -> str:
    return listed([_name(rules, option) for option in options])


def _diagnostics(several: Several, file: str) -> list[Diagnostic]:
    """An error for each task that is not as expected, and a note on all."""
    found = []
    for task in several.tasks:
        if task.differs:
            location = Location(file, task.span)
            found.append(Diagnostic("error", "another-pick", difference(task), location))
        elif not task.outcome:
            message = f"{task.name}: {_pick(several.rules, task)}"
            found.append(Diagnostic("error", "undecided", message, Location(file, task.span)))
    location = Location(file, several.tasks[0].span)
    return [*found, Diagnostic("note", "tasks", headline(several), location)]


def _json(several: Several) -> str:
    value = {
        "schema": SCHEMA,
        "taskpick": __version__,
        "title": several.rules.title,
        "as_of": several.rules.as_of,
        "headline": headline(several),
        "tasks": [_task(task) for task in several.tasks],
        "single": _data(several.single),
        "pair": _data(several.pair) if several.pair else None,
        "each": _data(several.each),
        "fewer": [_fewer(several.rules, *rungs) for rungs in pairwise(several.ladder)],
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
        "strains": decision.verdicts[decision.pick].strains if decision.pick else [],
    }


def _data(plan: Plan) -> dict[str, Any]:
    return {
        "options": list(plan.options),
        "fails": {one.task: list(one.does.fails) for one in plan.fails},
        "strains": {one.task: list(one.does.strains) for one in plan.strains},
        "beyond": [one.task for one in plan.beyond],
    }
