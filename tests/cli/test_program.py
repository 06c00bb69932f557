"""The list of commands, which is told without importing them."""

from __future__ import annotations

import typer

from taskpick.cli import main


def test_every_command_is_listed_with_the_first_sentence_of_its_own_help() -> None:
    group = typer.main.get_command(main.app)
    context = group.make_context("taskpick", [], resilient_parsing=True)

    told = {name: does for name, (_, does) in main._COMMANDS.items()}
    says = {
        name: " ".join(str(group.get_command(context, name).help).split("\n\n")[0].split())
        for name in told
    }

    assert told == says
