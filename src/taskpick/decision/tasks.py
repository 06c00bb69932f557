"""Several kinds of work in one service: the pick for each, and what fewer systems would cost.

A set of options serves a task by the one of them that does best at it, by the same order as the
pick: fails, then strains, then simplicity. An open criterion counts as its worst level, so that
what is said holds whatever it turns out to be.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from taskpick.decision.decide import decide
from taskpick.decision.restriction import restricted
from taskpick.decision.staying import Advice, staying
from taskpick.rulefile.model import Rating

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from taskpick.decision.decide import Decision
    from taskpick.decision.staying import Staying
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
    staying: Staying | None = None
    """The system in use, and what to do with it; None where none was named."""

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
    """Whether the option stands behind the pick of the task in the file."""


class Setup(NamedTuple):
    """Some options, and each task served by the best of them."""

    options: tuple[str, ...]
    """In the order of the file."""
    served: tuple[Assignment, ...]

    @property
    def fails(self) -> list[Assignment]:
        """The tasks that none of the options serves."""
        return [a for a in self.served if a.fitness.fails]

    @property
    def strains(self) -> list[Assignment]:
        """The tasks that are served with a strain."""
        return [a for a in self.served if a.fitness.strains and not a.fitness.fails]

    @property
    def beyond(self) -> list[Assignment]:
        """Tasks served by an option that stands behind their own pick."""
        return [a for a in self.served if a.beyond and not a.fitness.fails]


class Workload(NamedTuple):
    """Several kinds of work, and the systems for them."""

    rules: Rules
    tasks: tuple[Task, ...]
    own: Setup
    """Every task on its own pick."""
    single: Setup
    """The best single option."""
    pair: Setup | None
    """The best two; None where one option does as well."""
    triple: Setup | None
    """The best three; None where fewer options do as well."""

    @property
    def kept(self) -> Setup:
        """Each task on the system in use for it where that one works, else on its pick."""
        ids = tuple(self.rules.options)
        systems = [_kept(task) for task in self.tasks]
        served = [
            _assignment(ids, task, system or _best(ids, task.fitness))
            for task, system in zip(self.tasks, systems, strict=True)
        ]
        used = {assignment.option for assignment in served}
        return Setup(tuple(option for option in ids if option in used), tuple(served))

    @property
    def without_one(self) -> Setup | None:
        """What is kept without the one system whose tasks the others serve best; None if one is."""
        ids, kept = tuple(self.rules.options), self.kept
        if len(kept.options) < 2:
            return None
        setups = []
        for gone in kept.options:
            rest = tuple(option for option in kept.options if option != gone)
            served = [
                _assignment(ids, task, _best(rest, task.fitness)) if was.option == gone else was
                for task, was in zip(self.tasks, kept.served, strict=True)
            ]
            setups.append(Setup(rest, tuple(served)))
        return min(setups, key=lambda setup: (len(setup.fails), len(setup.strains)))

    @property
    def ladder(self) -> list[Setup]:
        """The setups from most systems to one, each with fewer than the one before."""
        setups = [self.own, self.triple, self.pair, self.single]
        rungs: list[Setup] = []
        for setup in setups:
            if setup and (not rungs or len(setup.options) < len(rungs[-1].options)):
                rungs.append(setup)
        return rungs


def task(
    rules: Rules,
    name: str,
    answers: Mapping[str, str],
    *,
    expected: str,
    span: Span,
    have: str = "",
) -> Task:
    """One kind of work, decided; `have` is the system in use for it, if there is any.

    Raises:
        Refused: the rule file does not know that system.
        TooLarge: there are more different consequences than can be followed exactly.
    """
    decision, fitness = _decided(rules, frozenset(answers.items()))
    in_use = staying(decision, have) if have else None
    return Task(name, decision, fitness, expected, span, in_use)


@lru_cache(maxsize=1024)
def _decided(
    rules: Rules, answers: frozenset[tuple[str, str]]
) -> tuple[Decision, Mapping[str, Fitness]]:
    decision = decide(rules, dict(answers))
    fitness = {
        option: _fitness(rules, option, decision.answers) if option in rules.options else _LEFT_OUT
        for option in rules.unrestricted.options
    }
    return decision, fitness


def workload(rules: Rules, tasks: Sequence[Task]) -> Workload:
    """What the tasks need together; there is at least one.

    Options that no task may use are left out of the rules.
    """
    used = {option for task in tasks for option in task.decision.rules.options}
    rules = restricted(rules, [name for name in rules.options if name in used])
    ids = tuple(rules.options)
    # Tasks with the same answers fare alike, so each set of answers is weighed once.
    kinds = Counter(tuple(task.fitness[option] for option in ids) for task in tasks)
    ranked = [
        ([_rank(fitness, index) for index, fitness in enumerate(kind)], count)
        for kind, count in kinds.items()
    ]
    single, pair, triple = (
        tuple(ids[index] for index in indexes) for indexes in _best_sets(len(ids), ranked)
    )
    picks = {task.decision.pick for task in tasks}
    picked = tuple(option for option in ids if option in picks) or single
    return Workload(
        rules=rules,
        tasks=tuple(tasks),
        own=_setup(ids, picked, tasks),
        single=_setup(ids, single, tasks),
        pair=_setup(ids, pair, tasks) if pair else None,
        triple=_setup(ids, triple, tasks) if triple else None,
    )


_STEP = 32
"""More than there can be options, or criteria at which one strains."""
_FAILS = _STEP * _STEP
"""From this rank on an option fails."""


def _rank(fitness: Fitness, index: int) -> int:
    """How an option does beside the others: fails, then strains, then its place in the file."""
    return (len(fitness.fails) * _STEP + len(fitness.strains)) * _STEP + index


_Ranked = list[tuple[list[int], int]]
"""The rank of each option at some answers, and how many tasks have these answers."""


def _best_sets(options: int, ranked: _Ranked) -> list[tuple[int, ...]]:
    """The indexes of the best one, two and three options; empty where fewer do as well.

    Sets of three are all tried while that takes a second or so; beyond it the best two are kept
    and a third is sought.
    """
    sets: list[tuple[int, ...]] = []
    best: tuple[int, ...] = ()
    for size in (1, 2, 3):
        subsets = list(combinations(range(options), size))
        if size == 3 and len(subsets) * len(ranked) > _MOST_TRIALS:
            subsets = [subset for subset in subsets if set(best) <= set(subset)]
        subset = min(subsets, key=lambda subset: _cost(subset, ranked), default=())
        if subset and (not best or _cost(subset, ranked) < _cost(best, ranked)):
            best = subset
            sets.append(subset)
        else:
            sets.append(())
    return sets


_MOST_TRIALS = 2_000_000
"""So many sets of options, times kinds of work, are weighed."""


def _fitness(rules: Rules, option: str, closed: Mapping[str, str]) -> Fitness:
    worst: dict[Rating, list[str]] = {Rating.FAILS: [], Rating.STRAINS: [], Rating.FITS: []}
    for name, row in rules.options[option].fits.items():
        ratings = {row[closed[name]].rating} if name in closed else {f.rating for f in row.values()}
        worst[next(rating for rating in worst if rating in ratings)].append(name)
    return Fitness(tuple(worst[Rating.FAILS]), tuple(worst[Rating.STRAINS]))


def _cost(indexes: tuple[int, ...], ranked: _Ranked) -> tuple[int, int, int, list[int]]:
    """What serving all tasks by the options at these indexes costs; less is better."""
    fails = strains = beyond = 0
    for ranks, count in ranked:
        rank = min([ranks[index] for index in indexes])
        if rank >= _FAILS:
            fails += count
        else:
            strains += count * (rank // _STEP)
            beyond += count * (rank != min(ranks))
    return fails, strains, beyond, sorted(indexes, reverse=True)


def _best(options: Iterable[str], fitness: Mapping[str, Fitness]) -> str:
    # min keeps the first of equals, which is the simplest.
    return min(options, key=lambda name: (len(fitness[name].fails), len(fitness[name].strains)))


def _setup(ids: tuple[str, ...], options: tuple[str, ...], tasks: Iterable[Task]) -> Setup:
    served = (_assignment(ids, task, _best(options, task.fitness)) for task in tasks)
    return Setup(options, tuple(served))


def _assignment(ids: tuple[str, ...], task: Task, option: str) -> Assignment:
    needed = task.decision.pick or _best(ids, task.fitness)
    beyond = ids.index(option) > ids.index(needed)
    return Assignment(task.name, option, task.fitness[option], beyond)


def _kept(task: Task) -> str | None:
    """The system in use for a task, where one may stay with it, else its pick."""
    in_use = task.staying
    if in_use and in_use.option and in_use.advice is Advice.STAY and not in_use.is_left_out:
        return in_use.id
    return task.decision.pick
