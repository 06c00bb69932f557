"""The short texts of a screen: what the rule file says in a few words, or else a first clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.rulefile.model import UNSURE
from taskpick.wording import UNICODE

if TYPE_CHECKING:
    from taskpick.rulefile.model import Criterion, Fit, Note, Option

LEVEL, NAME, NOTE, FIT = 24, 15, 55, 60
"""The most characters of each; the rule file's own short texts are held to the same."""
CUT = UNICODE.ellipsis


def level_words(criterion: Criterion, level: str) -> str:
    """Two or three words for an answer, such as `basic retry`."""
    answer = next(choice for choice in criterion.levels if choice.id == level)
    means = clause(answer.means, LEVEL)
    # A clause that had to be cut says less than the words that are typed.
    return answer.short or (means if not means.endswith(CUT) else f"{noun(criterion)}: {level}")


def level_name(criterion: Criterion, level: str) -> str:
    """The same for whoever has the question before them: without a short text, what is typed."""
    if level == UNSURE:
        return f"{noun(criterion)} unsure"
    return next(choice.short for choice in criterion.levels if choice.id == level) or level


def noun(criterion: Criterion) -> str:
    """What a criterion is about, such as `schedule`."""
    return criterion.short or criterion.id.replace("-", " ")


def option_name(option: Option) -> str:
    """The name of an option in a sentence."""
    return option.short or option.name.partition(" (")[0]


def column_name(option: Option) -> str:
    """The name of an option over a column."""
    return option.short or clause(option_name(option), NAME)


def packages(option: Option) -> list[str]:
    """What the fits of an option were checked on, such as `rq 3.0.0`."""
    return [f"{package} {version}" for package, version in option.versions.items()]


def advice(note: Note) -> str:
    """What to do, in a few words."""
    return note.short or clause(note.say, NOTE)


def reason(fit: Fit) -> str:
    """Why a fit is not a good one, in a few words."""
    return fit.short or clause(fit.why, FIT)


def is_cut(text: str, at_most: int) -> bool:
    """Whether not even the first clause of a text has room."""
    return clause(text, at_most).endswith(CUT)


def clause(text: str, at_most: int) -> str:
    """The first clause of a text; one that is too long ends at a word, with an ellipsis."""
    words = " ".join(text.split())
    for end in (". ", "; ", ": "):
        words = words.partition(end)[0]
    words = words.removesuffix(".")
    if len(words) <= at_most:
        return words
    cut = words[:at_most]
    whole = cut.rpartition(" ")[0].rstrip(" ,;:")
    return (whole or cut[:-1]) + CUT
