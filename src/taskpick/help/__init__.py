"""The help topics: a Markdown file for each, which `taskpick help TOPIC` prints."""

from __future__ import annotations

from pathlib import Path

TOPICS = {
    "answers": "Where answers come from; several kinds of work; unsure.",
    "records": "Decision records: write, verify, refresh, supersede.",
    "ci": "GitHub, GitLab, pre-commit; annotations, JUnit, SARIF.",
    "starters": "Projects that run the pick, and what they survive.",
    "figures": "What was measured of these projects, and how.",
    "scanning": "The background work of a code base, and hazards in it.",
    "rule-files": "Write, check, test and compare your own rule file.",
    "probes": "Measure the claims of a rule file again.",
    "python": "The same decisions from Python.",
    "exit-codes": "Exit codes, environment variables, colour, formats.",
    "contributing": "Where to change what, and how it is tested.",
}
"""Each topic and what it is about, those that most people need first."""


def text(topic: str) -> str:
    """What a topic says, as Markdown."""
    return Path(__file__).with_name(f"{topic}.md").read_text(encoding="utf-8")
