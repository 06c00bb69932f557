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
    """What it means for the people who use the file, and how to mend it."""


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
            "an option that is the pick for no answers at all",
            "Wherever the option works, one that comes earlier in the file or has fewer strains "
            "works, too. Nobody will ever be told to use it. Move it up if it should come first, "
            "correct the fits that keep it back, or remove it.",
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
            "there for the sake of notes, allow it and say so.",
        ),
        Check(
            "level-without-effect",
            warning,
            "two levels of a criterion that always lead to the same pick",
            "People are asked to tell apart what makes no difference. Correct the fits, or make "
            "the two levels one; if notes or reasons differ, allow it and say so.",
        ),
        Check(
            "nothing-fits",
            warning,
            "answers for which every option fails",
            "People with these needs get no recommendation. That can be honest: then allow it, and "
            "add a note that says where to look instead. Else an option is missing, or a fit is "
            "`fails` that should be `strains`.",
        ),
        Check(
            "fits-out-of-order",
            warning,
            "an option that does better at a more demanding level",
            "The levels of an ordered criterion go from least to most demanding, so what works for "
            "more must work for less. A fit is wrong, the levels stand in the wrong order, or the "
            "criterion needs `ordered: false`.",
        ),
        Check(
            "note-never-shows",
            error,
            "a note that no answers can bring up",
            "Whenever the answers are those of `when`, the pick is another option than the one the "
            "note belongs to. Correct `when` or `option`, or remove the note.",
        ),
        Check(
            "case-fails",
            error,
            "a case whose pick is not what the rules say",
            "The rules have changed, or the case was wrong from the start. Correct the one that "
            "is. A case that leaves a criterion open holds only if the pick is settled all the "
            "same.",
        ),
        Check(
            "cases-contradict",
            error,
            "two cases with common answers and different picks",
            "No rules can meet both. Correct one of them; often an answer is missing that tells "
            "them apart.",
        ),
        Check(
            "case-twice",
            warning,
            "two cases with the same answers and the same pick",
            "The second one tests nothing new. Remove it, or give it the answers that make its "
            "need a different one.",
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
            "`source` in a row of fits holds for every fit there that has none of its own.",
        ),
        Check(
            "claim-without-version",
            warning,
            "claims that name no version, or another one than the option does",
            "Software changes, so a claim is true of a version. Give the option the `versions` its "
            "fits were checked on, and check those again whose source names another version.",
        ),
        Check(
            "claims-too-old",
            warning,
            "claims whose last check is too long ago, or has no day",
            "`as_of` is the day the claims were last checked. Check them again and set it. How old "
            "they may be is up to you: `--max-age` in days.",
        ),
        Check(
            "claims-of-a-day-to-come",
            warning,
            "claims whose last check is on a day that has not come",
            "`as_of` is the day the claims were last checked, so it cannot lie in the future. "
            "Until it comes, no age can be told. Set it to the day of the last check. Or the clock "
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
            "a claim of a probe on which no fit and no note rests",
            "When it changes, nobody is told what to correct. Add `probe:` with its name to what "
            "rests on it, or take the claim out of the script.",
        ),
        Check(
            "claim-without-probe",
            warning,
            "a measured fit at which a pick turns, and that no probe measures again",
            "With another rating some pick would be another, and software changes. Let a script "
            "measure it, and name its claim with `probe:`. A file without any probe is asked for "
            "none; in one that has some, allow what cannot be measured so, and say why.",
        ),
        Check(
            "short-text-missing",
            warning,
            "a text that a screen has to cut, in a file that has short texts",
            "The verdict fits one screen, and shows `short` where there is one; of a long text "
            "without it, only the beginning. A file without any short text is asked for none: its "
            "authors have left it to the screen. In one that has some, this one was forgotten.",
        ),
        Check(
            "allow-unknown-check",
            error,
            "an `allow` for a check that there is not",
            "It allows nothing. Correct the id; `taskpick rules check --explain ID` explains one.",
        ),
        Check(
            "allow-without-effect",
            warning,
            "an `allow` that allows nothing",
            "What it was there for has been mended. Remove it, so that it cannot hide a new "
            "finding.",
        ),
    )


CHECKS = {check.id: check for check in _checks()}
"""Every check by its id; ids never change their meaning."""
