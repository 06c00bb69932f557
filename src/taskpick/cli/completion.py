"""What a shell offers to complete: files, rule files and options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer  # noqa: TC002  Typer reads the types of a completion when it runs

from taskpick.rulefile import bundled

if TYPE_CHECKING:
    from collections.abc import Callable


def complete_path(*endings: str) -> Callable[[str], list[str]]:
    """A completion that offers folders and the files with these endings."""

    def complete(incomplete: str) -> list[str]:
        folder = Path(incomplete).parent if not incomplete.endswith("/") else Path(incomplete)
        try:
            paths = sorted(folder.iterdir())
        except OSError:
            return []
        names = [f"{path}/" if path.is_dir() else str(path) for path in paths]
        # As for help: see `one_line`.
        names = [name for name in names if "\\" not in name and name.isprintable()]
        return [
            name for name in names if name.startswith(incomplete) and name.endswith((*endings, "/"))
        ]

    return complete


def complete_rules(incomplete: str) -> list[str]:
    """A completion that offers the rule files that come with taskpick, and others."""
    return [
        *(name for name in bundled.names() if name.startswith(incomplete)),
        *complete_path(".yaml", ".yml")(incomplete),
    ]


def complete_option(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """A completion that offers the options of the rule file in use."""
    options = ctx.obj.options.values() if ctx.obj else ()
    return [
        (option.id, one_line(option.name)) for option in options if option.id.startswith(incomplete)
    ]


def complete_second(ctx: typer.Context, incomplete: str) -> list[str] | list[tuple[str, str]]:
    """A completion of the folder of a starter, or with --compare of the option beside it."""
    if ctx.params.get("compare"):
        return complete_option(ctx, incomplete)
    return complete_path()(incomplete)


def complete_options(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """A completion of a list with commas: it offers the options that are not in it yet."""
    before, comma, last = incomplete.rpartition(",")
    items = [item for item in complete_option(ctx, last) if item[0] not in before.split(",")]
    return [(f"{before}{comma}{name}", words) for name, words in items]


def complete_system(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """A completion that offers the options and the other systems that the rule file knows."""
    known_systems = ctx.obj.known.values() if ctx.obj else ()
    systems = [
        (system.id, one_line(system.name))
        for system in known_systems
        if system.id.startswith(incomplete)
    ]
    return [*complete_option(ctx, incomplete), *systems]


def one_line(text: str) -> str:
    """The text as help of a completion.

    Zsh evaluates it, and Typer's quoting does not expect a backslash; Typer renders it as markup
    and wraps it, and fish takes a second line for another completion.
    """
    from textwrap import shorten

    return shorten(text.translate(_PLAIN), 76, placeholder=" …")


_PLAIN = str.maketrans({"\\": "/", "[": "(", "]": ")"})
