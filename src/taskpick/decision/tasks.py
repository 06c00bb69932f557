"""Several kinds of work in one service: the pick for each, and what fewer systems would cost.

A set of options serves a task by the one of them that does best at it, by the same order as the
pick: fails, then strains, then simplicity. An open criterion counts as its worst level, so that
what is said holds whatever it turns out to be.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from taskpick.decision.decide import decide
from taskpick.decision.restriction import restricted
from taskpick.rulefile.model import Rating

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from taskpick.decision.decide import Decision
    from taskpick.problems import Span
    from taskpick.rulefile.model import Rules


class Fitness(NamedTuple):
    """What an option does at the answers of a task."""

    fails: tuple[str, ...]
    strains: tuple[str, ...]


_LEFT_OUT = Fitness(("may not be used",), ())
"""Of an option that the task may not be served by."""


class Task(NamedTuple):
    """One kind of work, and what follows from its answers."""

    name: str
    decision: Decision
    fitness: Mapping[str, Fitness]
    """Option to what it does."""
    expected: str
    """The pick that the file expects; empty if it expects none."""
    span: Span

    @property
    def outcome(self) -> str:
        """The pick, or `NOTHING_FITS`; empty if undecided."""
        return self.decision.outcome

    @property
    def differs(self) -> bool:
        """Whether the file expects another pick."""
        return bool(self.expected) and self.expected != self.outcome


class Assignment(NamedTuple):
    """A task, served by one of the options of a setup."""

    task: str
    option: str
    fitness: Fitness
    beyond: bool
    """Whether the option is more complex than the pick of the task."""


class Setup(NamedTuple):
    """Some options, and each task served by the best of them."""

    options: tuple[str, ...]
    """In the order of the file."""
    served: tuple[Assignment, ...]

    @property
    def fails(self) -> list[Assignment]:
        """The tasks that none of the options serves."""
        return [one for one in self.served if one.fitness.fails]

    @property
    def strains(self) -> list[Assignment]:
        """The tasks that are served with a strain."""
        return [one for one in self.served if one.fitness.strains and not one.fitness.fails]

    @property
    def beyond(self) -> list[Assignment]:
        """Tasks served by an option more complex than their own pick."""
        return [one for one in self.served if one.beyond and not one.fitness.fails]


class Workload(NamedTuple):
    """Several kinds of work, and the systems for them."""

    rules: Rules
    tasks: tuple[Task, ...]
    each: Setup
    """Every task on its own pick."""
    single: Setup
    """The best single option."""
    pair: Setup | None
    """The best two; None where there is but one option, or one is best for all."""

    @property
    def ladder(self) -> list[Setup]:
        """The setups from most systems to one, each with fewer than the one before."""
        setups = [self.each, self.pair, self.single]
        rungs: list[Setup] = []
        for setup in setups:
            if setup and (not rungs or len(setup.options) < len(rungs[-1].options)):
                rungs.append(setup)
        return rungs


def task(rules: Rules, name: str, answers: Mapping[str, str], *, expected: str, span: Span) -> Task:
    """One kind of work, decided.

    Raises:
        TooLarge: there are more different consequences than can be followed exactly.
    """
    decision = decide(rules, answers)
    whole = rules.whole or rules
    fitness = {
        option: _fitness(rules, option, decision.answers) if option in rules.options else _LEFT_OUT
        for option in whole.options
    }
    return Task(name, decision, fitness, expected, span)


def workload(rules: Rules, tasks: Sequence[Task]) -> Workload:
    """What the tasks need together; there is at least one.

    Options that no task may use are left out of the rules.
    """
    used = {option for one in tasks for option in one.decision.rules.options}
    rules = restricted(rules, [name for name in rules.options if name in used])
    # Tasks with the same answers fare alike, so each set of answers is weighed once.
    kinds = Counter(tuple(one.fitness.items()) for one in tasks)
    weighed = [(dict(fitness), count) for fitness, count in kinds.items()]
    ids = tuple(rules.options)
    single = min(((option,) for option in ids), key=lambda way: _cost(ids, way, weighed))
    pairs = list(combinations(ids, 2))
    best = min(pairs, key=lambda way: _cost(ids, way, weighed)) if pairs else None
    picks = {one.decision.pick for one in tasks}
    own = tuple(option for option in ids if option in picks) or single
    better = best and _cost(ids, best, weighed) < _cost(ids, single, weighed)
    return Workload(
        rules=rules,
        tasks=tuple(tasks),
        each=_setup(ids, own, tasks),
        single=_setup(ids, single, tasks),
        pair=_setup(ids, best, tasks) if best and better else None,
    )


def _fitness(rules: Rules, option: str, closed: Mapping[str, str]) -> Fitness:
    worst: dict[Rating, list[str]] = {Rating.FAILS: [], Rating.STRAINS: [], Rating.FITS: []}
    for name, row in rules.options[option].fits.items():
        ratings = {row[closed[name]].rating} if name in closed else {f.rating for f in row.values()}
        worst[next(rating for rating in worst if rating in ratings)].append(name)
    return Fitness(tuple(worst[Rating.FAILS]), tuple(worst[Rating.STRAINS]))


def _cost(
    ids: tuple[str, ...], way: tuple[str, ...], weighed: Iterable[tuple[dict[str, Fitness], int]]
) -> tuple[int, int, int, list[int]]:
    """What serving all tasks by these options costs; less is better."""
    fails = strains = beyond = 0
    for fitness, count in weighed:
        best = _best(way, fitness)
        if fitness[best].fails:
            fails += count
            continue
        strains += count * len(fitness[best].strains)
        beyond += count * (best != _best(ids, fitness))
    return fails, strains, beyond, sorted((ids.index(option) for option in way), reverse=True)


def _best(way: Iterable[str], fitness: Mapping[str, Fitness]) -> str:
    # min keeps the first of equals, which is the simplest.
    return min(way, key=lambda option: (len(fitness[option].fails), len(fitness[option].strains)))


def _setup(ids: tuple[str, ...], way: tuple[str, ...], tasks: Iterable[Task]) -> Setup:
    served = []
    for one in tasks:
        option = _best(way, one.fitness)
        needed = one.decision.pick or _best(ids, one.fitness)
        beyond = ids.index(option) > ids.index(needed)
        served.append(Assignment(one.name, option, one.fitness[option], beyond))
    return Setup(way, tuple(served))
