"""The tree leads every answer set to its pick, and each drawing of it can be read."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import seeds
from hypothesis import given
from hypothesis import strategies as st
from places import DATA
from strategies import answers as some_answers
from strategies import brute_pick, every_answer, examples, rules

from taskpick.decision.decide import decide
from taskpick.decision.scores import scores
from taskpick.problems import Source
from taskpick.questions import drawing as formats
from taskpick.questions.conversation import Mode, start
from taskpick.questions.tree import Question, Tree, grow
from taskpick.rulefile import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MERMAID = DATA / "mermaid"
NEW = reader.read(Source("new.yaml", seeds.NEW))
DEFAULT = reader.read(Source("default.yaml", seeds.THREE))
HOSTILE = 'A "quoted" <b>bold</b> & | `code` #35; [x] {y} (z) \\ % $ 雪 é 🐍 end --> click'


def _assumed(rules, answers):
    taken = {name: c.default for name, c in rules.criteria.items() if c.default is not None}
    return {**answers, **taken}


def pick(tree: Tree, answers: Mapping[str, str]) -> str | None:
    """Where the answers lead."""
    while isinstance(tree, Question):
        level = answers[tree.criterion.id]
        tree = next(branch.to for branch in tree.branches if level in branch.levels)
    return tree.pick


def questions(tree: Tree) -> Iterator[Question]:
    """Every question of the tree."""
    if isinstance(tree, Question):
        yield tree
        for branch in tree.branches:
            yield from questions(branch.to)


@examples(400)
@given(rules())
def test_the_tree_leads_to_the_pick_of_the_rules_for_every_answer_set(rules):
    core, whole = grow(rules), grow(rules, everything=True)

    for answers in every_answer(rules):
        assert pick(whole, answers) == brute_pick(rules, answers)
        assumed = _assumed(rules, answers)
        assert pick(core, assumed) == brute_pick(rules, assumed)


@pytest.mark.parametrize("everything", [False, True])
def test_the_tree_of_the_default_file_is_equal_to_its_rules(everything):
    tree = grow(DEFAULT, everything=everything)
    sets = list(every_answer(DEFAULT))
    if not everything:
        sets = [_assumed(DEFAULT, answers) for answers in sets]

    picks = scores(DEFAULT).sweep(list(answers.values()) for answers in sets)
    assert [pick(tree, answers) for answers in sets] == list(picks)


@examples(300)
@given(rules(), st.data())
def test_the_questions_of_quick_are_a_path_through_the_tree(rules, data):
    answers = data.draw(some_answers(rules, complete=True))

    tree, conversation = grow(rules), start(rules, {}, Mode.QUICK)
    while conversation.question is not None:
        assert tree.criterion == conversation.question
        level = answers[conversation.question.id]
        tree = next(branch.to for branch in tree.branches if level in branch.levels)
        conversation = conversation.answer(level)
    assert tree.pick == decide(rules, conversation.answers).pick


@pytest.mark.parametrize("drawn_as", formats.Format)
def test_trees_are_drawn_as_people_and_programs_expect(drawn_as, snapshot):
    snapshot(f"rules/default.tree.{drawn_as}", formats.render(grow(DEFAULT), DEFAULT, drawn_as))


def _hostile():
    edits = {"title": HOSTILE, "options.file.name": HOSTILE, "criteria.size.question": HOSTILE}
    return seeds.edited("new", edits)


def test_the_svg_is_xml_that_shows_every_word_as_it_is():
    rules = _hostile()
    svg = ET.fromstring(formats.render(grow(rules), rules, formats.Format.SVG))

    words = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]
    titles = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}title")]
    assert HOSTILE in words
    assert titles[:2] == [HOSTILE, HOSTILE]


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_the_dot():
    rules = _hostile()
    dot = formats.render(grow(rules), rules, formats.Format.DOT)

    drawn = subprocess.run(["dot", "-Tsvg"], input=dot.encode(), capture_output=True, check=True)
    assert b"Environment variables" in drawn.stdout


def test_mermaid_reads_every_picture_with_all_its_nodes():
    if shutil.which("node") is None or not (MERMAID / "node_modules").is_dir():
        pytest.skip(f"needs Node.js, and `npm install` in {MERMAID.name}")
    hostile = _hostile()
    trees = [(rules, grow(rules)) for rules in (NEW, DEFAULT, hostile)]
    pictures = [formats.render(tree, rules, formats.Format.MERMAID) for rules, tree in trees]

    read = subprocess.run(
        ["node", "read.mjs"],
        input=json.dumps(pictures).encode(),
        cwd=MERMAID,
        capture_output=True,
        check=True,
    )
    nodes = [1 + sum(len(q.branches) for q in questions(tree)) for _, tree in trees]
    assert json.loads(read.stdout) == nodes
