"""What `import taskpick` offers."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
import seeds
from hypothesis import given
from places import ROOT
from strategies import brute_pick, every_answer, examples, rules

import taskpick

README = (ROOT / "README.md").read_text("utf-8")


def test_the_example_in_the_readme_holds(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for text in re.findall(r"```yaml\n(# storage\.yaml\n.*?)```", README, re.DOTALL):
        Path("storage.yaml").write_text(text)

    (example,) = re.findall(r"```python\n(from taskpick .*?)```", README, re.DOTALL)
    exec(example, {})


def test_all_that_is_offered_is_there_and_documented():
    for name in taskpick.__all__:
        offered = getattr(taskpick, name)
        assert isinstance(offered, str) or offered.__doc__


@examples(300)
@given(rules())
def test_a_sweep_gives_the_pick_of_every_answer_set(rules):
    levels = [[level.id for level in c.levels] for c in rules.criteria.values()]

    assert list(taskpick.sweep(rules, product(*levels))) == [
        brute_pick(rules, answers) for answers in every_answer(rules)
    ]


def test_a_sweep_refuses_what_is_no_answer_set():
    rules = taskpick.load(seeds.RULES / "python-cli.yaml")

    with pytest.raises(ValueError, match="shorter"):
        list(taskpick.sweep(rules, [("one",)]))
    with pytest.raises(KeyError):
        list(taskpick.sweep(rules, [("two",) * 7]))
