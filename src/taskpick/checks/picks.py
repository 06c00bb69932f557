"""Checks of the picks: what the fits lead to over all answer sets."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from taskpick.checks.catalogue import CHECKS, Finding
from taskpick.decision.answer_sets import boxes, conditions
from taskpick.decision.decide import decide
from taskpick.rulefile.model import Rating

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskpick.decision.answer_sets.space import Space
    from taskpick.problems import Span
    from taskpick.rulefile.model import Criterion, Option

_MOST_CONDITIONS = 8
"""How many of the conditions under which nothing fits are spelled out."""


def findings(space: Space) -> Iterator[Finding]:
    """Everything found by looking at every pick."""
    yield from _options(space)
    for criterion in space.rules.criteria.values():
        yield from _criterion(space, criterion)
    if space.picks[None]:
        yield _nothing_fits(space)
    yield from _notes(space)


def fault(option: Option, criterion: str, level: str) -> tuple[Span, str]:
    """A fit in words, with its place."""
    fit = option.fits[criterion][level]
    return fit.span, f"'{option.id}' {fit.rating} at '{criterion}: {level}'"


def faults(option: Option, answers: Mapping[str, str]) -> tuple[tuple[Span, str], ...]:
    """What keeps an option from being the pick: its fails, or else its strains."""
    for rating in (Rating.FAILS, Rating.STRAINS):
        names = [name for name, lv in answers.items() if option.fits[name][lv].rating is rating]
        if names:
            return tuple(fault(option, name, answers[name]) for name in names)
    return ()


def _options(space: Space) -> Iterator[Finding]:
    options = list(space.rules.options.values())
    for index, option in enumerate(options):
        twin = next(
            (other for other in options[:index] if _ratings(other) == _ratings(option)), None
        )
        if twin:
            yield Finding(
                CHECKS["options-equal"],
                f"options '{twin.id}' and '{option.id}' have the same fits everywhere",
                option.span,
                f"'{option.id}' can never be the pick",
                {"option": option.id},
                space.example(space.all),
                ((twin.span, f"'{twin.id}'"),),
            )
        elif not space.picks[option.id]:
            yield _never_picked(space, option)


def _ratings(option: Option) -> list[list[Rating]]:
    return [[fit.rating for fit in row.values()] for row in option.fits.values()]


def _never_picked(space: Space, option: Option) -> Finding:
    works = space.works[option.id]
    witness = space.example(works or space.all)
    message = f"option '{option.id}' is never picked"
    related = faults(option, witness)
    if works:
        best = decide(space.rules, witness).pick
        message += f": wherever it works, another does as well or better, such as '{best}'"
        related += ((space.rules.options[best].span, f"'{best}'"),) if best else ()
    else:
        message += ": it fails for every answer set"
    return Finding(
        CHECKS["option-never-picked"],
        message,
        option.span,
        "correct its fits, its place in the order, or remove it",
        {"option": option.id},
        witness,
        related,
    )


def _criterion(space: Space, criterion: Criterion) -> Iterator[Finding]:
    steps = list(pairwise(level.id for level in criterion.levels)) if criterion.ordered else []
    if not space.matters(criterion.id):
        yield Finding(
            CHECKS["criterion-without-effect"],
            f"the answer to '{criterion.id}' never changes the pick",
            criterion.span,
            "correct its fits, or remove it",
            {"criterion": criterion.id},
        )
    else:
        yield from _equal_levels(space, criterion)
    for option in space.rules.options.values():
        row = option.fits[criterion.id]
        for low, high in steps:
            if row[high].rating.rank < row[low].rating.rank:
                yield _out_of_order(criterion, option, low, high)


def _equal_levels(space: Space, criterion: Criterion) -> Iterator[Finding]:
    for index, level in enumerate(criterion.levels):
        before = [other.id for other in criterion.levels[:index]]
        earlier = [other for other in before if space.alike(criterion.id, other, level.id)]
        if earlier:
            yield Finding(
                CHECKS["level-without-effect"],
                f"'{earlier[-1]}' and '{level.id}' of '{criterion.id}' always give the same pick",
                level.span,
                "correct the fits, or merge the two levels",
                {"criterion": criterion.id, "level": level.id},
            )


def _out_of_order(criterion: Criterion, option: Option, low: str, high: str) -> Finding:
    worse, better = option.fits[criterion.id][low], option.fits[criterion.id][high]
    return Finding(
        CHECKS["fits-out-of-order"],
        f"'{option.id}' {worse.rating} at '{criterion.id}: {low}' but {better.rating} at '{high}', "
        "which asks for more",
        better.span,
        "correct a fit, the order of the levels, or say `ordered: false`",
        {"option": option.id, "criterion": criterion.id, "level": high},
        None,
        (fault(option, criterion.id, low),),
    )


def _nothing_fits(space: Space) -> Finding:
    answer_sets = space.picks[None]
    demands = boxes.demands(space.rules, None)
    described = conditions.describe(space, answer_sets, demands, most=_MOST_CONDITIONS)
    related = {span: words for box in described.boxes for span, words in _excluding(space, box)}
    sentences = [f"if {boxes.sentence(space.rules, box)}" for box in described.boxes]
    sentences += [f"in {described.left:,} more answer sets"] if described.left else []
    spans = sorted(related, key=space.rules.position) or [
        next(iter(space.rules.options.values())).span
    ]
    return Finding(
        CHECKS["nothing-fits"],
        f"nothing fits for {answer_sets.bit_count():,} of {space.size:,} answer sets: "
        f"{', or '.join(sentences)}",
        spans[0],
        "add an option, correct a fit, or allow it and add a note",
        {},
        space.example(answer_sets),
        tuple(sorted(related.items())),
    )


def _excluding(space: Space, levels: Mapping[str, frozenset[str]]) -> Iterator[tuple[Span, str]]:
    """For every option the fails that exclude it at these levels."""
    for option in space.rules.options.values():
        for name, ids in space.levels.items():
            some = [level for level in ids if level in levels.get(name, ids)]
            if all(option.fits[name][level].rating is Rating.FAILS for level in some):
                yield fault(option, name, some[0])


def _notes(space: Space) -> Iterator[Finding]:
    for note in space.rules.notes:
        # A note that belongs to no option shows for every pick, and where nothing fits.
        when = space.inside(note.when)
        if note.option is None or when & space.picks[note.option]:
            continue
        witness = space.example(when)
        pick = decide(space.rules, witness).pick
        instead = f"the pick is '{pick}'" if pick else "nothing fits"
        yield Finding(
            CHECKS["note-never-shows"],
            f"the note can never show: with its answers '{note.option}' is never the pick; "
            f"for instance {instead}",
            note.span,
            "correct `when` or `option`, or remove the note",
            {"option": note.option},
            witness,
            faults(space.rules.options[note.option], witness),
        )
