"""An interactive decision adviser for the command line, and the same decisions from Python.

>>> from taskpick import decide, load
>>> rules = load("rules.yaml")  # doctest: +SKIP
>>> decide(rules, {"retry": "basic"}).pick  # doctest: +SKIP
"""

__version__ = "0.1.0"

from taskpick.decide import Decision, Status, UnknownAnswer, Verdict, decide, sweep
from taskpick.model import Rules
from taskpick.problems import InvalidRules
from taskpick.reasons import ChangeSet, Reason, why, why_not
from taskpick.rulefile import load

__all__ = [
    "ChangeSet",
    "Decision",
    "InvalidRules",
    "Reason",
    "Rules",
    "Status",
    "UnknownAnswer",
    "Verdict",
    "__version__",
    "decide",
    "load",
    "sweep",
    "why",
    "why_not",
]
