"""What a report holds: a decision, and all that follows from it; worked out only when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.answers import command
from taskpick.decision.decide import Status
from taskpick.named_tuple import NamedTuple
from taskpick.problems import TooLarge
from taskpick.report import sentences
from taskpick.rulefile import short
from taskpick.rulefile.model import Rating
from taskpick.starter.places import folder_of, has_project

if TYPE_CHECKING:
    from taskpick.decision.decide import Decision
    from taskpick.decision.explanation import Reason
    from taskpick.decision.outlook import Chance
    from taskpick.decision.sensitivity import Change
    from taskpick.decision.staying import Staying
    from taskpick.report.sentences import Against
    from taskpick.rulefile.model import Criterion, Fit, Note, Option, Rules
    from taskpick.starter.project import Snippet


class Report(NamedTuple):
    """A decision with its snippet and its command line; the properties are what follows."""

    decision: Decision
    snippet: Snippet | None = None
    snippet_problem: str = ""
    """Why there is no snippet although the pick has a starter; empty otherwise."""
    command: str = ""
    """The command that gives this report again."""
    staying: Staying | None = None
    """The system in use, and what to do with it; None where none was named."""

    @property
    def have(self) -> str:
        """The id of the system in use; empty where none was named."""
        return self.staying.id if self.staying else ""

    @property
    def has_project(self) -> bool:
        """Whether `--starter` can write a project that runs what is chosen."""
        return self.chosen is not None and has_project(folder_of(self.rules), self.chosen)

    @property
    def headline(self) -> str:
        """The pick, or that there is none."""
        return sentences.headline(self.decision)

    @property
    def summary(self) -> str:
        """How well the pick does, or why there is none, in a sentence or two."""
        return sentences.summary(self.decision)

    @property
    def forced(self) -> list[Reason]:
        """All smallest sets of answers that force the pick, whatever the others are."""
        return sentences.forcing(self.decision)

    @property
    def outlook(self) -> tuple[Chance, ...]:
        """What can be the pick, and when, while the decision is open."""
        from taskpick.decision.outlook import outlook

        return outlook(self.decision)

    @property
    def why(self) -> list[str]:
        """The answers that decided, each with what it says of the pick and against the others."""
        return sentences.why(self.decision)

    @property
    def costs(self) -> list[Fit]:
        """The drawbacks of the pick."""
        pick = self.decision.pick
        return sentences.reasons_of(self.decision, pick, Rating.STRAINS) if pick else []

    @property
    def notes(self) -> tuple[Note, ...]:
        """The advice for whoever takes the pick."""
        return tuple(note for note in self.decision.notes if not note.see)

    @property
    def outside(self) -> tuple[Note, ...]:
        """The advice to look at what is no option of the rule file."""
        return tuple(note for note in self.decision.notes if note.see)

    @property
    def against(self) -> list[Against]:
        """Every option that is not the pick, whatever is open, and why."""
        return sentences.against(self.decision)

    @property
    def changes(self) -> list[tuple[Change, str]]:
        """The single changed answers that change the pick, and the words for each."""
        return sentences.changes(self.decision)

    @property
    def next_question(self) -> Criterion | None:
        """What to find out next; None if no answer can change the pick."""
        if self.decision.status is not Status.UNDECIDED:
            return None
        from taskpick.questions.planner import next_question

        question = next_question(self.rules, self.decision.inputs)
        return self.rules.criteria[question] if question else None

    @property
    def rules(self) -> Rules:
        """The rule file that decided."""
        return self.decision.rules

    @property
    def pick(self) -> Option | None:
        """The option recommended."""
        return self.rules.options.get(self.decision.pick or "")

    @property
    def chosen(self) -> Option | None:
        """What to run: the system in use where one stays with it, else the pick."""
        if self.pick and self.staying and self.staying.stays:
            return self.staying.option
        return self.pick

    @property
    def about(self) -> Option | None:
        """The option that the report is about: the pick, else the nearest one."""
        if self.decision.status is Status.UNDECIDED:
            return None
        return self.pick or self.rules.options[self.decision.ranking[0]]

    @property
    def checked(self) -> str:
        """When and on which versions the claims were checked; empty if the file does not say."""
        option = self.about
        on = ", ".join(short.packages(option)) if option else ""
        parts = [self.rules.as_of, f"on {on}" if on else ""]
        return " ".join(filter(None, parts))


def report_on(decision: Decision, *, code: bool = True, have: str = "") -> Report:
    """The report on a decision, with the snippet of its pick if `code` is set.

    `have` is the system in use, if there is any; where one stays with it, the snippet is its own.

    Raises:
        Refused: the rule file does not know that system.
    """
    flags = (("--have", have),) if have else ()
    report = Report(decision, command=command(decision.rules, decision.inputs, flags))
    if have:
        from taskpick.decision.staying import staying

        report = report._replace(staying=staying(decision, have))
    option, rules = report.chosen, decision.rules
    if not code or option is None or option.starter is None:
        return report
    from taskpick.starter.project import StarterError, snippet

    try:
        made = snippet(folder_of(rules), option, decision.completed, as_of=rules.as_of)
    except (StarterError, TooLarge) as error:
        return report._replace(snippet_problem=str(error))
    return report._replace(snippet=made)
