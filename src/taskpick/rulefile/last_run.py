"""What a probe showed of a claim when it was last run, and what that adds to the claim's source."""

from __future__ import annotations

from enum import StrEnum

from taskpick.named_tuple import NamedTuple


class ProbeOutcome(StrEnum):
    """What a probe showed of a claim."""

    HOLDS = "holds"
    CHANGED = "changed"
    COULD_NOT_RUN = "could-not-run"

    @property
    def words(self) -> str:
        """What people read."""
        return self.value.replace("-", " ")


class LastRun(NamedTuple):
    """What the probe of a claim showed when it was last run."""

    outcome: ProbeOutcome
    versions: str
    """The packages it was measured on, such as `huey 3.5.4`; may be empty."""
    as_of: str
    """The day, as YYYY-MM-DD."""


def evidence(source: str, last_run: LastRun | None) -> str:
    """The source of a claim, and that it was measured again."""
    if last_run is None or last_run.outcome is ProbeOutcome.COULD_NOT_RUN:
        return source
    versions = f" on {last_run.versions}" if last_run.versions else ""
    changed = ", and it has changed" if last_run.outcome is ProbeOutcome.CHANGED else ""
    again = f"measured again{versions}, {last_run.as_of}{changed}"
    if not source:
        return again
    is_address = source.startswith("http")  # which a semicolon would become a part of
    return f"{source} and {again}" if is_address else f"{source}; {again}"
