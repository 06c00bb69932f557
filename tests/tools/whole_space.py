"""Every reason for every answer set of a rule file, checked without the code that finds them.

    python tests/tools/whole_space.py [FILE]      all of it: ten minutes for the default file

`tests/decision/test_whole_space.py` checks a part of the answer sets the same way.
"""

from __future__ import annotations

import sys
from functools import cache
from itertools import combinations

from places import ROOT

from taskpick import load
from taskpick.decision.answer_sets.space import Space
from taskpick.decision.decide import decide
from taskpick.decision.explanation import why, why_not


class Whole:
    """The picks of all answer sets as sets, and what follows from these alone."""

    def __init__(self, rules):
        self.rules = rules
        self.space = Space(rules)
        self.names = list(rules.criteria)
        self.having = cache(lambda name, level: self.space.having(name, [level]))

    def check(self, number):
        """Check every reason for an answer set; says how many there were."""
        answers = self.space.example(1 << number)
        pick = next(p for p, bits in self.space.picks.items() if bits >> number & 1)
        decision = decide(self.rules, answers)
        assert list(decision.counts) == [pick]
        count = self.check_why(answers, pick, why(decision))
        for option in self.rules.options:
            if option != pick:
                count += self.check_why_not(answers, option, why_not(decision, option))
        return count

    def check_why(self, answers, pick, reasons):
        """The reasons hold, are all of their size, and none is smaller."""
        others = self.space.all & ~self.space.picks[pick]
        size = len(reasons[0].levels)
        enough = {
            names
            for size_now in range(size + 1)
            for names in combinations(self.names, size_now)
            if not self.agreeing(answers, names) & others
        }
        assert enough == {tuple(reason.levels) for reason in reasons}
        for reason in reasons:
            assert not self.space.inside(reason.levels) & others
            assert all(answers[name] in levels for name, levels in reason.levels.items())
        return len(reasons)

    def check_why_not(self, answers, option, changes):
        """The changes lead to the option, are all of their size, and none is smaller."""
        wins = self.space.picks[option]
        if not changes:
            assert not wins
            return 0
        size = len(changes[0].answers)
        found = {tuple(sorted(change.answers.items())) for change in changes}
        assert len(found) == len(changes)
        for change in changes:
            assert wins >> self.space.number({**answers, **change.answers}) & 1
            assert all(answers[name] != level for name, level in change.answers.items())
        for smaller in combinations(self.names, len(self.names) - size + 1):
            assert not self.agreeing(answers, smaller) & wins
        kept = combinations(self.names, len(self.names) - size)
        # With nothing nearer, each of these differs from the answers in all other criteria.
        assert len(found) == sum(
            (self.agreeing(answers, names) & wins).bit_count() for names in kept
        )
        return len(changes)

    def agreeing(self, answers, names):
        """The answer sets that agree with the answers in the criteria named."""
        found = self.space.all
        for name in names:
            found &= self.having(name, answers[name])
        return found


def main():
    default = ROOT / "rules" / "background-tasks"
    whole = Whole(load(sys.argv[1] if len(sys.argv) > 1 else default))
    count = 0
    for number in range(whole.space.size):
        count += whole.check(number)
        if number % 1000 == 0:
            print(f"{number:,} of {whole.space.size:,}: {count:,} reasons hold", flush=True)
    print(f"all {whole.space.size:,} answer sets: {count:,} reasons hold, and none is smaller")


if __name__ == "__main__":
    main()
