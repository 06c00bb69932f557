"""The decision in words and tables, without markup: every format shows the same words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from taskpick.answers import command
from taskpick.decision import boxes, explanation, sensitivity
from taskpick.decision.decide import Status
from taskpick.decision.outlook import in_words, outlook, sentence
from taskpick.problems import TooLarge
from taskpick.questions.planner import next_question
from taskpick.rulefile.model import Rating
from taskpick.version import __version__
from taskpick.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskpick.decision.decide import Decision, Verdict
    from taskpick.decision.explanation import ChangeSet
    from taskpick.decision.explanation import Reason as Forcing
    from taskpick.decision.outlook import Chance
    from taskpick.decision.sensitivity import Change
    from taskpick.rulefile.model import Criterion, Note, Option, Rules
    from taskpick.starter.project import Snippet

Found = TypeVar("Found")

SYMBOLS = {Rating.FITS: "✅", Rating.STRAINS: "⚠️", Rating.FAILS: "❌"}


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
    outlook: tuple[Chance, ...]
    """What can be the pick, if it is not settled."""
    why: tuple[str, ...]
    """The answers that decided, each with what it says of the pick and against the others."""
    costs: tuple[Reason, ...]
    notes: tuple[Note, ...]
    outside: tuple[Note, ...]
    against: tuple[Against, ...]
    changes: tuple[tuple[Change, str], ...]
    """The single changed answers that change the pick, and the words for each."""
    next_question: Criterion | None
    """What to find out next; None if no answer can change the pick."""
    snippet: Snippet | None
    snippet_problem: str
    """Why there is no snippet although the pick has a starter; empty otherwise."""
    command: str
    """The command that gives this report again."""
    with_starter: bool = False
    """Whether the starter of the pick is written with this report, and so not offered."""

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


def report_on(decision: Decision) -> Report:
    """The report on a decision, with the snippet of its pick."""
    from taskpick.starter.project import StarterError

    try:
        return report(decision, snippet=_snippet(decision))
    except StarterError as error:
        return report(decision)._replace(snippet_problem=str(error))


def report(decision: Decision, *, snippet: Snippet | None = None) -> Report:
    """Say a decision in words."""
    picked = decision.pick
    notes = _notes(decision)
    chances = outlook(decision)
    question = next_question(decision.rules, decision.inputs)
    return Report(
        decision=decision,
        headline=_headline(decision),
        summary=_summary(decision, chances),
        answers=tuple(_answered(decision)),
        forced=tuple(_found(lambda: explanation.why(decision))),
        outlook=chances,
        why=tuple(_why(decision)),
        costs=tuple(_reasons(decision, picked, Rating.STRAINS)) if picked else (),
        notes=tuple(note for note in notes if not note.see),
        outside=tuple(note for note in notes if note.see),
        against=tuple(_against(decision, name) for name in _losers(decision)),
        changes=tuple((change, _words(decision, change)) for change in _changes(decision)),
        next_question=decision.rules.criteria[question] if question else None,
        snippet=snippet,
        snippet_problem="",
        command=command(decision.rules, decision.inputs),
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
        f"{report.rules.name_of(chance.pick)} {in_words(report.rules, chance)}"
        for chance in report.outlook
    ]


def _snippet(decision: Decision) -> Snippet | None:
    option = decision.rules.options.get(decision.pick or "")
    if option is None or option.starter is None:
        return None
    from taskpick.starter.project import snippet

    folder = Path(decision.rules.source.name).parent
    return snippet(folder, option, decision.completed, as_of=decision.rules.as_of)


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
            return f"Undecided: {decision.rules.names_of(decision.counts)}"


def _summary(decision: Decision, chances: tuple[Chance, ...]) -> str:
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
            words = sentence(decision, chances)
            return f"{words[0].upper()}{words[1:]}."


def _picked(decision: Decision) -> str:
    verdict = decision.verdicts[decision.pick or ""]
    count = len(decision.answers)
    if not count:
        return "It is the pick whatever the answers are."
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
        does = pick.fits[criterion].why or f"{rules.criteria[criterion].means(level)}."
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
    changes = _found(lambda: explanation.why_not(decision, name))
    instead = [boxes.sentence(decision.rules, box) for box in explanation.joined(changes)]
    return Against(verdict.option, summary, (*fails, *strains), tuple(changes), tuple(instead))


def _found(search: Callable[[], list[Found]]) -> list[Found]:
    """What a search finds; nothing is said where it would take too long."""
    try:
        return search()
    except TooLarge:
        return []


def _answered(decision: Decision) -> list[Answered]:
    closed = decision.answers
    return [
        Answered(
            criterion,
            closed.get(name, ""),
            criterion.means(closed[name]) if name in closed else "",
            name in decision.assumed,
        )
        for name, criterion in decision.rules.criteria.items()
    ]


def _changes(decision: Decision) -> list[Change]:
    if decision.status is Status.UNDECIDED:
        return []
    return _found(lambda: sensitivity.changes(decision))


def _words(decision: Decision, change: Change) -> str:
    means = decision.rules.criteria[change.criterion].means(change.level)
    return f"{change.criterion} {change.level} ({means}): {decision.rules.names_of(change.picks)}"


def _notes(decision: Decision) -> list[Note]:
    """The notes of the pick and those that hold for every pick, or where nothing fits."""
    return [
        note
        for note in decision.rules.notes
        if note.option in (None, decision.pick) and note.holds(decision.answers)
    ]
