"""The files of a small project that runs an option: what they say, and writing them down."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.problems import Source
from taskpick.starter import names
from taskpick.starter.data import read_data
from taskpick.starter.places import COMMANDS, SHARED, data_of, has_project, has_starter
from taskpick.starter.template_tree import TemplateError
from taskpick.starter.templates import Renderer
from taskpick.starter.write import StarterError, check, check_paths, write
from taskpick.version import __version__
from taskpick.wording import first_hidden

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taskpick.rulefile.model import Option

__all__ = ["Project", "Snippet", "StarterError", "check", "plan", "snippet", "write"]

SUFFIX = ".jinja"
PACKAGE = "PACKAGE/"
"""The folder that gets the name of the project's package."""


class Snippet(NamedTuple):
    """The part of a starter that fits on a screen."""

    files: Mapping[str, str]
    """File name to text."""
    commands: tuple[tuple[str, str], ...]
    """What to type, in this order: its purpose (`install`, `web`, `worker`, …) and the line."""


class Project(NamedTuple):
    """A project that runs an option, not written yet."""

    files: Mapping[str, str]
    """Its paths, sorted, to their texts."""
    data: Mapping[str, object]
    """What the `starter.yaml` of the option says; empty if it is whole without one."""

    @property
    def notes(self) -> list[str]:
        """In what it is not what the answers ask for, in the words of the `starter.yaml`."""
        notes = self.data.get("notes")
        return [str(note) for note in notes] if isinstance(notes, list) else []


def snippet(
    folder: Path, option: Option, answers: Mapping[str, str], *, as_of: str = ""
) -> Snippet:
    """The tasks and the endpoint for `option`, as few lines as run.

    `folder` is the one the rule file stands in; `answers` has a level for every criterion.

    Raises:
        StarterError: the option has no starter, or its templates are not as they should be.
        TooLarge: the templates take too many steps, or write too much.
    """
    values = _values(option, answers, full=False, as_of=as_of)
    home, renderer = _home(folder, option), Renderer(folder)
    files = _rendered(renderer, home, "snippet", values)
    return Snippet(
        files={path: text for path, text in files.items() if text.strip()},
        commands=_commands(renderer, home, values),
    )


def plan(
    folder: Path,
    option: Option,
    answers: Mapping[str, str],
    *,
    name: str = "",
    title: str = "",
    as_of: str = "",
    reasons: Sequence[str] = (),
    assumed: Sequence[str] = (),
) -> Project:
    """The project for `option`; nothing is written.

    `name` is what the project is called, `title` and `as_of` are the rule file's, `reasons` say
    why this option, and `assumed` names the criteria that nobody answered. The same input gives
    the same text.

    Raises:
        StarterError: the option has no starter, or its templates are not as they should be.
        TooLarge: the templates take too many steps, or write too much.
    """
    values = _values(option, answers, full=True, as_of=as_of) | {
        "title": title,
        "reasons": list(reasons),
        "assumed": list(assumed),
        "taskpick_version": __version__,
    }
    name = name or option.id
    values |= {"name": names.of_project(name), "package": names.of_package(name)}
    home, renderer = _home_of_project(folder, option), Renderer(folder)
    values["commands"] = dict(_commands(renderer, home, values))
    files: dict[str, str] = {}
    data: dict[str, object] = {}
    if path := data_of(folder, home):
        data = read_data(_text(renderer, path, values), path)
        values["starter"] = data
        files = _rendered(renderer, PurePosixPath(home).parent.as_posix(), SHARED, values)
    files |= _rendered(renderer, home, "project", values)
    check_paths(files, home)
    files = {path: text for path, text in sorted(files.items()) if text.strip()}
    return Project(files, data)


def _values(
    option: Option, answers: Mapping[str, str], *, full: bool, as_of: str
) -> dict[str, object]:
    """What a template can name."""
    described = {
        "id": option.id,
        "name": option.name,
        "url": option.url,
        "versions": dict(option.versions),
    }
    return {"answers": dict(answers), "option": described, "full": full, "as_of": as_of}


def _home(folder: Path, option: Option) -> str:
    if option.starter is None or not has_starter(folder, option):
        raise StarterError(f"'{option.id}' has no starter")
    check_paths([option.starter])
    return option.starter


def _home_of_project(folder: Path, option: Option) -> str:
    home = _home(folder, option)
    if not has_project(folder, option):
        message = f"there is no project for '{option.id}' yet"
        raise StarterError(message, "the code that `taskpick advise` shows runs as it is")
    return home


def _rendered(
    renderer: Renderer, home: str, part: str, values: Mapping[str, object]
) -> dict[str, str]:
    """The texts that the templates below `part` make, by the path they will have."""
    top = renderer.root / home / part
    texts: dict[str, str] = {}
    sources: dict[str, str] = {}
    for path in _below(top):
        source = path.relative_to(renderer.root).as_posix()
        name = path.relative_to(top).as_posix().removesuffix(SUFFIX)
        if "package" in values:
            name = name.replace(PACKAGE, f"{values['package']}/")
        if name in sources:
            message = f"the starter has two files '{name}': '{sources[name]}' and '{source}'"
            raise StarterError(message, "remove one of them")
        sources[name] = source
        texts[name] = _text(renderer, source, values)
    check_paths(texts, f"{home}/{part}")
    return dict(sorted(texts.items()))


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        # A link to a folder is not followed; reading it as a file says so.
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in sorted([*files, *links]))


def _text(renderer: Renderer, name: str, values: Mapping[str, object]) -> str:
    try:
        if not name.endswith(SUFFIX):
            text = renderer.read(name)
        else:
            text = renderer.render(name, values)
            if first_hidden(text) is not None:
                # Most often it stands in the template, where it can be removed.
                _refuse_hidden(name, renderer.read(name))
    except TemplateError as error:
        raise StarterError(f"the starter does not render: {error}") from error
    _refuse_hidden(name, text)
    return text


def _refuse_hidden(name: str, text: str) -> None:
    """Refuse code that does not read as what it is: https://trojansource.codes.

    Raises:
        StarterError: a character of it is not seen, or moves others about.
    """
    index = first_hidden(text)
    if index is not None:
        span, char = Source(name, text).span(index), ord(text[index])
        message = f"{name}:{span.line}:{span.column}: an invisible character: U+{char:04X}"
        raise StarterError(message, "remove it, or write it as an escape")


def _commands(
    renderer: Renderer, home: str, values: Mapping[str, object]
) -> tuple[tuple[str, str], ...]:
    name = f"{home}/{COMMANDS}"
    lines = [line for line in _text(renderer, name, values).splitlines() if line.strip()]
    pairs = [line.partition(": ") for line in lines]
    if any(not separator for _, separator, _ in pairs):
        raise StarterError(f"the starter does not render: {name}: a line is not 'name: command'")
    return tuple((purpose.strip(), command.strip()) for purpose, _, command in pairs)
