"""Whether what was decided then is what the rules say today, and if not, what has changed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from taskpick.decision.decide import Status, decide
from taskpick.decision.scores import scores
from taskpick.decision.staying import kept
from taskpick.named_tuple import NamedTuple
from taskpick.problems import Refused, Span
from taskpick.records import fingerprint
from taskpick.records.basis import still_allowed
from taskpick.records.resolve import ids, levels, unknown_answers
from taskpick.records.verification.edited_pick import edited, other_option
from taskpick.rulefile.model import NOTHING_FITS, Rating

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taskpick.decision.decide import Decision
    from taskpick.problems import Problem
    from taskpick.records.fingerprint import Fingerprint
    from taskpick.records.record import Record
    from taskpick.records.statements import Statement
    from taskpick.rulefile.model import Fit, Rules

_OUT_OF_FORCE = ("superseded", "deprecated", "rejected")


class Outcome(StrEnum):
    """What has become of a decision."""

    HOLDS = "holds"
    REASONS_CHANGED = "reasons-changed"
    NO_LONGER_HOLDS = "no-longer-holds"
    INCONSISTENT = "inconsistent"
    """It holds, but people read something else in the record, or in the one it supersedes."""
    NOT_CHECKED = "not-checked"
    NOT_IN_FORCE = "not-in-force"


class FitChange(NamedTuple):
    """A fit that is not what it was, or that speaks against the pick of then."""

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

    file: str
    span: Span
    """Where in the file the pick stands, or what is wrong."""
    outcome: Outcome
    task: str = ""
    """Empty where the file is about one decision."""
    answers: Mapping[str, str] = {}
    pick: str = ""
    """The pick of then, or `NOTHING_FITS`; empty if undecided or not known."""
    rules: Rules | None = None
    """Those of today; None if there are none to be had."""
    now: str = ""
    """Today's pick, or `NOTHING_FITS`; empty if undecided or not known."""
    possible: tuple[str, ...] = ()
    """If undecided, the options that can be the pick."""
    fits: tuple[FitChange, ...] = ()
    """The fits that explain the outcome: those that overturned the pick, or those reworded."""
    remarks: tuple[Remark, ...] = ()
    why: str = ""
    """Why it could not be checked or is not in force, or what was edited."""


def verify(rules: Rules, statement: Statement) -> Result:
    """Compute a decision again and compare.

    Raises:
        TooLarge: there are more answer sets than can be followed.
    """
    result = _result(statement, Outcome.NOT_CHECKED)
    status = statement.record.status if statement.record else ""
    if status.lower().startswith(_OUT_OF_FORCE):
        return result._replace(outcome=Outcome.NOT_IN_FORCE, why=status)
    if not statement.is_verifiable:
        return result._replace(why="it names no pick")
    if problems := list(unknown_answers(rules, statement.source, statement.answers)):
        return result._replace(span=problems[0].span, why=in_words(problems))
    only, without = ids(rules, statement.only), ids(rules, statement.without)
    try:
        allowed = still_allowed(rules, only, without)
    except Refused:
        return result._replace(why="none of the options that were allowed is left")
    decision = decide(allowed, levels(statement.answers))
    if statement.record and statement.have:
        decision = kept(decision, statement.have.id)
    result = _compared(decision, statement, result)
    if statement.record and result.outcome in (Outcome.HOLDS, Outcome.REASONS_CHANGED):
        return _read_by_people(statement.record, decision, result)
    return result


def cannot_check(statement: Statement, why: str) -> Result:
    """The result for a decision that cannot be computed again."""
    return _result(statement, Outcome.NOT_CHECKED)._replace(why=why)


def unreadable(file: str, why: str, span: Span | None = None) -> Result:
    """The result for a file in which no decision can be found."""
    return Result(file, span or Span.at(1, 1), Outcome.NOT_CHECKED, why=why)


def in_words(problems: Sequence[Problem]) -> str:
    """The problems on one line, each with its way out."""
    return "; ".join(f"{p.message} ({p.hint})" if p.hint else p.message for p in problems)


def _result(statement: Statement, outcome: Outcome) -> Result:
    return Result(
        statement.source.name,
        statement.span,
        outcome,
        statement.task,
        levels(statement.answers),
        statement.pick,
    )


def _compared(decision: Decision, statement: Statement, result: Result) -> Result:
    """Today's decision beside the one of then."""
    now = decision.outcome
    was = statement.fingerprint
    remarks = list(_remarks(decision, statement))
    fits: list[FitChange] = []
    if was:
        today = fingerprint.of(decision)
        fits += _changed(decision, was, today)
        if now == statement.pick:
            remarks += _notes(decision, was, today)
    if now == statement.pick:
        outcome = Outcome.REASONS_CHANGED if fits or remarks else Outcome.HOLDS
    else:
        outcome = Outcome.NO_LONGER_HOLDS
        fits = _deciding(decision, statement.pick, fits)
    possible = tuple(decision.possible) if decision.status is Status.UNDECIDED else ()
    return result._replace(
        outcome=outcome,
        rules=decision.rules,
        now=now,
        possible=possible,
        fits=tuple(fits),
        remarks=tuple(remarks),
    )


def _read_by_people(record: Record, decision: Decision, result: Result) -> Result:
    """The result, unless people read something else in the record than its answers give."""
    if record.conflict:
        why = "a merge left conflict markers"
        return result._replace(outcome=Outcome.INCONSISTENT, span=record.conflict, why=why)
    for name, text, start in edited(record):
        if other := other_option(text, decision):
            answers = decision.rules.options[decision.pick].name if decision.pick else "no pick"
            why = f"its {name} was edited and names {other.name}; its answers give {answers}"
            span = record.source.span(start)
            return result._replace(outcome=Outcome.INCONSISTENT, span=span, why=why)
    return result


def _changed(decision: Decision, was: Fingerprint, now: Fingerprint) -> Iterator[FitChange]:
    """The fits at the answers that are rated or worded differently today."""
    for (criterion, level), row in now.fits.items():
        before = dict(zip(was.options, was.fits.get((criterion, level), ()), strict=False))
        for option, claim in zip(now.options, row, strict=True):
            if option in before and before[option] != claim:
                fit = decision.rules.options[option].fits[criterion][level]
                yield FitChange(before[option].rating, fit)


def _deciding(decision: Decision, old: str, changed: list[FitChange]) -> list[FitChange]:
    """The fits because of which the old pick is not the pick any more.

    Those whose rating has changed to the disadvantage of the old pick; if that is not known, or
    is not why, those in which it does worse than the new one.
    """
    new = decision.pick
    worse = [
        change
        for change in changed
        if (change.fit.option == old and _rank(change.fit.rating) > _rank(change.was))
        or (change.fit.option != old and _rank(change.fit.rating) < _rank(change.was))
    ]
    involved = [change for change in worse if change.fit.option in (old, new)] if new else worse
    if involved or old not in decision.rules.options:
        return involved
    points = scores(decision.rules).points
    return [
        FitChange("", decision.rules.options[old].fits[criterion][level])
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
        elif statement.fingerprint and not statement.fingerprint.has(name):
            yield Remark(f"'{name}' is a new criterion", criterion.span)
    for name in statement.assumed:
        if name not in rules.criteria:
            yield Remark(f"'{name}' is no longer a criterion", None)
    whole = rules.unrestricted
    named = [statement.pick, *ids(whole, statement.only), *ids(whole, statement.without)]
    picks = ("", NOTHING_FITS, *whole.options)
    for name in dict.fromkeys(named):
        if name not in picks:
            yield Remark(f"'{name}' is no longer an option", None)
    if statement.pick and statement.pick not in (*rules.options, NOTHING_FITS):
        return
    if statement.fingerprint:
        yield from _order(decision, statement.fingerprint)


def _order(decision: Decision, was: Fingerprint) -> Iterator[Remark]:
    """Options that stand elsewhere: the first of equals is the pick."""
    options = decision.rules.options
    before = [name for name in was.options if name in options]
    today = [name for name in options if name in was.options]
    moved = [name for name, other in zip(today, before, strict=True) if name != other]
    if moved:
        names = ", ".join(moved)
        yield Remark(f"the options are in a different order: {names}", options[moved[0]].span)
    for name in options:
        if name not in was.options:
            yield Remark(f"'{name}' is a new option", options[name].span)


def _notes(decision: Decision, was: Fingerprint, now: Fingerprint) -> Iterator[Remark]:
    today = {fingerprint.words_digest(note.say, note.source): note for note in decision.rules.notes}
    for digest in sorted(now.notes - was.notes):
        yield Remark(f"a note is new or reworded: {today[digest].say}", today[digest].span)
    if gone := len(was.notes - now.notes):
        yield Remark(f"{gone} of the earlier notes {'is' if gone == 1 else 'are'} gone", None)
