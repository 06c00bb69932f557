"""The decision: facts, and properties that hold for every rule file."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import DATA
from strategies import RATINGS, answers, brute_pick, build, every_answer, examples, rules

from taskpick.decision.decide import Status, decide
from taskpick.decision.scores import Scores
from taskpick.problems import Span, UnknownAnswer
from taskpick.rulefile import reader
from taskpick.rulefile.model import Criterion, Fit, Level, Option, Rating, Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SMALL = reader.load(DATA / "rules" / "valid" / "small.yaml")
THREE = reader.load(DATA / "rules" / "large" / "three-options.yaml")
PLACE = Span.at(1, 1)


def made(**options: dict[str, str]) -> Rules:
    """Rules from ratings alone: option to criterion to a letter per level, `.`, `s` or `f`."""
    letters = dict(zip(".sf", RATINGS, strict=True))
    criteria = {
        name: Criterion(
            name,
            "?",
            "!",
            tuple(Level(str(n), "", "", 1, PLACE) for n in range(len(row))),
            True,
            None,
            PLACE,
        )
        for name, row in next(iter(options.values())).items()
    }
    return build(
        criteria,
        {
            option: Option(
                option,
                option,
                "",
                {},
                {},
                None,
                {
                    name: {
                        str(n): Fit(option, name, str(n), letters[c], "", "", PLACE)
                        for n, c in enumerate(row)
                    }
                    for name, row in rows.items()
                },
                PLACE,
            )
            for option, rows in options.items()
        },
    )


def completions(rules: Rules, given_answers: dict[str, str]) -> Iterator[dict[str, str]]:
    """Every complete set of answers that agrees with those given, defaults assumed."""
    for every in every_answer(rules):
        closed = {
            name: given_answers.get(name, criterion.default)
            for name, criterion in rules.criteria.items()
        }
        if all(closed[name] in (None, "unsure", level) for name, level in every.items()):
            yield every


# Facts


def test_the_simplest_option_without_a_strain_is_the_pick() -> None:
    decision = decide(SMALL, {"size": "small", "wet": "no"})

    assert (decision.status, decision.pick) == (Status.PICKED, "bag")


def test_a_fail_rules_an_option_out_however_simple_it_is() -> None:
    decision = decide(made(a={"x": ".", "y": "f"}, b={"x": "s", "y": "s"}), {"x": "0", "y": "0"})

    assert decision.pick == "b"
    assert decision.evaluations["a"].fails == ["y"]
    assert decision.evaluations["b"].strains == ["x", "y"]


def test_fewer_strains_come_before_simpler() -> None:
    rows = {"a": {"x": "s", "y": "s"}, "b": {"x": "s", "y": "."}, "c": {"x": ".", "y": "s"}}

    assert decide(made(**rows), {"x": "0", "y": "0"}).pick == "b"


def test_strains_at_every_criterion_are_better_than_one_fail() -> None:
    strained = dict.fromkeys("pqrstuvw", "s")

    assert (
        decide(made(a=dict(strained, p="f"), b=strained), dict.fromkeys(strained, "0")).pick == "b"
    )


def test_nothing_fits_where_every_option_fails() -> None:
    decision = decide(made(a={"x": "f"}, b={"x": "f"}), {"x": "0"})

    assert (decision.status, decision.pick, decision.possible) == (Status.NOTHING_FITS, None, [])
    assert decision.ranking == ["a", "b"]


def test_an_open_criterion_that_cannot_change_the_pick_leaves_it_settled() -> None:
    decision = decide(made(a={"x": "f.", "y": ".."}, b={"x": "..", "y": ".s"}), {"x": "1"})

    assert (decision.status, decision.pick, decision.open) == (Status.PICKED, "a", ("y",))


def test_an_open_criterion_that_changes_the_pick_leaves_it_undecided() -> None:
    decision = decide(made(a={"x": "..f"}, b={"x": "..."}, c={"x": "..."}), {})

    assert (decision.status, decision.pick) == (Status.UNDECIDED, None)
    assert decision.counts == {"a": 2, "b": 1}
    assert decision.shares == {"a": Fraction(2, 3), "b": Fraction(1, 3)}
    assert decision.possible == ["a", "b"]


def test_unsure_opens_a_criterion_that_has_a_default() -> None:
    assumed, unsure = (
        decide(SMALL, {"size": "small"}),
        decide(SMALL, {"size": "small", "wet": "unsure"}),
    )

    assert (assumed.assumed, assumed.open, assumed.unsure) == ({"wet": "no"}, (), ())
    assert (unsure.assumed, unsure.open, unsure.unsure) == ({}, ("wet",), ("wet",))
    assert (assumed.status, unsure.status) == (Status.PICKED, Status.UNDECIDED)


def test_an_answer_that_the_rules_do_not_know_is_refused() -> None:
    with pytest.raises(UnknownAnswer, match="unknown criterion 'weight'"):
        decide(SMALL, {"weight": "small"})
    with pytest.raises(UnknownAnswer, match="unknown level of 'size': 'tiny'"):
        decide(SMALL, {"size": "tiny"})


# Properties of every rule file


@given(st.data())
@examples(150)
def test_the_decision_is_that_of_trying_every_answer(data: st.DataObject) -> None:
    random = data.draw(rules())
    known = data.draw(answers(random))
    decision = decide(random, known)
    expected = Counter(brute_pick(random, every) for every in completions(random, known))

    assert decision.counts == expected
    assert (
        decision.status
        is {
            (True, False): Status.PICKED,
            (True, True): Status.NOTHING_FITS,
            (False, True): Status.UNDECIDED,
            (False, False): Status.UNDECIDED,
        }[len(expected) == 1, None in expected]
    )
    assert decision.pick in (None, decision.ranking[0])


@given(st.data())
@examples(150)
def test_a_pick_never_has_a_failing_fit(data: st.DataObject) -> None:
    random = data.draw(rules())
    decision = decide(random, data.draw(answers(random)))

    assert all(decision.evaluations[name].fails == [] for name in decision.possible)


@given(st.data())
@examples(150)
def test_the_order_of_the_options_breaks_ties_and_nothing_else(data: st.DataObject) -> None:
    random = data.draw(rules())
    order = data.draw(st.permutations(list(random.options)))
    shuffled = build(random.criteria, {name: random.options[name] for name in order})

    for every in every_answer(random):
        strains = {
            name: evaluation.strains
            for name, evaluation in decide(random, every).evaluations.items()
            if not evaluation.fails
        }
        fewest = min(map(len, strains.values()), default=0)
        best = [name for name in order if name in strains and len(strains[name]) == fewest]

        assert decide(shuffled, every).pick == (best[0] if best else None)


@given(st.data())
@examples(150)
def test_another_answer_never_revives_an_option_ruled_out(data: st.DataObject) -> None:
    random = data.draw(rules())
    first = decide(random, data.draw(answers(random)))

    for name in first.open:
        for level in random.criteria[name].levels:
            unsure = dict.fromkeys(first.open, "unsure")
            second = decide(random, {**first.answers, **unsure, name: level.id})

            assert set(second.counts) <= set(first.counts)


# More demanding answers, simpler picks

POINTS = {".": 0, "s": 1, "f": 100}
LETTERS = {Rating.FITS: ".", Rating.STRAINS: "s", Rating.FAILS: "f"}


def rises(rows: Iterable[str]) -> bool:
    """The condition, on the ratings of one criterion, a row per option, simplest first.

    At every step up, who fails goes on failing; and a simpler option that works above it
    worsens at least as much as each more complex one that works below it.
    """
    steps = [list(pairwise(row)) for row in rows]
    return not any(low == "f" != high for row in steps for low, high in row) and all(
        simpler[1] == "f" or other[0] == "f" or _rise(simpler) >= _rise(other)
        for two in combinations(steps, 2)
        for simpler, other in zip(*two, strict=True)
    )


def _rise(step: tuple[str, str]) -> int:
    return POINTS[step[1]] - POINTS[step[0]]


ROWS = [
    rows for size in (2, 3) for rows in product(map("".join, product(".sf", repeat=size)), repeat=3)
]
RISING = list(filter(rises, ROWS))


def simpler_after_a_step_up(rules: Rules) -> list[tuple[tuple[str, ...], str, str]]:
    """The answers and the step up to a simpler pick; "nothing fits" is the most complex one."""
    order = [*rules.options, None]
    levels = [[level.id for level in criterion.levels] for criterion in rules.criteria.values()]
    sets = list(product(*levels))
    picks = dict(zip(sets, map(order.index, Scores(rules).sweep(sets)), strict=True))
    return [
        (every, name, higher)
        for place, (name, criterion) in enumerate(rules.criteria.items())
        if criterion.ordered
        for lower, higher in pairwise(levels[place])
        for every in sets
        if every[place] == lower
        if picks[(*every[:place], higher, *every[place + 1 :])] < picks[every]
    ]


@given(st.lists(st.sampled_from(RISING), min_size=1, max_size=4))
@examples(200)
def test_more_demanding_never_gives_a_simpler_pick_where_simpler_options_worsen_most(
    criteria: list[tuple[str, ...]],
) -> None:
    options = {
        option: {f"c{place}": rows[number] for place, rows in enumerate(criteria)}
        for number, option in enumerate("abc")
    }

    assert simpler_after_a_step_up(made(**options)) == []


def test_where_they_do_not_some_file_with_that_criterion_gives_a_simpler_pick() -> None:
    two = list(product(map("".join, product(".sf", repeat=2)), repeat=2))
    beside = [dict(zip("yz", others, strict=True)) for others in product(".sf", repeat=2)]

    assert [rows for rows in two if rises(rows)] == [
        (a, b)
        for a, b in two
        if not any(
            simpler_after_a_step_up(made(a={"x": a, **c}, b={"x": b, **d}))
            for c, d in product(beside, repeat=2)
        )
    ]


def test_where_options_are_nested_the_simpler_ones_worsen_most() -> None:
    ordered = [criterion for criterion in THREE.criteria.values() if criterion.ordered]
    rows = {
        criterion.id: [
            "".join(
                LETTERS[option.fits[criterion.id][level.id].rating] for level in criterion.levels
            )
            for option in THREE.options.values()
        ]
        for criterion in ordered
    }

    assert [name for name in rows if not rises(rows[name])] == []
    assert len(ordered) == 8


def test_where_options_are_nested_more_demanding_never_gives_a_simpler_pick() -> None:
    assert simpler_after_a_step_up(THREE) == []
