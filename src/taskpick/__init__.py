"""An interactive decision adviser for the command line, and the same decisions from Python.

>>> from taskpick import decide, load
>>> rules = load("rules.yaml")  # doctest: +SKIP
>>> decide(rules, {"retry": "basic"}).pick  # doctest: +SKIP
"""

from taskpick.decision.decide import Decision, Status, UnknownAnswer, Verdict, decide, sweep
from taskpick.decision.reasons import ChangeSet, Reason, why, why_not
from taskpick.problems import InvalidRules
from taskpick.rulefile.model import Rules
from taskpick.rulefile.reader import load
from taskpick.version import __version__

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
