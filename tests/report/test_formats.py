"""Terminal, Markdown and JSON: the same report in each, whatever its texts are."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from places import DATA
from strategies import examples

from taskpick.formats.markdown import escape
from taskpick.problems import Source
from taskpick.rulefile import reader
from taskpick.rulefile.document import Mapping, Scalar, Sequence, parse
from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from markdown_it.token import Token

    from taskpick.rulefile.document import Node

VALID = DATA / "rules" / "valid"
SUFFIXES = {"text": "txt", "markdown": "md", "json": "json"}
REPORTS = {
    "pick": "advise --rules river.yaml --load bag",
    "undecided": "advise --rules river.yaml --season winter",
    "nothing-fits": "advise --rules river.yaml --load piano",
    "matrix": "compare --rules river.yaml --load bag",
    "hostile": "advise --rules hostile.yaml --pipe-dash yes",
    "hostile-strain": "advise --rules hostile.yaml --pipe-dash Größe/x+1 --simple yes",
    "hostile-undecided": "advise --rules hostile.yaml --simple unsure",
    "hostile-matrix": "compare --rules hostile.yaml --pipe-dash yes",
}
MADR = [
    "Context and Problem Statement",
    "Decision Drivers",
    "Considered Options",
    "Decision Outcome",
    "Consequences",
    "Confirmation",
    "Pros and Cons of the Options",
    "More Information",
]
"""The headings of MADR 4.0.0, in their order: https://adr.github.io/madr/."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """The folder that the program runs in, with the valid rule files."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize("kind", SUFFIXES)
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_looks_as_recorded(taskpick, snapshot, name, kind) -> None:
    text = taskpick(f"{REPORTS[name]} --format {kind}", COLUMNS="100").out

    snapshot(f"formats/{name}.{SUFFIXES[kind]}", text)


# Markdown


def read(text: str) -> list[Token]:
    """The tokens of the Markdown below its front matter."""
    body = text.split("\n---\n", 1)[1] if text.startswith("---\n") else text
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)


def plain(tokens: list[Token]) -> str:
    """What a reader sees of them, with blanks and the ticks of code left out."""
    inline = (child for token in tokens for child in token.children or [token])
    texts = (token.content for token in inline if token.type != "html_block")
    return bare(" ".join(texts))


def bare(text: str) -> str:
    """The text without blanks and ticks."""
    return re.sub(r"[\s`]", "", text)


def structure(tokens: list[Token]) -> list[str]:
    """The kinds of the tokens, but for text and code."""
    inline = [child for token in tokens for child in [token, *(token.children or [])]]
    return [token.type for token in inline if token.type not in ("text", "code_inline")]


@pytest.mark.parametrize("name", [name for name in REPORTS if "matrix" not in name])
def test_a_record_has_the_headings_of_madr_in_their_order(taskpick, name) -> None:
    tokens = read(taskpick(f"{REPORTS[name]} --format markdown").out)
    tags = {
        tokens[place + 1].content: token.tag
        for place, token in enumerate(tokens)
        if token.type == "heading_open"
    }

    assert [words for words in tags if words in MADR] == [words for words in MADR if words in tags]
    assert {*MADR[:1], *MADR[2:4], "Pros and Cons of the Options"} <= set(tags)
    assert [words for words in tags if tags[words] == "h1"] == [next(iter(tags))]
    assert {tags.get("Consequences", "h3"), tags.get("Confirmation", "h3")} == {"h3"}


@pytest.mark.parametrize("name", REPORTS)
def test_hostile_texts_stay_texts_in_markdown(taskpick, name) -> None:
    tokens = read(taskpick(f"{REPORTS[name]} --format markdown").out)
    raw = [token.content for token in tokens if token.type == "html_block"]

    assert {"html_inline", "image", "s_open", "em_open", "hr"} & set(structure(tokens)) == set()
    assert [html for html in raw if not re.fullmatch(r"<!--[^<>]+-->\n?", html)] == []
    assert {token.attrs["href"][:20] for token in _links(tokens)} <= {"https://example.com/"}


def _links(tokens: list[Token]) -> list[Token]:
    return [
        child for token in tokens for child in token.children or [] if child.type == "link_open"
    ]


@pytest.mark.parametrize("name", REPORTS)
def test_every_table_has_as_many_cells_in_each_row(taskpick, name) -> None:
    kinds = structure(read(taskpick(f"{REPORTS[name]} --format markdown").out))
    tables = " ".join(kind for kind in kinds if kind != "inline").split("table_open")[1:]
    cells = [
        {row.count("th_open") + row.count("td_open") for row in table.split("tr_open")[1:]}
        for table in tables
    ]

    assert [len(sizes) for sizes in cells] == [1] * len(cells)
    assert cells


MARKUP = st.text("`*_[]()<>|~$#&;!-+=.12\\a:/\"'^{}é \n\t", max_size=30)
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30)


@given((MARKUP | TEXT).filter(lambda text: not text.isspace() and text))
@example("1. a")
@example("- a")
@example("`a | b`")
@example("---")
@example("a ```")
@example("&amp; &#42;")
@examples(500)
def test_an_escaped_text_is_that_text_wherever_it_stands(text: str) -> None:
    words = escape(text)
    cell = words.replace("|", "\\|") if "`" in words else words
    forms = [f"{words}\n", f"* {words}\n", f"### {words}\n", f"| a |\n| --- |\n| {cell} |\n"]

    assert [structure(read(form))[0] for form in forms[:3]] == [
        "paragraph_open",
        "bullet_list_open",
        "heading_open",
    ]
    assert [plain(read(form)) for form in forms[:3]] == [bare(printable(text, keep="\t\n"))] * 3


# JSON


def texts(node: Node) -> Iterator[str]:
    """Every text in a document that is not a key of the format."""
    match node:
        case Scalar():
            yield " ".join(node.text.split())
        case Sequence():
            for item in node.items:
                yield from texts(item)
        case Mapping():
            for value in node.entries.values():
                yield from texts(value)


def values(value: object) -> Iterator[str]:
    """Every text in a JSON value, keys too."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from values(item)
        case dict():
            for key, inner in value.items():
                yield key
                yield from values(inner)


@pytest.mark.parametrize("name", REPORTS)
def test_what_the_other_formats_show_is_in_the_json_too(taskpick, folder, name) -> None:
    rules = folder / REPORTS[name].split()[2]
    node, _ = parse(Source(rules.name, rules.read_text()))
    shown = [
        bare(taskpick(f"{REPORTS[name]} --format text").out),
        plain(read(taskpick(f"{REPORTS[name]} --format markdown").out)),
    ]
    details = "" if "matrix" in name else "--details"
    result = json.loads(taskpick(f"{REPORTS[name]} --format json {details}").out)
    data = list(map(bare, values(result)))

    assert [
        text
        for text in texts(node)
        if len(text) > 8
        if any(bare(text) in page for page in shown)
        if not any(bare(text) in value for value in data)
    ] == []


@pytest.mark.parametrize(
    ("name", "status", "pick", "possible", "ranking"),
    [
        ("pick", "picked", "boat", ["boat"], ["boat", "wade"]),
        ("undecided", "nothing-fits", None, [], ["wade", "boat"]),
        ("nothing-fits", "nothing-fits", None, [], ["wade", "boat"]),
        ("hostile-undecided", "undecided", None, ["1.+-", "zwei"], ["1.+-", "zwei"]),
    ],
)
def test_json_says_how_the_decision_ended(taskpick, name, status, pick, possible, ranking) -> None:
    result = json.loads(taskpick(f"{REPORTS[name]} --format json --details").out)

    assert result["schema"] == "taskpick.recommendation/2"
    assert (result["status"], result["pick"]) == (status, pick)
    assert (result["possible"], result["details"]["ranking"]) == (possible, ranking)


# Terminal


@pytest.mark.parametrize("columns", ["20", "33", "80", "100"])
@pytest.mark.parametrize("name", [name for name in REPORTS if "matrix" not in name])
def test_hostile_texts_stay_texts_at_any_width(taskpick, folder, name, columns) -> None:
    rules = reader.load(folder / REPORTS[name].split()[2])
    shown = re.sub(r"\s", "", taskpick(f"{REPORTS[name]} --details", COLUMNS=columns).out)
    names = [re.sub(r"\s", "", option.name) for option in rules.options.values()]

    assert [name for name in names if name not in shown] == []
    assert "\x1b" not in shown


def test_the_details_have_the_marks_of_the_verdict(taskpick, folder) -> None:
    shown = taskpick(f"{REPORTS['nothing-fits']} --details").out

    assert " ✗ load piano: " in shown
    assert set("✅⚠❌").isdisjoint(shown)


def test_a_pick_that_no_answer_can_change_is_not_praised_for_meeting_none(taskpick) -> None:
    run = taskpick("advise --no-input --rules the-fewest-lines.yaml")
    record = taskpick("advise --no-input --rules the-fewest-lines.yaml --format markdown").out

    assert run.code == 0
    assert "It is the pick whatever the answers are." in run.out
    assert 'Chosen option: "One", because it is the pick whatever the answers are.' in record


def test_a_pick_that_rests_on_what_is_assumed_is_not_called_one_for_all_answers(
    taskpick, tmp_path
) -> None:
    rules = json.loads((tmp_path / "the-fewest-lines.yaml").read_text())
    rules["criteria"]["a"]["default"] = "x"
    other = {"name": "Two", "fits": {"a": {"x": {"strains": "It costs."}, "y": "fits"}}}
    rules["options"]["one"]["fits"]["a"]["y"] = {"fails": "It cannot."}
    (tmp_path / "two.yaml").write_text(
        json.dumps(rules | {"options": rules["options"] | {"two": other}})
    )
    run = taskpick("advise --no-input --rules two.yaml")

    assert "Choose           Two if Y" in run.out
    assert "It meets every answer that is assumed." in run.out
