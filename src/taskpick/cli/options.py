"""Options named on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.problems import Refused
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from taskpick.rulefile.model import Option, Rules


def option_of(rules: Rules, name: str) -> Option:
    """The option of that id.

    Raises:
        Refused: the rule file has none; the text says what is known of such a system.
    """
    if name in rules.options:
        return rules.options[name]
    raise Refused(
        f"{quoted(name)} is no option of the rule file", did_you_mean(name, rules.options)
    )
