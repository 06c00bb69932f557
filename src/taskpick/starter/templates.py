"""Templates that a stranger may have written: they read values, choose, repeat, and no more.

Jinja's sandbox keeps a template from reaching Python; the whitelist here keeps it from running
long or growing large. Without calls, macros, loops inside loops and names that are built from
other names, the work is bounded by the length of the files.
"""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from taskpick.rulefile import bundled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from jinja2 import BytecodeCache, Environment, nodes

MAX_TEMPLATE = 64 * 1024
MAX_OUTPUT = 1024 * 1024


class TemplateError(Exception):
    """What is wrong with a template, and where."""

    def __init__(self, message: str, name: str, line: int | None = None) -> None:
        super().__init__(f"{name}:{line}: {message}" if line else f"{name}: {message}")


def render(root: Path, name: str, values: Mapping[str, object]) -> str:
    """The text of the template at `name`, a path below `root`; includes are paths below it too.

    Raises:
        TemplateError: it cannot be read, is not allowed, or uses a value that is not there.
    """
    import jinja2

    environment = _environment(root)
    parts: list[str] = []
    size = 0
    try:
        for part in environment.get_template(name).generate(values):
            size += len(part)
            if size > MAX_OUTPUT:
                raise TemplateError(f"writes more than {MAX_OUTPUT} characters", name)
            parts.append(part)
    except jinja2.TemplateSyntaxError as error:
        message = error.message or "does not parse"
        raise TemplateError(message, error.name or name, error.lineno) from None
    except jinja2.TemplateNotFound as error:
        raise TemplateError(f"there is no '{error.name}'", name) from None
    except (jinja2.TemplateError, TypeError, ValueError, LookupError) as error:
        raise TemplateError(str(error), name) from None
    except RecursionError:
        raise TemplateError("is nested too deeply", name) from None
    return "".join(parts)


def read(root: Path, name: str) -> str:
    """The text of the file at `name`, a path below `root`.

    Raises:
        TemplateError: it is not there, leads out of `root`, is too large, or is not text.
    """
    top = root.resolve()
    path = (top / name).resolve()
    if not path.is_relative_to(top):
        raise TemplateError("leads out of the folder of the rule file", name)
    try:
        if not path.is_file():
            raise TemplateError("is not a file", name)
        if path.stat().st_size > MAX_TEMPLATE:
            raise TemplateError(f"has more than {MAX_TEMPLATE} bytes", name)
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"cannot be read: {error}", name) from None


@cache
def _environment(root: Path) -> Environment:
    """Cached, so that a second file of the same starter costs no second compiler."""
    from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Guarded(ImmutableSandboxedEnvironment):
        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            template = super()._parse(source, name, filename)
            for reason, line in _forbidden(template, partial=_is_partial(name or "")):
                raise TemplateSyntaxError(reason, line, name, filename)
            return template

    environment = Guarded(
        loader=FunctionLoader(lambda name: read(root, name)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        auto_reload=False,
        bytecode_cache=_compiled(root),
    )
    environment.globals.clear()
    environment.filters = {"join": _join, "json": _json, "length": len, "items": _items}
    return environment


def _compiled(root: Path) -> BytecodeCache | None:
    """Where the compiled templates that came with taskpick are kept, as Python keeps modules."""
    from jinja2 import FileSystemBytecodeCache

    folder = bundled.kept_folder(root)
    if folder is None or sys.dont_write_bytecode or not os.access(folder, os.W_OK):
        return None
    return FileSystemBytecodeCache(str(folder), "%s.template")


def _join(items: Iterable[object], separator: str = "") -> str:
    texts = [str(item) for item in items]
    _bounded(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    _bounded(len(text))
    return text


def _items(value: Mapping[str, object]) -> list[tuple[str, object]]:
    return list(value.items())


def _bounded(size: int) -> None:
    if size > MAX_TEMPLATE:
        raise ValueError(f"a filter makes more than {MAX_TEMPLATE} characters")


def _is_partial(name: str) -> bool:
    """Whether other templates may include it, and it none: that keeps includes from multiplying."""
    return any(part.startswith("_") for part in name.split("/")[:-1])


def _forbidden(template: nodes.Template, *, partial: bool) -> Iterable[tuple[str, int]]:
    """What a template uses that it may not, with its line."""
    yield from _unknown(template)
    yield from _unbounded(template)
    yield from _includes(template, partial=partial)


def _unknown(template: nodes.Template) -> Iterable[tuple[str, int]]:
    from jinja2 import nodes

    allowed = {
        *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name),
        *(nodes.Getattr, nodes.Getitem, nodes.If, nodes.For, nodes.CondExpr, nodes.Include),
        *(nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Assign),
        *(nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Concat, nodes.Filter),
    }
    for node in template.find_all(nodes.Node):
        if type(node) not in allowed:
            yield f"'{type(node).__name__}' is not allowed in a starter", node.lineno


def _unbounded(template: nodes.Template) -> Iterable[tuple[str, int]]:
    from jinja2 import nodes

    for loop in template.find_all(nodes.For):
        if loop.recursive:
            yield "a loop may not be recursive", loop.lineno
        for inner in (nodes.For, nodes.Include, nodes.Assign):
            if loop.find(inner):
                yield f"'{inner.__name__}' is not allowed inside a loop", loop.lineno
    growing: tuple[type[Any], ...] = (nodes.Concat, nodes.Filter)
    for assign in template.find_all(nodes.Assign):
        if any(assign.node.find_all(growing)) or isinstance(assign.node, growing):
            yield "'set' may choose a value but not build one", assign.lineno
        for part in [assign.node, *assign.node.find_all((nodes.List, nodes.Tuple, nodes.Dict))]:
            if isinstance(part, nodes.List | nodes.Tuple | nodes.Dict) and part.find(nodes.Name):
                yield "a list in 'set' holds constants only", assign.lineno


def _includes(template: nodes.Template, *, partial: bool) -> Iterable[tuple[str, int]]:
    from jinja2 import nodes

    for include in template.find_all(nodes.Include):
        if partial:
            yield "a file that is included may not include another", include.lineno
        target = include.template
        if not isinstance(target, nodes.Const) or not _is_partial(str(target.value)):
            yield "'include' takes a file of a folder whose name starts with '_'", include.lineno
