"""Results as a JUnit report, which GitLab and others show beside a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

Case = tuple[str, str, str, str, str]
"""The file, the name, `failure`, `error`, `skipped`, `system-out` or nothing, and what is said:
in short, and at length."""


def render(cases: Sequence[Case]) -> str:
    """One suite of these cases."""
    kinds = [kind for _, _, kind, _, _ in cases]
    counts = (
        f'tests="{len(cases)}" failures="{kinds.count("failure")}" '
        f'errors="{kinds.count("error")}" skipped="{kinds.count("skipped")}"'
    )
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="taskpick" {counts}>']
    lines.append(f'  <testsuite name="taskpick verify" {counts}>')
    for case in cases:
        lines += _case(*case)
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"]) + "\n"


def _case(file: str, name: str, kind: str, short: str, long: str) -> list[str]:
    head = f"    <testcase classname={_attribute(file)} name={_attribute(name)}"
    head += f" file={_attribute(file)}"
    if not kind:
        return [f"{head}/>"]
    text = escape("\n".join(map(printable, (long or short).splitlines())))
    said = "" if kind == "system-out" else f" message={_attribute(short)}"
    return [f"{head}>", f"      <{kind}{said}>{text}</{kind}>", "    </testcase>"]


def _attribute(text: str) -> str:
    return quoteattr(printable(text))
