"""The picks found for all answer sets at once are those of one at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from strategies import brute_pick, every_answer, examples, rules

from taskpick.decision.answer_sets.space import Space
from taskpick.decision.decide import decide
from taskpick.rulefile.model import Rating


@examples(1500)
@given(rules())
def test_every_answer_set_has_the_pick_of_the_design(rules):
    space = Space(rules)
    picks = [brute_pick(rules, answers) for answers in every_answer(rules)]

    assert {pick: _numbers(bits) for pick, bits in space.picks.items()} == {
        pick: {n for n, found in enumerate(picks) if found == pick}
        for pick in [*rules.options, None]
    }


@examples(300)
@given(rules())
def test_an_option_works_where_none_of_its_fits_fails(rules):
    space = Space(rules)

    for name, option in rules.options.items():
        working = {
            number
            for number, answers in enumerate(every_answer(rules))
            if all(option.fits[c][level].rating is not Rating.FAILS for c, level in answers.items())
        }
        assert _numbers(space.works[name]) == working


@examples(300)
@given(rules())
def test_the_shares_of_a_decision_are_the_sizes_of_its_picks(rules):
    space = Space(rules)
    shares = decide(rules, dict.fromkeys(rules.criteria, "unsure")).shares

    assert {pick: share * space.size for pick, share in shares.items()} == {
        pick: bits.bit_count() for pick, bits in space.picks.items() if bits
    }


@examples(300)
@given(rules(), st.data())
def test_answer_sets_are_found_by_number_and_by_level(rules, data):
    space = Space(rules)
    everything = list(every_answer(rules))
    number = data.draw(st.integers(0, len(everything) - 1))
    name = data.draw(st.sampled_from(list(rules.criteria)))
    some = data.draw(st.sets(st.sampled_from(space.levels[name]), min_size=1))

    assert space.example(1 << number) == everything[number]
    assert space.number(everything[number]) == number
    assert _numbers(space.having(name, some)) == {
        n for n, answers in enumerate(everything) if answers[name] in some
    }


@examples(300)
@given(rules())
def test_levels_that_lead_to_the_same_are_told_from_those_that_do_not(rules):
    space = Space(rules)
    picks = {tuple(a.values()): brute_pick(rules, a) for a in every_answer(rules)}

    for place, name in enumerate(rules.criteria):
        brute = {level: [] for level in space.levels[name]}
        for chosen, pick in picks.items():
            brute[chosen[place]].append(pick)
        assert space.matters(name) == (len(set(map(tuple, brute.values()))) > 1)
        assert all(
            space.alike(name, one, two) == (brute[one] == brute[two])
            for one in brute
            for two in brute
        )


def _numbers(bits):
    return {number for number, digit in enumerate(reversed(bin(bits)[2:])) if digit == "1"}
