"""Print how many questions a rule file takes on average.

    python tests/tools/count_questions.py [FILE]

Levels are as likely as the frequencies of the file say. `quick` is `--quick`; `in order` asks in
the order of the file and stops when the pick is settled; asking all takes as many as there are.
"""

from __future__ import annotations

import sys
import time
from fractions import Fraction
from pathlib import Path

from taskpick.questions.planner import Mode, TooManySteps, planner_of
from taskpick.rulefile import bundled
from taskpick.rulefile.reader import load


def main(path: Path) -> None:
    rules = load(path)
    core = rules.core
    print(path.name)
    for title, askable in (("core criteria", core), ("all criteria", list(rules.criteria))):
        if askable:
            print(f"  {len(askable)} {title}: {row(rules, askable)}")


def expected_questions(rules, mode, askable=None):
    """How many questions are asked on average until the pick is settled.

    Without `askable` the core criteria are asked; every other criterion keeps its default.

    Raises:
        TooManySteps: it cannot be worked out exactly.
    """
    askable = rules.core if askable is None else askable
    if mode is Mode.ALL:
        return Fraction(len(askable))
    planner = planner_of(rules)
    state = planner.state({}, askable)
    if mode is Mode.QUICK:
        return Fraction(planner.cost(state)[0], planner.weight(state.askable))
    return _in_order(planner, state, {})


def _in_order(planner, state, seen):
    if not state.points:
        return Fraction(0)
    if state not in seen:
        bit = state.askable & -state.askable
        after = [
            weight * _in_order(planner, child, seen)
            for weight, child in planner.children(state, bit)
        ]
        seen[state] = 1 + sum(after, Fraction(0)) / planner.weights[bit]
    return seen[state]


def row(rules, askable):
    begin = time.perf_counter()
    planner_of.cache_clear()
    try:
        quick = expected_questions(rules, Mode.QUICK, askable)
    except TooManySteps:
        return "too many to plan exactly"
    took = (time.perf_counter() - begin) * 1000
    order = expected_questions(rules, Mode.NORMAL, askable)
    return f"quick {float(quick):.2f}, in order {float(order):.2f} (planned in {took:.0f} ms)"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else bundled.default())
