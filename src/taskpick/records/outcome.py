"""The outcome in a decision record: what was chosen, and why none of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.decision import sensitivity
from taskpick.decision.decide import Status
from taskpick.decision.outlook import safe_choice
from taskpick.decision.staying import staying
from taskpick.formats.markdown import escape
from taskpick.problems import Refused
from taskpick.questions.planner import next_question
from taskpick.report.sentences import answer_words, forcing
from taskpick.report.staying import words as staying_words
from taskpick.rulefile.short import level_words
from taskpick.wording import listed

if TYPE_CHECKING:
    from taskpick.decision.decide import Decision

MOST_BULLETS = 5
"""Of the outcome and of what to revisit it for."""


def outcome(decision: Decision, chosen: Decision, have: str, *, details: bool) -> list[str]:
    """What was chosen and why, with a line for each option that comes close.

    `chosen` is the decision as `kept` leaves it.
    """
    lines = _outcome(chosen, have, details=details and chosen.pick == decision.pick)
    return [*lines, *_in_use(decision, have)]


def _outcome(decision: Decision, have: str, *, details: bool) -> list[str]:
    match decision.status:
        case Status.PICKED:
            name = escape(decision.rules.name_of(decision.pick))
            lines = [f'Chosen option: "{name}", {_because(decision)}.']
            bullets = _losers(decision, have)
        case Status.NOTHING_FITS:
            lines = ["No option works for all of these answers. Those that come closest:"]
            bullets = [_loss(decision, name) for name in decision.ranking[:MOST_BULLETS]]
        case Status.UNDECIDED:
            names = [decision.rules.options[name].name for name in decision.possible]
            lines = [escape(f"Not decided yet: it can still be {listed(names, last='or')}.")]
            lines += [*_safe_choice(decision), "", "What to find out:"]
            bullets = _questions(decision)
    if details:
        bullets += _sufficient(decision)
    return [*lines, *([""] if bullets else []), *(f"* {escape(line)}" for line in bullets)]


def _in_use(decision: Decision, have: str) -> list[str]:
    """What to do with the system in use, as far as the rule file still knows it."""
    if not have:
        return []
    try:
        words = staying_words(staying(decision, have))
    except Refused:
        words = f"{have}: the rule file no longer knows it"
    return ["", escape(f"Today you run {words.removesuffix('.')}.")]


def _because(decision: Decision) -> str:
    if not decision.answers:
        return "because it is the pick whatever the answers are"
    match len(decision.evaluations[decision.pick or ""].strains):
        case 0:
            return "because it works for all of these answers without a drawback"
        case 1:
            return "because it works for all of these answers, with one drawback"
        case count:
            return f"because it works for all of these answers, with {count} drawbacks"


def _losers(decision: Decision, have: str) -> list[str]:
    """Why it is not another one: a line for each that comes close, and one for those as good."""
    strains = len(decision.evaluations[decision.pick or ""].strains)
    others = [decision.evaluations[name] for name in decision.ranking if name != decision.pick]
    equal = [v.option.name for v in others if not v.fails and len(v.strains) <= strains]
    losing = [v.option.id for v in others if v.option.name not in equal]
    lines = []
    if equal and not decision.open:
        first = decision.rules.name_of(decision.pick)
        why = "is in use" if decision.pick == have else "comes first in the rule file"
        lines = [f"{listed(equal)} would do as well; {first} {why}."]
    room = MOST_BULLETS - len(lines)
    named = losing if len(losing) <= room else losing[: room - 1]
    lines += [_loss(decision, name) for name in named]
    if left := [decision.rules.options[name].name for name in losing[len(named) :]]:
        lines.append(f"Not {listed(left, last='or')} either: see the table below.")
    return lines


def _loss(decision: Decision, name: str) -> str:
    """What an option does not do, by the answers that ask for it."""
    evaluation = decision.evaluations[name]
    answers = [answer_words(decision, name) for name in evaluation.fails or evaluation.strains]
    verb = "does not work for" if evaluation.fails else "has a drawback for:"
    if not answers:
        return (
            f"{evaluation.option.name} is not the pick, whatever the open answers turn out to be."
        )
    return f"{evaluation.option.name} {verb} {listed(answers)}."


def _questions(decision: Decision) -> list[str]:
    """The open questions that can change the pick, the one that decides most first."""
    criteria = sensitivity.open_criteria(decision)
    first = next_question(decision.rules, decision.inputs)
    in_order = sorted(criteria, key=lambda name: name != first)
    return [decision.rules.criteria[name].question for name in in_order]


def _safe_choice(decision: Decision) -> list[str]:
    """What to take where nothing more can be found out."""
    choice = safe_choice(decision)
    if choice is None:
        return []
    name = decision.rules.options[choice.option].name
    words = f"If you cannot find out, take {name}: it works whatever the answers turn out to be"
    if choice.exceptions:
        answers = [
            level_words(decision.rules.criteria[criterion], level)
            for criterion, levels in choice.exceptions.items()
            for level in levels
        ]
        words += f", except with {listed(answers, last='or')}"
    if choice.strains_at_worst:
        drawbacks = "drawback" if choice.strains_at_worst == 1 else "drawbacks"
        words += f"; at worst it has {choice.strains_at_worst} {drawbacks}"
    return ["", escape(f"{words}.")]


def _sufficient(decision: Decision) -> list[str]:
    return [
        f"These answers alone decide it: {listed(list(reason.words))}."
        for reason in forcing(decision)
        if reason.words
    ]
