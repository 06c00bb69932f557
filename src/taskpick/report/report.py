"""The decision in words and tables, without markup: every format shows the same words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from taskpick.decision import boxes, reasons, sensitivity
from taskpick.decision.decide import Status, TooManyOpen
from taskpick.decision.explanation import standings, words
from taskpick.decision.hinges import depends_on
from taskpick.decision.hinges import words as hinge_words
from taskpick.rulefile.model import Rating
from taskpick.version import __version__
from taskpick.wording import level_means, listed, names

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskpick.decision.decide import Decision, Verdict
    from taskpick.decision.explanation import Standing
    from taskpick.decision.reasons import ChangeSet
    from taskpick.decision.reasons import Reason as Forcing
    from taskpick.decision.sensitivity import Change
    from taskpick.rulefile.model import Criterion, Note, Option, Rules
    from taskpick.starter.project import Snippet

Found = TypeVar("Found")

SYMBOLS = {Rating.FITS: "✅", Rating.STRAINS: "⚠️", Rating.FAILS: "❌"}


class ReportFormat(StrEnum):
    """What a recommendation can be written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    GITHUB = "github"


class Reason(NamedTuple):
    """What one fit says, in words."""

    option: str
    criterion: str
    level: str
    rating: Rating
    text: str
    source: str


class Against(NamedTuple):
    """Why another option is not the pick."""

    option: Option
    summary: str
    reasons: tuple[Reason, ...]
    changes: tuple[ChangeSet, ...]
    """All smallest sets of other answers that make it the pick, the nearest first."""
    instead: tuple[str, ...]
    """The same in words, those that differ in one level drawn together."""


class Answered(NamedTuple):
    """An answer and how it came about."""

    criterion: Criterion
    level: str
    """Empty while the criterion is open."""
    means: str
    assumed: bool


class Report(NamedTuple):
    """All that is said about a decision."""

    decision: Decision
    headline: str
    summary: str
    answers: tuple[Answered, ...]
    forced: tuple[Forcing, ...]
    """All smallest sets of answers that force the pick, whatever the others are."""
    standings: tuple[Standing, ...]
    """What can be the pick, if it is not settled."""
    why: tuple[str, ...]
    """The answers that decided, each with what it says of the pick and against the others."""
    costs: tuple[Reason, ...]
    notes: tuple[Note, ...]
    outside: tuple[Note, ...]
    against: tuple[Against, ...]
    changes: tuple[tuple[Change, str], ...]
    """The single changed answers that change the pick, and the words for each."""
    turn: dict[str, Any] | None
    """The next best question as data, with a command per level; None if nobody has to be asked."""
    next_question: Criterion | None
    """The open criterion that decides most; None if no answer can change the pick."""
    snippet: Snippet | None
    again: str
    """The command that gives this report again."""

    @property
    def rules(self) -> Rules:
        """The rule file that decided."""
        return self.decision.rules

    @property
    def pick(self) -> Option | None:
        """The option recommended."""
        return self.rules.options.get(self.decision.pick or "")

    @property
    def shown(self) -> Option | None:
        """The option that the report is about: the pick, else the nearest one."""
        if self.decision.status is Status.UNDECIDED:
            return None
        return self.pick or self.rules.options[self.decision.ranking[0]]

    @property
    def sources(self) -> list[str]:
        """The sources of all that is said, in the order of their first use, each once."""
        said: list[Reason | Note] = [*self.costs, *self.notes, *self.outside]
        said += [reason for other in self.against for reason in other.reasons]
        return list(dict.fromkeys(item.source for item in said if item.source))

    @property
    def telling(self) -> list[str]:
        """The closed criteria at which the options differ, in the order of the file."""
        verdicts = self.decision.verdicts.values()
        return [
            name
            for name in self.decision.answers
            if len({verdict.fits[name].rating for verdict in verdicts}) > 1
        ]

    @property
    def checked(self) -> str:
        """When and on which versions the claims were checked; empty if the file does not say."""
        option = self.shown
        versions = option.versions.items() if option else ()
        on = ", ".join(f"{package} {version}" for package, version in versions)
        parts = [self.rules.as_of, f"on {on}" if on else ""]
        return " ".join(filter(None, parts))

    @property
    def by(self) -> str:
        """What made the report."""
        return f"taskpick {__version__}"


def report(
    decision: Decision,
    *,
    snippet: Snippet | None = None,
    again: str = "",
    turn: dict[str, Any] | None = None,
) -> Report:
    """Say a decision in words; `turn` is the question that goes on with it, from `turns`."""
    picked = decision.pick
    notes = _notes(decision)
    most = turn["criterion"] if turn else sensitivity.decides_most(decision)
    return Report(
        decision=decision,
        headline=_headline(decision),
        summary=_summary(decision),
        answers=tuple(_answered(decision)),
        forced=tuple(_found(lambda: reasons.why(decision))),
        standings=standings(decision),
        why=tuple(_why(decision)),
        costs=tuple(_reasons(decision, picked, Rating.STRAINS)) if picked else (),
        notes=tuple(note for note in notes if not note.see),
        outside=tuple(note for note in notes if note.see),
        against=tuple(_against(decision, name) for name in _losers(decision)),
        changes=tuple((change, _words(decision, change)) for change in _changes(decision)),
        turn=turn,
        next_question=decision.rules.criteria[most] if most else None,
        snippet=snippet,
        again=again,
    )


def forced(report: Report) -> list[str]:
    """A sentence for each smallest set of answers that forces the pick."""
    return [
        f"Enough to decide, whatever the other answers are: {listed(list(way.words))}."
        if way.words
        else "The same is picked whatever the answers are."
        for way in report.forced
    ]


def depends(report: Report) -> list[str]:
    """A line for each that can be the pick: for how many of the open answers, and for which."""
    return [
        f"{names(report.rules, (standing.pick,))} {words(report.rules, standing.chance)}"
        for standing in report.standings
    ]


def _losers(decision: Decision) -> list[str]:
    """The options that are not the pick, whatever is open."""
    return [
        name
        for name in decision.ranking
        if name not in decision.counts or decision.status is Status.NOTHING_FITS
    ]


def _headline(decision: Decision) -> str:
    match decision.status:
        case Status.PICKED:
            return decision.rules.options[decision.pick or ""].name
        case Status.NOTHING_FITS:
            return "Nothing fits"
        case Status.UNDECIDED:
            return f"Undecided: {names(decision.rules, decision.counts)}"


def _summary(decision: Decision) -> str:
    match decision.status:
        case Status.PICKED:
            return _picked(decision)
        case Status.NOTHING_FITS:
            nearest = decision.verdicts[decision.ranking[0]]
            fails = listed([f"'{name}'" for name in nearest.fails])
            return (
                f"Every option fails at one of the answers. The nearest is {nearest.option.name}, "
                f"which fails at {fails}."
            )
        case Status.UNDECIDED:
            hinges = hinge_words(decision.rules, depends_on(decision))
            return f"{hinges[0].upper()}{hinges[1:]}."


def _picked(decision: Decision) -> str:
    verdict = decision.verdicts[decision.pick or ""]
    count = len(decision.answers)
    if strains := verdict.strains:
        quoted = listed([f"'{name}'" for name in strains])
        meets = f"It meets every need, and strains at {quoted}."
    else:
        needs = {1: "the need", 2: "both needs"}.get(count, f"all {count} needs")
        meets = f"It meets {needs} without a strain."
    if decision.open:
        opened = listed([f"'{name}'" for name in decision.open])
        return f"{meets} Settled: {opened} can turn out any way and it stays the pick."
    return meets


def _why(decision: Decision) -> list[str]:
    if decision.pick is None:
        return []
    rules, pick = decision.rules, decision.verdicts[decision.pick]
    lines = []
    for criterion, against in sensitivity.deciding(decision).items():
        level = decision.answers[criterion]
        does = pick.fits[criterion].why or f"{level_means(rules, criterion, level)}."
        effects = listed([_effect(decision.verdicts[name], criterion) for name in against])
        lines.append(f"{criterion} {level}: {does} This {effects}.")
    return [*lines, *_simplest(decision)]


def _effect(verdict: Verdict, criterion: str) -> str:
    fails = verdict.fits[criterion].rating is Rating.FAILS
    return f"{'rules out' if fails else 'strains'} {verdict.option.name}"


def _simplest(decision: Decision) -> list[str]:
    """The options that only their complexity keeps from being the pick."""
    pick = decision.verdicts[decision.pick or ""]
    equal = [
        verdict.option.name
        for verdict in decision.verdicts.values()
        if verdict is not pick
        and not verdict.fails
        and len(verdict.strains) == len(pick.strains)
        and decision.status is Status.PICKED
    ]
    if not equal or decision.open:
        return []
    return [f"{pick.option.name} is simpler than {listed(equal)}, which would do as well."]


def _reasons(decision: Decision, option: str, rating: Rating) -> list[Reason]:
    return [
        Reason(option, criterion, decision.answers[criterion], rating, fit.why, fit.source)
        for criterion, fit in decision.verdicts[option].fits.items()
        if fit.rating is rating
    ]


def _against(decision: Decision, name: str) -> Against:
    verdict = decision.verdicts[name]
    fails = _reasons(decision, name, Rating.FAILS)
    strains = _reasons(decision, name, Rating.STRAINS)
    if fails:
        summary = f"fails at {listed([reason.criterion for reason in fails])}"
    elif (
        strains and (best := decision.pick) and len(strains) > len(decision.verdicts[best].strains)
    ):
        summary = f"strains at {listed([reason.criterion for reason in strains])}"
    elif decision.pick and not decision.open:
        summary = f"would do as well, but is more complex than {_headline(decision)}"
    else:
        summary = "is not the pick, whatever the open criteria turn out to be"
    changes = _found(lambda: reasons.why_not(decision, name))
    instead = [boxes.sentence(decision.rules, box) for box in reasons.joined(changes)]
    return Against(verdict.option, summary, (*fails, *strains), tuple(changes), tuple(instead))


def _found(search: Callable[[], list[Found]]) -> list[Found]:
    """What a search finds; nothing is said where it would take too long."""
    try:
        return search()
    except TooManyOpen:
        return []


def _answered(decision: Decision) -> list[Answered]:
    closed = decision.answers
    return [
        Answered(
            criterion,
            closed.get(name, ""),
            level_means(decision.rules, name, closed[name]) if name in closed else "",
            name in decision.assumed,
        )
        for name, criterion in decision.rules.criteria.items()
    ]


def _changes(decision: Decision) -> list[Change]:
    return sensitivity.changes(decision) if decision.status is not Status.UNDECIDED else []


def _words(decision: Decision, change: Change) -> str:
    means = level_means(decision.rules, change.criterion, change.level)
    return f"{change.criterion} {change.level} ({means}): {names(decision.rules, change.picks)}"


def _notes(decision: Decision) -> list[Note]:
    """The notes of the pick and those that hold for every pick, or where nothing fits."""
    return [
        note
        for note in decision.rules.notes
        if note.option in (None, decision.pick) and holds(note, decision)
    ]


def holds(note: Note, decision: Decision) -> bool:
    """Whether the answers are those that the note is for."""
    return all(decision.answers.get(name) in levels for name, levels in note.when.items())
