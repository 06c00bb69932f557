"""The small rule file that the tests of the questions are held on."""

from __future__ import annotations

from places import DATA

from taskpick.rulefile.reader import load

SCREENS = DATA / "screens"
FILE = SCREENS / "commute.yaml"
RULES = load(FILE)
