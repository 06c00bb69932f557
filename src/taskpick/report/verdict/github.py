"""A recommendation as one annotation of GitHub Actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.formats import github

if TYPE_CHECKING:
    from taskpick.report.report import Report


def render(report: Report, expect: str | None) -> str:
    """The pick; an error if it is not the one expected, or if there is none."""
    decision = report.decision
    outcome = decision.pick or decision.status.value
    message = f"{report.headline}. {report.summary}"
    if expect is not None and expect != outcome:
        message = f"expected {expect}, but the pick is {outcome}. {report.summary}"
        return github.command("error", {"title": "taskpick: another-pick"}, message)
    if decision.pick is None and expect is None:
        return github.command("error", {"title": f"taskpick: {outcome}"}, message)
    return github.command("notice", {"title": "taskpick: pick"}, message)
