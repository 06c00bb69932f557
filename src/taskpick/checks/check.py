"""What is wrong with a valid rule file, found over all of its answer sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.checks import cases, evidence, picks, sources, texts
from taskpick.checks.catalogue import CHECKS, Finding, Severity
from taskpick.decision.answer_sets.space import Space
from taskpick.named_tuple import NamedTuple
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from datetime import date

    from taskpick.rulefile.model import Allow, Rules


class Checked(NamedTuple):
    """A rule file and what was found in it."""

    rules: Rules
    answers: int
    """How many answer sets it has, all of which were looked at."""
    findings: tuple[Finding, ...]
    """In the order of their places."""
    allowed: tuple[tuple[Finding, Allow], ...]
    """What was found, but is meant to be so."""

    def count(self, severity: Severity) -> int:
        """How many findings are that bad."""
        return sum(finding.check.severity is severity for finding in self.findings)


def check(rules: Rules, *, today: date, max_age: int | None = None) -> Checked:
    """Run every check; claims may be at most `max_age` days old, or of any age.

    Raises:
        TooLarge: there are more answer sets than can be followed.
        Refused: the header of a probe is missing or wrong.
        OSError: a probe cannot be read.
    """
    space = Space(rules)
    findings = [
        *picks.findings(space),
        *cases.findings(rules, space),
        *sources.findings(rules, today=today, max_age=max_age),
        *evidence.findings(rules),
        *texts.findings(rules),
    ]
    judged = [(finding, _allow(rules, finding)) for finding in findings]
    allowed = [(finding, allow) for finding, allow in judged if allow]
    used = {id(allow) for _, allow in allowed}
    kept = [finding for finding, allow in judged if allow is None]
    kept += [_unused(allow) for allow in rules.allow if id(allow) not in used]
    kept.sort(key=lambda finding: rules.position(finding.span))
    return Checked(rules, space.size, tuple(kept), tuple(allowed))


def _allow(rules: Rules, finding: Finding) -> Allow | None:
    """The first entry of the file that says the finding is meant."""
    for allow in rules.allow:
        if allow.check == finding.check.id and allow.subject.items() <= finding.subject.items():
            return allow
    return None


def _unused(allow: Allow) -> Finding:
    if allow.check not in CHECKS:
        message = f"unknown check: {quoted(allow.check)}"
        hint = did_you_mean(allow.check, CHECKS)
        return Finding(CHECKS["allow-unknown-check"], message, allow.span, hint)
    about = "".join(f", {what} '{name}'" for what, name in allow.subject.items())
    message = f"no finding matches this `allow`: {allow.check}{about}"
    return Finding(CHECKS["allow-without-effect"], message, allow.span, "remove it")
