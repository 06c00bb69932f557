"""A diagnostic with its location, for the tools that show such things in reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from taskpick.named_tuple import NamedTuple

if TYPE_CHECKING:
    from taskpick.problems import Span


class Location(NamedTuple):
    """A span of a file."""

    file: str
    """Relative to the current folder where it is below it, so that reviews can find it."""
    span: Span
    message: str = ""
    """What is there; may be empty."""


class Diagnostic(NamedTuple):
    """Something to tell about a location, and the other locations that it has to do with."""

    level: Literal["error", "warning", "note"]
    id: str
    """What kind of thing it is: lower case with dashes, the same in every release."""
    message: str
    location: Location
    related: tuple[Location, ...] = ()
    allowed: str = ""
    """Why it is meant to be so; empty if it is not."""
