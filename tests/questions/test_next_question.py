"""All texts of one run name the same next question."""

from __future__ import annotations

import json
from itertools import product

from taskpick.commands.advise import result
from taskpick.decision.decide import Status, decide
from taskpick.questions import words
from taskpick.questions.conversation import Mode, start
from taskpick.questions.planner import next_question
from taskpick.report.report import Report
from taskpick.report.verdict import json as json_format
from taskpick.report.verdict.verdict import verdict
from taskpick.rulefile import bundled
from taskpick.rulefile.model import UNSURE

DEFAULT = bundled.load(bundled.default())


def partial_answers():
    """Every set of answers to the core criteria of the default file; each may be left out."""
    levels = [[None, *(lv.id for lv in DEFAULT.criteria[name].levels)] for name in DEFAULT.core]
    for chosen in product(*levels):
        yield {name: lv for name, lv in zip(DEFAULT.core, chosen, strict=True) if lv is not None}


def named_on_stderr(said, capsys):
    """The criterion that stderr names as the next question."""
    result._say_undecided(said, [], "")
    return capsys.readouterr().err.split("next: --")[1].split()[0]


def named_in_review(conversation):
    """The criterion whose question the review names as the one to find out first."""
    question = words.headline(conversation).rsplit("Find out first: ", 1)[1]
    return next(each.id for each in DEFAULT.criteria.values() if each.question == question)


def test_the_prompt_the_report_stderr_and_json_name_the_same_question(capsys):
    undecided = 0
    for answers in partial_answers():
        decision = decide(DEFAULT, answers)
        if decision.status is not Status.UNDECIDED:
            continue
        undecided += 1
        said = Report(decision)
        conversation = start(DEFAULT, answers, Mode.QUICK)

        named = {
            conversation.asking,
            named_in_review(conversation.finish()),
            said.next_question.id,
            named_on_stderr(said, capsys),
            json.loads(json_format.render(said, verdict(said), details=False))["next_question"][
                "criterion"
            ],
        }

        assert named == {next_question(DEFAULT, answers)}
    assert undecided > 200


def test_what_was_answered_with_unsure_is_the_next_question_only_where_nothing_else_matters():
    unsure = {"retry": UNSURE, "scheduling": UNSURE}

    assert next_question(DEFAULT, unsure) not in unsure
    everything = dict.fromkeys(DEFAULT.criteria, UNSURE)
    assert next_question(DEFAULT, everything) in DEFAULT.criteria
