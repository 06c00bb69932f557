"""Options and settings of Celery."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from taskpick.scan.detectors.code import hazard, hazard_at, inherits
from taskpick.scan.findings import Step
from taskpick.scan.parsing.modules import last_part
from taskpick.scan.parsing.setting_names import VISIBILITY_TIMEOUT
from taskpick.scan.parsing.values import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.scan.detectors.code import Code
    from taskpick.scan.evidence.settings import Value
    from taskpick.scan.findings import Finding
    from taskpick.scan.inventory.work import Work

_LIMITED = {"prefork", "gevent"}
"""Pools of Celery that end a task at its time limit; the others let it run."""
_LIMITS = ("time_limit", "soft_time_limit")
_VISIBILITY = 3600
"""Celery's default on Redis, in seconds."""


def dead_max_retries(code: Code) -> Iterator[Finding]:
    """A limit of retries where nothing retries."""
    unseen = {"task_cls", "task_annotations", "task_retry_on_worker_lost"}
    unseen &= code.settings.values.keys()
    for work in code.inventory.work:
        function, options = work.function, work.options
        limit = options.get("max_retries")
        if work.system != "celery" or not function or unseen or work.through:
            continue
        if not (isinstance(limit, ast.Constant) and limit.value):
            continue
        if {"autoretry_for", "base"} & options.keys() or any(
            isinstance(d.node, ast.Call) and any(k.arg is None for k in d.node.keywords)
            for d in function.decorators
        ):
            continue
        first = next(iter(function.parameters), "")
        if "retry" in function.attributes or (
            first and "bind" in options and first in function.used
        ):
            continue
        if code.inventory.is_retried(function):
            continue
        message = f"{last_part(work.name)} has max_retries={limit.value!r}, but nothing retries it"
        why = Step(work.file, limit.lineno, "no autoretry_for, and no call of retry")
        yield hazard("dead-max-retries", work.file, work.line, message, why)


def pickle(code: Code) -> Iterator[Finding]:
    """Messages that are pickled, or taken so; said once for each file."""
    values = code.settings.values
    places = [setting for setting in values.get("task_serializer", []) if setting.value == "pickle"]
    if len(places) < len(values.get("task_serializer", [])):
        places = []  # one file overrides another
    for setting in values.get("accept_content", []):
        kinds = setting.value if isinstance(setting.value, list) else []
        if any(kind in ("pickle", "application/x-python-serialize") for kind in kinds):
            places.append(setting)
    for file in dict.fromkeys(setting.file for setting in places):
        line = next(setting.line for setting in places if setting.file == file)
        message = (
            "messages are pickled: whoever can write to the broker can run code in the workers"
        )
        yield hazard("pickle", file, line, message)


def no_time_limit(code: Code) -> Iterator[Finding]:
    """No limit in settings, commands and most tasks; said once."""
    celery = [work for work in code.inventory.work if work.system == "celery" and work.function]
    celery = [work for work in celery if not work.is_class]
    bare = [work for work in celery if not set(_LIMITS) & work.options.keys()]
    if not code.all_read or "task_annotations" in code.settings.values:
        return
    if not code.pools & _LIMITED:
        return
    bare = [work for work in bare if not inherits(code, work, *_LIMITS)]
    if bare and len(bare) * 2 > len(celery) and not code.has_general_limit:
        first = min(bare, key=lambda work: (work.file, work.line))
        which = f"{len(bare)} of {len(celery)} Celery tasks have"
        which = which if len(celery) > 1 else f"{last_part(first.name)} has"
        message = f"{which} no time limit, and there is no general one"
        yield hazard("no-time-limit", first.file, first.line, message)


def late_ack_no_reject(code: Code) -> Iterator[Finding]:
    """Late acknowledgement without what makes it hold when a child is killed; said once."""
    setting = code.settings.get("task_acks_late")
    work = [w for w in code.inventory.work if _is_true(w.options.get("acks_late"))]
    names = {"reject_on_worker_lost", "retry_on_worker_lost"}
    rejects = any(f"task_{name}" in code.settings.values for name in names)
    rejects = rejects or any(names & w.options.keys() for w in code.inventory.work)
    if not code.all_read or rejects or "task_annotations" in code.settings.values:
        return
    if "prefork" not in code.pools:
        return  # there is no child that could be killed alone
    message = "late acknowledgement, but a killed child counts as done"
    if setting and setting.value is True:
        yield hazard("late-ack-no-reject", setting.file, setting.line, message)
    elif work:
        yield hazard("late-ack-no-reject", work[0].file, work[0].line, message)


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def visibility_below_limit(code: Code) -> Iterator[Finding]:
    """Limits and delays above the visibility timeout of Redis."""
    broker, seconds = code.settings.broker, _visibility_timeout(code)
    if not broker or broker.value != "Redis" or seconds is None:
        return
    where = Step(
        broker.file, broker.line, f"the broker is Redis; its messages come back after {seconds:g} s"
    )
    celery = (work for work in code.inventory.work if work.system == "celery")
    late = [work for work in celery if _is_late(code, work)]
    for work in late:
        limit = evaluate(work.options.get("time_limit"), work.module)
        if isinstance(limit, int | float) and limit > seconds:
            name = last_part(work.name)
            message = f"{name} may run for {limit:g} s, and is started a second time meanwhile"
            yield hazard("visibility-below-limit", work.file, work.line, message, where)
    yield from _general_limit_above(code, seconds, late, where)
    for start in code.inventory.starts:
        delay = start.call.named("countdown") if start.system == "celery" else None
        value = evaluate(delay, start.call.function.module) if delay else None
        if isinstance(value, int | float) and value > seconds:
            message = f"{last_part(start.text)} waits {value:g} s and is then run more than once"
            yield hazard_at("visibility-below-limit", start.call, message, where)


def _visibility_timeout(code: Code) -> float | None:
    """After how many seconds Redis gives a message to another worker; None if that is not known."""
    settings = code.settings
    seconds: Any = _VISIBILITY
    if "broker_transport_options" in settings.values:
        options = settings.get("broker_transport_options")
        if options is None or not isinstance(options.value, dict):
            return None
        seconds = options.value.get("visibility_timeout", _VISIBILITY)
    if VISIBILITY_TIMEOUT in settings.values:
        alone, before = settings.get(VISIBILITY_TIMEOUT), seconds
        seconds = alone.value if alone and before in (_VISIBILITY, alone.value) else None
    return seconds if isinstance(seconds, int | float) else None


def _is_late(code: Code, work: Work) -> bool:
    """Whether a task is acknowledged once it has run."""
    own, general = work.options.get("acks_late"), code.settings.get("task_acks_late")
    return _is_true(own) if own else bool(general and general.value is True)


def _general_limit_above(
    code: Code, seconds: float, late: list[Work], where: Step
) -> Iterator[Finding]:
    """A limit of all tasks that is above a number of seconds, with a task that it is for."""
    settings, limit = code.settings, code.settings.get("task_time_limit")
    if not limit or not _is_above(limit, seconds) or "task_annotations" in settings.values:
        return
    soft = settings.get("task_soft_time_limit")
    if "task_soft_time_limit" in settings.values and not (soft and _is_above(soft, seconds)):
        return  # tasks may end before
    if any("time-limit" in command.text for command in settings.commands):
        return  # so may those of this worker
    for work in late:
        is_plain = not work.through and not work.is_class and not set(_LIMITS) & work.options.keys()
        if is_plain and not inherits(code, work, *_LIMITS):
            message = f"tasks may run {limit.value:g} s and are then run a second time meanwhile"
            why = Step(work.file, work.line, f"{last_part(work.name)} has no limit of its own")
            yield hazard("visibility-below-limit", limit.file, limit.line, message, where, why)
            return


def _is_above(setting: Value, seconds: float) -> bool:
    return isinstance(setting.value, int | float) and setting.value > seconds
