"""What files import, by their bytes alone, and which names of other files may come with it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.scan.parsing.modules import imported_path, last_part, module_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from taskpick.scan.reading.files import Files
    from taskpick.scan.reading.paths import DottedPaths

_LINE = rb"[^\n#\\]*+(?:\\\r?\n[^\n#\\]*+)*+"
"""The rest of a line, and those that a backslash adds to it."""
_BRACKETS = rb"\([^)#]*+(?:#[^\n]*+[^)#]*+)*+"
_IMPORT = re.compile(rb"import[ \t]+(%b|%b)" % (_BRACKETS, _LINE))
_FROM = re.compile(rb"from[ \t]+([\w.]+)[ \t]+(?=import)")
_FROM_IMPORT = re.compile(
    rb"from[ \t]++(\.*+)([\w.]*+)[ \t]*+import[ \t]*(%b|%b)" % (_BRACKETS, _LINE)
)
_PLAIN_IMPORT = re.compile(rb"import(?<![\w.][ \t]import)[ \t]++(%b)" % _LINE)
_ASSIGNED = re.compile(rb"^[ \t]*+(\w++)[^=\n]*+=([^\n]*+)", re.MULTILINE)
_RENAMED = re.compile(rb"\b(\w++) as (\w++)")
_PATH = re.compile(rb"[\w.]+")
_WORD = re.compile(rb"\w+|\*")


class Name(NamedTuple):
    """A name that leads from other files to one."""

    used: bytes
    """What those files write."""
    outer: bytes
    """What they import, if it is not the file itself: a function or a class."""
    module: str
    """The dotted path of the file; empty if it does not matter where the name is from."""

    def in_package(self, file: str, data: bytes) -> Iterator[Name]:
        """The same as the package has it that imports it, also under another name."""
        module = module_name(file)
        yield self._replace(module=module)
        for outer, other in _RENAMED.findall(data):
            if outer == self.outer:
                is_written = self.used.startswith(outer)
                used = other + self.used[len(outer) :] if is_written else self.used
                yield Name(used, other, module)


class Imports:
    """What the files of a project import."""

    def __init__(self, files: Files, paths: DottedPaths) -> None:
        self._files = files
        self._paths = paths
        self.words: set[bytes] = set()
        """The words that all the imports consist of."""
        self._words: dict[str, frozenset[bytes]] = {}
        """Those of each file."""
        self._packages: dict[bytes, list[str]] = {}
        """The packages whose imports have a word in them."""
        self._passed_on: dict[Name, set[Name]] = {}
        self._sources: dict[str, tuple[set[str], dict[bytes, set[str]]]] = {}
        self._given: dict[str, set[bytes]] = {}

    def note(self, file: str, data: bytes) -> frozenset[bytes]:
        """The words that the imports of a file consist of, which are kept."""
        parts = b" ".join([*_FROM.findall(data), *_IMPORT.findall(data)])
        self._words[file] = words = frozenset(_WORD.findall(parts))
        self.words |= words
        if file.endswith("/__init__.py"):
            for word in words:
                self._packages.setdefault(word, []).append(file)
        return words

    def has_one(self, file: str, words: Iterable[str]) -> bool:
        """Whether the imports of a file have one of these words in them."""
        return not self._words.get(file, frozenset()).isdisjoint(map(str.encode, words))

    def bringing(self, name: Name) -> Callable[[str], bool]:
        """Says of a file whether it may import a name, or a package that does, by its words."""
        names = self._with_packages(name)
        words = {word for each in names for word in _words_of(each)}

        def may_bring(file: str) -> bool:
            is_possible = not words.isdisjoint(self._words.get(file, frozenset()))
            return is_possible and any(self._may_bring(each, file) for each in names)

        return may_bring

    def may_give(self, file: str, name: str) -> bool:
        """Whether what a name of a file stands for may be from another file of the project."""
        if self.has_one(file, (name, "*")):
            return True
        if file not in self._given:
            self._given[file] = self._values(file, self._files.read(file) or b"")
        return name.encode() in self._given[file]

    def users(self, names: Iterable[Name], files: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Those of the files that may use one of the names, and what is in them."""
        by_word: dict[bytes, set[Name]] = {}
        for name in set[Name]().union(*map(self._with_packages, names)):
            for word in _words_of(name):
                by_word.setdefault(word, set()).add(name)
        all_words = frozenset(by_word)
        for file in files:
            shared = self._words.get(file, frozenset()) & all_words
            may = {name for word in shared for name in by_word[word]}
            found = [name for name in may if self._may_bring(name, file)]
            data = self._files.read(file) if found else None
            if data and (used := self._used(found, file, data)) and self._leads(used, file, data):
                yield file, data

    def _with_packages(self, name: Name) -> set[Name]:
        """A name, and the same in packages that import it: who imports a package has it, too."""
        if name not in self._passed_on:
            self._passed_on[name] = found = {name}
            latest = [name]
            while latest:
                inner = latest.pop()
                files = (file for word in _words_of(inner) for file in self._packages.get(word, ()))
                for file in set(files):
                    data = self._files.read(file) if self._may_bring(inner, file) else None
                    if data and self._leads([inner], file, data):
                        new = set(inner.in_package(file, data)) - found
                        found |= new
                        latest += new
        return self._passed_on[name]

    def _may_bring(self, name: Name, file: str) -> bool:
        words = self._words.get(file, frozenset())
        if name.outer in words:
            return True
        folder, last_of_folder, last = _ends(name.module)
        if not last or last not in words:
            return False
        if not folder or last_of_folder in words:
            return True
        return f"{module_name(file)}.".startswith(f"{folder}.")  # dots alone name what is above

    def _used(self, names: Iterable[Name], file: str, data: bytes) -> list[Name]:
        """Those of which a file has what users of them write, or that it calls something else."""
        written = {text for text in {name.used for name in names} if text in data}
        outers = {name.outer for name in names} & self._words[file]
        may_rename = outers and b"as" in self._words[file]
        renamed = {word for word in outers if b"%b as " % word in data} if may_rename else ()
        return [name for name in names if name.used in written or name.outer in renamed]

    def _leads(self, names: Iterable[Name], file: str, data: bytes) -> bool:
        """Whether one of the names may come to a file from where it is, or from who imports it."""
        modules, sources = self._followed(file, data)
        return any(
            not name.module
            or name.module in modules
            or any(self._may_bring(name, source) for source in sources.get(name.outer, ()))
            for name in names
        )

    def _followed(self, file: str, data: bytes) -> tuple[set[str], dict[bytes, set[str]]]:
        """The files of the project that one imports, and for each word those it is taken from."""
        if file in self._sources:
            return self._sources[file]
        modules, sources = self._sources[file] = set[str](), dict[bytes, set[str]]()
        for path, words in _statements(data, file).items():
            if source := self._paths.file(path, file):
                modules.add(module_name(source))
                for word in words:
                    sources.setdefault(word, set()).add(source)
            modules.update(map(module_name, self._inner(path, words, file)))
        return modules, sources

    def _inner(self, path: str, words: set[bytes], file: str) -> Iterator[str]:
        """The files of the project that an import takes from a path."""
        inner = (self._paths.file(f"{path}.{word.decode()}", file) for word in words)
        return filter(None, inner)

    def _values(self, file: str, data: bytes) -> set[bytes]:
        """The names that a file gives the value of something that it imports from the project."""
        own = set[bytes]()
        for path, words in _statements(data, file).items():
            if self._paths.file(path, file) or any(self._inner(path, words, file)):
                own |= words
        assigned = _ASSIGNED.findall(data) if own else ()
        return {name for name, value in assigned if not own.isdisjoint(_WORD.findall(value))}


@cache
def _ends(module: str) -> tuple[str, bytes, bytes]:
    """The folder of a file by their dotted paths, and the last words of both."""
    folder, _, last = module.rpartition(".")
    return folder, last_part(folder).encode(), last.encode()


def _words_of(name: Name) -> tuple[bytes, bytes]:
    """The words of which a file imports one where it imports the name."""
    return name.outer, _ends(name.module)[2]


def _statements(data: bytes, file: str) -> dict[str, set[bytes]]:
    """The dotted paths that a file imports, each with the words of what it takes from there."""
    found: dict[str, set[bytes]] = {}
    for dots, source, names in _FROM_IMPORT.findall(data):
        path = imported_path(source.decode(), len(dots), file)
        found.setdefault(path, set()).update(_WORD.findall(names))
    for paths in _PLAIN_IMPORT.findall(data):
        words = set(_WORD.findall(paths))
        for path in _PATH.findall(paths):
            found.setdefault(path.decode(), set()).update(words)
    return found
