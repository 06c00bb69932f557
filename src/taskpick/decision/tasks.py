"""Several kinds of work in one service: the pick for each, and what fewer systems would cost.

A set of options serves a task by the one of them that does best at it, by the same order as the
pick: fails, then strains, then the order of the file. An open criterion counts as its worst level,
so that what is said holds whatever it turns out to be.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from taskpick.decision.decide import decide
from taskpick.decision.option_sets import Ranked, best_sets, rank
from taskpick.decision.outlook import safe_choice
from taskpick.decision.restriction import restricted
from taskpick.decision.staying import staying
from taskpick.named_tuple import NamedTuple
from taskpick.rulefile.model import Rating

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from taskpick.decision.decide import Decision
    from taskpick.decision.outlook import SafeChoice
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
    safe: SafeChoice | None = None
    """What to take where all was answered, but with `unsure`; None if it is decided or missing."""

    @property
    def outcome(self) -> str:
        """The pick, or `NOTHING_FITS`; empty if undecided."""
        return self.decision.outcome

    @property
    def is_open(self) -> bool:
        """Whether answers are missing that decide what to do.

        They do not where the system in use works whatever they are.
        """
        in_use = self.staying
        stays = in_use and in_use.stays and not in_use.may_fail
        return not (self.outcome or self.safe or stays)

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
    """Whether the option is not in use for the task and stands behind its pick in the file."""


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
        """Each task on the system in use for it where the advice is to stay, else on its pick.

        Tasks that are undecided and stay with nothing are left out: it is open what they need.
        """
        ids = tuple(self.rules.options)
        served = [
            _assignment(ids, task, _kept(task) or _best(ids, task.fitness))
            for task in self.tasks
            if task.outcome or _stays_with(task)
        ]
        used = {assignment.option for assignment in served}
        return Setup(tuple(option for option in ids if option in used), tuple(served))

    @property
    def still_open(self) -> list[Task]:
        """The tasks that are undecided and stay with nothing."""
        return [task for task in self.tasks if not (task.outcome or _stays_with(task))]

    @property
    def without_one(self) -> Setup | None:
        """What is kept without the system that can best be spared; None if it is one or none.

        What works for none of the others counts most, then how many tasks would have to move.
        """
        kept = self.kept
        if len(kept.options) < 2:
            return None
        by_name = {task.name: task for task in self.tasks}
        setups = []
        for gone in kept.options:
            rest = tuple(option for option in kept.options if option != gone)
            served = [
                self._assigned(by_name[was.task], rest) if was.option == gone else was
                for was in kept.served
            ]
            setups.append(Setup(rest, tuple(served)))
        return min(setups, key=lambda s: (len(s.fails), len(self.moved(s)), len(s.strains)))

    def _assigned(self, task: Task, options: tuple[str, ...]) -> Assignment:
        return _assignment(tuple(self.rules.options), task, _best(options, task.fitness))

    def moved(self, setup: Setup) -> list[str]:
        """The tasks that would leave a system that the advice is to stay with."""
        stay = {task.name: _stays_with(task) for task in self.tasks}
        return [a.task for a in setup.served if stay[a.task] not in (None, a.option)]

    @property
    def ladder(self) -> list[Setup]:
        """The setups from most systems to one, each with fewer than the one before.

        Each task on its own pick is the first, unless systems are in use.
        """
        in_use = any(task.staying for task in self.tasks)
        setups = [None if in_use else self.own, self.triple, self.pair, self.single]
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
        TooLarge: there are more answer sets than can be followed.
    """
    decision, fitness, safe = _decided(rules, frozenset(answers.items()))
    in_use = staying(decision, have) if have else None
    return Task(name, decision, fitness, expected, span, in_use, safe)


@lru_cache(maxsize=1024)
def _decided(
    rules: Rules, answers: frozenset[tuple[str, str]]
) -> tuple[Decision, Mapping[str, Fitness], SafeChoice | None]:
    decision = decide(rules, dict(answers))
    fitness = {
        option: _fitness(rules, option, decision.answers) if option in rules.options else _LEFT_OUT
        for option in rules.unrestricted.options
    }
    return decision, fitness, None if decision.unanswered else safe_choice(decision)


def workload(rules: Rules, tasks: Sequence[Task]) -> Workload:
    """What the tasks need together; there is at least one.

    Options that no task may use are left out of the rules.
    """
    used = {option for task in tasks for option in task.decision.rules.options}
    rules = restricted(rules, [name for name in rules.options if name in used])
    ids = tuple(rules.options)
    # Tasks with the same answers fare alike, so each set of answers is weighed once.
    kinds = Counter(
        (tuple(task.fitness[option] for option in ids), _stays_with(task)) for task in tasks
    )
    ranked = [
        Ranked(
            [
                rank(len(fitness.fails), len(fitness.strains), index)
                for index, fitness in enumerate(kind)
            ],
            ids.index(in_use) if in_use else None,
            count,
        )
        for (kind, in_use), count in kinds.items()
    ]
    single, pair, triple = (
        tuple(ids[index] for index in indexes) for indexes in best_sets(len(ids), ranked)
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


def _fitness(rules: Rules, option: str, closed: Mapping[str, str]) -> Fitness:
    worst: dict[Rating, list[str]] = {Rating.FAILS: [], Rating.STRAINS: [], Rating.FITS: []}
    for name, row in rules.options[option].fits.items():
        ratings = {row[closed[name]].rating} if name in closed else {f.rating for f in row.values()}
        worst[next(rating for rating in worst if rating in ratings)].append(name)
    return Fitness(tuple(worst[Rating.FAILS]), tuple(worst[Rating.STRAINS]))


def _best(options: Iterable[str], fitness: Mapping[str, Fitness]) -> str:
    # min keeps the first of equals: the earliest in the file.
    return min(options, key=lambda name: (len(fitness[name].fails), len(fitness[name].strains)))


def _setup(ids: tuple[str, ...], options: tuple[str, ...], tasks: Iterable[Task]) -> Setup:
    served = []
    for task in tasks:
        in_use = _stays_with(task)
        best = in_use if in_use in options else _best(options, task.fitness)
        served.append(_assignment(ids, task, best))
    return Setup(options, tuple(served))


def _assignment(ids: tuple[str, ...], task: Task, option: str) -> Assignment:
    needed = task.decision.pick or _best(ids, task.fitness)
    stays = option == _stays_with(task)
    beyond = not stays and ids.index(option) > ids.index(needed)
    return Assignment(task.name, option, task.fitness[option], beyond)


def _stays_with(task: Task) -> str | None:
    """The system in use for a task, where it may stay with that one."""
    staying = task.staying
    if staying and staying.option and staying.stays and not staying.is_left_out:
        return staying.id
    return None


def _kept(task: Task) -> str | None:
    """The system in use for a task, where one may stay with it, else its pick."""
    return _stays_with(task) or task.decision.pick
