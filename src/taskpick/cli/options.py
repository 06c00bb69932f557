"""Options named on the command line: as arguments, and by `--only`, `--without` and `--have`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from taskpick.cli.completion import complete_options, complete_system
from taskpick.decision.restriction import (
    option_named,
    restricted,
    system_of,
    unknown_option,
)
from taskpick.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskpick.records.statements import Statement
    from taskpick.rulefile.model import Option, Rules

OnlyFlag = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="OPTIONS",
        help="Consider only these options, separated by commas; may be repeated.",
        autocompletion=complete_options,
    ),
]
WithoutFlag = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="OPTIONS",
        help="Leave these options out, separated by commas; may be repeated.",
        autocompletion=complete_options,
    ),
]

HaveFlag = Annotated[
    str | None,
    typer.Option(
        "--have",
        metavar="SYSTEM",
        help="The option or other system you run today: says whether to stay or move.",
        autocompletion=complete_system,
    ),
]


def option_of(rules: Rules, name: str, also: Sequence[str] = ()) -> Option:
    """The option of that id, name or short name; where there is none, `also` is offered, too.

    Raises:
        Refused: the rule file has none; the text says what is known of such a system.
    """
    option = option_named(rules, name)
    if option is None:
        raise unknown_option(rules, name, also=also)
    return option


class Choice(NamedTuple):
    """What the flags say of the options of a rule file."""

    rules: Rules
    only: Sequence[str] | None
    """The values of `--only`."""
    without: Sequence[str] | None
    """Those of `--without`."""
    have: str | None = None
    """That of `--have`."""

    def in_use(self, statement: Statement | None = None) -> str:
        """The system in use: that of the flag, else of the answers file; empty if there is none.

        Raises:
            Refused: the rule file does not know the one of the flag.
            InvalidFile: it does not know the one of the file.
        """
        if self.have is not None:
            return system_of(self.rules, self.have)
        if statement is None or statement.have is None:
            return ""
        from taskpick.records.resolve import in_use

        return in_use(self.rules, statement)

    def allowed(self, statement: Statement | None = None) -> Rules:
        """The rules with the options that the flags and the answers file leave.

        `--only` stands in place of what the file names; what `without` names anywhere is left out.

        Raises:
            Refused: a flag names what is no option, or no option is left.
            InvalidFile: the file names what is no option.
        """
        only, without = self._ids(self.only), self._ids(self.without)
        if statement:
            from taskpick.records.resolve import limits

            of_file = limits(self.rules, statement)
            only = only or list(of_file.only)
            without += of_file.without
        return restricted(self.rules, only, without)

    def _ids(self, values: Sequence[str] | None) -> list[str]:
        """The options that flags name, which take one or several with commas between them."""
        names = [word.strip() for value in values or () for word in value.split(",")]
        return [option_of(self.rules, name).id for name in names]
