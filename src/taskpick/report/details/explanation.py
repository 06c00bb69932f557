"""All that is known about one option under a decision, as text for `--details` and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.decision.answer_sets import boxes
from taskpick.decision.explanation import obstacles
from taskpick.formats import json as json_format
from taskpick.problems import location
from taskpick.version import __version__
from taskpick.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.decision.explanation import Explanation
    from taskpick.decision.outlook import Chance
    from taskpick.rulefile.model import Fit, Rules

SCHEMA = "taskpick.explanation/1"
_MOST_WAYS = 8
"""How many ways are spelled out; the others are counted."""


def details(explanation: Explanation) -> str:
    """Every reason and condition, proven and counted."""
    parts = [_headline(explanation), *_reasons(explanation), *_obstacles(explanation)]
    parts += _changes(explanation)
    if explanation.open:
        parts.append(_chance(explanation, explanation.open, "open"))
    if explanation.assumed:
        parts.append(_chance(explanation, explanation.assumed, "open or assumed"))
    return "\n\n".join(parts) + "\n"


def json_text(explanation: Explanation) -> str:
    """The explanation as JSON."""
    return json_format.text(_data(explanation))


def _data(explanation: Explanation) -> dict[str, Any]:
    decision = explanation.decision
    return {
        "schema": SCHEMA,
        "taskpick": __version__,
        "option": explanation.option.id,
        "is_pick": explanation.is_pick,
        "status": decision.status.value,
        "pick": decision.pick,
        "answers": dict(decision.given),
        "assumed": dict(decision.assumed),
        "open": list(decision.open),
        "reasons": [
            {
                "levels": levels_data(decision.rules, reason.levels),
                "words": list(reason.words),
            }
            for reason in explanation.reasons
        ],
        "obstacles": [obstacle_data(obstacle) for obstacle in obstacles(explanation.changes)],
        "ways": [
            {
                "answers": dict(change.answers),
                "obstacles": [obstacle_data(obstacle) for obstacle in change.obstacles],
            }
            for change in explanation.changes
        ],
        "if_open": _share(explanation, explanation.open),
        "if_nothing_assumed": _share(explanation, explanation.assumed),
    }


def _headline(explanation: Explanation) -> str:
    decision, name = explanation.decision, explanation.option.name
    if explanation.is_pick:
        return f"{name} is the pick."
    match list(decision.counts):
        case [None]:
            return f"{name} is not the pick: nothing fits."
        case [pick]:
            return f"{name} is not the pick: {decision.rules.name_of(pick)} is."
    if explanation.option.id in decision.counts:
        return f"{name} can still be the pick."
    return f"{name} is not the pick, whatever the open criteria turn out to be."


def _reasons(explanation: Explanation) -> Iterator[str]:
    if explanation.reasons:
        sentences = [listed(list(reason.words)) or "any answers" for reason in explanation.reasons]
        head = "These answers alone decide it:"
        yield "\n".join([head, *(f"  {words}" for words in sentences)])


def _obstacles(explanation: Explanation) -> Iterator[str]:
    fits = obstacles(explanation.changes)
    if not fits:
        return
    lines = ["In the way:"]
    for fit in fits:
        why = f": {fit.why}" if fit.why else ""
        lines.append(f"  '{fit.option}' {fit.rating} at '{fit.criterion} {fit.level}'{why}")
        lines.append(f"    {location(fit.span)}")
    yield "\n".join(lines)


def _changes(explanation: Explanation) -> Iterator[str]:
    if explanation.is_pick:
        return
    rules = explanation.decision.rules
    if not explanation.changes:
        yield "No other answers make it the pick."
        return
    sentences = [boxes.sentence(rules, box) for box in explanation.instead]
    lines = [f"  {'or ' * (n > 0)}if {words}" for n, words in enumerate(sentences[:_MOST_WAYS])]
    if (more := len(sentences) - _MOST_WAYS) > 0:
        ways = "way that changes" if more == 1 else "ways that change"
        lines.append(f"  or in {more} other {ways} as little")
    yield "\n".join(["It would be the pick", *lines])


def _chance(explanation: Explanation, chance: Chance, what: str) -> str:
    rules = explanation.decision.rules
    head = f"Over all answers to the {what} criteria ({', '.join(chance.criteria)}), it is the pick"
    if not chance.answers:
        return f"{head} for none of {chance.of:,}."
    if chance.answers == chance.of:
        return f"{head} for all {chance.of:,}."
    lines = [f"{head} for {chance.answers:,} of {chance.of:,}:"]
    sentences = [boxes.sentence(rules, box) for box in chance.when]
    lines += [f"  {'or ' * (n > 0)}if {words}" for n, words in enumerate(sentences)]
    lines += [f"  or for {chance.left_out:,} more answers"] if chance.left_out else []
    return "\n".join(lines)


def _share(explanation: Explanation, chance: Chance | None) -> dict[str, Any] | None:
    if chance is None:
        return None
    from fractions import Fraction

    return {
        "criteria": list(chance.criteria),
        "answers": chance.answers,
        "of": chance.of,
        "share": str(Fraction(chance.answers, chance.of)),
        "when": [levels_data(explanation.decision.rules, box) for box in chance.when],
        "left_out": chance.left_out,
    }


def levels_data(rules: Rules, box: boxes.Box) -> dict[str, list[str]]:
    """The levels of a box in the order of the file, without criteria that may have any."""
    return {
        name: [level.id for level in rules.criteria[name].levels if level.id in levels]
        for name, levels in box.items()
        if len(levels) < len(rules.criteria[name].levels)
    }


def obstacle_data(fit: Fit) -> dict[str, Any]:
    """A fit that keeps an option from being the pick as data, with its place in the rule file."""
    return {
        "option": fit.option,
        "criterion": fit.criterion,
        "level": fit.level,
        "rating": fit.rating.value,
        "why": fit.why,
        "source": fit.evidence,
        **json_format.place(fit.span),
    }
