"""What one Python file says about background work: its functions, calls, names and settings.

Names are written as dotted paths: `q.enqueue` is `rq.Queue().enqueue` where `q = Queue()` and `rq`
is where `Queue` was imported from. `Project` follows them on into other files.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITES = frozenset(
    [
        "save",
        "create",
        "delete",
        "update",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
        "acreate",
        "asave",
        "adelete",
        "insert",
        "add_all",
        "flush",
    ]
)
"""Methods that write to a database by their name."""


def last_part(name: str) -> str:
    """What follows the last dot of a dotted name."""
    return name.rpartition(".")[2]


def module_name(file: str) -> str:
    """The dotted path of a file from the top of what is scanned."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported_path(source: str, level: int, file: str) -> str:
    """The dotted path that an import of a file means: that many dots, and what follows them."""
    if not level:
        return source
    parts = module_name(file).split(".")
    up = len(parts) - level + (file.rpartition("/")[2] == "__init__.py")
    return ".".join([*parts[: max(up, 0)], *([source] if source else [])])


class Block(NamedTuple):
    """A `with` block or a decorator around a call."""

    name: str
    keywords: frozenset[str]
    """The keywords that it is called with."""
    line: int
    after_write: bool
    """Whether something was written to a database in it before the call."""


class Keyword(NamedTuple):
    """A keyword of a call; a mapping that is given with two stars has no name."""

    name: str | None
    value: ast.expr | None


class Call(NamedTuple):
    """A call, and what is around it.

    Of its arguments the names, attributes and constants are kept, the others as None; all are kept
    where the call may send work.
    """

    name: str
    line: int
    function: Function
    arguments: tuple[ast.expr | None, ...]
    keywords: tuple[Keyword, ...]
    owner: str
    """The plain name that it is called on: `queue` in `queue.enqueue()`."""
    awaited: bool
    assigned_to: str
    """The name that gets the result; empty where it is dropped, `*` where it is used otherwise."""
    receiver: str
    """The call whose first argument it is."""
    blocks: tuple[Block, ...]
    deferred: bool
    """Whether it is in a lambda, and so may happen elsewhere and later."""
    tested: frozenset[str]
    """The names in the tests of the branches that it is in."""

    def argument(self, position: int, keyword: str = "") -> ast.expr | None:
        """The argument at a position or of that keyword; None if there is none."""
        if position < len(self.arguments):
            return self.arguments[position]
        return self.named(keyword) if keyword else None

    def named(self, keyword: str) -> ast.expr | None:
        """The argument of that keyword; None if there is none."""
        return next((passed.value for passed in self.keywords if passed.name == keyword), None)


class Decorator(NamedTuple):
    """A decorator: `name` is what is called or used, without the brackets of the call."""

    name: str
    node: ast.expr

    @property
    def options(self) -> dict[str, ast.expr]:
        """The keywords that it was called with."""
        keywords = self.node.keywords if isinstance(self.node, ast.Call) else []
        return {keyword.arg: keyword.value for keyword in keywords if keyword.arg}

    @property
    def arguments(self) -> list[ast.expr]:
        return self.node.args if isinstance(self.node, ast.Call) else []


class Parameter(NamedTuple):
    """A parameter of a function: dotted names, empty where there is none."""

    annotation: str
    depends: str
    """The function that FastAPI calls for it."""


class Function:
    """A function, a method, or the module itself (its name is empty then)."""

    def __init__(self, module: Module, name: str, line: int = 1, *, is_async: bool = False) -> None:
        self.module = module
        self.name = name
        """With the classes and functions around it: `Export.run`."""
        self.line = line
        self.is_async = is_async
        self.decorators: list[Decorator] = []
        self.parameters: dict[str, Parameter] = {}
        self.calls: list[Call] = []
        self.attributes: set[str] = set()
        """The names of all attributes that are used in it."""
        self.used: set[str] = set()
        """Names that it does more with than to assign them or to keep a reference."""
        self.rows: dict[str, int] = {}
        """The names of database rows, and the lines that load them."""
        self.returns = ""
        self.is_generator = False
        self.is_loop = False
        """Whether it goes on in a loop until something else stops it."""

    @property
    def path(self) -> str:
        """The dotted path that no other function has."""
        return f"{self.module.name}.{self.name}" if self.name else self.module.name

    def dotted(self, node: ast.expr | None) -> str:
        """What an expression in it names, or the path that a text is; empty if it is neither.

        What a parameter of it stands for is not known.
        """
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Name(id=name) if name not in self.parameters:
                is_inner = f"{self.name}.{name}" in self.module.functions
                starred = name if self.module.stars else ""
                return f"{self.path}.{name}" if is_inner else self.module.names.get(name, starred)
            case ast.Attribute(value=ast.Name(id=("self" | "cls")), attr=attr) if self.name:
                return f"{self.module.name}.{self.name.rpartition('.')[0]}.{attr}"
            case ast.Attribute(value=value, attr=attr):
                before = self.dotted(value)
                return f"{before}.{attr}" if before else ""
        return ""


class Setting(NamedTuple):
    """A value given to a name that settings have."""

    name: str
    value: ast.expr
    module: Module
    line: int


class Module:
    """One Python file, read."""

    def __init__(self, file: str, name: str) -> None:
        self.file = file
        self.name = name
        self.names: dict[str, str] = {}
        """Imported or defined at the top: what each name stands for."""
        self.stars: list[str] = []
        """The dotted paths that it takes all names from."""
        self.assigned: dict[str, str] = {}
        """`app` or `Class.attribute`: the dotted value."""
        self.values: dict[str, ast.expr] = {}
        """`NAME` and `Class.NAME`: what they are given; the names in a class without it, too."""
        self.functions: dict[str, Function] = {}
        self.replaced: list[Function] = []
        """Decorated ones whose name a later one has: a web server still runs them."""
        self.bases: dict[str, list[str]] = {}
        self.decorated: dict[str, list[Decorator]] = {}
        """Classes that have decorators."""
        self.settings: list[Setting] = []
        self.waited: set[int] = set()
        """The lines of calls that start something, and that the same function waits for."""
        self.ended: set[int] = set()
        """Of these and of those that it cancels in the end."""
        self.top = Function(self, "")

    def calls(self) -> Iterator[Call]:
        """All calls in it."""
        yield from self.top.calls
        for function in (*self.replaced, *self.functions.values()):
            yield from function.calls
