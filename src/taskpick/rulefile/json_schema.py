"""The JSON Schema of rule files, made from the format that the reader checks by.

It is for editors. The reader also checks that every name used is one that the file defines.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Any, assert_never

from taskpick.rulefile.format import CASES, COUNT, FORMAT, MOST_FREQUENCY, OPTION, RULE_FILE
from taskpick.rulefile.schema import Either, ListOf, MapOf, Record, Shape, Text


class Part(StrEnum):
    """The kinds of file that a rule file may consist of."""

    RULES = "rules"
    OPTION = "option"
    CASES = "cases"


_FORMS: dict[Part, tuple[str, Shape]] = {
    Part.RULES: ("A rule file", RULE_FILE),
    Part.OPTION: ("An option in a rule file that is a folder", OPTION),
    Part.CASES: ("The cases of a rule file that is a folder", CASES),
}


def schema(part: Part = Part.RULES) -> dict[str, Any]:
    """The schema of one kind of file, in the dialect 2020-12."""
    title, form = _FORMS[part]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{title}, in the format {FORMAT}",
        "description": "Criteria, options and fits by which taskpick decides.",
        **_of(form),
    }


def text(part: Part = Part.RULES) -> str:
    """The schema as a file."""
    return json.dumps(schema(part), indent=2, ensure_ascii=False) + "\n"


def _of(shape: Shape) -> dict[str, Any]:
    match shape:
        case Text():
            return _text(shape)
        case ListOf():
            most = {} if shape.at_most is None else {"maxItems": shape.at_most}
            items = _of(shape.item)
            return {"type": "array", "items": items, "minItems": shape.at_least, **most}
        case MapOf():
            return {**_map(shape), "propertyNames": _pattern(shape.key)}
        case Record():
            return _record(shape)
        case Either():
            return {"anyOf": [_of(shape.short), _of(shape.long)]}
        case _:
            assert_never(shape)


def _text(shape: Text) -> dict[str, Any]:
    """Without quotes YAML makes numbers and booleans of values; the reader takes all as text."""
    if shape.one_of == ("true", "false"):
        return {"enum": [True, False, "true", "false"]}
    if shape.one_of:
        return {"enum": list(shape.one_of)}
    if shape is COUNT:
        number = {"type": "integer", "minimum": 1, "maximum": MOST_FREQUENCY}
        return {"anyOf": [number, {"type": "string", **_pattern(shape)}]}
    types = ["string"]
    types += ["boolean"] if re.fullmatch(shape.pattern or ".*", "true") else []
    types += ["number"] if re.fullmatch(shape.pattern or ".*", "1.5") else []
    least = {"minimum": 0} if shape.pattern and "number" in types else {}
    most = {"maxLength": shape.at_most} if shape.at_most else {}
    return {"type": types, **least, **_pattern(shape), **most}


def _pattern(shape: Text) -> dict[str, Any]:
    if not shape.pattern:
        return {"pattern": r"\S"}
    # Python's \w takes the letters of every script; that of JavaScript, ASCII alone.
    pattern = shape.pattern.replace(r"[\w", r"[\p{L}\p{N}_").replace(r"\w", r"[\p{L}\p{N}_]")
    return {"pattern": f"^(?:{pattern})$", "description": f"Must be {shape.words}."}


def _map(shape: MapOf) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": _of(shape.value),
        "minProperties": shape.at_least,
        "maxProperties": shape.at_most,
    }


def _record(shape: Record) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "object",
        "properties": {
            name: {**_of(key.shape), "description": key.doc} for name, key in shape.keys.items()
        },
        "required": [name for name, key in shape.keys.items() if key.required],
        "additionalProperties": _of(shape.rest.value) if shape.rest else False,
    }
    if shape.rest:
        made["propertyNames"] = _pattern(shape.rest.key)
    if shape.just_one:
        made["oneOf"] = [{"required": [name]} for name in shape.just_one]
    return made
