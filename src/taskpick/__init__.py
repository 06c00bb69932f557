"""An interactive decision adviser for the command line, and the same decisions from Python.

>>> from taskpick import decide, load
>>> rules = load("background-tasks")
>>> decide(rules, {"retry": "basic"}).possible
['rq', 'celery']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.version import __version__

if TYPE_CHECKING:
    from taskpick.decision.decide import (
        Decision,
        Evaluation,
        Status,
        UnknownOption,
        decide,
    )
    from taskpick.decision.explanation import ChangeSet, Reason, why, why_not
    from taskpick.decision.outlook import SafeChoice, as_good, safe_choice
    from taskpick.decision.scores import sweep
    from taskpick.problems import InvalidArgument, InvalidRules, TooLarge, UnknownAnswer
    from taskpick.rulefile.bundled import load
    from taskpick.rulefile.model import Rules

_HOMES = {
    "Decision": "decision.decide",
    "Evaluation": "decision.decide",
    "InvalidArgument": "problems",
    "Status": "decision.decide",
    "UnknownAnswer": "problems",
    "UnknownOption": "decision.decide",
    "decide": "decision.decide",
    "sweep": "decision.scores",
    "ChangeSet": "decision.explanation",
    "Reason": "decision.explanation",
    "why": "decision.explanation",
    "why_not": "decision.explanation",
    "SafeChoice": "decision.outlook",
    "as_good": "decision.outlook",
    "safe_choice": "decision.outlook",
    "InvalidRules": "problems",
    "TooLarge": "problems",
    "load": "rulefile.bundled",
    "Rules": "rulefile.model",
}
"""Each name with its module: none is imported before it is used, so the command line, which uses
few of them, starts sooner."""

__all__ = [
    "ChangeSet",
    "Decision",
    "Evaluation",
    "InvalidArgument",
    "InvalidRules",
    "Reason",
    "Rules",
    "SafeChoice",
    "Status",
    "TooLarge",
    "UnknownAnswer",
    "UnknownOption",
    "__version__",
    "as_good",
    "decide",
    "load",
    "safe_choice",
    "sweep",
    "why",
    "why_not",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'taskpick' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"taskpick.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
