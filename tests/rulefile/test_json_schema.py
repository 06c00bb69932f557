"""The JSON Schemas say the same about the shape of a file as the reader does."""

from __future__ import annotations

import copy
import json

import jsonschema
import pytest
import seeds
import yaml
from hypothesis import given
from hypothesis import strategies as st
from places import DATA, ROOT
from strategies import examples

from taskpick.problems import InvalidFile, Source
from taskpick.rulefile import document, json_schema
from taskpick.rulefile.format import CASES, OPTION, RULE_FILE
from taskpick.rulefile.json_schema import Part
from taskpick.rulefile.schema import check

FILES = sorted((DATA / "rules").rglob("*.yaml")) + sorted(
    path for path in (ROOT / "rules").rglob("*.yaml") if "starters" not in path.parts
)
assert len(FILES) > 50


class Core(yaml.CSafeLoader):
    """YAML as editors read it: only `true`, numbers and nothing are other than text."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", "true|false", "tf"),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", "null|~|", ["n", "~", ""]),
]:
    full = yaml.reader.re.compile(f"^(?:{pattern})$")
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", full, list(first))


def as_editors_read(text):
    """The document with every key a text, as in JSON."""

    def keys_as_text(node):
        if isinstance(node, dict):
            return {str(key): keys_as_text(value) for key, value in node.items()}
        return [keys_as_text(item) for item in node] if isinstance(node, list) else node

    return keys_as_text(yaml.load(text, Core))


def validator(part):
    # Python's `re` knows no \p{…}; its \w is what these stand for.
    text = json_schema.text(part)
    text = text.replace(r"[\\p{L}\\p{N}_]", r"\\w").replace(r"\\p{L}\\p{N}_", r"\\w")
    made = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


VALIDATORS = {part: validator(part) for part in Part}
FORMS = {Part.RULES: RULE_FILE, Part.OPTION: OPTION, Part.CASES: CASES}


def part_of(path):
    """Which kind of file it is, by its place in the folder of a rule file."""
    if path.parent.name == "options":
        return Part.OPTION
    return Part.CASES if path.name == "cases.yaml" else Part.RULES


def has_the_shape(text):
    root, problems = document.parse(Source("rules.yaml", text))
    return not problems and not list(check(root, RULE_FILE, Source("rules.yaml", text)))


def has_a_shape(path):
    """Whether the file is a document, of YAML that the reader takes: only that has a shape."""
    try:
        _, problems = document.parse(document.decode(path.name, path.read_bytes()))
    except InvalidFile:
        return False
    return not problems


@pytest.mark.parametrize("path", [*filter(has_a_shape, FILES)], ids=lambda path: path.stem)
def test_schema_and_reader_agree_about_the_shape_of_every_file(path):
    text = path.read_text(encoding="utf-8")
    part = part_of(path)
    root, _ = document.parse(Source(path.name, text))
    read = list(check(root, FORMS[part], Source(path.name, text)))
    found = [error.message for error in VALIDATORS[part].iter_errors(as_editors_read(text))]
    assert bool(read) == bool(found), (read, found)


VALUES = st.sampled_from(
    [
        "",
        " ",
        "x",
        "fits",
        "fails",
        "no",
        "two words",
        "https://x.org",
        "0",
        3,
        0,
        True,
        1.5,
        [],
        {},
    ]
)
KEYS = st.sampled_from(
    ["fits", "strains", "fails", "source", "name", "Ä", "a-b", "A", "", "x y", "1"]
)


@examples(600)
@given(st.data())
def test_schema_and_reader_agree_about_files_that_are_edited_anyhow(data):
    tree = as_editors_read(seeds.NEW)
    for _ in range(data.draw(st.integers(1, 3))):
        _edit(data, tree)

    agreed = VALIDATORS[Part.RULES].is_valid(tree)
    assert has_the_shape(json.dumps(tree, ensure_ascii=False)) == agreed


SCHEMAS = {
    Part.RULES: ROOT / "rules" / "taskpick.schema.json",
    Part.OPTION: ROOT / "rules" / "option.schema.json",
    Part.CASES: ROOT / "rules" / "cases.schema.json",
}


@pytest.mark.parametrize("part", Part)
def test_the_schemas_in_the_repository_are_those_of_the_format(part):
    assert SCHEMAS[part].read_text("utf-8") == json_schema.text(part)


@pytest.mark.parametrize(
    "path",
    # A program writes what probes showed last; nobody edits it.
    [path for path in FILES if path.is_relative_to(ROOT / "rules") and path.stem != "last-run"],
    ids=lambda path: path.stem,
)
def test_rule_files_name_the_schema_for_editors(path):
    head, _, name = path.read_text("utf-8").splitlines()[0].partition("$schema=")

    assert head == "# yaml-language-server: "
    assert (path.parent / name).resolve() == SCHEMAS[part_of(path)]


def _edit(data, tree):
    """Replace, remove or add a value somewhere in the tree."""
    node = tree
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if isinstance(node[key], (dict, list)) and data.draw(st.integers(0, 4)):
            node = node[key]
            continue
        break
    match data.draw(st.sampled_from(["replace", "remove", "add"])):
        case "replace":
            node[key] = copy.deepcopy(data.draw(VALUES))
        case "remove":
            del node[key]
        case "add" if isinstance(node, dict):
            node[data.draw(KEYS)] = copy.deepcopy(data.draw(VALUES))
