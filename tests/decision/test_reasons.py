"""Reasons are all the smallest there are, and so are the changes that lead elsewhere."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st
from strategies import answers as some_answers
from strategies import brute_pick, every_answer, examples, rules

from taskpick.decision.decide import decide
from taskpick.decision.explanation import joined, why, why_not


class Brute:
    """The same questions, answered by looking at every answer set."""

    def __init__(self, rules):
        self.rules = rules
        self.picks = {tuple(a.values()): brute_pick(rules, a) for a in every_answer(rules)}

    def inside(self, levels):
        """The picks of all answer sets that agree with the levels of some criteria."""
        axes = [levels.get(name, [lv.id for lv in c.levels]) for name, c in self.criteria]
        return {self.picks[chosen] for chosen in product(*axes)}

    @property
    def criteria(self):
        return self.rules.criteria.items()

    def smallest_reasons(self, closed, pick):
        for size in range(len(closed) + 1):
            found = [
                set(names)
                for names in combinations(closed, size)
                if self.inside({name: [closed[name]] for name in names}) == {pick}
            ]
            if found:
                return found
        return []

    def smallest_changes(self, closed, pick):
        today = {name: [level] for name, level in closed.items()}
        for size in range(len(self.rules.criteria) + 1):
            found = []
            for names in combinations(self.rules.criteria, size):
                others = [
                    [lv.id for lv in self.rules.criteria[name].levels if lv.id != closed.get(name)]
                    for name in names
                ]
                for levels in product(*others):
                    changed = dict(zip(names, levels, strict=True))
                    if self.inside({**today, **{n: [lv] for n, lv in changed.items()}}) == {pick}:
                        found.append(changed)
            if found:
                return found
        return []


@examples(1500)
@given(rules(), st.data())
def test_reasons_are_exactly_the_smallest_that_force_the_pick(rules, data):
    decision = decide(rules, data.draw(some_answers(rules)))
    brute = Brute(rules)
    reasons = why(decision)

    if len(decision.counts) != 1:
        assert reasons == []
        return
    (pick,) = decision.counts
    expected = brute.smallest_reasons(decision.answers, pick)
    assert sorted(map(sorted, expected)) == sorted(sorted(reason.levels) for reason in reasons)
    for reason in reasons:
        assert brute.inside(reason.levels) == {pick}
        assert all(decision.answers[name] in levels for name, levels in reason.levels.items())


@examples(600)
@given(rules(), st.data())
def test_a_reason_cannot_hold_for_one_more_level(rules, data):
    decision = decide(rules, data.draw(some_answers(rules)))
    brute = Brute(rules)

    for reason in why(decision):
        for name, levels in reason.levels.items():
            for wider in _one_wider(rules.criteria[name], levels):
                assert brute.inside({**reason.levels, name: wider}) != set(decision.counts)


@examples(1500)
@given(rules(most_criteria=3), st.data())
def test_why_not_is_exactly_all_smallest_changes(rules, data):
    decision = decide(rules, data.draw(some_answers(rules)))
    brute = Brute(rules)

    for option in rules.options:
        if option == decision.pick:
            assert why_not(decision, option) == []
            continue
        expected = brute.smallest_changes(decision.answers, option)
        found = [dict(change.answers) for change in why_not(decision, option)]
        assert _listed(expected) == _listed(found)
        assert _listed(found) == _listed(_choices(joined(why_not(decision, option))))


def _listed(ways):
    return sorted(sorted(way.items()) for way in ways)


def _choices(groups):
    """Every way to choose one level per criterion of a group."""
    return [
        dict(zip(group, levels, strict=True))
        for group in groups
        for levels in product(*group.values())
    ]


def _one_wider(criterion, levels):
    ids = [level.id for level in criterion.levels]
    if not criterion.ordered:
        return [levels | {level} for level in ids if level not in levels]
    places = [ids.index(level) for level in levels]
    assert sorted(places) == list(range(min(places), max(places) + 1))
    more = [place for place in (min(places) - 1, max(places) + 1) if 0 <= place < len(ids)]
    return [levels | {ids[place]} for place in more]
