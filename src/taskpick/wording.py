"""Words that every text is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskpick.rulefile.model import Rules


def level_means(rules: Rules, criterion: str, level: str) -> str:
    """The words for a level."""
    return next(known.means for known in rules.criteria[criterion].levels if known.id == level)


def listed(words: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def names(rules: Rules, picks: Mapping[str | None, object] | tuple[str | None, ...]) -> str:
    """The names of what can be the pick, in words."""
    return listed(
        [rules.options[pick].name if pick else "nothing fits" for pick in picks], last="or"
    )
