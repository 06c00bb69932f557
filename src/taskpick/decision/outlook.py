"""An open decision: each possible pick, how often it is the pick, and when."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from taskpick.decision.answer_sets import boxes, conditions
from taskpick.decision.decide import check_decision, space
from taskpick.named_tuple import NamedTuple
from taskpick.rulefile.model import Rating

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.decision.answer_sets.boxes import Box
    from taskpick.decision.decide import Decision
    from taskpick.rulefile.model import Rules

MOST_CONDITIONS = 6
"""How many conditions are looked for; of more, only the number of answer sets is told."""
_MOST_IN_A_SENTENCE = 3


class Chance(NamedTuple):
    """For how many of the answers to some criteria something is the pick."""

    pick: str | None
    """None: nothing fits."""
    criteria: tuple[str, ...]
    """The criteria whose answers are counted."""
    answers: int
    of: int
    when: tuple[Box, ...]
    """The conditions under which it is the pick, any one of which is enough: each criterion that
    matters with the levels it then has, all of them together. Empty if it always or never is."""
    left_out: int
    """How many of the answers are left out of `when`, because it would be too long."""


class SafeChoice(NamedTuple):
    """An option that works whatever the open criteria turn out to be, exceptions aside."""

    option: str
    strains_at_worst: int
    """How many strains it has if all open answers turn out to its disadvantage."""
    strains: Mapping[str, tuple[str, ...]]
    """Open criterion to the levels at which it strains."""
    exceptions: Mapping[str, tuple[str, ...]]
    """Open criterion to the levels at which it fails; empty if it never fails."""


def outlook(decision: Decision) -> tuple[Chance, ...]:
    """All that can be the pick, in the order of the file; empty if the decision is settled.

    Raises:
        TooLarge: there are more answer sets than can be followed.
    """
    if len(decision.counts) == 1:
        return ()
    return tuple(chance(decision, pick) for pick in decision.counts)


def chance(decision: Decision, pick: str | None) -> Chance:
    """How often an option is the pick, and when, over the answers to the open criteria.

    Raises:
        TooLarge: there are more answer sets than can be followed.
    """
    answers = space(decision.rules, decision.answers)
    answer_sets = answers.picks[pick]
    count = answer_sets.bit_count()
    if count in (0, answers.size):
        return Chance(pick, decision.open, count, answers.size, (), 0)
    demands = boxes.demands(decision.rules, pick)
    described = conditions.describe(answers, answer_sets, demands, most=MOST_CONDITIONS)
    when = tuple(_restricted(decision, box) for box in described.boxes)
    return Chance(pick, decision.open, count, answers.size, when, described.left)


def safe_choice(decision: Decision) -> SafeChoice | None:
    """What to take where nothing more can be found out; None if the decision is settled.

    It is the likeliest pick among the options that fail at nothing whatever the open criteria turn
    out to be. Where there is none, it is the option that fails at the least of the open answers,
    each counted by how often people give it, and those are its exceptions. Ties go to the likelier
    pick, then to the first in the file.

    Raises:
        InvalidArgument: `decision` is not a `Decision`.
        TooLarge: there are more answer sets than can be followed.
    """
    check_decision(decision)
    if len(decision.counts) == 1:
        return None
    works = space(decision.rules, decision.answers).works
    choices = [_choice(decision, option) for option in decision.rules.options if works[option]]

    def safest(choice: SafeChoice) -> tuple[float, int]:
        exceptions = sum(_share(decision, *item) for item in choice.exceptions.items())
        return exceptions, -decision.counts.get(choice.option, 0)

    return min(choices, key=safest)


def as_good(decision: Decision) -> tuple[str, ...]:
    """The options that only the order in the file may keep from being the pick.

    They are the pick, or have as few strains as the pick and fail at nothing, for some answers to
    the open criteria. In the order of the file; all that can be the pick are among them.

    Raises:
        InvalidArgument: `decision` is not a `Decision`.
        TooLarge: there are more answer sets than can be followed.
    """
    check_decision(decision)
    return tuple(space(decision.rules, decision.answers).as_good())


def _share(decision: Decision, criterion: str, levels: tuple[str, ...]) -> float:
    """How much of the answers to a criterion the levels are, by their frequencies."""
    frequencies = {level.id: level.frequency for level in decision.rules.criteria[criterion].levels}
    return sum(frequencies[level] for level in levels) / sum(frequencies.values())


def _choice(decision: Decision, option: str) -> SafeChoice:
    strains = _rated(decision, option, Rating.STRAINS)
    worst = len(decision.evaluations[option].strains) + len(strains)
    return SafeChoice(option, worst, strains, _rated(decision, option, Rating.FAILS))


def _rated(decision: Decision, option: str, rating: Rating) -> Mapping[str, tuple[str, ...]]:
    """The open criteria with the levels at which the option has this rating, if it has."""
    fits = decision.rules.options[option].fits
    levels = {
        name: tuple(level for level, fit in fits[name].items() if fit.rating is rating)
        for name in decision.open
    }
    return MappingProxyType({name: rated for name, rated in levels.items() if rated})


def in_words(rules: Rules, chance: Chance) -> str:
    """`for 2 of 3 answers, if scheduling is at most delayed`."""
    sentences = [boxes.sentence(rules, box) for box in chance.when]
    more = [f"in {chance.left_out:,} other cases"] if sentences and chance.left_out else []
    conditions = f", if {', or if '.join(sentences)}" if sentences else ""
    return f"for {chance.answers:,} of {chance.of:,} answers{', or '.join([conditions, *more])}"


def sentence(decision: Decision, chances: tuple[Chance, ...]) -> str:
    """`RQ, unless scheduling turns out to be cron: then Celery`.

    Of many conditions the simplest are said and the others counted.
    """
    rules, likeliest = decision.rules, decision.likeliest
    others = [chance for chance in chances if chance.pick != likeliest]
    pairs = [(box, chance.pick) for chance in others for box in chance.when]
    if others and not pairs:
        return f"most likely {rules.name_of(likeliest)}, but that depends on too much to list"
    pairs.sort(key=lambda condition: len(condition[0]))
    by_pick: dict[str | None, list[str]] = {}
    for box, pick in pairs[:_MOST_IN_A_SENTENCE]:
        by_pick.setdefault(pick, []).append(_condition(rules, box))
    parts = [f"{', or '.join(when)}: then {rules.name_of(p)}" for p, when in by_pick.items()]
    if more := len(pairs[_MOST_IN_A_SENTENCE:]):
        number = "many" if any(chance.left_out for chance in others) else f"{more}"
        parts.append(f"another pick in {number} other case{'' if number == '1' else 's'}")
    return rules.name_of(likeliest) + (f", unless {'; or '.join(parts)}" if parts else "")


def _restricted(decision: Decision, box: Box) -> Box:
    """The open criteria that the condition is about."""
    criteria = decision.rules.criteria
    return {n: box[n] for n in decision.open if len(box[n]) < len(criteria[n].levels)}


def _condition(rules: Rules, when: Box) -> str:
    first, *others = [
        boxes.words(criterion, when[name])
        for name, criterion in rules.criteria.items()
        if name in when
    ]
    name, _, rest = first.partition(" ")
    turns = "turns out not to be" if rest.startswith("is not ") else "turns out to be"
    bare = rest.removeprefix("is not ").removeprefix("is ")
    return " and ".join([f"{name} {turns} {bare}", *others])
