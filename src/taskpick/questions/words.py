"""What both fronts say: the standing, the progress and the summary, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.decision.decide import Status
from taskpick.decision.outlook import outlook, sentence
from taskpick.questions.conversation import EntryKind
from taskpick.questions.planner import next_question
from taskpick.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.decision.decide import Decision
    from taskpick.questions.conversation import Conversation, Entry
    from taskpick.rulefile.model import Level, Rating, Rules


def progress(conversation: Conversation) -> str:
    """How far along one is."""
    if conversation.changing:
        return f"Changing {conversation.asking}"
    number, left = len(conversation.passed) + 1, conversation.left
    return f"Question {number}, " + (f"at most {left} more" if left else "the last one")


def settled(conversation: Conversation) -> str:
    """That no answer to this question is needed any more; empty while one is."""
    decision = conversation.preview()
    if decision is None or decision.status is Status.UNDECIDED or conversation.changing:
        return ""
    return f"{headline(conversation)} f finishes now; going on only tunes the result."


def possible(decision: Decision | None, rules: Rules) -> str:
    """What can still be the pick."""
    return rules.names_of(decision.counts) if decision else "any option"


def out(decision: Decision, option: str) -> str:
    """Why an option cannot be the pick any more; empty while it can."""
    if option in decision.counts:
        return ""
    verdict = decision.verdicts[option]
    if verdict.fails:
        return f"out by {listed([_answer(decision, name) for name in verdict.fails])}"
    if verdict.strains:
        return f"behind: strains at {listed([_answer(decision, n) for n in verdict.strains])}"
    return "behind: another is at least as good"


def more(conversation: Conversation) -> Iterator[tuple[Level, str, list[tuple[str, Rating, str]]]]:
    """For each level what would be possible then, and what each option does at it."""
    criterion = conversation.question
    if criterion is None:
        return
    rules = conversation.rules
    for level in criterion.levels:
        fits = [(o.name, o.fits[criterion.id][level.id]) for o in rules.options.values()]
        then = possible(conversation.preview(level.id), rules)
        yield level, then, [(name, fit.rating, fit.why) for name, fit in fits]


def headline(conversation: Conversation) -> str:
    """What the summary begins with."""
    rules, decision = conversation.rules, conversation.preview()
    if decision is None:
        return "Not settled: too much is open to follow every answer."
    outcome = rules.names_of(decision.counts)
    if decision.status is Status.UNDECIDED:
        first = next_question(rules, conversation.answers)
        return f"Not settled: {sentence(decision, outlook(decision))}. Find out first: {first}."
    if conversation.certain:
        return f"Settled: {outcome}. Nothing you could still answer changes this."
    return f"Settled: {outcome}, as long as what is assumed holds."


def asked(conversation: Conversation) -> str:
    """How many questions settled the pick; empty if it is not settled or none was spared."""
    count, spared = len(conversation.passed), len(conversation.spared)
    decision = conversation.preview()
    if not count or not spared or decision is None or decision.status is Status.UNDECIDED:
        return ""
    others = "the other one" if spared == 1 else f"the other {spared}"
    return f"Asked {count} question{'s' if count > 1 else ''}; {others} could not change the pick."


def go_on(conversation: Conversation) -> str:
    """What going on from the summary would do; empty if nothing is left to ask."""
    count = len(conversation.unanswered)
    if not count:
        return ""
    return f"go on with the other {f'{count} questions' if count > 1 else 'question'}"


def effect(rules: Rules, entry: Entry) -> str:
    """What another level would change the pick to, or that none does."""
    if not entry.changes:
        return "no other level changes the pick"
    outcomes: dict[tuple[str | None, ...], list[str]] = {}
    for level, picks in entry.changes.items():
        outcomes.setdefault(picks, []).append(level)
    return "; ".join(
        f"with {listed(levels, 'or')}: {rules.names_of(picks)}"
        for picks, levels in outcomes.items()
    )


def answer_of(entry: Entry) -> str:
    """The answer of an entry, and that it was given beforehand."""
    match entry.kind:
        case EntryKind.OPEN:
            return "not asked"
        case EntryKind.GIVEN:
            return f"{entry.level} (given beforehand)"
        case _:
            return f"{entry.level}"


def _answer(decision: Decision, criterion: str) -> str:
    return f"{criterion} {decision.answers[criterion]}"
