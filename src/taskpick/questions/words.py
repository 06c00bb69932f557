"""What both fronts say: the progress, the outlook and the review, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.decision.decide import Status
from taskpick.named_tuple import NamedTuple
from taskpick.questions.conversation import EntryKind
from taskpick.questions.planner import next_question
from taskpick.rulefile import short
from taskpick.rulefile.model import UNSURE
from taskpick.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskpick.questions.conversation import Conversation, Entry
from taskpick.rulefile.model import Fit, Level, Rules

MOST_NAMES = 3
"""How many possible picks are named in one line."""
ANSWERS, ASSUMED = "Answers", "Assumed (not asked)"
NOT_ASKED = "Not asked, since the result stays the same"


class Prospect(NamedTuple):
    """What an answer to the question would mean."""

    level: Level
    outcome: str
    fits: tuple[tuple[str, Fit], ...]
    """The name of each option, and what it does then."""


def progress(conversation: Conversation) -> str:
    """How far along one is."""
    if conversation.changing and conversation.question:
        return f"Changing {short.noun(conversation.question)}"
    number, left = len(conversation.passed) + 1, conversation.left
    return f"Question {number}, " + (f"at most {left} more" if left else "the last one")


def decided(conversation: Conversation) -> str:
    """That no answer to this question is needed any more; empty while one is."""
    decision, with_defaults = conversation.preview(), conversation.preview(assuming=True)
    if with_defaults is None or with_defaults.status is Status.UNDECIDED or conversation.changing:
        return ""
    outcome = outcomes(with_defaults.counts, conversation.rules)
    if decision is None or decision.status is Status.UNDECIDED:
        return f"With the defaults: {outcome}. f finishes; other answers can change it."
    return f"Already decided: {outcome}. f finishes; more answers only refine the advice."


def not_asked(conversation: Conversation) -> str:
    """Which questions were skipped; empty if none was."""
    if conversation.changing:
        return ""
    nouns = [short.noun(conversation.rules.criteria[name]) for name in conversation.skipped]
    verb = "they" if len(nouns) > 1 else "it"
    return f"Not asked while {verb} cannot change the result: {', '.join(nouns)}" if nouns else ""


def outlook(conversation: Conversation, level: str, most: int = MOST_NAMES) -> str:
    """What an answer to the question would lead to: `If minutes: RQ or Celery`.

    It supposes the defaults of what is still to be asked, or no line would say much.
    """
    likely, decision = conversation.preview(level, assuming=True), conversation.preview(level)
    if likely is None or decision is None:
        return f"If {level}: too much is open to work it out"
    outcome = outcomes(likely.counts, conversation.rules, most)
    decides = "" if decision.status is Status.UNDECIDED else ", and that decides it"
    return f"If {level}: {outcome}{decides}"


def possible(conversation: Conversation) -> str:
    """What can still be the pick."""
    decision = conversation.preview(assuming=True)
    return outcomes(decision.counts, conversation.rules) if decision else "any option"


def outcomes(counts: Mapping[str | None, int], rules: Rules, most: int = MOST_NAMES) -> str:
    """The names of what can be the pick: the likeliest ones, in the order of the file.

    That no option fits is only said where nothing else is as likely.
    """
    likeliest = sorted(counts, key=lambda pick: -counts[pick])
    options = [pick for pick in likeliest if pick is not None or pick == likeliest[0]]
    names = [_name(rules, pick) for pick in counts if pick in options[:most]]
    if others := len(options) - len(names):
        names.append(f"{others} other{'s' if others > 1 else ''}")
    return listed(names, "or")


def prospects(conversation: Conversation) -> Iterator[Prospect]:
    """For each level of the question what it would lead to, and what each option does then."""
    criterion = conversation.question
    if criterion is None:
        return
    rules = conversation.rules
    for level in criterion.levels:
        fits = [
            (_name(rules, name), o.fits[criterion.id][level.id])
            for name, o in rules.options.items()
        ]
        decision = conversation.preview(level.id, assuming=True)
        outcome = outcomes(decision.counts, rules) if decision else "any option"
        yield Prospect(level, outcome, tuple(fits))


def headline(conversation: Conversation) -> str:
    """What the review begins with."""
    rules, decision = conversation.rules, conversation.preview()
    if decision is None:
        return "Not decided yet: too much is open to work out every answer."
    if decision.status is Status.UNDECIDED:
        words = f"Not decided yet: {outcomes(decision.counts, rules)}."
        first = next_question(rules, conversation.answers)
        return f"{words} Find out first: {rules.criteria[first].question}" if first else words
    outcome = rules.options[decision.pick].name if decision.pick else "No option fits"
    if conversation.certain:
        return f"{outcome}, whatever the other answers are."
    return f"{outcome}, if these assumptions are right."


def review(conversation: Conversation) -> dict[str, list[str]]:
    """Every criterion, below a title: the answers, what is assumed, what was not asked."""
    skipped, assumed = conversation.skipped, conversation.assumed
    groups: dict[str, list[str]] = {ANSWERS: [], ASSUMED: [], NOT_ASKED: []}
    for name in conversation.rules.criteria:
        title = NOT_ASKED if name in skipped else ASSUMED if name in assumed else ANSWERS
        groups[title].append(name)
    return {title: names for title, names in groups.items() if names}


def go_on(conversation: Conversation) -> str:
    """What going on from the review would do; empty if nothing is left to ask."""
    if not conversation.unanswered:
        return ""
    count = conversation.go_on().left + 1
    questions = f"{count} questions" if count > 1 else "question"
    if not conversation.some_matter:
        return f"answer the other {questions}"
    return f"go on: at most {questions}" if count > 1 else "go on: one question"


def effect(rules: Rules, entry: Entry, title: str) -> str:
    """What another answer would lead to, such as `Celery if a dashboard`; may be empty.

    `title` is that of the group in the review: what is assumed there and changes nothing says so.
    """
    answers: dict[tuple[str | None, ...], list[str]] = {}
    for level, picks in entry.changes.items():
        answers.setdefault(picks, []).append(short.level_name(entry.criterion, level))
    words = "; ".join(
        f"{outcomes(dict.fromkeys(picks, 1), rules)} if {listed(levels, 'or')}"
        for picks, levels in answers.items()
    )
    return words or ("does not matter here" if title == ASSUMED else "")


def answer_of(entry: Entry) -> str:
    """The answer of an entry, and that it was given beforehand."""
    match entry.kind:
        case EntryKind.OPEN:
            return "not answered"
        case _ if entry.level == UNSURE:
            return "unsure"
        case EntryKind.GIVEN:
            return f"{short.level_name(entry.criterion, entry.level or '')} (given before)"
        case _:
            return short.level_name(entry.criterion, entry.level or "")


def _name(rules: Rules, pick: str | None) -> str:
    if pick is None:
        return "no option"
    return short.option_name(rules.options[pick])
