"""What files import, by their bytes alone, and which names of other files may come with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.scan.parsing.modules import imported_path, last_part, module_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskpick.scan.reading.paths import DottedPaths

_IMPORT = re.compile(rb"import[ \t]+(\([^)]*|[^\n#]*)")
_FROM = re.compile(rb"from[ \t]+([\w.]+)[ \t]+(?=import)")
_FROM_IMPORT = re.compile(rb"from[ \t]++(\.*+)([\w.]*+)[ \t]*+import[ \t]*(\([^)]*|[^\n#]*)")
_PLAIN_IMPORT = re.compile(rb"import(?<![\w.][ \t]import)[ \t]++([^\n#]*)")
_PATH = re.compile(rb"[\w.]+")
_WORD = re.compile(rb"\w+")


class Name(NamedTuple):
    """A name that leads from other files to one."""

    used: bytes
    """What those files write."""
    outer: bytes
    """What they import, if it is not the file itself: a function or a class."""
    module: str
    """The dotted path of the file; empty if it does not matter where the name is from."""


class Imports:
    """What the files of a project import."""

    def __init__(self, paths: DottedPaths) -> None:
        self._paths = paths
        self._words: dict[str, frozenset[bytes]] = {}
        """The words that the imports of a file consist of."""
        self.words: set[bytes] = set()
        """Those of all files."""

    def note(self, file: str, data: bytes) -> frozenset[bytes]:
        """The words that the imports of a file consist of, which are kept."""
        parts = b" ".join([*_FROM.findall(data), *_IMPORT.findall(data)])
        self._words[file] = words = frozenset(_WORD.findall(parts))
        self.words |= words
        return words

    def has_one(self, file: str, words: Iterable[str]) -> bool:
        """Whether the imports of a file have one of these words in them."""
        return not self._words.get(file, frozenset()).isdisjoint(map(str.encode, words))

    def may_bring(self, name: Name, file: str) -> bool:
        """Whether the words that a file imports may stand for a name."""
        words = self._words.get(file, frozenset())
        if name.outer in words:
            return True
        folder, _, last = name.module.rpartition(".")
        if not last or last.encode() not in words:
            return False
        is_beside = folder == module_name(file).rpartition(".")[0]
        return is_beside or last_part(folder).encode() in words

    def of(self, names: Iterable[Name], files: Iterable[str]) -> Iterator[tuple[str, list[Name]]]:
        """The files that may import one of the names by their words, and which ones."""
        by_word: dict[bytes, set[Name]] = {}
        for name in names:
            for word in (name.outer, last_part(name.module).encode()):
                by_word.setdefault(word, set()).add(name)
        all_words = frozenset(by_word)
        for file in files:
            shared = self._words.get(file, frozenset()) & all_words
            may = {name for word in shared for name in by_word[word]}
            if found := [name for name in may if self.may_bring(name, file)]:
                yield file, found

    def bring_one(self, names: Iterable[Name], file: str, data: bytes) -> bool:
        """Whether one of the names may come to a file from where it is, or from who imports it."""
        modules, sources = self._followed(file, data)
        return any(
            not name.module
            or name.module in modules
            or any(self.may_bring(name, source) for source in sources.get(name.outer, ()))
            for name in names
        )

    def _followed(self, file: str, data: bytes) -> tuple[set[str], dict[bytes, set[str]]]:
        """The files of the project that one imports, and for each word those it is taken from."""
        modules, sources = set[str](), dict[bytes, set[str]]()
        for path, words in _statements(data, file).items():
            if source := self._paths.file(path, file):
                modules.add(module_name(source))
                for word in words:
                    sources.setdefault(word, set()).add(source)
            inner = (self._paths.file(f"{path}.{word.decode()}", file) for word in words)
            modules.update(module_name(each) for each in inner if each)
        return modules, sources


def _statements(data: bytes, file: str) -> dict[str, set[bytes]]:
    """The dotted paths that a file imports, each with the words of what it takes from there."""
    found: dict[str, set[bytes]] = {}
    for dots, source, names in _FROM_IMPORT.findall(data):
        path = imported_path(source.decode(), len(dots), file)
        found.setdefault(path, set()).update(_WORD.findall(names))
    for paths in _PLAIN_IMPORT.findall(data):
        for path in _PATH.findall(paths):
            found.setdefault(path.decode(), set())
    return found
