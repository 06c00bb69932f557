"""Every reason of the shipped rule files holds, and none smaller would do.

`whole_space.py` finds out without the code that finds the reasons, and asserts it for each.
"""

from __future__ import annotations

import pytest
import seeds
from whole_space import Whole

from taskpick import load


@pytest.mark.parametrize("name", ["background-tasks", "python-cli.yaml"])
def test_the_reasons_for_a_spread_of_answers_hold_and_none_is_smaller(name: str) -> None:
    whole = Whole(load(seeds.RULES / name))
    for number in range(0, whole.space.size, 1 + whole.space.size // 150):
        assert whole.check(number) > 0


@pytest.mark.slow
def test_the_reasons_for_all_answers_hold_and_none_is_smaller(spread: int) -> None:
    whole = Whole(load(seeds.RULES / "background-tasks"))
    for number in range(0, whole.space.size, spread):
        assert whole.check(number) > 0
