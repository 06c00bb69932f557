"""The reasons of the default rule file; `whole_space.py` checks all of its answer sets."""

from __future__ import annotations

import pytest
import seeds
from whole_space import Whole

from taskpick import load


@pytest.mark.parametrize(("name", "step"), [("background-tasks.yaml", 211), ("python-cli.yaml", 1)])
def test_reasons_hold_and_none_is_smaller(name, step):
    whole = Whole(load(seeds.RULES / name))

    numbers = range(0, whole.space.size, step)
    assert sum(whole.check(number) for number in numbers) >= len(numbers)
