"""Findings: the catalogue of rules, and which findings are meant or known already."""

from __future__ import annotations

import io
import os
import re
import tokenize
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from taskpick.named_tuple import NamedTuple
from taskpick.problems import Refused
from taskpick.scan import systems
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from taskpick.scan.reading.files import Files
    from taskpick.scan.reading.project import Project

_IGNORE = re.compile(r"#\s*taskpick:\s*ignore(?:\[([\w, -]*)\])?[ \t]*(.*)")
UNUSED = "unused-ignore"


class Rule(NamedTuple):
    """A hazard that can be read off code; the texts are in `rules.yaml`."""

    id: str
    severity: Literal["error", "note"]
    says: str
    why: str
    """What happens."""
    mend: str
    source: str
    judged: tuple[int, int, int]
    """How many findings in public applications were read by hand: true, arguable, false."""
    default: bool = True
    """Whether it is looked for without being selected."""
    mends: Mapping[str, str] = MappingProxyType({})
    """How to mend it with a system, where the systems differ."""


class Step(NamedTuple):
    """A line that a finding rests on, and what it says."""

    file: str
    line: int
    words: str


class Finding(NamedTuple):
    """A hazard at a line."""

    rule: str
    level: Literal["error", "note"]
    file: str
    line: int
    message: str
    steps: tuple[Step, ...] = ()
    """Why it is certain: the lines that it rests on, beside its own."""
    allowed: str = ""
    """Why it is meant, in the words of the comment; empty if it is not."""
    system: str = ""
    """The system that it is about, where that decides how to mend it."""

    @property
    def mend(self) -> str:
        """How to mend it; empty where no rule is about it."""
        rule = rules().get(self.rule)
        return rule.mends.get(self.system, rule.mend) if rule else ""


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id, the most important first."""
    import yaml

    text = Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, dict[str, Any]] = yaml.load(text, loader)  # noqa: S506  both are safe
    return {
        name: Rule(name, **{**texts, "judged": tuple(texts["judged"])})
        for name, texts in data.items()
    }


def known_rule(name: str) -> Rule:
    """The rule of that id.

    Raises:
        Refused: there is none.
    """
    if name not in rules():
        raise Refused(f"no rule {quoted(name)}", did_you_mean(name, rules()))
    return rules()[name]


def explain(name: str) -> str:
    """What a rule finds, what happens, how to fix it, and how often it was right.

    Raises:
        Refused: there is no such rule.
    """
    import textwrap

    rule = known_rule(name)
    true, arguable, false = rule.judged
    count = true + arguable + false
    judged = (
        f"In public applications, {count} finding{'' if count == 1 else 's'} "
        f"{'was' if count == 1 else 'were'} reviewed by hand: hazards {true}, arguable {arguable}, "
        f"false alarms {false}."
        if count
        else "None of the public applications reviewed has a case; it is tested on synthetic code."
    )
    texts = [f"{rule.id} ({rule.severity}): {rule.says}", rule.why, f"To fix it: {rule.mend}"]
    texts += [f"{systems.NAMES[system]}: {mend}" for system, mend in rule.mends.items()]
    if not rule.default:
        judged += f" It is off unless it is selected: --select {rule.id}."
    texts += [judged, f"Source: {rule.source}"]
    paragraphs = [
        textwrap.fill(" ".join(text.split()), 80, break_long_words=False, break_on_hyphens=False)
        for text in texts
    ]
    meant = f"If it is intended:\n\n    # taskpick: ignore[{rule.id}] why it is intended"
    return "\n\n".join([*paragraphs, meant]) + "\n"


def active(select: Iterable[str], ignore: Iterable[str]) -> frozenset[str]:
    """The rules to look for: those selected, or all that are so by default, but the ignored ones.

    Raises:
        Refused: there is no rule of that id.
    """
    selected = {known_rule(name).id for name in select}
    left_out = {known_rule(name).id for name in ignore}
    if not selected:
        selected = {UNUSED, *(rule.id for rule in rules().values() if rule.default)}
    return frozenset(selected - left_out)


def with_ignores(findings: Sequence[Finding], project: Project) -> list[Finding]:
    """The findings, those that a comment allows marked, and comments that allow nothing."""
    comments = {
        (file, line): (names, reason)
        for file, data in project.ignores
        for line, names, reason in _comments(data)
    }
    used: set[tuple[str, int, str]] = set()
    result = []
    for finding in findings:
        names, reason = comments.get((finding.file, finding.line), ((), ""))
        if finding.rule in names:
            used.add((finding.file, finding.line, finding.rule))
            finding = finding._replace(allowed=reason or "no reason given")
        result.append(finding)
    for (file, line), (names, _) in comments.items():
        unused = [name for name in names if (file, line, name) not in used]
        message = f"the comment allows {', '.join(unused)}, which is not found here"
        if not names:
            message = "the comment names no rule, so it allows nothing: ignore[RULE]"
        if unused or not names:
            result.append(Finding(UNUSED, "note", file, line, message))
    return result


def _comments(data: bytes) -> Iterable[tuple[int, tuple[str, ...], str]]:
    """The comments for taskpick in a Python file: line, rules, reason."""
    try:
        tokens = list(tokenize.tokenize(io.BytesIO(data).readline))
    except (tokenize.TokenError, SyntaxError):
        return
    for token in tokens:
        if token.type == tokenize.COMMENT and (match := _IGNORE.match(token.string)):
            names = tuple(filter(None, re.split(r"[,\s]+", match.group(1) or "")))
            yield token.start[0], names, match.group(2).strip()


def fingerprint(finding: Finding, read: Callable[[str], bytes | None]) -> str:
    """What a finding has in common with itself after lines were moved: the text of its line."""
    import hashlib

    lines = (read(finding.file) or b"").split(b"\n")
    text = lines[finding.line - 1].strip() if finding.line <= len(lines) else b""
    return hashlib.sha256(text).hexdigest()[:16]


def _from_baseline(name: str, files: Files) -> str:
    """What leads from a baseline file to the files of a scan; empty where it is not above them."""
    folder = os.path.relpath(files.root.resolve(), Path(name).resolve().parent)
    prefix = folder.replace(os.sep, "/")
    return "" if prefix == "." or prefix.startswith("..") else f"{prefix}/"


def baseline(findings: Iterable[Finding], name: str, files: Files) -> str:
    """The findings as the text of a baseline file of that name."""
    import json

    read, prefix = cache(files.read), _from_baseline(name, files)
    rows = [
        {"rule": finding.rule, "file": prefix + finding.file, "line": fingerprint(finding, read)}
        for finding in findings
        if not finding.allowed
    ]
    return json.dumps({"schema": "taskpick.baseline/1", "findings": rows}, indent=2) + "\n"


def since(findings: Sequence[Finding], text: str, name: str, files: Files) -> list[Finding]:
    """The findings that a baseline file does not hold; each entry covers one finding.

    Raises:
        Refused: it is no baseline file.
    """
    import json
    from collections import Counter

    try:
        rows = json.loads(text)["findings"]
        accepted = Counter((row["rule"], row["file"], row["line"]) for row in rows)
    except (ValueError, KeyError, TypeError, RecursionError):
        hint = "--update-baseline writes one"
        raise Refused(f"{quoted(name)} is not a baseline of taskpick scan", hint) from None
    result = []
    read, prefix = cache(files.read), _from_baseline(name, files)
    for finding in findings:
        key = (finding.rule, prefix + finding.file, fingerprint(finding, read))
        if accepted[key]:
            accepted[key] -= 1
        else:
            result.append(finding)
    return result
