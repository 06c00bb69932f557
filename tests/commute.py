"""The small rule file that the tests of the questions are held on."""

from __future__ import annotations

from pathlib import Path

from taskpick.rulefile import load

SCREENS = Path(__file__).parent / "screens"
FILE = SCREENS / "commute.yaml"
RULES = load(FILE)
