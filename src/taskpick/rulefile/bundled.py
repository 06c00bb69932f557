"""The rule files that come with taskpick."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.problems import InvalidArgument, Refused
from taskpick.rulefile import cache, compiled, files
from taskpick.wording import quoted

if TYPE_CHECKING:
    from taskpick.rulefile.model import Rules

ENDINGS = (".yaml", ".yml")


def folder() -> Path:
    """Where the rule files are that come with taskpick."""
    # In a checkout they stand beside `src`, where people look for them.
    return cache.PACKAGED if cache.PACKAGED.is_dir() else Path(__file__).parents[3] / "rules"


def packaged() -> Path:
    """Where they are once taskpick is installed, and nobody is to change them."""
    return cache.PACKAGED


def default() -> Path:
    """The rule file that is used when none is named."""
    return folder() / "background-tasks" / files.MAIN


def names() -> list[str]:
    """The names of the rule files that come with taskpick, sorted."""
    return sorted(
        path.stem
        for path in folder().iterdir()  # no `glob`, which has to compile a pattern
        if path.suffix == ".yaml" or (path / files.MAIN).is_file()
    )


def find(name: str, beside: Path = Path()) -> Path:
    """The rule file of that name: one that comes with taskpick, or a path from a folder.

    A bundled name always means the bundled file, whatever else has that name; so a path has a
    slash or ends in .yaml or .yml.

    Raises:
        Refused: it is neither.
    """
    if name in names():
        path = folder() / name / files.MAIN
        return path if path.is_file() else folder() / f"{name}.yaml"
    if _is_path(name):
        return beside / name
    example = f"./{name}" if name.strip(".") and (beside / name).exists() else "./rules.yaml"
    hint = f"known: {', '.join(names())}; a file of your own needs a path such as {example}"
    if not name:
        raise Refused("the name of the rule file is empty", hint)
    raise Refused(f"no rule file is called {quoted(name)}", hint)


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.endswith(ENDINGS)


def chosen(name: str | None) -> Path:
    """The rule file of that name or path; the default one where none was named.

    Raises:
        Refused: it is neither the name of a rule file that comes with taskpick nor a path.
    """
    return default() if name is None else find(name)


def name(path: Path) -> str:
    """The name of a rule file that comes with taskpick; empty for others."""
    if path.name == files.MAIN and path.parent.parent == folder():
        return path.parent.name
    return path.stem if path.parent == folder() and path.suffix == ".yaml" else ""


def called(path: Path) -> str:
    """What `find` takes for the rule file at the path: its name, or a text that is a path."""
    return name(path) or (str(path) if _is_path(str(path)) else f"./{path}")


def load(file: str | Path) -> Rules:
    """The rules of a file: the name of one that comes with taskpick, as a text, or a path.

    What comes with taskpick loads faster the second time.

    Raises:
        InvalidRules: with every problem of the file, sorted by place.
        OSError: the file cannot be read.
        InvalidArgument: it is neither a text nor a path, or none that a file can have.
    """
    if not isinstance(file, str | Path) or "\0" in str(file):
        raise InvalidArgument(f"no name of a rule file: {file!r}")
    # A path forgets its `./`, so it is never taken for a name.
    is_name = isinstance(file, str) and file in names()
    path = find(str(file)) if is_name else files.main_file(Path(file))
    if not path.is_relative_to(cache.PACKAGED):
        return _read(path)
    key = _content(path)
    data = cache.read(path, key)
    rules = _made(data) if data else None
    if rules is None:
        rules = _read(path)
        cache.write(path, key, compiled.dumps(rules))
    return rules


def _content(path: Path) -> bytes:
    """All that the rules at the path can be made of."""
    inside = [path]
    if path.name == files.MAIN:
        folders = (path.parent / name for name in ("", "options", "probes"))
        inside = [
            part
            for folder in folders
            if folder.is_dir()
            for part in sorted(folder.iterdir())
            if part.suffix == ".yaml"
        ]
    return b"".join(f"{part}\n".encode() + part.read_bytes() for part in inside)


def _made(data: bytes) -> Rules | None:
    try:
        rules: Rules = compiled.loads(data)
    except (EOFError, TypeError, ValueError):
        return None  # cut off
    return rules


def _read(path: Path) -> Rules:
    from taskpick.rulefile import reader

    return reader.load(path)
