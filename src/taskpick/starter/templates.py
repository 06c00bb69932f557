"""The templates of a starter, which a stranger may have written: read, parsed once, and run.

`template_parser` turns a template into a tree with Jinja's parser and refuses what is not allowed;
`template_evaluator` runs the tree and counts what it costs. The trees of the templates that came
with taskpick are kept, so that Jinja is imported only for a template that is new.
"""

from __future__ import annotations

import marshal
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.rulefile import cache
from taskpick.starter.template_evaluator import Evaluator
from taskpick.starter.template_tree import Steps, TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.starter.template_tree import Tree

MAX_TEMPLATE = 64 * 1024
_STEPS_TO_OPEN = 100
_STEPS_TO_PARSE = 6
"""What a file costs, and each character of a template, in the steps of an evaluator."""


class Renderer:
    """Renders the templates of one starter, all files together within one bound on steps."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._top = root.resolve()
        self._steps = Steps()

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """The text of the template at `name`, a path below the root; includes are below it too.

        Raises:
            TemplateError: it cannot be read, is not allowed, or uses a value that is not there.
            TooLarge: the templates so far take too many steps, or this one writes too much.
        """
        return Evaluator(name, dict(values), self._steps, self._tree).render(self._tree(name))

    def read(self, name: str) -> str:
        """The text of the file at `name`, a path below the root.

        Raises:
            TemplateError: it is not there, leads out of the root, is too large, or is not text.
            TooLarge: there are too many files, or too large ones.
        """
        text = _read(self._top, name)
        self._steps.take(_STEPS_TO_OPEN + len(text), name)
        return text

    def _tree(self, name: str) -> Tree:
        text = self.read(name)
        # Counted whether or not the tree is kept: a bound that depends on a cache is none.
        self._steps.take(_STEPS_TO_PARSE * len(text), name)
        return _parsed(self.root, name, text)


def _read(top: Path, name: str) -> str:
    path = (top / name).resolve()
    if not path.is_relative_to(top):
        raise TemplateError("leads out of the folder of the rule file", name)
    if path != Path(os.path.normpath(top / name)):
        # It could lead to a secret beside the rule file, which would then be shown as code.
        raise TemplateError("is a link", name)
    try:
        if not path.is_file():
            raise TemplateError("is not a file", name)
        if path.stat().st_size > MAX_TEMPLATE:
            raise TemplateError(f"has more than {MAX_TEMPLATE} bytes", name)
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"cannot be read: {error}", name) from None


@lru_cache(maxsize=256)
def _parsed(root: Path, name: str, text: str) -> Tree:
    """The tree of a template; one that came with taskpick is parsed once in the life of a release.

    It is kept with the text it was made of, so it can never be the tree of another. Which Jinja
    parsed it does not matter: for these texts the tests compare every release with Jinja itself.
    """
    key = text.encode()
    if data := cache.read(root / name, key):
        try:
            tree: Tree = marshal.loads(data)  # noqa: S302  see `cache` on trust
        except (EOFError, TypeError, ValueError):
            pass  # cut off
        else:
            return tree
    from taskpick.starter.template_parser import parse

    tree = parse(text, name)
    cache.write(root / name, key, marshal.dumps(tree))
    return tree
