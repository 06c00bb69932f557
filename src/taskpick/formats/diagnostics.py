"""Something to tell about a place in a file, for the tools that show such things in reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from taskpick.problems import Problem, Span


class Place(NamedTuple):
    """A place in a file."""

    file: str
    """Relative to the current folder where it is below it, so that reviews can find it."""
    span: Span
    message: str = ""
    """What is there; may be empty."""


class Notice(NamedTuple):
    """Something to tell about a place, and the other places that it has to do with."""

    level: Literal["error", "warning", "note"]
    id: str
    """What kind of thing it is: lower case with dashes, the same in every release."""
    message: str
    place: Place
    related: tuple[Place, ...] = ()
    allowed: str = ""
    """Why it is meant to be so; empty if it is not."""


def of(problem: Problem) -> Notice:
    """A problem as a notice."""
    hint = f" ({problem.hint})" if problem.hint else ""
    place = Place(problem.source.name, problem.span)
    return Notice("error", "invalid-file", problem.message + hint, place)
