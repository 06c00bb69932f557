"""What differs between the projects of two options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.named_tuple import NamedTuple
from taskpick.starter import project
from taskpick.starter.figures import tables
from taskpick.starter.write import StarterError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from pathlib import Path

    from taskpick.rulefile.model import Option
    from taskpick.starter.figures import Table

NAME = "service"
"""What both projects are called, so that their files can be compared."""
BROKERS = {
    "none": "none",
    "valkey": "Redis or Valkey",
    "rabbitmq": "RabbitMQ",
    "postgres": "PostgreSQL",
}


class Pair(NamedTuple):
    """What both say to one subject; each a list of texts, empty if there is nothing to say."""

    subject: str
    first: list[str]
    second: list[str]


class Measured(NamedTuple):
    """The values of both in one table of figures; empty for one that was not measured."""

    table: Table
    first: dict[str, str]
    second: dict[str, str]


class Comparison(NamedTuple):
    """Two projects, made for the same answers."""

    options: tuple[Option, Option]
    differences: list[Pair]
    same: list[str]
    """Subjects to which both say the same."""
    changed: list[str]
    """Files that both have, with another text."""
    unchanged: int
    """How many files are the same."""
    figures: list[Measured]
    notes: list[list[str]]
    """In what each is not what the answers ask for."""


def compare(folder: Path, options: tuple[Option, Option], answers: Mapping[str, str]) -> Comparison:
    """Compare the projects of two options of the rule file in `folder`.

    Raises:
        StarterError: one has no project, or its templates or data are not as they should be.
        TooLarge: its templates take too many steps.
    """
    projects = [project.plan(folder, option, answers, name=NAME) for option in options]
    data = [planned.data for planned in projects]
    first_files, second_files = (planned.files for planned in projects)
    alone = "files of its own"
    first = _subjects(options[0], data[0]) | {alone: _missing(first_files, second_files)}
    second = _subjects(options[1], data[1]) | {alone: _missing(second_files, first_files)}
    subjects = dict.fromkeys([*first, *second])
    pairs = [Pair(name, first.get(name, []), second.get(name, [])) for name in subjects]
    both = [name for name in first_files if name in second_files]
    changed = [name for name in both if first_files[name] != second_files[name]]
    return Comparison(
        options=options,
        differences=[pair for pair in pairs if pair.first != pair.second],
        same=[pair.subject for pair in pairs if pair.first == pair.second != []],
        changed=changed,
        unchanged=len(both) - len(changed),
        figures=_figures(folder, options, data),
        notes=[planned.notes for planned in projects],
    )


def _subjects(option: Option, data: Mapping[str, Any]) -> dict[str, list[str]]:
    try:
        broker = str(data.get("broker", ""))
        return {
            "broker": [BROKERS.get(broker, broker)] if broker else [],
            "packages": [str(each) for each in data.get("packages", [])],
            "processes": [
                f"{each['name']}: {each['command']}" for each in data.get("processes", [])
            ],
            "settings": [f"{each['env']}={each['default']}" for each in data.get("settings", [])],
            **{str(each["when"]): [str(each["what"])] for each in data.get("happens", [])},
        }
    except (AttributeError, KeyError, TypeError) as error:
        message = f"the starter.yaml of '{option.id}' is not as 'taskpick help starters' says"
        raise StarterError(message) from error


def _missing(names: Iterable[str], others: Container[str]) -> list[str]:
    return [name for name in names if name not in others]


def _figures(
    folder: Path, options: tuple[Option, Option], data: Sequence[Mapping[str, object]]
) -> list[Measured]:
    measured = []
    for table in tables(folder, str(options[0].starter)):
        first, second = (
            table.of(option.id, str(each.get("broker", "")))
            for option, each in zip(options, data, strict=True)
        )
        if first or second:
            measured.append(Measured(table, first, second))
    return measured
