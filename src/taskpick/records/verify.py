"""Whether what was decided then is what the rules say today, and if not, what has changed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from taskpick import answers
from taskpick.decision.decide import Status, decide, scores
from taskpick.records import fingerprint
from taskpick.rulefile.model import NOTHING_FITS, Rating

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskpick.decision.decide import Decision
    from taskpick.problems import Problem, Span
    from taskpick.records.fingerprint import Claims
    from taskpick.records.statements import Statement
    from taskpick.rulefile.model import Fit, Rules

_OUT_OF_FORCE = ("superseded", "deprecated", "rejected")


class Outcome(StrEnum):
    """What has become of a decision."""

    HOLDS = "holds"
    REASONS_CHANGED = "reasons-changed"
    NO_LONGER_HOLDS = "no-longer-holds"
    CANNOT_TELL = "cannot-tell"
    NOT_IN_FORCE = "not-in-force"


class FitChange(NamedTuple):
    """A fit that is not what it was, or that speaks against the pick of then."""

    option: str
    criterion: str
    level: str
    was: str
    """The rating of then; empty if that is not known."""
    fit: Fit
    """Today's."""


class Remark(NamedTuple):
    """Something else about the rule file that has changed, and where."""

    text: str
    span: Span | None


class Result(NamedTuple):
    """What has become of one decision."""

    statement: Statement
    outcome: Outcome
    rules: Rules | None = None
    """Those of today; None if there are none to be had."""
    now: str = ""
    """Today's pick, or `NOTHING_FITS`; empty if undecided or not known."""
    possible: tuple[str, ...] = ()
    """If undecided, the options that can be the pick."""
    fits: tuple[FitChange, ...] = ()
    """What no longer holds rests on these; what holds says these in other words."""
    remarks: tuple[Remark, ...] = ()
    why: str = ""
    """Why it cannot be told, or why it is not in force."""


def verify(rules: Rules, statement: Statement) -> Result:
    """Compute a decision again and compare."""
    if statement.status.startswith(_OUT_OF_FORCE):
        return Result(statement, Outcome.NOT_IN_FORCE, why=statement.status)
    if not statement.pick:
        return cannot_tell(statement, "it states no pick")
    if problems := list(answers.check(rules, statement.source, statement.answers)):
        return invalid(statement, problems)
    decision = decide(rules, answers.texts(statement.answers))
    now = decision.outcome
    was = statement.claims
    changed = [
        *_remarks(decision, statement),
        *(_notes(decision, was) if was and now == statement.pick else ()),
    ]
    fits = list(_changed(decision, was)) if was else []
    if now == statement.pick:
        outcome = Outcome.REASONS_CHANGED if fits or changed else Outcome.HOLDS
    else:
        outcome = Outcome.NO_LONGER_HOLDS
        fits = _deciding(decision, statement.pick, fits)
    possible = tuple(decision.possible) if decision.status is Status.UNDECIDED else ()
    return Result(statement, outcome, rules, now, possible, tuple(fits), tuple(changed))


def cannot_tell(statement: Statement, why: str) -> Result:
    """The result for a decision that cannot be computed again."""
    return Result(statement, Outcome.CANNOT_TELL, why=why)


def invalid(statement: Statement, problems: Sequence[Problem]) -> Result:
    """The result for a decision of a file with problems, at the place of the first of them."""
    first = statement._replace(span=problems[0].span)
    says = [f"{p.message} ({p.hint})" if p.hint else p.message for p in problems]
    return cannot_tell(first, "; ".join(says))


def _changed(decision: Decision, was: Claims) -> Iterator[FitChange]:
    """The fits at the answers that are rated or worded differently today."""
    now = fingerprint.of(decision)
    for (criterion, level), row in now.fits.items():
        before = dict(zip(was.options, was.fits.get((criterion, level), ()), strict=False))
        for option, claim in zip(now.options, row, strict=True):
            if option in before and before[option] != claim:
                fit = decision.rules.options[option].fits[criterion][level]
                yield FitChange(option, criterion, level, before[option].rating, fit)


def _deciding(decision: Decision, old: str, changed: list[FitChange]) -> list[FitChange]:
    """The fits because of which the old pick is not the pick any more.

    Those whose rating has changed to the disadvantage of the old pick; if that is not known, or
    is not why, those in which it does worse than the new one.
    """
    new = decision.pick
    worse = [
        change
        for change in changed
        if (change.option == old and change.fit.rating.rank > _rank(change.was))
        or (change.option != old and change.fit.rating.rank < _rank(change.was))
    ]
    involved = [change for change in worse if change.option in (old, new)] if new else worse
    if involved or old not in decision.rules.options:
        return involved
    points = scores(decision.rules).points
    return [
        FitChange(old, criterion, level, "", decision.rules.options[old].fits[criterion][level])
        for criterion, level in decision.answers.items()
        if points(old, criterion, level) > (points(new, criterion, level) if new else 1)
    ]


def _rank(rating: str) -> int:
    """The rank of a rating in a record; of what is none, that of the best."""
    return Rating(rating).rank if rating in list(Rating) else 0


def _remarks(decision: Decision, statement: Statement) -> Iterator[Remark]:
    """What has changed about the criteria and the options as such."""
    rules = decision.rules
    for name, criterion in rules.criteria.items():
        assumed = statement.assumed.get(name)
        if assumed is not None and decision.assumed.get(name) != assumed:
            level = decision.assumed.get(name, "open")
            yield Remark(f"'{name}' is assumed to be {level} today, not {assumed}", criterion.span)
        elif statement.claims and name not in statement.answers.entries and assumed is None:
            known = any(criterion == name for criterion, _ in statement.claims.fits)
            if not known:
                yield Remark(f"'{name}' is a new criterion", criterion.span)
    for name in statement.assumed:
        if name not in rules.criteria:
            yield Remark(f"'{name}' is no criterion any more", None)
    if statement.pick not in (*rules.options, NOTHING_FITS):
        yield Remark(f"'{statement.pick}' is no option any more", None)
    elif statement.claims:
        yield from _order(decision, statement.claims)


def _order(decision: Decision, was: Claims) -> Iterator[Remark]:
    """Options that stand elsewhere: the first of equals is the pick."""
    options = decision.rules.options
    before = [name for name in was.options if name in options]
    today = [name for name in options if name in was.options]
    moved = [name for name, other in zip(today, before, strict=True) if name != other]
    if moved:
        names = ", ".join(moved)
        yield Remark(f"the options stand in another order: {names}", options[moved[0]].span)
    for name in options:
        if name not in was.options:
            yield Remark(f"'{name}' is a new option", options[name].span)


def _notes(decision: Decision, was: Claims) -> Iterator[Remark]:
    today = {fingerprint.digest(note.say, note.source): note for note in decision.rules.notes}
    now = fingerprint.of(decision).notes
    for digest in sorted(now - was.notes):
        yield Remark(f"a note is new, or is worded anew: {today[digest].say}", today[digest].span)
    if gone := len(was.notes - now):
        yield Remark(f"{gone} of the notes of then {'is' if gone == 1 else 'are'} gone", None)
