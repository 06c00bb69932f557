"""The commands of the program, asked of the program itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from taskpick.cli.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator


def commands() -> dict[str, Any]:
    """Every command there is, with all of its flags, by the words that call it."""
    top = typer.main.get_command(app)
    context = top.make_context("taskpick", ["advise"], resilient_parsing=True)

    def below(words: str, group: Any) -> Iterator[tuple[str, Any]]:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if hasattr(command, "list_commands"):
                yield from below(f"{words}{name} ", command)
            else:
                # Some flags depend on the rule file, and are made with the context.
                made = command.make_context(name, [], parent=context, resilient_parsing=True)
                yield f"{words}{name}", made.command

    return dict(below("", top))


def flags(command: Any) -> list[Any]:
    """The flags of a command, without its arguments."""
    return [each for each in command.params if each.param_type_name == "option"]


def formats(command: Any) -> list[str]:
    """The formats that a command can write; empty if it has no choice."""
    given = [each for each in flags(command) if "--format" in each.opts]
    return [str(getattr(c, "value", c)) for each in given for c in each.type.choices]
