"""Proves that no writer lets the text of a stranger do anything: every command in every format is
run on files, names, arguments and variables that hold escapes, hidden characters and HTML.

The commands and the formats are asked of the program itself, so that a new one is walked as well,
or fails here until it has a line in `LINES`.
"""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt
from program import commands, formats

from taskpick.formats.markdown import address, link
from taskpick.rulefile import document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOSTILE = (
    "e\x1b[31mvil\x9b2J\u202etxt\u2066\u200e\u061c\u200b\ufeff\x07<script>alert(1)</script>&#x202e;"
)
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
"""Said once more, so that a gap in the program's own definition is seen."""
NAME = "r\x1b[31m\u202e<b>.yaml"
LINES = {
    "advise": ["advise", "--rules", NAME, "--a", "x"],
    "compare": ["compare", "--rules", NAME, "--a", "x"],
    "explain": ["explain", "--rules", NAME, "q", "--a", "y"],
    "starter": ["starter", "--rules", NAME, "--compare", "p", "q", "--a", "x"],
    "verify": ["verify", "verified.yaml", "edited.md"],
    "scan": ["scan", "."],
    "record refresh": ["record", "refresh", "--accept-change", "edited.md"],
    "rules check": ["rules", "check", NAME],
    "rules test": ["rules", "test", NAME],
    "rules diff": ["rules", "diff", NAME, "other.yaml"],
    "rules tree": ["rules", "tree", NAME],
    "rules probe": ["rules", "probe", "--rules", f"./{NAME}", "--run-code"],
    "rules schema": ["rules", "schema"],
    "rules new": ["rules", "new", f"{HOSTILE.replace('/', '')}.yaml"],
    "help": ["help", HOSTILE],
}
SHOWN = {"advise", "compare", "explain", "starter", "verify", "rules test", "rules tree"}
"""The commands whose result holds texts of the rule file in every format."""


WALK = [(path, form) for path, command in commands().items() for form in formats(command) or [""]]
"""Every command in every format; an empty one where it has no choice."""


def rules(pick: str = "p") -> dict[str, Any]:
    """A rule file that is hostile in every text that it may hold."""
    bad, good = {"strains": HOSTILE, "source": HOSTILE}, {"fits": HOSTILE}
    works = {"a": {"x": good, "y": bad, "z": {"fails": HOSTILE}}}
    fits = {"a": {"x": bad, "y": {"fails": HOSTILE}, "z": good}}
    return {
        "format": "taskpick/1",
        "title": HOSTILE,
        "about": HOSTILE,
        "criteria": {
            "a": {
                "question": HOSTILE,
                "why": HOSTILE,
                "levels": {"x": {"means": HOSTILE, "example": HOSTILE}, "y": HOSTILE, "z": "Z"},
            }
        },
        "options": {
            "p": {
                "name": HOSTILE,
                "versions": {HOSTILE: HOSTILE},
                "facts": {HOSTILE: HOSTILE},
                "starter": "s",
                "fits": works if pick == "p" else fits,
            },
            "q": {"name": f"Q {HOSTILE}", "fits": fits if pick == "p" else works}
            | ({"starter": "t"} if pick == "p" else {}),
        },
        "notes": [
            {"say": HOSTILE, "source": HOSTILE, "see": {HOSTILE: "https://example.com"}},
        ],
        "cases": [{"need": HOSTILE, "answers": {"a": "x"}, "pick": "q", "source": HOSTILE}],
    }


@pytest.fixture
def folder(tmp_path: Path, taskpick: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hostile files, read as if nothing were refused: what is left are the writers."""
    monkeypatch.setattr(document, "first_hidden", lambda *_: None)
    (tmp_path / NAME).write_text(json.dumps(rules()))
    (tmp_path / "rules.yaml").write_text(json.dumps(rules()))
    (tmp_path / "other.yaml").write_text(json.dumps(rules("q")))
    (tmp_path / "verified.yaml").write_text(
        json.dumps({"rules": "rules.yaml", "a": "x", "pick": "q"})
    )
    probe = tmp_path / "probes" / "p" / "probe.py"
    probe.parent.mkdir(parents=True)
    claim = json.dumps(HOSTILE)
    report = json.dumps({"claim": HOSTILE, "holds": False, "seen": HOSTILE})
    probe.write_text(
        f"# /// script\n# [tool.taskpick]\n# claims = [{claim}]\n# ///\nprint({report!r})\n"
    )
    for name in ("s", "t"):
        starter = tmp_path / name
        (starter / "snippet").mkdir(parents=True)
        (starter / "project").mkdir()
        (starter / "commands.jinja").write_text("web: python app.py\n")
        (starter / "snippet" / "app.py").write_text("# <script>\nprint(1)  # \u202e\u2066\n")
        (starter / "project" / f"{name}.py").write_text("print(1)\n")
        data = {"broker": HOSTILE, "packages": [name], "happens": [{"when": HOSTILE, "what": name}]}
        (starter / "starter.yaml").write_text(json.dumps(data))
    table = {"command": HOSTILE, "conditions": HOSTILE, "columns": [HOSTILE], "rows": {"q": [1]}}
    (tmp_path / "figures.yaml").write_text(json.dumps({HOSTILE: table}))
    (tmp_path / NAME.replace(".yaml", ".py")).write_text(
        'from celery import shared_task\nCELERY_TASK_SERIALIZER = "pickle"\n'
        "@shared_task\ndef send(): ...\n"
    )
    made = taskpick(
        ["advise", "--rules", "rules.yaml", "--a", "x", "--format", "markdown", "-o", "edited.md"]
    )
    assert made.code == 0, made.err
    (tmp_path / "rules.yaml").write_text(json.dumps(rules("q")))
    return tmp_path


def test_every_command_has_a_line() -> None:
    assert {path for path, _ in WALK} == set(LINES)
    assert {("advise", "markdown"), ("compare", "json"), ("explain", "json")} <= set(WALK)


@pytest.mark.parametrize(("path", "form"), WALK, ids=[" ".join(each) for each in WALK])
def test_no_writer_lets_hostile_text_through(taskpick, folder, path: str, form: str) -> None:
    line = LINES[path]
    if path == "advise" and form == "markdown":
        # A record cannot name a file whose name cannot be seen.
        line = ["other.yaml" if word == NAME else word for word in [*line, "--decider", HOSTILE]]
    run = taskpick([*line, *(["--format", form] if form else [])])

    assert run.code != 70, run.err
    assert "Traceback" not in run.err
    assert HIDDEN.findall(run.out + run.err) == []
    _check_markup(run.out, form)
    if path in SHOWN:
        assert "alert(1)" in run.out
    if path == "scan":
        assert run.code == 1
        # A picture names the work and not its files.
        assert ("send" if form in ("mermaid", "svg") else ".py") in run.out
    if path == "starter":
        assert run.code == 0
    for record in folder.glob("*.md"):
        _check_markup(record.read_text(encoding="utf-8"), "markdown")


def _check_markup(text: str, form: str) -> None:
    """What a reader of the format makes of the text has no element that a stranger wrote."""
    match form:
        case "json" | "sarif":
            json.loads(text)
        case "svg" | "junit":
            assert not [each for each in ET.fromstring(text).iter() if "script" in each.tag]
        case "markdown":
            page = MarkdownIt("commonmark").enable("table").parse(text)
            pieces = [piece for token in page for piece in [token, *(token.children or [])]]
            html = [piece.content for piece in pieces if piece.type.startswith("html_")]
            assert [each for each in html if not each.startswith("<!-- ")] == []
            shown = "".join(p.content for p in pieces if p.type in ("text", "code_inline"))
            assert HIDDEN.findall(shown) == []
        case "dot" | "mermaid":
            outside = re.sub(r'"(?:\\.|[^"\\])*"', "", text)
            assert "script" not in outside
            assert "&#" not in text
        case "github":
            assert all(each.startswith("::") for each in text.splitlines())


@pytest.mark.parametrize("path", LINES)
def test_arguments_are_shown_as_text(taskpick, path: str) -> None:
    for extra in ([HOSTILE], [f"--{HOSTILE}"], ["--format", HOSTILE], ["--rules", HOSTILE]):
        run = taskpick([*path.split(), *extra])

        assert run.code != 70, run.err
        assert HIDDEN.findall(run.out + run.err) == []


@pytest.mark.parametrize(
    ("words", "env"),
    [
        (["advise", "--answers", "answers.yaml"], {}),
        (["verify", "answers.yaml"], {}),
        (["rules", "check", "answers.yaml"], {}),
        (["rules", "diff", f"HEAD:{HOSTILE}", "answers.yaml"], {}),
        (["advise", "--no-input"], {"TASKPICK_RETRY": HOSTILE}),
        (["advise", "--no-input"], {f"TASKPICK_{HOSTILE}": "x"}),
        (["advise", "--no-input"], {"TASKPICK_RULES": HOSTILE}),
        (["advise", "--plain"], {}),
    ],
)
def test_what_is_wrong_is_shown_as_text(taskpick, tmp_path, words, env) -> None:
    (tmp_path / "answers.yaml").write_text(f"retry: {json.dumps(HOSTILE)}\n{HOSTILE[:5]}: x\n")
    run = taskpick(words, stdin=f"{HOSTILE}\n", **env)

    assert run.code not in (0, 70)
    assert HIDDEN.findall(run.out + run.err) == []


@pytest.mark.parametrize("char", ["\x1b", "\x9b", "\u202e", "\u200f", "\u061c", "\u200b", "\u2028"])
def test_a_rule_file_with_hidden_characters_is_refused_at_its_place(
    taskpick, tmp_path, char: str
) -> None:
    text = json.dumps({**rules(), "title": f"a{char}b"}, indent=1)
    (tmp_path / "r.yaml").write_text(text.replace(json.dumps(HOSTILE)[1:-1], "harmless"))
    run = taskpick("advise --rules r.yaml --a x")

    assert (run.code, run.out) == (2, "")
    assert f"r.yaml:3:11: an invisible character: U+{ord(char):04X}" in run.err


@pytest.mark.parametrize("char", ["\x1b", "\x9b", "\u202e", "\u2066", "\u200f", "\u200b"])
@pytest.mark.parametrize("file", ["snippet/app.py", "project/app.py.jinja", "commands.jinja"])
def test_a_starter_with_hidden_characters_is_neither_written_nor_shown(
    taskpick, tmp_path, folder, char: str, file: str
) -> None:
    shutil.rmtree(tmp_path / "s")
    for name in ("snippet/app.py", "project/app.py.jinja", "commands.jinja"):
        path = tmp_path / "s" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"web: one\ntwo: t{char if name == file else ''}wo\n")
    place = f"s/{file}:2:7: an invisible character: U+{ord(char):04X}"
    written = taskpick("starter --rules rules.yaml p out --a x")
    offered = taskpick("advise --rules other.yaml --a y --starter out")
    (tmp_path / "rules.yaml").write_text(json.dumps(rules()))
    shown = taskpick("advise --rules rules.yaml --a x")
    beside = taskpick("advise --rules rules.yaml --a x --starter out")

    if not file.startswith("snippet"):  # which is no part of the project
        assert (written.code, beside.code) == (2, 2)
        assert place in written.err
        assert place in beside.err
        assert not (tmp_path / "out").exists(), offered
    assert HIDDEN.findall(shown.out + shown.err) == []
    assert (place in shown.err) == (not file.startswith("project"))


def test_a_link_is_one_only_if_nothing_in_it_can_break_out() -> None:
    evil = "https://e.example/)<script>alert(1)</script>"

    assert link("home", evil) == r"home (https://e.example/)\<script\>alert(1)\</script\>)"
    assert address(evil) == r"https://e.example/)\<script\>alert(1)\</script\>"
    assert link("a]b", "./x <y>\n.md") == r"[a\]b](<./x %3Cy%3E%0A.md>)"
    assert link("run", "javascript:alert(1)") == "[run](<javascript%3Aalert%281%29>)"
    assert address("https://e.example/\u202egpj.exe") == "https://e.example/\ufffdgpj.exe"
