"""The sentences of a report, without markup: every format shows the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from taskpick.decision.decide import Status
from taskpick.named_tuple import NamedTuple
from taskpick.problems import TooLarge
from taskpick.rulefile import short
from taskpick.rulefile.model import Rating
from taskpick.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from taskpick.decision.decide import Decision, Evaluation
    from taskpick.decision.explanation import ChangeSet, Reason
    from taskpick.decision.outlook import Chance
    from taskpick.decision.sensitivity import Change
    from taskpick.rulefile.model import Fit, Option, Rules
    from taskpick.wording import Marks

Result = TypeVar("Result")
_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}
_LONGEST_REASON = 110
"""The most characters of a reason that has two lines to itself."""


class Against(NamedTuple):
    """Why another option is not the pick."""

    option: Option
    summary: str
    reasons: tuple[Fit, ...]
    """Its fits that fail, then those with a drawback."""
    changes: tuple[ChangeSet, ...]
    """All smallest sets of other answers that make it the pick, the nearest first."""
    instead: tuple[str, ...]
    """The same in words, those that differ in one level merged."""


def forced(reasons: Iterable[Reason]) -> list[str]:
    """A sentence for each smallest set of answers that forces the pick."""
    return [
        f"These answers alone decide it: {listed(list(reason.words))}."
        if reason.words
        else "The pick is the same whatever the answers are."
        for reason in reasons
    ]


def depends_on(rules: Rules, chance: Chance) -> str:
    """What can be the pick, for how many of the open answers, and for which."""
    from taskpick.decision.outlook import in_words

    return f"{rules.name_of(chance.pick)} {in_words(rules, chance)}"


def headline(decision: Decision) -> str:
    """The pick, or that there is none."""
    match decision.status:
        case Status.PICKED:
            return decision.rules.options[decision.pick or ""].name
        case Status.NOTHING_FITS:
            return "No option fits"
        case Status.UNDECIDED:
            return f"Not decided yet: {decision.rules.names_of(decision.counts)}"


def summary(decision: Decision) -> str:
    """How well the pick does, or why there is none, in a sentence or two."""
    match decision.status:
        case Status.PICKED:
            return _picked(decision)
        case Status.NOTHING_FITS:
            nearest = decision.evaluations[decision.ranking[0]]
            reasons = _together(decision, _rated(nearest, Rating.FAILS))
            return f"{nearest.option.name} comes closest. In the way: {reasons}."
        case Status.UNDECIDED:
            nothing = "; for some answers nothing fits" if None in decision.counts else ""
            return f"It can still be {decision.rules.names_of(decision.possible)}{nothing}."


def _picked(decision: Decision) -> str:
    costs = _rated(decision.evaluations[decision.pick or ""], Rating.STRAINS)
    if costs:
        return f"It works, with {drawbacks(len(costs))}: {_together(decision, costs)}."
    if not decision.answers:
        return "It is the pick whatever the answers are."
    kind = "" if decision.given else " that is assumed"
    if decision.open:
        return f"It meets every answer{kind}; what is open cannot change that."
    return f"It meets every answer{kind}."


def mark(rating: Rating, marks: Marks) -> str:
    """The sign for a rating."""
    return {Rating.FITS: marks.fits, Rating.STRAINS: marks.drawback, Rating.FAILS: marks.no}[rating]


def drawbacks(count: int) -> str:
    """`two drawbacks`."""
    return f"{_NUMBERS.get(count, count)} drawback{'s' if count > 1 else ''}"


def _rated(evaluation: Evaluation, rating: Rating) -> dict[str, Fit]:
    """Criterion to fit, where the option does so well."""
    return {name: fit for name, fit in evaluation.fits.items() if fit.rating is rating}


def _together(decision: Decision, fits: Mapping[str, Fit]) -> str:
    """The reasons of the fits; where they are too long for two lines, the answers they are for."""
    if len(fits) == 1:
        (fit,) = fits.values()
        return fit.short or short.clause(fit.why, _LONGEST_REASON)
    reasons = "; ".join(short.reason(fit) for fit in fits.values())
    if len(reasons) <= _LONGEST_REASON:
        return reasons
    answers = [answer_words(decision, name) for name in fits]
    return listed(answers)


def why(decision: Decision) -> list[str]:
    """The answers that decided, each with the losers' own words; then what is as good."""
    if decision.pick is None:
        return []
    from taskpick.decision import sensitivity

    lines = []
    for criterion, losers in sensitivity.deciding(decision).items():
        answer = answer_words(decision, criterion)
        for name in losers:
            evaluation = decision.evaluations[name]
            lines.append(f"{answer}: {evaluation.option.name}: {evaluation.fits[criterion].why}")
    return [*lines, *equally_good(decision)]


def other_as_good(decision: Decision) -> list[Option]:
    """The other options that only the order of the rule file keeps from being the pick."""
    if decision.pick is None:
        return []
    from taskpick.decision.outlook import as_good

    return [decision.rules.options[name] for name in as_good(decision) if name != decision.pick]


def equally_good(decision: Decision) -> list[str]:
    """A line on the options that only the order keeps from being the pick; none without them."""
    if not (equal := [option.name for option in other_as_good(decision)]):
        return []
    pick = decision.rules.options[decision.pick or ""].name
    verb = "are" if len(equal) > 1 else "is"
    return [f"{listed(equal)} {verb} as good here; the rule file lists {pick} first."]


def reasons_of(decision: Decision, option: str, rating: Rating) -> list[Fit]:
    """The option's fits of this rating at the answers."""
    return list(_rated(decision.evaluations[option], rating).values())


def against(decision: Decision) -> list[Against]:
    """Every option that is not the pick, whatever is open, and why."""
    return [
        _against(decision, name)
        for name in decision.ranking
        if name not in decision.counts or decision.status is Status.NOTHING_FITS
    ]


def _against(decision: Decision, name: str) -> Against:
    from taskpick.decision import explanation
    from taskpick.decision.answer_sets import boxes

    evaluation = decision.evaluations[name]
    fails = reasons_of(decision, name, Rating.FAILS)
    strains = reasons_of(decision, name, Rating.STRAINS)
    change_sets = unless_too_large(lambda: explanation.why_not(decision, name))
    instead = [boxes.sentence(decision.rules, box) for box in explanation.joined(change_sets)]
    words = why_not(decision, name)
    return Against(evaluation.option, words, (*fails, *strains), tuple(change_sets), tuple(instead))


def why_not(decision: Decision, name: str) -> str:
    """Why an option is not the pick, as the end of a sentence that begins with its name."""
    evaluation = decision.evaluations[name]
    best = decision.evaluations.get(decision.pick or "")
    if evaluation.fails:
        return f"does not work for: {listed(_words(decision, evaluation.fails))}"
    if evaluation.strains and best and len(evaluation.strains) > len(best.strains):
        return f"has a drawback for: {listed(_words(decision, evaluation.strains))}"
    if best and evaluation.option in other_as_good(decision):
        works = "can also work" if decision.open else "also works"
        return f"{works}, but {best.option.name} comes first in the rule file"
    return "is not the pick, whatever the open answers turn out to be"


def answer_words(decision: Decision, criterion: str) -> str:
    """A few words for the answer that the decision has for a criterion, given or assumed."""
    return short.level_words(decision.rules.criteria[criterion], decision.answers[criterion])


def _words(decision: Decision, criteria: Iterable[str]) -> list[str]:
    return [answer_words(decision, name) for name in criteria]


def forcing(decision: Decision) -> list[Reason]:
    """All smallest sets of answers that force the pick; none where that would take too long."""
    from taskpick.decision.explanation import why

    return unless_too_large(lambda: why(decision))


def unless_too_large(search: Callable[[], list[Result]]) -> list[Result]:
    """What a search finds; nothing is said where it would take too long."""
    try:
        return search()
    except TooLarge:
        return []


def changes(decision: Decision) -> list[tuple[Change, str]]:
    """The single changed answers that change the pick, and the words for each."""
    if decision.status is Status.UNDECIDED:
        return []
    from taskpick.decision import sensitivity

    alternatives = unless_too_large(lambda: sensitivity.changes(decision))
    return [(change, _change(decision, change)) for change in alternatives]


def _change(decision: Decision, change: Change) -> str:
    means = decision.rules.criteria[change.criterion].means(change.level)
    return f"{change.criterion} {change.level} ({means}): {decision.rules.names_of(change.picks)}"
