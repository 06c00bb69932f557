"""Several kinds of work in one service: the pick for each, and what fewer systems would cost.

A set of options serves a task by the one of them that does best at it, by the same order as the
pick: fails, then strains, then simplicity. An open criterion counts as its worst level, so that
what is said holds whatever it turns out to be.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from taskpick.decision.decide import Status, decide
from taskpick.rulefile.model import NOTHING_FITS, Rating

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from taskpick.decision.decide import Decision
    from taskpick.problems import Span
    from taskpick.rulefile.model import Rules


class Does(NamedTuple):
    """What an option does at the answers of a task."""

    fails: tuple[str, ...]
    strains: tuple[str, ...]


class Task(NamedTuple):
    """One kind of work, and what follows from its answers."""

    name: str
    decision: Decision
    does: Mapping[str, Does]
    """Option to what it does."""
    expected: str
    """The pick that the file expects; empty if it expects none."""
    span: Span

    @property
    def outcome(self) -> str:
        """The pick, or `NOTHING_FITS`; empty if undecided."""
        if self.decision.status is Status.UNDECIDED:
            return ""
        return self.decision.pick or NOTHING_FITS

    @property
    def differs(self) -> bool:
        """Whether the file expects another pick."""
        return bool(self.expected) and self.expected != self.outcome


class Served(NamedTuple):
    """A task, served by one of the options of a plan."""

    task: str
    option: str
    does: Does
    beyond: bool
    """Whether the option is more complex than the pick of the task."""


class Plan(NamedTuple):
    """Some options, and each task served by the best of them."""

    options: tuple[str, ...]
    """In the order of the file."""
    served: tuple[Served, ...]

    @property
    def fails(self) -> list[Served]:
        """The tasks that none of the options serves."""
        return [one for one in self.served if one.does.fails]

    @property
    def strains(self) -> list[Served]:
        """The tasks that are served with a strain."""
        return [one for one in self.served if one.does.strains and not one.does.fails]

    @property
    def beyond(self) -> list[Served]:
        """The tasks that get something more complex than they need, for nothing."""
        return [one for one in self.served if one.beyond and not one.does.fails]


class Several(NamedTuple):
    """Several kinds of work, and the systems for them."""

    rules: Rules
    tasks: tuple[Task, ...]
    each: Plan
    """Every task on its own pick."""
    single: Plan
    """The best single option."""
    pair: Plan | None
    """The best two; None where there is but one option, or one is best for all."""

    @property
    def ladder(self) -> list[Plan]:
        """The plans from most systems to one, each with fewer than the one before."""
        plans = [self.each, self.pair, self.single]
        rungs: list[Plan] = []
        for plan in plans:
            if plan and (not rungs or len(plan.options) < len(rungs[-1].options)):
                rungs.append(plan)
        return rungs


def task(rules: Rules, name: str, answers: Mapping[str, str], *, expected: str, span: Span) -> Task:
    """One kind of work, decided.

    Raises:
        TooManyOpen: there are more different consequences than can be followed exactly.
    """
    decision = decide(rules, answers)
    does = {option: _does(rules, option, decision.answers) for option in rules.options}
    return Task(name, decision, does, expected, span)


def several(rules: Rules, tasks: Sequence[Task]) -> Several:
    """What the tasks need together; there is at least one."""
    # Tasks with the same answers fare alike, so each set of answers is weighed once.
    kinds = Counter(tuple(one.does.items()) for one in tasks)
    weighed = [(dict(does), count) for does, count in kinds.items()]
    ids = tuple(rules.options)
    single = min(((option,) for option in ids), key=lambda way: _cost(ids, way, weighed))
    pairs = list(combinations(ids, 2))
    best = min(pairs, key=lambda way: _cost(ids, way, weighed)) if pairs else None
    picks = {one.decision.pick for one in tasks}
    own = tuple(option for option in ids if option in picks) or single
    better = best and _cost(ids, best, weighed) < _cost(ids, single, weighed)
    return Several(
        rules=rules,
        tasks=tuple(tasks),
        each=_plan(ids, own, tasks),
        single=_plan(ids, single, tasks),
        pair=_plan(ids, best, tasks) if best and better else None,
    )


def _does(rules: Rules, option: str, closed: Mapping[str, str]) -> Does:
    worst: dict[Rating, list[str]] = {Rating.FAILS: [], Rating.STRAINS: [], Rating.FITS: []}
    for name, row in rules.options[option].fits.items():
        ratings = {row[closed[name]].rating} if name in closed else {f.rating for f in row.values()}
        worst[next(rating for rating in worst if rating in ratings)].append(name)
    return Does(tuple(worst[Rating.FAILS]), tuple(worst[Rating.STRAINS]))


def _cost(
    ids: tuple[str, ...], way: tuple[str, ...], weighed: Iterable[tuple[dict[str, Does], int]]
) -> tuple[int, int, int, list[int]]:
    """What serving all tasks by these options costs; less is better."""
    fails = strains = beyond = 0
    for does, count in weighed:
        best = _best(way, does)
        if does[best].fails:
            fails += count
            continue
        strains += count * len(does[best].strains)
        beyond += count * (best != _best(ids, does))
    return fails, strains, beyond, sorted((ids.index(option) for option in way), reverse=True)


def _best(way: Iterable[str], does: Mapping[str, Does]) -> str:
    # min keeps the first of equals, which is the simplest.
    return min(way, key=lambda option: (len(does[option].fails), len(does[option].strains)))


def _plan(ids: tuple[str, ...], way: tuple[str, ...], tasks: Iterable[Task]) -> Plan:
    served = []
    for one in tasks:
        option = _best(way, one.does)
        needed = one.decision.pick or _best(ids, one.does)
        beyond = ids.index(option) > ids.index(needed)
        served.append(Served(one.name, option, one.does[option], beyond))
    return Plan(way, tuple(served))
