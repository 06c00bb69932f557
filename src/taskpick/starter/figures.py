"""What was measured of the projects: the tables in `figures.yaml`, beside their folders."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from taskpick.named_tuple import NamedTuple
from taskpick.starter.data import read_data
from taskpick.starter.places import FIGURES
from taskpick.starter.template_tree import TemplateError
from taskpick.starter.templates import Renderer
from taskpick.starter.write import StarterError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Table(NamedTuple):
    """One measurement of several projects."""

    title: str
    command: str
    """What measures it again."""
    conditions: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]]
    """The id of an option, with ` on BROKER` where it has several, to a value for each column."""

    def of(self, option: str, broker: str) -> dict[str, str]:
        """The values of a project by column; empty if it was not measured."""
        row = self.rows.get(f"{option} on {broker}") or self.rows.get(option) or ()
        return dict(zip(self.columns, row, strict=False))


def tables(folder: Path, home: str) -> list[Table]:
    """The tables beside the starter at `home`, a path below the folder; none without a file.

    Raises:
        StarterError: the file is not as it should be.
    """
    name = (PurePosixPath(home).parent / FIGURES).as_posix()
    if not (folder / name).is_file():
        return []
    try:
        found = read_data(Renderer(folder).read(name), name)
        return [_table(str(title), value) for title, value in found.items()]
    except TemplateError as error:
        raise StarterError(str(error)) from error
    except (AttributeError, KeyError, TypeError):
        raise StarterError(f"{name}: a table needs command, conditions, columns and rows") from None


def _table(title: str, value: Any) -> Table:
    rows = {name: tuple(map(str, row)) for name, row in value["rows"].items()}
    columns = tuple(map(str, value["columns"]))
    return Table(title, str(value["command"]), str(value["conditions"]), columns, rows)
