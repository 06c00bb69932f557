"""Results as a JUnit report, which GitLab and others show beside a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from taskpick.named_tuple import NamedTuple
from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Sequence


class TestCase(NamedTuple):
    """One result."""

    file: str
    name: str
    status: Literal["", "failure", "error", "skipped", "system-out"]
    """The element that says how it went; empty if there is nothing to say."""
    message: str
    """In short."""
    details: str
    """At length; may be empty."""


def render(cases: Sequence[TestCase], *, suite: str) -> str:
    """One suite of these cases; `suite` is the command that they are from."""
    kinds = [case.status for case in cases]
    counts = (
        f'tests="{len(cases)}" failures="{kinds.count("failure")}" '
        f'errors="{kinds.count("error")}" skipped="{kinds.count("skipped")}"'
    )
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="taskpick" {counts}>']
    lines.append(f"  <testsuite name={_attribute(suite)} {counts}>")
    for case in cases:
        lines += _case(case)
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"]) + "\n"


def _case(case: TestCase) -> list[str]:
    head = f"    <testcase classname={_attribute(case.file)} name={_attribute(case.name)}"
    head += f" file={_attribute(case.file)}"
    if not case.status:
        return [f"{head}/>"]
    # Not above: it loads all that reads from the network, which no help and no text needs.
    from xml.sax.saxutils import escape

    text = escape(printable(case.details or case.message, keep="\t\n"))
    message = "" if case.status == "system-out" else f" message={_attribute(case.message)}"
    element = f"      <{case.status}{message}>{text}</{case.status}>"
    return [f"{head}>", element, "    </testcase>"]


def _attribute(text: str) -> str:
    from xml.sax.saxutils import quoteattr

    return quoteattr(printable(text, keep=""))
