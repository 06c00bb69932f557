"""What `rules check` can find: every check by its id, and a finding with its place."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.problems import Span


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"


class Check(NamedTuple):
    """One thing that can be wrong with a valid rule file."""

    id: str
    severity: Severity
    summary: str
    explanation: str
    """What it means for the people who use the file, and how to fix it."""


class Finding(NamedTuple):
    """Something a check found."""

    check: Check
    message: str
    span: Span
    hint: str = ""
    subject: Mapping[str, str] = {}
    """What it is about, such as the option and the criterion: what `allow` can name."""
    witness: Mapping[str, str] | None = None
    """Complete answers that show it; None where no single answer set can."""
    related: tuple[tuple[Span, str], ...] = ()
    """The other places at fault, and what is there."""


def _checks() -> tuple[Check, ...]:
    error, warning = Severity.ERROR, Severity.WARNING
    return (
        Check(
            "option-never-picked",
            error,
            "an option that is never the pick, whatever the answers",
            "Wherever the option works, one that comes earlier in the file or has fewer strains "
            "works too. Nobody will ever be told to use it. Move it up if it should come first, "
            "correct the fits that hold it back, or remove it.",
        ),
        Check(
            "options-equal",
            error,
            "two options with the same fits everywhere",
            "The second of them can never be the pick. Add the criterion that tells them apart, "
            "correct the fits of one, or remove one.",
        ),
        Check(
            "criterion-without-effect",
            warning,
            "a criterion whose answer never changes the pick",
            "The question costs time and changes nothing. Correct its fits, or remove it; if it is "
            "only there for notes, allow it and say so.",
        ),
        Check(
            "level-without-effect",
            warning,
            "two levels of a criterion that always lead to the same pick",
            "People are asked to choose where the choice makes no difference. Correct the fits, or "
            "merge the two levels; if notes or reasons differ, allow it and say so.",
        ),
        Check(
            "nothing-fits",
            warning,
            "answers for which every option fails",
            "People with these needs get no recommendation. That can be honest: then allow it, and "
            "add a note that says where to look instead. Otherwise an option is missing, or a "
            "fit is `fails` that should be `strains`.",
        ),
        Check(
            "fits-out-of-order",
            warning,
            "an option that does better at a more demanding level",
            "The levels of an ordered criterion go from least to most demanding, so what works for "
            "more must work for less. A fit is wrong, the levels are in the wrong order, or the "
            "criterion needs `ordered: false`.",
        ),
        Check(
            "note-never-shows",
            error,
            "a note that no answers can bring up",
            "Whenever the answers match `when`, the pick is a different option from the one the "
            "note belongs to. Correct `when` or `option`, or remove the note.",
        ),
        Check(
            "case-fails",
            error,
            "a case whose pick is not what the rules say",
            "The rules have changed, or the case was wrong from the start. Correct the one that "
            "is. A case that leaves a criterion open holds only if the pick is settled anyway.",
        ),
        Check(
            "cases-contradict",
            error,
            "two cases that share answers but expect different picks",
            "No rules can meet both. Correct one of them; often the answer that tells them apart "
            "is missing.",
        ),
        Check(
            "case-twice",
            warning,
            "two cases with the same answers and the same pick",
            "The second one tests nothing new. Remove it, or give it the answers that make it "
            "different.",
        ),
        Check(
            "option-without-case",
            warning,
            "an option that no case picks",
            "Nothing would notice if the option stopped being recommended. Add a case that expects "
            "it; the finding names answers that lead to it.",
        ),
        Check(
            "claim-without-source",
            warning,
            "a fit or a note that names no source",
            "Nobody can check the claim. Give a web address, or say what was measured; one "
            "`source` in a row of fits holds for every fit there without its own.",
        ),
        Check(
            "claim-without-version",
            warning,
            "claims that name no version, or a different one from the option",
            "Software changes, so a claim is true of a version. Give the option the `versions` its "
            "fits were checked on, and recheck fits whose source names another version.",
        ),
        Check(
            "claims-too-old",
            warning,
            "claims that were last checked too long ago, or on no known day",
            "`as_of` is the day the claims were last checked. Check them again and set it. How old "
            "they may be is up to you: `--max-age` in days.",
        ),
        Check(
            "claims-of-a-day-to-come",
            warning,
            "claims that were last checked on a day in the future",
            "`as_of` is the day the claims were last checked, so it cannot be in the future. "
            "Until then their age is unknown. Set it to the day of the last check. Or the clock "
            "is wrong: `SOURCE_DATE_EPOCH` sets it.",
        ),
        Check(
            "probe-unknown",
            error,
            "a `probe` that no script measures",
            "A fit or a note names a claim that no script in `probes/OPTION/` has in its header, "
            "so nothing measures it. Correct the name, add the script, or remove `probe`.",
        ),
        Check(
            "probe-unused",
            warning,
            "a claim of a probe that no fit and no note relies on",
            "When it changes, nobody is told what to correct. Add `probe:` with its name to what "
            "relies on it, or remove the claim from the script.",
        ),
        Check(
            "claim-without-probe",
            warning,
            "a measured fit that decides a pick, and that no probe measures again",
            "With another rating some pick would change, and software changes. Let a script "
            "measure it, and name its claim with `probe:`. Files without any probes need none; in "
            "a file that has some, allow what cannot be measured this way, and say why.",
        ),
        Check(
            "short-text-missing",
            warning,
            "a text that a screen has to cut, in a file that has short texts",
            "The verdict fits one screen. It shows `short` where there is one, and otherwise only "
            "the beginning of a long text. Files without any short texts need none. In a file that "
            "has some, this one was forgotten.",
        ),
        Check(
            "allow-unknown-check",
            error,
            "an `allow` for a check that does not exist",
            "It allows nothing. Correct the id; `taskpick rules check --explain ID` explains one.",
        ),
        Check(
            "allow-without-effect",
            warning,
            "an `allow` that allows nothing",
            "What it was there for has been fixed. Remove it, so that it cannot hide a new "
            "finding.",
        ),
    )


CHECKS = {check.id: check for check in _checks()}
"""Every check by its id; ids never change their meaning."""
