"""What is sent, and when: transactions and messages."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from taskpick.scan import systems
from taskpick.scan.detectors.code import defined, hazard_at, inherits
from taskpick.scan.findings import Step
from taskpick.scan.parsing.modules import last_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.detectors.code import Code
    from taskpick.scan.findings import Finding
    from taskpick.scan.inventory.work import Start
    from taskpick.scan.parsing.modules import Block, Call, Function


def dispatch_in_transaction(code: Code) -> Iterator[Finding]:
    """Sends in a transaction, after a write."""
    for start in code.inventory.starts:
        work = code.inventory.work_of(start.target)
        call = start.call
        if not work or start.system in systems.IN_PROCESS or start.wrapped or call.deferred:
            continue
        if work.through or start.waits_for_commit or work.waits_for_commit:
            continue  # it may wait for the commit
        if inherits(code, work, "delay", "apply_async"):
            continue  # so may what it inherits
        if work.system == "procrastinate" and _shares_connection(code, call):
            continue  # it is a part of the transaction
        block = next(
            (b for b in call.blocks if b.after_write and _is_transaction(code, b, call)), None
        )
        if block:
            message = f"{last_part(work.name)} is sent before the transaction is committed"
            where = Step(call.function.module.file, block.line, "the transaction begins here")
            finding = hazard_at("dispatch-in-transaction", call, message, where, defined(work))
            yield finding._replace(system=start.system)


def _shares_connection(code: Code, call: Call) -> bool:
    """Whether Procrastinate sends with a connection that it is given, or with that of Django."""
    options = (c for c in call.function.calls if c.line == call.line)
    return any(c.named("connection") for c in options) or any(
        name.startswith("procrastinate.contrib.django")
        for module in code.project.modules.values()
        for name in module.names.values()
    )


def _is_transaction(code: Code, block: Block, call: Call) -> bool:
    if "using" in block.keywords:
        return False  # another database, perhaps a replica that is only read
    near = call.function.module
    if re.fullmatch(r".*session(\(\))?\.begin", block.name, re.IGNORECASE):
        return True
    if code.project.canonical(block.name, near) == "django.db.transaction.atomic":
        return True
    wrapper = code.project.function(block.name, near)
    if wrapper is None or not any("contextmanager" in d.name for d in wrapper.decorators):
        return False
    inside = {code.project.canonical(called.name, wrapper.module) for called in wrapper.calls}
    return "django.db.transaction.atomic" in inside


def orm_argument(code: Code) -> Iterator[Finding]:
    """Rows among the arguments of a send."""
    for start in code.inventory.starts:
        work = code.inventory.work_of(start.target)
        if not work or start.wrapped or start.system in {*systems.IN_PROCESS, "temporal", "dbos"}:
            continue
        for node in _sent(start):
            if why := _row(node, start.call.function):
                message = f"{ast.unparse(node)} is a database row, not its id"
                yield hazard_at("orm-argument", start.call, message, why, defined(work))
                break


def _sent(start: Start) -> list[ast.expr]:
    """What a send puts into the message."""
    call, method = start.call, last_part(start.call.name)
    if method in ("apply_async", "apply_async_on_commit", "send_with_options"):
        values = [call.argument(0, "args"), call.argument(1, "kwargs")]
        inner: list[ast.expr] = []
        for value in values:
            inner += value.elts if isinstance(value, ast.Tuple | ast.List) else []
            inner += value.values if isinstance(value, ast.Dict) else []
        return inner
    positional = call.arguments if method in systems.METHOD_WORDS else call.arguments[1:]
    return [
        *filter(None, positional),
        *(keyword.value for keyword in call.keywords if keyword.value),
    ]


def _row(node: ast.expr, function: Function) -> Step | None:
    """The line that shows an argument to be a row."""
    if isinstance(node, ast.Attribute) and re.fullmatch(
        r"(self\.)?request\.user", ast.unparse(node)
    ):
        return Step(function.module.file, node.lineno, "the user of the request")
    line = function.rows.get(node.id) if isinstance(node, ast.Name) else None
    return Step(function.module.file, line, "loaded here") if line else None
