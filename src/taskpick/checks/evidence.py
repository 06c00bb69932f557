"""Checks that what was measured can be measured again: the links between claims and probes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.checks.catalogue import CHECKS, Finding
from taskpick.checks.mutation.mutation import load_bearing
from taskpick.checks.probes import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.rulefile.model import Fit, Note, Rules


def findings(rules: Rules) -> Iterator[Finding]:
    """Everything found by comparing the claims with the probes; a file without any is asked none.

    Raises:
        Refused: the header of a probe is missing or wrong.
        OSError: a probe cannot be read.
    """
    claims: list[Note | Fit] = [*rules.notes, *rules.fits]
    named = {(item.option, item.probe): item for item in claims if item.probe}
    probes = scripts.scripts(scripts.folder(rules), rules.options)
    if not named and not probes:
        return
    measured = {(script.option, claim): script for script in probes for claim in script.claims}
    for (option, claim), item in named.items():
        if (option, claim) not in measured:
            message = f"no probe of '{option or 'every option'}' measures '{claim}'"
            hint = f"add a script to probes/{option}/ that claims it" if option else ""
            subject = {"option": option} if option else {}
            yield Finding(CHECKS["probe-unknown"], message, item.span, hint, subject)
    for (option, claim), script in measured.items():
        if (option, claim) not in named:
            message = f"no fit and no note relies on what {script.path.name} measures as '{claim}'"
            hint = f"add `probe: {claim}` to the fit or the note"
            span = rules.options[option].span
            yield Finding(CHECKS["probe-unused"], message, span, hint, {"option": option})
    yield from _without_probe(rules)


def _without_probe(rules: Rules) -> Iterator[Finding]:
    bare = [fit for fit in rules.fits if fit.source.startswith("measured") and not fit.probe]
    for fit in load_bearing(rules, bare):
        message = f"a pick turns on what was measured of '{fit.option}' at "
        message += f"'{fit.criterion}: {fit.level}', and no probe measures it again"
        subject = {"option": fit.option, "criterion": fit.criterion, "level": fit.level}
        hint = "add a script to probes/, and `probe:` to the fit"
        yield Finding(CHECKS["claim-without-probe"], message, fit.span, hint, subject)
