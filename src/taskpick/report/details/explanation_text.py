"""The answer to "why this one?" and "why not that one?", for the person who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.decision.decide import Status
from taskpick.report import sentences
from taskpick.report.layout import Line, Piece, columns, indented, labelled, text, wrapped
from taskpick.rulefile import short
from taskpick.rulefile.model import Rating
from taskpick.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskpick.decision.explanation import Explanation
    from taskpick.decision.outlook import Chance
    from taskpick.rulefile.model import Rules

WIDEST = 80
_MOST_WAYS = 3
"""How many ways to make an option the pick are spelled out; the others are counted."""
_SHARES = ((9 / 10, "nearly all"), (2 / 3, "at least two thirds"))


def render(explanation: Explanation, command: str, *, width: int, color: bool) -> str:
    """The explanation; `command` is what to run next."""
    room = min(width, WIDEST) - 1
    blocks = [
        _headline(explanation, room),
        _others(explanation, room) if explanation.is_pick else _in_its_way(explanation, room),
        _changes(explanation, room),
        [[Piece("  Next   ", "quiet"), Piece(command)]] if command else [],
    ]
    lines: list[Line] = []
    for block in filter(None, blocks):
        lines += [*([[]] if lines else []), *block]
    return text(lines, color=color)


def _headline(explanation: Explanation, room: int) -> list[Line]:
    style = "accent" if explanation.is_pick else "strong"
    head, sentence = _outcome(explanation)
    lines = [[Piece("  "), Piece(line, style)] for line in wrapped(head, room - 2)]
    return [*lines, *([Piece(f"  {line}")] for line in wrapped(sentence, room - 2))]


def _outcome(explanation: Explanation) -> tuple[str, str]:
    """Whether it is the pick, and a sentence on that."""
    decision, name = explanation.decision, explanation.option.name
    if explanation.is_pick:
        return f"{name} is the pick", sentences.summary(decision)
    why = f"It {sentences.why_not(decision, explanation.option.id)}."
    match decision.status:
        case Status.PICKED:
            return f"{name} is not the pick: {decision.rules.name_of(decision.pick)} is", why
        case Status.NOTHING_FITS:
            return f"{name} is not the pick: no option fits", why
        case Status.UNDECIDED if explanation.option.id in decision.counts and explanation.open:
            return f"{name} can still be the pick", f"It is the pick {share(explanation.open)}."
        case _:
            return f"{name} cannot be the pick any more", why


def share(chance: Chance) -> str:
    """`in more than half of the remaining cases`."""
    part = chance.answers / chance.of
    half = "half" if part == 1 / 2 else f"{'more' if part > 1 / 2 else 'fewer'} than half"
    words = next((words for least, words in _SHARES if part >= least), half)
    return f"in {words} of the remaining cases"


def _others(explanation: Explanation, room: int) -> list[Line]:
    """Each other option with the answer that weighs most against it, in its own words."""
    decision = explanation.decision
    rows = {}
    for name in decision.ranking:
        fits = decision.evaluations[name].fits
        worst = max(fits, key=lambda criterion: fits[criterion].rating.rank, default=None)
        if name != decision.pick and worst and fits[worst].rating is not Rating.FITS:
            answer = sentences.answer_words(decision, worst)
            rows[short.column_name(decision.rules.options[name])] = f"{answer}: {fits[worst].why}"
    lines = _beside(rows, room)
    if equal := [option.name for option in sentences.other_as_good(decision)]:
        words = f"As good here: {listed(equal)}. The rule file lists {explanation.option.name}"
        lines += indented(f"{words} first.", 2, room)
    return [[Piece("  Why not the others", "strong")], *lines] if lines else []


def _in_its_way(explanation: Explanation, room: int) -> list[Line]:
    """The answers that it does not work for, or has a drawback for, and why."""
    decision = explanation.decision
    evaluation = decision.evaluations[explanation.option.id]
    rows = {
        sentences.answer_words(decision, criterion): fit.why
        for rating in (Rating.FAILS, Rating.STRAINS)
        for criterion, fit in evaluation.fits.items()
        if fit.rating is rating
    }
    return [[Piece("  In the way", "strong")], *_beside(rows, room)] if rows else []


def _beside(rows: Mapping[str, str], room: int) -> list[Line]:
    indent = max(map(columns, rows), default=0) + 4
    return [line for label, words in rows.items() for line in labelled(label, words, indent, room)]


def _changes(explanation: Explanation, room: int) -> list[Line]:
    if explanation.is_pick:
        return []
    if not explanation.instead:
        return [[Piece("  No other answers make it the pick.")]]
    lines: list[Line] = [[Piece("  It would be the pick if", "strong")]]
    for index, words in enumerate(_conditions(explanation)):
        begin = "or " if index else ""
        for number, line in enumerate(wrapped(f"{begin}{words}", room - 6)):
            lines.append([Piece(f"{'      ' if number else '    '}{line}")])
    if (more := len(explanation.instead) - _MOST_WAYS) > 0:
        lines.append([Piece(f"    ({more} more: --details)", "quiet")])
    return lines


def _conditions(explanation: Explanation) -> Iterator[str]:
    rules = explanation.decision.rules
    for box in explanation.instead[:_MOST_WAYS]:
        yield listed([_levels(rules, name, box[name]) for name in rules.criteria if name in box])


def _levels(rules: Rules, criterion: str, levels: frozenset[str]) -> str:
    ids = [level.id for level in rules.criteria[criterion].levels if level.id in levels]
    return listed([short.level_words(rules.criteria[criterion], level) for level in ids], "or")
