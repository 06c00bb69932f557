"""Proves that what `import taskpick` offers is documented, cannot be changed, and raises the errors
that it names.
"""

from __future__ import annotations

import pickle
import re
import sys
from itertools import product
from pathlib import Path

import pytest
import seeds
from hypothesis import given
from places import ROOT
from strategies import brute_pick, every_answer, examples, rules

import taskpick

SETTLED = {
    "duration": "minutes",
    "persistence": "durable",
    "retry": "basic",
    "scheduling": "none",
    "distribution": "one-worker",
}
HELP = ROOT / "src" / "taskpick" / "help"


def test_the_example_in_the_help_topic_holds(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rule_files, python = ((HELP / f"{topic}.md").read_text() for topic in ("rule-files", "python"))
    (text,) = re.findall(r"```yaml\n(# storage\.yaml\n.*?)```", rule_files, re.DOTALL)
    Path("storage.yaml").write_text(text)

    (example,) = re.findall(r"```python\n(from taskpick .*?)```", python, re.DOTALL)
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

    good = [criterion.levels[0].id for criterion in rules.criteria.values()]
    for wrong in [("one",), good * 2, None, "one", 7, dict.fromkeys(good)]:
        with pytest.raises(taskpick.InvalidArgument, match="expected 7 levels"):
            list(taskpick.sweep(rules, [good, wrong]))
    for wrong in ["unsure", None, ["one"]]:
        with pytest.raises(taskpick.UnknownAnswer, match="unknown level of 'starts'"):
            list(taskpick.sweep(rules, [[*good[:-1], wrong]]))


def test_a_bundled_rule_file_is_loaded_by_its_name():
    assert set(taskpick.load("background-tasks").options) >= {"rq", "celery"}


def test_what_is_returned_cannot_be_changed():
    rules = taskpick.load("background-tasks")
    decision = taskpick.decide(rules, {"retry": "basic"})

    for mapping in (
        rules.criteria,
        rules.options,
        rules.options["rq"].fits,
        rules.options["rq"].fits["retry"],
        rules.options["rq"].facts,
        rules.notes[0].when,
        rules.notes[0].see,
        rules.cases[0].answers,
        rules.allow[0].subject,
        decision.given,
        decision.assumed,
        decision.counts,
        decision.evaluations,
        decision.evaluations["rq"].fits,
        taskpick.why(taskpick.decide(rules, SETTLED))[0].levels,
        taskpick.why_not(decision, "huey")[0].answers,
        taskpick.safe_choice(decision).strains,
        taskpick.safe_choice(decision).exceptions,
    ):
        with pytest.raises(TypeError):
            mapping["retry"] = "none"

    decision.possible.clear()
    decision.ranking.clear()
    assert decision.possible
    assert decision.ranking


def test_rules_are_the_same_after_pickling():
    rules = taskpick.load("background-tasks")
    again = pickle.loads(pickle.dumps(rules))

    assert tuple(again) == tuple(rules)
    assert again != rules
    with pytest.raises(TypeError):
        again.options["rq"].fits["retry"]["none"] = None


def test_equal_decisions_are_found_in_a_set():
    rules = taskpick.load("background-tasks")
    answers = {"retry": "basic", "scheduling": "unsure"}

    assert len({taskpick.decide(rules, answers), taskpick.decide(rules, answers)}) == 1
    assert len({taskpick.decide(rules, answers), taskpick.decide(rules, {})}) == 2


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda rules, _: taskpick.decide(rules, None), taskpick.InvalidArgument),
        (lambda _, __: taskpick.decide(None, {}), taskpick.InvalidArgument),
        (lambda rules, _: taskpick.decide(rules, {"retry": None}), taskpick.UnknownAnswer),
        (lambda rules, _: taskpick.decide(rules, {"retry": ["basic"]}), taskpick.UnknownAnswer),
        (lambda rules, _: taskpick.decide(rules, {None: "basic"}), taskpick.UnknownAnswer),
        (lambda _, __: taskpick.why(None), taskpick.InvalidArgument),
        (lambda _, __: taskpick.load(None), taskpick.InvalidArgument),
        (lambda _, __: taskpick.load("a\0b.yaml"), taskpick.InvalidArgument),
        (lambda _, __: taskpick.sweep(None, []), taskpick.InvalidArgument),
        (lambda rules, _: taskpick.sweep(rules, None), taskpick.InvalidArgument),
        (lambda _, __: taskpick.why_not(None, "rq"), taskpick.InvalidArgument),
        (lambda _, decision: taskpick.why_not(decision, "nope"), taskpick.UnknownOption),
        (lambda _, decision: taskpick.why_not(decision, None), taskpick.UnknownOption),
        (lambda _, decision: taskpick.why_not(decision, ["rq"]), taskpick.UnknownOption),
        (lambda _, __: taskpick.safe_choice(None), taskpick.InvalidArgument),
        (lambda _, __: taskpick.as_good(None), taskpick.InvalidArgument),
    ],
)
def test_wrong_arguments_raise_the_documented_errors(wrong, error):
    rules = taskpick.load("background-tasks")

    with pytest.raises(error):
        wrong(rules, taskpick.decide(rules, {}))


def test_what_is_too_large_raises_what_can_be_imported():
    assert issubclass(taskpick.TooLarge, Exception)
    assert set(dir(taskpick)) == set(taskpick.__all__)


def test_importing_the_package_imports_none_of_its_modules(installed):
    asked = "import sys, taskpick; print(*[name for name in sys.modules if 'taskpick' in name])"
    run = installed([sys.executable, "-c", asked])

    assert set(run.out.split()) <= {"taskpick", "taskpick.version"}
