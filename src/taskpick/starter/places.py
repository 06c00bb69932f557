"""Where the templates of an option's starter stand, and whether they are there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskpick.rulefile.model import Option, Rules

COMMANDS = "commands.jinja"
DATA = ("starter.yaml.jinja", "starter.yaml")
SHARED = "_shared/project"
"""Beside the folder of a starter: what lies under each project whose starter has data."""
FIGURES = "figures.yaml"
"""Beside the folder of a starter: what was measured of the projects."""


def folder_of(rules: Rules) -> Path:
    """The folder that the starters of a rule file are named from."""
    return Path(rules.source.name).parent


def has_starter(folder: Path, option: Option) -> bool:
    """Whether there are templates for `option`; `folder` is the one the rule file stands in."""
    return option.starter is not None and (folder / option.starter / COMMANDS).is_file()


def has_project(folder: Path, option: Option) -> bool:
    """Whether its starter is more than the code that `taskpick advise` shows."""
    return has_starter(folder, option) and (folder / str(option.starter) / "project").is_dir()


def data_of(folder: Path, home: str) -> str | None:
    """The file that says how the project of a starter differs from the shared one, if any."""
    names = [f"{home}/{name}" for name in DATA]
    return next((name for name in names if (folder / name).is_file()), None)


def available(folder: Path, options: Iterable[Option]) -> list[Option]:
    """The options that have a project, in the order given."""
    return [option for option in options if has_project(folder, option)]
