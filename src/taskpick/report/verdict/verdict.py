"""What the verdict says, as data: each screen and JSON show the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.decision import restriction, sensitivity
from taskpick.decision.decide import Status, decide
from taskpick.decision.outlook import safe_choice
from taskpick.named_tuple import NamedTuple
from taskpick.report.sentences import answer_words, drawbacks, other_as_good, unless_too_large
from taskpick.report.verdict import comparison
from taskpick.rulefile import short
from taskpick.rulefile.model import UNSURE
from taskpick.wording import as_few, listed

if TYPE_CHECKING:
    from taskpick.decision.decide import Decision
    from taskpick.decision.outlook import SafeChoice
    from taskpick.decision.staying import Staying
    from taskpick.report.report import Report
    from taskpick.report.verdict.comparison import Row
    from taskpick.rulefile.model import Criterion, Note, Option, Rules


_FEW = 3
"""At most this many options that are left out are named; the others are counted."""


class Instead(NamedTuple):
    """Another option, and the single answers that would make it the pick."""

    option: Option
    answers: tuple[tuple[str, str], ...]
    """Criterion and level."""


class Branch(NamedTuple):
    """Answers to the next question that lead to the same."""

    levels: tuple[str, ...]
    picks: tuple[str | None, ...]
    """The likeliest first; None: no option fits."""
    words: str


class RuledOut(NamedTuple):
    """An option that cannot be the pick any more."""

    option: Option
    words: tuple[str, ...]
    """The answers that it does not work for."""


class Verdict(NamedTuple):
    """What there is to say about a decision on one screen."""

    decision: Decision
    about: Option
    """The pick; else the safe choice; else the option that comes closest."""
    headline: str
    sentence: str
    rows: tuple[Row, ...]
    """The answers at which the options shown differ or all fail."""
    needs: str
    before: tuple[Note, ...]
    """What to do before one ships."""
    outside: tuple[Note, ...]
    instead: tuple[Instead, ...]
    as_good: tuple[Option, ...]
    """The other options with as few drawbacks as the pick: only the order of the file decides."""
    safe: SafeChoice | None
    """What to take if nothing more can be found out, while undecided."""
    safe_words: str
    question: Criterion | None
    """What to find out first, while undecided."""
    branches: tuple[Branch, ...]
    ruled_out: tuple[RuledOut, ...]
    left_out: str
    """Which options may not be used, and what the pick would be with them; empty if all may."""
    staying: Staying | None
    """The system in use, and what to do with it."""

    @property
    def rules(self) -> Rules:
        """The rule file that decided."""
        return self.decision.rules

    @property
    def undecided(self) -> bool:
        """Whether there is more than one possible pick."""
        return self.decision.status is Status.UNDECIDED

    @property
    def complete(self) -> bool:
        """Whether everything was answered, if only with `unsure`."""
        return not self.decision.unanswered


def verdict(report: Report) -> Verdict:
    """What there is to say about the decision of a report."""
    decision = report.decision
    safe = safe_choice(decision)
    about = decision.rules.options[safe.option] if safe else report.about
    if stays := _stays(report):
        about = stays
    assert about  # noqa: S101  a settled decision has a pick or a nearest option
    words = _safe(decision, safe) if safe else ""
    # Whoever stays with a system, or leaves it, wants to see it beside the pick.
    in_use = report.staying
    beside = [decision.pick] if stays and decision.pick else []
    beside += [in_use.id] if in_use and in_use.id in decision.rules.options else []
    columns = comparison.columns(decision, about.id, *beside)
    question = report.next_question
    complete = not decision.unanswered
    headline = _headline(decision, about, safe, complete=complete)
    return Verdict(
        decision=decision,
        about=about,
        headline=f"Stay with {stays.name}" if stays else headline,
        sentence=_sentence(report, words),
        rows=() if safe else tuple(comparison.rows(decision, columns)),
        needs=about.needs if decision.pick and not stays else "",
        before=_before(report),
        outside=report.outside,
        instead=() if stays and stays.id != decision.pick else tuple(_instead(decision)),
        as_good=tuple(option for option in other_as_good(decision) if option is not about),
        safe=safe,
        safe_words=words,
        question=question,
        branches=tuple(_branches(decision, question)) if question else (),
        ruled_out=tuple(_ruled_out(decision)) if question else (),
        left_out=left_out(decision),
        staying=report.staying,
    )


def _stays(report: Report) -> Option | None:
    """The system in use, where a settled decision says to stay with it."""
    staying = report.staying
    if staying is None or report.decision.pick is None or not staying.stays:
        return None
    return staying.option


def _sentence(report: Report, safe_words: str) -> str:
    decision = report.decision
    if safe_words and not decision.unanswered:
        return f"It {safe_words}."
    if _stays(report) and report.pick and report.staying and not report.staying.is_pick:
        return f"It works for every answer. Without it the pick would be {report.pick.name}."
    return report.summary


def _before(report: Report) -> tuple[Note, ...]:
    """What to see to: with the pick, or with the system that one stays with."""
    if report.staying and _stays(report):
        return report.staying.notes
    return report.notes if report.decision.pick else ()


def left_out(decision: Decision) -> str:
    """`Celery; with all options the pick would be the same`; empty if nothing is left out."""
    whole = decision.rules.whole
    if whole is None:
        return ""
    names = [
        short.column_name(whole.options[name]) for name in restriction.left_out(decision.rules)
    ]
    return f"{as_few(names, _FEW)}; {_otherwise(decision, whole)}"


def _otherwise(decision: Decision, whole: Rules) -> str:
    """What the decision would be among all options."""
    among_all = decide(whole, decision.inputs)
    if among_all.status is Status.UNDECIDED:
        return (
            "with all options it would be open too"
            if decision.pick is None
            else "with all options it would be open"
        )
    if among_all.outcome == decision.outcome:
        return "with all options the pick would be the same"
    name = short.column_name(whole.options[among_all.pick]) if among_all.pick else "none"
    return f"with all options the pick would be {name}"


def _headline(decision: Decision, about: Option, safe: SafeChoice | None, *, complete: bool) -> str:
    match decision.status:
        case Status.PICKED:
            return f"Use {about.name}"
        case Status.NOTHING_FITS:
            return "No option fits"
        case Status.UNDECIDED if not complete:
            return "Not decided yet"
        case Status.UNDECIDED if safe and safe.exceptions:
            return f"Not decided yet; {about.name} is the safest"
        case _:
            return f"Use {about.name}, the safe choice"


def _instead(decision: Decision) -> list[Instead]:
    """The other options that one other answer leads to; the one with most such answers first."""
    if decision.status is Status.UNDECIDED:
        return []
    answers: dict[str, list[tuple[str, str]]] = {}
    for change in unless_too_large(lambda: sensitivity.changes(decision)):
        if len(change.picks) == 1 and (pick := change.picks[0]) and pick != decision.pick:
            answers.setdefault(pick, []).append((change.criterion, change.level))
    options = decision.rules.options
    others = [Instead(options[pick], tuple(pairs)) for pick, pairs in answers.items()]
    return sorted(others, key=lambda instead: -len(instead.answers))


def _ruled_out(decision: Decision) -> list[RuledOut]:
    """The options that no answer to what is open can make the pick, and why."""
    ruled_out = []
    for name, evaluation in decision.evaluations.items():
        if name not in decision.counts and evaluation.fails:
            words = [answer_words(decision, name) for name in evaluation.fails]
            ruled_out.append(RuledOut(evaluation.option, tuple(words)))
    return ruled_out


def _safe(decision: Decision, safe: SafeChoice) -> str:
    """That the safe choice works whatever is found out, but for its exceptions and drawbacks."""
    rules = decision.rules
    words = "works whatever the open answers turn out to be"
    if safe.exceptions:
        excepted = [
            short.level_words(rules.criteria[name], level)
            for name, levels in safe.exceptions.items()
            for level in levels
        ]
        words += f", except with: {listed(excepted, 'or')}"
    worst = safe.strains_at_worst
    costs = f"at most {drawbacks(worst)}" if worst else "no drawback"
    return f"{words}; it has {costs}" if safe.exceptions else f"{words}, with {costs}"


def _branches(decision: Decision, question: Criterion) -> list[Branch]:
    """The levels of the question, those that lead to the same drawn together."""
    outcomes: dict[tuple[tuple[str | None, ...], str], list[str]] = {}
    for level, counts in sensitivity.by_level(decision, question.id).items():
        picks = tuple(sorted(counts, key=lambda pick: -counts[pick]))
        words = _outcome(decision, question.id, level, picks)
        outcomes.setdefault((picks, words), []).append(level)
    return [Branch(tuple(levels), picks, words) for (picks, words), levels in outcomes.items()]


def _outcome(decision: Decision, criterion: str, level: str, picks: tuple[str | None, ...]) -> str:
    """`RQ; Celery if on a schedule` where one more answer decides, else the likeliest ones."""
    names = [_name(decision.rules, pick) for pick in picks]
    if len(picks) == 1:
        return names[0]
    given = {**decision.answers, criterion: level}
    unsure = dict.fromkeys((name for name in decision.open if name != criterion), UNSURE)
    after = decide(decision.rules, {**unsure, **given})
    deciding = sensitivity.open_criteria(after)
    if len(deciding) == 1:
        return "; ".join(_by_answer(after, deciding[0], picks))
    rest = names[1:]
    if len(rest) > _FEW + 1:
        rest = [*rest[:_FEW], f"{len(rest) - _FEW} others"]
    return f"probably {names[0]}, else {listed(rest, 'or')}"


def _by_answer(decision: Decision, criterion: str, picks: tuple[str | None, ...]) -> list[str]:
    rules = decision.rules
    leads = {level: tuple(to) for level, to in sensitivity.by_level(decision, criterion).items()}
    parts = [_name(rules, picks[0])]
    for pick in picks[1:]:
        levels = [level for level, to in leads.items() if to == (pick,)]
        words = [short.level_words(rules.criteria[criterion], level) for level in levels]
        parts.append(f"{_name(rules, pick)} if {listed(words, 'or')}")
    return parts


def _name(rules: Rules, pick: str | None) -> str:
    return short.column_name(rules.options[pick]) if pick else "nothing fits"
