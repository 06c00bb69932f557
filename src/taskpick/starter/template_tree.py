"""What the parser of templates and their evaluator share: the tree, its limits and its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.problems import TooLarge

if TYPE_CHECKING:
    Node = tuple[Any, ...]
    """The name of the evaluator's method for it, then the arguments."""
    Tree = tuple[Node, ...]

FILTERS = ("items", "join", "json", "length")
MAX_STEPS = 2_000_000
"""For all templates of one starter together; the largest bundled one takes a fifth of it."""
MAX_OUTPUT = 1024 * 1024
"""In characters, for one file."""


class TemplateError(Exception):
    """What is wrong with a template, and where."""

    def __init__(self, message: str, name: str, line: int | None = None) -> None:
        super().__init__(f"{name}:{line}: {message}" if line else f"{name}: {message}")


def too_large(message: str, name: str, line: int | None) -> TooLarge:
    """More than the limits allow, and where."""
    place = f"{name}:{line}" if line else name
    return TooLarge(f"{place}: {message}", "make the starter's templates and their loops smaller")


class Steps:
    """How much work has been done for a starter."""

    def __init__(self) -> None:
        self.taken = 0

    def take(self, count: int, name: str, line: int | None = None) -> None:
        """Count this many steps.

        Raises:
            TooLarge: there are more than `MAX_STEPS` now; `name` and `line` say where.
        """
        self.taken += count
        if self.taken > MAX_STEPS:
            message = f"the starter takes more than {MAX_STEPS:,} steps to render"
            raise too_large(message, name, line)
