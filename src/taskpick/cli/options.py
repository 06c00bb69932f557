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
        Refused: the rule file has none; of a system that it knows the text says what it knows.
    """
    if name in rules.options:
        return rules.options[name]
    if name not in rules.known:
        raise Refused(f"no option {quoted(name)}", did_you_mean(name, rules.options))
    system = rules.known[name]
    instead = f"the nearest option is '{system.instead}'" if system.instead else system.url
    message = f"{system.name} is no option: {system.say.removesuffix('.')}"
    raise Refused(f"{message} (checked {system.as_of})", instead)
