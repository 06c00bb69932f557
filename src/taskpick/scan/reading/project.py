"""The Python files of a code base together: each parsed once it matters, names followed across."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.scan.reading import reader, syntax

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from taskpick.scan.reading.files import Files
    from taskpick.scan.reading.modules import Call, Function, Module

_WORDS = (
    b"celery CELERY shared_task .delay( apply_async send_task BackgroundTask add_task( django_rq "
    b"from&rq import&rq .enqueue dramatiq huey taskiq arq saq procrastinate DBOS temporalio "
    b"apscheduler create_task ensure_future Thread( Timer( PoolExecutor run_in_executor "
    b"task_serializer .kiq( .task( .defer( .defer_async( start_workflow taskpick:&ignore"
).split()
WORDS = (b".task\n", *(word.replace(b"&", b" ") for word in _WORDS))
"""A file with none of them is parsed only if a name leads to it."""
_LIBRARIES = frozenset(
    [
        "apscheduler",
        "arq",
        "asyncio",
        "celery",
        "concurrent",
        "dbos",
        "django",
        "django_rq",
        "dramatiq",
        "fastapi",
        "functools",
        "huey",
        "procrastinate",
        "rq",
        "rq_scheduler",
        "saq",
        "sqlalchemy",
        "starlette",
        "taskiq",
        "temporalio",
        "threading",
    ]
)
_DEEPEST = 12
"""How many times a name is followed on."""


class Project:
    """A code base: its files, and what is known of those that were parsed."""

    def __init__(self, files: Files, progress: Callable[[int], None]) -> None:
        self.files = files
        self._progress = progress
        self.modules: dict[str, Module] = {}
        """Those that were parsed, by file."""
        self.lines = 0
        self.ignores: list[tuple[str, bytes]] = []
        """Files with a comment for taskpick, and their texts."""
        self._tried: set[str] = set()
        self._by_path: dict[str, list[str]] = {}
        self._canonical: dict[str, str] = {}
        for file in files.python:
            parts = module_name(file).split(".")
            for start in range(len(parts)):
                self._by_path.setdefault(".".join(parts[start:]), []).append(file)

    def parse_files_with(self, words: Iterable[bytes], *, first: bool = False) -> list[Module]:
        """Parse the files that hold one of the words; those parsed before are left out."""
        words, parsed = tuple(words), []
        for number, file in enumerate(self.files.python):
            if first:
                self._progress(number)
            if file in self._tried:
                continue
            data = self.files.read(file)
            if data is None:
                self._tried.add(file)
                continue
            if first:
                self.lines += data.count(b"\n")
            if any(word in data for word in words) and (module := self._parse(file, data)):
                parsed.append(module)
        return parsed

    def _parse(self, file: str, data: bytes) -> Module | None:
        self._tried.add(file)
        try:
            module = reader.read(syntax.parse(data), file, module_name(file))
        except syntax.Unparsable as error:
            self.files.note(file, str(error))
            return None
        except RecursionError:
            self.files.note(file, "nested too deeply")
            return None
        if b"taskpick: ignore" in data:
            self.ignores.append((file, data))
        self.modules[file] = module
        return module

    def functions(self) -> Iterator[Function]:
        """All functions of the files parsed so far."""
        for module in list(self.modules.values()):
            yield from list(module.functions.values())

    def calls(self) -> Iterator[Call]:
        """All calls in the files parsed so far."""
        for module in list(self.modules.values()):
            yield from list(module.top.calls)
            for function in list(module.functions.values()):
                yield from list(function.calls)

    def function(self, name: str, near: Module) -> Function | None:
        """The function of the project that a dotted name stands for."""
        found = self.definition(self.canonical(name, near), near)
        return found[0].functions.get(found[1]) if found else None

    def members(self, name: str, near: Module) -> set[str] | None:
        """What a class defines, with its bases; None where one of them cannot be seen.

        Classes of Celery count as empty: what they define is known.
        """
        found, pending, members = 0, [(name, near)], set()
        while pending and found < _DEEPEST:
            name, near = pending.pop()
            found += 1
            place = self.definition(name, near)
            owner = place[1] if place else ""
            if place and owner in place[0].names and owner not in place[0].bases:
                pending.append((place[0].names[owner], place[0]))
            elif place and owner in place[0].bases:
                names = [*place[0].functions, *place[0].assigned]
                prefix = f"{owner}."
                members |= {n.removeprefix(prefix) for n in names if n.startswith(prefix)}
                pending += [(base, place[0]) for base in place[0].bases[owner]]
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
            found = self.definition(name, near)
            onward = self._onward(*found) if found else ""
            if not onward or onward == name:
                return name
            name, near = onward, found[0] if found else near
        return name

    def definition(self, name: str, near: Module) -> tuple[Module, str] | None:
        """The file of the project that a name leads into, and the rest of the name."""
        if not name or name.startswith("?"):
            return None
        parts = name.split(".")
        for end in range(len(parts), 0, -1):
            path = ".".join(parts[:end])
            if path in self._by_path and (module := self._load(path, near)):
                return module, ".".join(parts[end:])
        return None

    def _load(self, path: str, near: Module) -> Module | None:
        """The file of that dotted path; of several the one nearest to who names it."""
        files = self._by_path[path]
        if "." not in path:
            # `celery` is the library, also for the file `celery.py` of a project.
            files = [f for f in files if path not in _LIBRARIES and _is_above(f, near.file)]
        if not files:
            return None
        file = max(files, key=lambda one: (_common(one, near.file), -one.count("/")))
        if file in self.modules:
            return self.modules[file]
        if file in self._tried:
            return None
        data = self.files.read(file)
        return self._parse(file, data) if data is not None else None

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
            if end == 1 and head in module.names:
                name = module.names[head]
                return name + tail if name != f"{module.name}.{head}" else ""
        return ""

    def _base(self, module: Module, owner: str, is_instance: bool, tail: str) -> str:
        """What a name of a class is in the first base that is not of this file's own."""
        bases = [base for base in module.bases[owner] if base not in ("object", "")]
        return f"{bases[0]}{'()' if is_instance else ''}{tail}" if bases else ""


def module_name(file: str) -> str:
    """The dotted path of a file from the top of what is scanned."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _is_above(file: str, near: str) -> bool:
    """Whether a file, or package, stands in the folder of another file or further up."""
    folder = file.removesuffix("/__init__.py").rpartition("/")[0]
    return not folder or near.startswith(f"{folder}/")


def _common(one: str, other: str) -> int:
    """How many folders two files have in common."""
    pairs = zip(one.split("/")[:-1], other.split("/")[:-1], strict=False)
    count = 0
    for left, right in pairs:
        if left != right:
            break
        count += 1
    return count
