"""The same conversation on every front leads to the same bytes."""

from __future__ import annotations

import json
from io import StringIO

from commute import RULES
from hypothesis import assume, given
from hypothesis import strategies as st
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from strategies import examples, rules

from taskpick.answers import as_flags
from taskpick.decision.decide import decide
from taskpick.questions import plain
from taskpick.questions.conversation import Mode, start
from taskpick.questions.prompt import full
from taskpick.questions.prompt.view import View
from taskpick.report.report import Report
from taskpick.report.verdict.json import render
from taskpick.report.verdict.verdict import verdict
from taskpick.rulefile.model import UNSURE

UP_TO = 12
"""How many steps a conversation takes before it is only led to its end."""


class Keyboard(StringIO):
    """Lines that a person types at a terminal."""

    def isatty(self):
        return True


@st.composite
def scripts(draw, first):
    """What a person does, step by step: answers, goes back and forward, changes answers."""
    conversation, steps, rules = first, [], first.rules
    while len(steps) < UP_TO or conversation.asking:
        if conversation.question:
            levels = [*(level.id for level in conversation.question.levels), UNSURE]
            back = [None] if len(steps) < UP_TO else []
            step = ("answer", draw(st.sampled_from([*levels, *back])))
            if step[1] is None:
                step = ("back", "")
        else:
            names = list(rules.criteria)
            action = draw(st.sampled_from(["finish", "back", "go on", "change"]))
            step = (action, draw(st.sampled_from(names)) if action == "change" else "")
        if step[0] == "finish":
            break
        steps.append(step)
        conversation = after(conversation, step)
    return steps


def after(conversation, step):
    match step:
        case "answer", level:
            return conversation.answer(level)
        case "back", _:
            return conversation.back()
        case "go on", _:
            return conversation.go_on()
        case "change", name:
            return conversation.change(name)


def by_lines(first, steps, keyboard):
    """Held in plain lines."""
    conversation, lines = first, []
    for kind, value in steps:
        match kind:
            case "answer":
                ids = [level.id for level in conversation.question.levels]
                lines.append("u" if value == UNSURE else str(ids.index(value) + 1))
            case "back" if conversation.passed or conversation.changing:
                lines.append("b")
            case "go on" if conversation.unanswered:
                lines.append("g")
            case "change":
                lines.append(f"c {value}")
        conversation = after(conversation, (kind, value))
    text = "".join(f"{line}\n" for line in [*lines, ""])
    return plain.hold(first, keyboard(text), StringIO()).answers


def by_keys(first, steps):
    """Held at the full prompt."""
    conversation, keys = first, ""
    for kind, value in steps:
        view = View.of(conversation)
        match kind:
            case "answer":
                keys += "u" if value == UNSURE else f"{view.rows.index(value) + 1}"
            case "back":
                keys += "\x1b[D"
            case "go on" if conversation.unanswered:
                keys += "\x1b[B\r"
            case "change":
                keys += "\x1b[A" * (view.row - view.rows.index(value)) + "\r"
        before, conversation = conversation, after(conversation, (kind, value))
        if before.changing and kind == "back":
            keys += "\x1b[B" * (View.of(before.back()).row - view_row(before))
    with create_pipe_input() as keyboard:
        keyboard.send_text(keys + "f")
        return full.hold(first, DummyOutput(), color=False, keyboard=keyboard).answers


def view_row(changing):
    """The row a change was chosen at, and leads back to."""
    return View.of(changing.back()).rows.index(changing.asking)


def by_turns(rules, steps):
    """Held as JSON turns, by a script that remembers its answers and how it came by them."""
    way, fixed, known, changing = [{}], {}, {}, None
    for kind, value in steps:
        match kind:
            case "answer" if changing:
                known[changing] = value
                if changing in way[-1]:
                    way = [{**at, changing: value} if changing in at else at for at in way]
                else:
                    fixed[changing] = value
                changing = None
            case "answer":
                answers = {**fixed, **way[-1]}
                turn = json.loads(result(rules, answers))["next_question"]
                # A script cannot go back to a question that a change has made needless.
                assume(turn is not None)
                chosen = next(level for level in turn["levels"] if level["level"] == value)
                known[turn["criterion"]] = value
                way.append({**way[-1], turn["criterion"]: value})

                assert chosen["command"].endswith(
                    f"{' '.join(as_flags(in_order(rules, {**fixed, **way[-1]})))} --format json"
                )
            case "back" if changing:
                changing = None
            case "back" if len(way) > 1:
                way.pop()
            case "change":
                changing = value
    return known


def in_order(rules, answers):
    """The answers in the order of the file."""
    return {name: answers[name] for name in rules.criteria if name in answers}


def result(rules, answers):
    report = Report(decide(rules, answers))
    return render(report, verdict(report), details=True)


@examples(100)
@given(st.one_of(rules(), st.just(RULES)), st.sampled_from(Mode), st.booleans(), st.data())
def test_lines_pipes_and_the_full_prompt_lead_to_the_same_bytes(rules, mode, at_terminal, data):
    conversation = first = start(rules, {}, mode, at_terminal=at_terminal)
    steps = data.draw(scripts(first))
    for step in steps:
        conversation = after(conversation, step)
    expected = result(rules, conversation.answers)

    assert result(rules, by_lines(first, steps, Keyboard)) == expected
    assert result(rules, by_lines(first, steps, StringIO)) == expected
    assert result(rules, by_keys(first, steps)) == expected


@examples(100)
@given(rules(), st.data())
def test_json_turns_lead_to_the_same_bytes_as_the_quick_conversation(rules, data):
    """Going on asks what is in no turn, so a script cannot do it."""
    first = start(rules, {}, Mode.QUICK)
    steps = [s for s in data.draw(scripts(first)) if s[0] != "go on"]
    conversation = first
    for place, step in enumerate(steps):
        if step[0] == "answer" and conversation.asking is None:
            steps = steps[:place]
            break
        conversation = after(conversation, step)

    assert result(rules, by_turns(rules, steps)) == result(rules, conversation.answers)
