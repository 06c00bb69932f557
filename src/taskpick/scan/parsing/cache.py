"""What single files say, kept by their content: after a change only what changed is parsed anew.

A database in the user's own folder for such things. It may be deleted at any time; where it is
damaged, or cannot be written to, files are parsed as if it were not there.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import io
import pickle
import sqlite3
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from taskpick.scan.parsing import modules

if TYPE_CHECKING:
    from pathlib import Path

    from taskpick.scan.parsing.modules import Module

_DAYS = 30
"""How long a file is kept after it was last needed."""
_DAY = 24 * 60 * 60


class ParsedFiles:
    """The files that were parsed before, by a key made of their content."""

    def __init__(self, file: Path | None, version: bytes) -> None:
        self._file = file
        self._version = version
        self._rows: sqlite3.Connection | None = None
        self._new: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        if file:
            try:
                self._rows = _opened(file)
            except (OSError, sqlite3.Error):
                return  # no place for it, or another scan is writing

    def key(self, file: str, data: bytes) -> bytes:
        """What a file is kept under: its path and all of it count."""
        name = file.encode("utf-8", "surrogateescape")
        return hashlib.sha256(b"\0".join((self._version, name, data))).digest()

    def get(self, key: bytes) -> Module | None:
        """What a file says; None if it is not kept."""
        if self._rows is None:
            return None
        try:
            row = self._rows.execute("SELECT module FROM parsed WHERE key = ?", (key,)).fetchone()
            module = _loaded(row[0]) if row else None
        except (sqlite3.Error, TypeError):
            return None
        if module:
            self._used.add(key)
        return module

    def put(self, key: bytes, module: Module) -> None:
        """Keep what a file says; nothing is written before the end."""
        if self._rows is not None:
            try:
                self._new[key] = _packed(module)
            except (RecursionError, pickle.PicklingError):
                return  # nested too deeply for that

    def close(self) -> None:
        """Write what is new, and forget what was not needed for long."""
        if self._rows is None or self._file is None:
            return
        today = int(time.time()) // _DAY
        try:
            with self._rows as rows:
                rows.executemany(
                    "INSERT OR REPLACE INTO parsed VALUES (?, ?, ?)",
                    ((key, today, packed) for key, packed in self._new.items()),
                )
                used = ((today, key) for key in self._used)
                rows.executemany("UPDATE parsed SET day = ? WHERE key = ?", used)
                rows.execute("DELETE FROM parsed WHERE day < ?", (today - _DAYS,))
        except sqlite3.OperationalError:
            pass  # it is read-only or full, or another scan is writing: it stays as it was
        except sqlite3.DatabaseError:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)
        self._rows.close()


def _opened(file: Path) -> sqlite3.Connection:
    """The database, made anew where it is none."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = sqlite3.connect(file, timeout=1)
    try:
        rows.execute("CREATE TABLE IF NOT EXISTS parsed (key PRIMARY KEY, day, module)")
    except sqlite3.OperationalError:
        rows.close()
        raise
    except sqlite3.DatabaseError:
        rows.close()
        file.unlink()
        return _opened(file)
    return rows


def _packed(module: Module) -> bytes:
    packed = pickle.dumps(module, protocol=5)
    return hashlib.sha256(packed).digest() + packed


def _loaded(data: bytes) -> Module | None:
    digest, packed = data[:32], data[32:]
    if hashlib.sha256(packed).digest() != digest:
        return None
    try:
        module = _Unpickler(io.BytesIO(packed)).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError):
        return None
    return module if isinstance(module, modules.Module) else None


class _Unpickler(pickle.Unpickler):
    """Makes what a file says and nothing else, whoever wrote the data: no code can run."""

    def find_class(self, module: str, name: str) -> Any:
        if module == modules.__name__ and name in _OWN:
            return getattr(modules, name)
        node = getattr(ast, name, None) if module in ("ast", "_ast") else None
        if isinstance(node, type) and issubclass(node, ast.AST):
            return node
        if module == "builtins" and name in ("Ellipsis", "complex"):
            return getattr(builtins, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


_OWN = frozenset(
    ["Block", "Call", "Decorator", "Function", "Keyword", "Module", "Parameter", "Setting"]
)
