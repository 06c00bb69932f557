"""An interactive decision adviser for the command line, and the same decisions from Python.

>>> from taskpick import decide, load
>>> rules = load("rules.yaml")  # doctest: +SKIP
>>> decide(rules, {"retry": "basic"}).pick  # doctest: +SKIP
"""

__version__ = "0.1.0"

from taskpick.decide import Decision, Status, UnknownAnswer, Verdict, decide
from taskpick.model import Rules
from taskpick.problems import InvalidRules
from taskpick.rulefile import load

__all__ = [
    "Decision",
    "InvalidRules",
    "Rules",
    "Status",
    "UnknownAnswer",
    "Verdict",
    "__version__",
    "decide",
    "load",
]
