"""The JSON Schema of rule files, made from the grammar that the reader checks by.

For editors alone: the reader says more, with places, about what the file's own names mean.
"""

from __future__ import annotations

import json
import re
from typing import Any, assert_never

from taskpick.rulefile.format import COUNT, FORMAT, MOST_FREQUENCY, RULE_FILE
from taskpick.rulefile.schema import Either, ListOf, MapOf, Record, Shape, Text


def schema() -> dict[str, Any]:
    """The schema, in the dialect 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A rule file in the format {FORMAT}",
        "description": "Criteria, options and fits by which taskpick decides.",
        **_of(RULE_FILE),
    }


def text() -> str:
    """The schema as a file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _of(shape: Shape) -> dict[str, Any]:
    match shape:
        case Text():
            return _text(shape)
        case ListOf():
            return {"type": "array", "items": _of(shape.item), "minItems": shape.at_least}
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
    return {"type": types, **least, **_pattern(shape)}


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
