"""The Python files of a code base together: each parsed once it matters, names followed across."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.scan.parsing import parallel
from taskpick.scan.parsing.modules import last_part
from taskpick.scan.reading.filter import is_about_work
from taskpick.scan.reading.imports import Imports, Name
from taskpick.scan.reading.paths import DottedPaths
from taskpick.scan.systems import DEFINITION_WORDS, in_use

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from taskpick.scan.parsing.cache import ParsedFiles
    from taskpick.scan.parsing.modules import Call, Function, Module
    from taskpick.scan.parsing.parallel import File
    from taskpick.scan.reading.files import Files

_DEEPEST = 12
"""How many times a name is followed on."""


class Project:
    """A code base: its files, and what is known of those that were parsed."""

    def __init__(self, files: Files, parsed: ParsedFiles, progress: Callable[[int], None]) -> None:
        self.files = files
        self._parsed = parsed
        self._progress = progress
        self.modules: dict[str, Module] = {}
        """Those that were parsed, by file."""
        self.lines = 0
        self.ignores: list[tuple[str, bytes]] = []
        """Files with a comment for taskpick, and their texts."""
        self._tried: set[str] = set()
        self._looked_for: set[Name] = set()
        self._paths = DottedPaths(files)
        self._imported = Imports(files, self._paths)
        self.calls_by_name: dict[str, list[Call]] = {}
        """All calls by their last names."""
        self._canonical: dict[str, str] = {}
        self._targets: dict[str, tuple[str, str] | None] = {}
        self._starred_files: dict[str, list[Module]] = {}
        self._starred_names: set[str] = set()
        """The names of all files of which another takes all."""

    def parse_first(self) -> None:
        """Parse the files that have something to do with background work by their words."""
        for batch in parallel.batches(self._about_work()):
            self._parse(batch)

    def _about_work(self) -> Iterator[File]:
        for number, file in enumerate(self.files.python):
            self._progress(number)
            data = self.files.read(file)
            if data is None:
                self._tried.add(file)
                continue
            self.lines += data.count(b"\n")
            if is_about_work(data, self._imported.note(file, data)):
                yield file, data

    def imports(self, package: str) -> bool:
        """Whether a file imports a package, by the words of its imports."""
        return package.encode() in self._imported.words

    def systems_in_use(self) -> frozenset[str]:
        """The systems that the code base may use, by the words of its imports."""
        return in_use(self._imported.words)

    def parse_users(self, names: Iterable[Name]) -> bool:
        """Parse the files that may use a name of another file; say whether there were any."""
        before = len(self._tried)
        new = set(names) - self._looked_for
        self._looked_for |= new
        files = [file for file in self.files.python if file not in self._tried]
        for batch in parallel.batches(self._imported.users(new, files)):
            self._parse(batch)
        return len(self._tried) > before

    def _parse(self, files: Sequence[File]) -> None:
        """Parse files, but for those that were parsed before as they are."""
        keys = [self._parsed.key(file, data) for file, data in files]
        kept = [self._parsed.get(key) for key in keys]
        new = (file for file, module in zip(files, kept, strict=True) if not module)
        results = iter(parallel.read_all(list(new)))
        for (file, data), key, module in zip(files, keys, kept, strict=True):
            self._tried.add(file)
            result = module or next(results)
            if isinstance(result, str):
                self.files.note(file, result)
                continue
            if not module:
                self._parsed.put(key, result)
            if b"taskpick: ignore" in data:
                self.ignores.append((file, data))
            self.modules[file] = result
            for call in result.calls():
                self.calls_by_name.setdefault(last_part(call.name), []).append(call)

    def release(self) -> None:
        """Take apart what refers to itself, so that it is freed without a search for it."""
        for module in self.modules.values():
            for function in (*module.replaced, *module.functions.values()):
                function.calls.clear()
            module.top.calls.clear()
            module.functions.clear()
            module.replaced.clear()
            module.settings.clear()
        self.modules.clear()

    def calls(self) -> Iterator[Call]:
        """All calls in the files parsed so far."""
        for module in list(self.modules.values()):
            yield from list(module.calls())

    def calls_named(self, name: str) -> list[Call]:
        """The calls whose last name it is, in the files parsed so far."""
        return list(self.calls_by_name.get(name, ()))

    def calls_of(self, function: Function) -> Iterator[Call]:
        """The calls of a function in the files parsed so far."""
        name, module = last_part(function.name), function.module
        outer = function.name.partition(".")[0].encode()
        may_bring = self._imported.bringing(Name(b"", outer, module.name))
        for call in self.calls_named(name) if name else ():
            near = call.function.module
            if near is not module and not may_bring(near.file):
                continue
            may_lead = self._may_lead(call.name, near, lambda file, _rest: may_bring(file))
            if may_lead and self.function(call.name, near) is function:
                yield call

    def may_define(self, name: str, near: Module) -> bool:
        """Whether a decorator may define work: its file was parsed, or imports what may."""

        def may_have_it(file: str, rest: str) -> bool:
            first = rest.partition(".")[0].removesuffix("()")
            is_defined = self._imported.has_one(file, DEFINITION_WORDS)
            return is_defined or self._imported.may_give(file, first)

        return self._may_lead(name, near, may_have_it)

    def _may_lead(self, name: str, near: Module, through: Callable[[str, str], bool]) -> bool:
        """Whether a name may lead somewhere through the first file on its way that is not parsed.

        Asked about that file and the rest of the name; true where all on the way is parsed.
        """
        if f"{near.file}:{name}" in self._canonical:
            return True
        for _ in range(_DEEPEST):
            target = self._target(name, near)
            if target and target[0] not in self._tried:
                return through(*target)
            module = self.modules.get(target[0]) if target else None
            onward = self._onward(module, target[1]) if target and module else ""
            if not module or onward in ("", name):
                break
            name, near = onward, module
        return True

    def function(self, name: str, near: Module) -> Function | None:
        """The function of the project that a dotted name stands for."""
        target = self.definition(self.canonical(name, near), near)
        return target[0].functions.get(target[1].replace("()", "")) if target else None

    def members(self, name: str, near: Module) -> set[str] | None:
        """What a class defines, with its bases; None where one of them cannot be seen.

        Classes of Celery count as empty: what they define is known.
        """
        steps, pending, members = 0, [(name, near)], set()
        while pending and steps < _DEEPEST:
            name, near = pending.pop()
            steps += 1
            target = self.definition(name, near)
            owner = target[1] if target else ""
            if target and owner in target[0].names and owner not in target[0].bases:
                pending.append((target[0].names[owner], target[0]))
            elif target and owner in target[0].bases:
                names = [*target[0].functions, *target[0].assigned]
                prefix = f"{owner}."
                members |= {n.removeprefix(prefix) for n in names if n.startswith(prefix)}
                pending += [(base, target[0]) for base in target[0].bases[owner]]
            elif not self.canonical(name, near).startswith("celery.") and name not in (
                "abc.ABC",
                "object",
            ):
                return None
        return members

    def canonical(self, name: str, near: Module) -> str:
        """The dotted name, followed through the files of the project as far as it leads.

        What comes from outside of the project keeps the name that it has there.
        """
        key = f"{near.file}:{name}"
        if key not in self._canonical:
            self._canonical[key] = name  # whoever comes here in a circle
            self._canonical[key] = self._follow(name, near)
        return self._canonical[key]

    def _follow(self, name: str, near: Module) -> str:
        for _ in range(_DEEPEST):
            target = self.definition(name, near)
            onward = self._onward(*target) if target else self.starred(name, near)
            if not onward or onward == name:
                return name
            name, near = onward, target[0] if target else near
        return name

    def definition(self, name: str, near: Module) -> tuple[Module, str] | None:
        """The file of the project that a name leads into, and the rest of the name."""
        target = self._target(name, near)
        module = self._load(target[0]) if target else None
        return (module, target[1]) if target and module else None

    def _target(self, name: str, near: Module) -> tuple[str, str] | None:
        """The same before that file is parsed."""
        key = f"{near.file}:{name}"
        if key not in self._targets:
            self._targets[key] = self._paths.split(name, near.file)
        return self._targets[key]

    def constant(self, name: str, near: Module) -> tuple[ast.expr, Module] | None:
        """What a constant of the project is given, and the file where; None if it is none."""
        for _ in range(_DEEPEST):
            target = self.definition(name, near)
            if target is None:
                return None
            near, rest = target
            value = near.values.get(rest.removesuffix(".value"))  # of an enumeration
            if value is not None and not near.assigned.get(rest):
                return value, near
            name = self._onward(near, rest)
        return None

    def _load(self, file: str) -> Module | None:
        """A file, parsed."""
        if file not in self._tried and (data := self.files.read(file)) is not None:
            self._parse([(file, data)])
        return self.modules.get(file)

    def _onward(self, module: Module, rest: str) -> str:
        """What a name within a file stands for; empty if it leads no further."""
        parts = rest.split(".") if rest else []
        for end in range(len(parts), 0, -1):
            head, tail = ".".join(parts[:end]), "".join(f".{part}" for part in parts[end:])
            plain = head.replace("()", "")
            if plain in module.functions and head.endswith("()"):
                returns = module.functions[plain].returns
                return returns + tail if returns else ""
            if plain in module.functions:
                return ""
            if module.assigned.get(head):
                return module.assigned[head] + tail
            if module.assigned.get(plain):
                return module.assigned[plain] + tail
            if plain in module.bases:
                return self._base(module, plain, head.endswith("()"), tail)
            if end == 1 and plain in module.names:
                name = module.names[plain]
                return name + head[len(plain) :] + tail if name != f"{module.name}.{plain}" else ""
        return self.starred(rest, module) if rest else ""

    def starred(self, name: str, module: Module) -> str:
        """The dotted path of a name that a file takes with all names of another; else empty."""
        if not module.stars:
            return ""
        if module.file not in self._starred_files:
            self._starred_files[module.file] = list(self._all_starred(module))
        first = name.partition(".")[0].removesuffix("()")
        if first not in self._starred_names:
            return ""
        having = (other for other in self._starred_files[module.file] if first in other.names)
        source = next(having, None)
        return f"{source.name}.{name}" if source else ""

    def _all_starred(self, module: Module) -> Iterator[Module]:
        """The files that one takes all names of, the latest first, and those that they do."""
        seen, pending = set[str](), [module]
        while pending:
            near = pending.pop()
            new = [source for source in reversed(near.stars) if source not in seen]
            seen.update(new)
            for target in (self.definition(source, near) for source in new):
                if target and not target[1]:
                    self._starred_names.update(target[0].names)
                    pending.append(target[0])
                    yield target[0]

    def _base(self, module: Module, owner: str, is_instance: bool, tail: str) -> str:
        """What a name of a class is in the first base that is not of this file's own."""
        bases = [base for base in module.bases[owner] if base not in ("object", "")]
        return f"{bases[0]}{'()' if is_instance else ''}{tail}" if bases else ""
