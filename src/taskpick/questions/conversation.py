"""The conversation: which question is next, what an answer would do, and the way back.

Pure: a `Conversation` is a value, every step gives a new one, and nothing here knows a terminal.
The full prompt, plain lines, piped lines and JSON turns are fronts of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from taskpick.decision.decide import Decision, Status, decide
from taskpick.decision.sensitivity import Change, changes
from taskpick.problems import TooLarge
from taskpick.questions.planner import Mode, next_question, to_ask
from taskpick.rulefile.model import UNSURE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskpick.rulefile.model import Criterion, Rules

__all__ = ["UNSURE_MEANS", "Conversation", "Entry", "EntryKind", "Mode", "resume", "start"]

UNSURE_MEANS = "not known yet; leave it open"


class EntryKind(StrEnum):
    """How the answer to a criterion came about."""

    ANSWERED = "answered"
    """Answered in this conversation."""
    GIVEN = "given"
    """Answered before it: by a flag, the environment or a file."""
    ASSUMED = "assumed"
    OPEN = "open"
    """Neither asked nor assumed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One criterion in the review."""

    criterion: Criterion
    level: str | None
    """None if nobody answered and nothing is assumed."""
    kind: EntryKind
    changes: Mapping[str, tuple[str | None, ...]]
    """Each other level that changes what can be the pick, to what it could be then."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """How far the conversation is. Every step returns the conversation after it."""

    rules: Rules
    mode: Mode
    fixed: Mapping[str, str]
    """The answers that are no step on the way: given beforehand, or changed in the review."""
    at_terminal: bool = False
    """A person answers: criteria with `ask` are asked, and those that cannot matter are not.
    Lines of a pipe answer each core criterion in turn, whatever the lines before them say."""
    answered: Mapping[str, str] = field(default_factory=dict)
    """Every answer of this conversation; it is kept when one goes back before its question."""
    passed: tuple[str, ...] = ()
    """The questions on the way here."""
    asking: str | None = None
    """The criterion that is asked now; None: the review is shown."""
    changing: bool = False
    """The question was chosen in the review, and its answer leads back there."""
    finished: bool = False

    @property
    def answers(self) -> dict[str, str]:
        """Every answer, but none that is assumed, in the order of the file."""
        levels = {**self.fixed, **self.answered}
        return {name: levels[name] for name in self.rules.criteria if name in levels}

    @property
    def question(self) -> Criterion | None:
        """What is asked now; None in the review."""
        return self.rules.criteria[self.asking] if self.asking is not None else None

    @property
    def kept(self) -> str | None:
        """The answer that the question asked now has already, if only by assumption."""
        if self.question is None:
            return None
        return self.answers.get(self.question.id, self.question.default)

    @property
    def left(self) -> int:
        """How many questions can follow this one, at most."""
        return max(0, len(self._candidates()) - (self.asking is not None and not self.changing))

    @property
    def unanswered(self) -> list[str]:
        """The unanswered criteria, in the order of the file."""
        return [name for name in self.rules.criteria if name not in self.answers]

    @property
    def assumed(self) -> list[str]:
        """The criteria that take their default."""
        return [name for name in self.unanswered if self.rules.criteria[name].default is not None]

    @property
    def skipped(self) -> list[str]:
        """The criteria that would be asked if their answers could still change the pick."""
        if self.asking is not None and not self._asks_what_matters:
            return []
        matter = to_ask(self.rules, self._counted(), self._also)
        asked = [*self.rules.core, *self._also]
        return [
            name
            for name in self.rules.criteria
            if name in asked and name not in (*self.answers, *matter, self.asking)
        ]

    @property
    def some_matter(self) -> bool:
        """Whether going on asks only what can change the pick, and not everything."""
        return self._asks_what_matters and bool(self._candidates())

    @property
    def certain(self) -> bool:
        """Whether the pick is settled even if everything that is assumed turns out otherwise."""
        decision = _decided(self.rules, {**dict.fromkeys(self.unanswered, UNSURE), **self.answers})
        return decision is not None and decision.status is not Status.UNDECIDED

    def answer(self, level: str) -> Conversation:
        """Answer the question, by a level or `unsure`, and go to what comes next."""
        name = self._asked()
        answered = {**self.answered, name: level}
        if self.changing and name not in self.passed:
            step = replace(self, fixed={**self.fixed, name: level}, answered=answered)
        else:
            passed = self.passed if name in self.passed else (*self.passed, name)
            step = replace(self, answered=answered, passed=passed)
        return replace(step, asking=None, changing=False)._forward()

    def back(self) -> Conversation:
        """Go to the question before this one; its answer is kept. At the first, stay."""
        if self.changing:
            return replace(self, asking=None, changing=False)
        if not self.passed:
            return self
        return replace(self, asking=self.passed[-1], passed=self.passed[:-1])

    def change(self, criterion: str) -> Conversation:
        """In the review: ask a criterion, whether it was answered, given or assumed."""
        return replace(self, asking=criterion, changing=True)

    def go_on(self) -> Conversation:
        """In the review: ask on, down to the questions that cannot change the pick."""
        return replace(self, mode=self.mode if self.some_matter else Mode.ALL)._forward()

    def finish(self) -> Conversation:
        """From a question to the review, leaving the rest open; from the review to the end."""
        if self.asking is None:
            return replace(self, finished=True)
        return replace(self, asking=None, changing=False)

    def preview(self, level: str | None = None, *, assuming: bool = False) -> Decision | None:
        """The decision so far, or as it would be with a level for the question asked now.

        What is still to be asked is open; `assuming` that it has its default, if it has one.
        None if more is open than can be followed exactly.
        """
        if self.asking is None:
            return _decided(self.rules, self.answers)
        with_level = {self.asking: level} if level is not None else {}
        left = {} if assuming else dict.fromkeys(self._defaults_to_come, UNSURE)
        return _decided(self.rules, {**left, **self._counted(), **with_level})

    def entries(self) -> list[Entry]:
        """Every criterion with its answer, in the order of the file."""
        decision = self.preview()
        other: dict[str, dict[str, tuple[str | None, ...]]] = {}
        for change in _changes(decision):
            other.setdefault(change.criterion, {})[change.level] = change.picks
        return [self._entry(name, other.get(name, {})) for name in self.rules.criteria]

    def _entry(self, name: str, other: Mapping[str, tuple[str | None, ...]]) -> Entry:
        criterion = self.rules.criteria[name]
        if name in self.answers:
            kind = EntryKind.ANSWERED if name in self.answered else EntryKind.GIVEN
            return Entry(criterion, self.answers[name], kind, other)
        kind = EntryKind.OPEN if criterion.default is None else EntryKind.ASSUMED
        return Entry(criterion, criterion.default, kind, other)

    def _asked(self) -> str:
        if self.asking is None:
            raise ValueError("nothing is asked in the review")
        return self.asking

    def _counted(self) -> dict[str, str]:
        """The answers that decide which question is next: those on the way here."""
        on_the_way = {name: self.answered[name] for name in self.passed}
        counted = {**self.fixed, **on_the_way}
        return {name: level for name, level in counted.items() if name != self.asking}

    @property
    def _also(self) -> tuple[str, ...]:
        """The criteria that are asked although they have a default."""
        criteria = self.rules.criteria.values() if self.at_terminal else ()
        return tuple(criterion.id for criterion in criteria if criterion.ask)

    @property
    def _defaults_to_come(self) -> Sequence[str]:
        """The criteria whose default holds only until they are asked."""
        if self.mode is not Mode.ALL:
            return self._also
        return [name for name, it in self.rules.criteria.items() if it.default is not None]

    @property
    def _asks_what_matters(self) -> bool:
        """Whether only that is asked whose answer can still change the pick."""
        return self.mode is Mode.QUICK or (self.mode is Mode.NORMAL and self.at_terminal)

    def _forward(self) -> Conversation:
        """Ask what comes next, or show the review."""
        candidates = self._candidates()
        return replace(self, asking=self._first(candidates) if candidates else None)

    def _first(self, candidates: list[str]) -> str:
        """Which of the criteria is asked first.

        At a terminal what has a default comes last, or as soon as it decides most. The very first
        question is about the work itself, and so needs no plan.
        """
        if self.mode is Mode.QUICK:
            return next_question(self.rules, self._counted(), self._also) or candidates[0]
        core = [name for name in candidates if name not in self._also]
        if self.mode is Mode.ALL or not core or core == candidates:
            return candidates[0]
        decides_most = self.passed and next_question(self.rules, self._counted(), self._also)
        return decides_most if decides_most and decides_most in self._also else core[0]

    def _candidates(self) -> list[str]:
        """The criteria that may still be asked, in the order of the file."""
        counted = self._counted()
        if self.mode is Mode.ALL:
            return [name for name in self.rules.criteria if name not in counted]
        if self._asks_what_matters:
            matter = to_ask(self.rules, counted, self._also)
            return [name for name in matter if name not in counted]
        return [name for name in self.rules.core if name not in counted]


def start(
    rules: Rules,
    given: Mapping[str, str],
    mode: Mode = Mode.NORMAL,
    *,
    at_terminal: bool = False,
) -> Conversation:
    """The conversation at its first question, or at its review if none is needed.

    `at_terminal` says that a person answers, and not the lines of a pipe.

    Raises:
        UnknownAnswer: an answer given that the rules do not know.
    """
    _decided(rules, given)
    return Conversation(rules, mode, dict(given), at_terminal)._forward()


def resume(
    rules: Rules, given: Mapping[str, str], answered: Mapping[str, str], mode: Mode = Mode.NORMAL
) -> Conversation:
    """The review of a conversation at a terminal with these answers, given before it or in it."""
    return Conversation(rules, mode, dict(given), True, dict(answered), tuple(answered))


def _decided(rules: Rules, answers: Mapping[str, str]) -> Decision | None:
    try:
        return decide(rules, answers)
    except TooLarge:
        return None


def _changes(decision: Decision | None) -> list[Change]:
    try:
        return changes(decision) if decision is not None else []
    except TooLarge:
        return []
