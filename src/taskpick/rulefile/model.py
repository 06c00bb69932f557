"""What a rule file says, once it is known to be right.

Nothing of it can be changed by accident: values are tuples, and mappings are read-only views.
"""

from __future__ import annotations

import copyreg
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from taskpick.named_tuple import NamedTuple
from taskpick.rulefile.last_run import LastRun, evidence
from taskpick.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from taskpick.problems import Source, Span

UNSURE = "unsure"
"""The answer that leaves a criterion open."""

NOTHING_FITS = "nothing-fits"
"""What a case expects when every option fails."""


class Rating(StrEnum):
    """How well an option does at a level."""

    FITS = "fits"
    STRAINS = "strains"
    FAILS = "fails"

    @property
    def rank(self) -> int:
        """0 for the best rating; the higher, the worse."""
        return list(Rating).index(self)

    @property
    def word(self) -> str:
        """What people read in a table or beside a question."""
        return {"fits": "fits", "strains": "drawback", "fails": "no"}[self.value]


class Fit(NamedTuple):
    """What an option does at a level of a criterion, and where the rule file says so."""

    option: str
    criterion: str
    level: str
    rating: Rating
    why: str
    """Empty only where the rating is `fits`."""
    source: str
    """A web address, or what was measured; empty where the file names none."""
    span: Span
    short: str = ""
    """`why` in at most 60 characters, for a screen; may be empty."""
    probe: str = ""
    """The claim of a probe that measures it; may be empty."""
    last_run: LastRun | None = None
    """What that probe showed last; None if it was not run."""

    @property
    def evidence(self) -> str:
        """The source, and when and on what it was measured again."""
        return evidence(self.source, self.last_run)


class Level(NamedTuple):
    """One of the answers to a criterion."""

    id: str
    means: str
    example: str
    """An everyday example; may be empty."""
    frequency: int
    """How often people give this answer, relative to the other levels."""
    span: Span
    short: str = ""
    """`means` in two or three words, for a screen; may be empty."""


class Criterion(NamedTuple):
    """Something to ask about."""

    id: str
    question: str
    why: str
    levels: tuple[Level, ...]
    """From least to most demanding if `ordered`."""
    ordered: bool
    default: str | None
    """The level that is assumed when nobody answers; None makes the criterion a core one."""
    span: Span
    ask: bool = False
    """Whether it is asked at a terminal although it has a default."""
    short: str = ""
    """Its noun for a screen, such as `schedule`; may be empty."""

    def means(self, level: str) -> str:
        """The words for one of its levels."""
        return next(lv.means for lv in self.levels if lv.id == level)


class Option(NamedTuple):
    """An alternative that can be recommended."""

    id: str
    name: str
    url: str
    versions: Mapping[str, str]
    """Package to the version its fits were checked on."""
    facts: Mapping[str, str]
    """Evidence in the matrix, never part of the pick."""
    starter: str | None
    """The folder of the starter's templates, relative to the rule file."""
    fits: Mapping[str, Mapping[str, Fit]]
    """Criterion to level to fit; complete."""
    span: Span
    short: str = ""
    """`name` in at most 15 characters, for a screen; may be empty."""
    needs: str = ""
    """What has to run for it, in one phrase; may be empty."""


class Note(NamedTuple):
    """Advice that tunes what is said, never the pick."""

    option: str | None
    """The pick it belongs to; None if it holds for every pick."""
    when: Mapping[str, tuple[str, ...]]
    """Criterion to the levels it holds for; empty if it always holds."""
    say: str
    source: str
    see: Mapping[str, str]
    """Alternatives outside the rule file that the answers point to: name to web address."""
    span: Span
    short: str = ""
    """`say` in at most 55 characters, for a screen; may be empty."""
    probe: str = ""
    """The claim of a probe that measures it; may be empty."""
    last_run: LastRun | None = None
    """What that probe showed last; None if it was not run."""

    @property
    def evidence(self) -> str:
        """The source, and when and on what it was measured again."""
        return evidence(self.source, self.last_run)

    def holds(self, answers: Mapping[str, str]) -> bool:
        """Whether the answers are those that the note is for."""
        return all(answers.get(name) in levels for name, levels in self.when.items())


class Case(NamedTuple):
    """A need in words, its answers and the pick expected."""

    need: str
    answers: Mapping[str, str]
    pick: str
    """An option, or `NOTHING_FITS`."""
    source: str
    span: Span


class Allow(NamedTuple):
    """A finding of `rules check` that is meant to be so."""

    check: str
    subject: Mapping[str, str]
    """What the finding must be about: option, criterion or level; empty for anything."""
    reason: str
    span: Span


class KnownSystem(NamedTuple):
    """A system that people may expect among the options, and why it is none."""

    id: str
    name: str
    url: str
    say: str
    """One sentence: what it is, or why it is no option."""
    instead: str | None
    """The option that comes closest to it."""
    as_of: str
    """The day this was last checked, as YYYY-MM-DD."""
    span: Span


class Rules(NamedTuple):
    """A rule file, whole and valid; equal only to itself."""

    title: str
    about: str
    as_of: str
    """The day the claims were last checked, as YYYY-MM-DD; empty if the file does not say."""
    criteria: Mapping[str, Criterion]
    """In the order of the file, which is the order of the questions."""
    options: Mapping[str, Option]
    """In the order of the file: of options that are equally good the first is picked."""
    notes: tuple[Note, ...]
    cases: tuple[Case, ...]
    allow: tuple[Allow, ...]
    source: Source
    """The rule file, or the main one of the files in its folder."""
    parts: tuple[Source, ...] = ()
    """The other files of the folder: options in their order, cases, last runs of the probes."""
    known: Mapping[str, KnownSystem] = MappingProxyType({})
    """Systems that are no options, but that people ask for."""
    whole: Rules | None = None
    """The same rules with all of their options, where some may not be used; None if all may."""
    only: tuple[str, ...] = ()
    """The options that were named as the only ones; empty if none were."""
    without: tuple[str, ...] = ()
    """The options that were named as those to leave out."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)

    @property
    def unrestricted(self) -> Rules:
        """The rules with all of their options."""
        return self.whole or self

    @property
    def fits(self) -> list[Fit]:
        """Every fit, option by option, in the order of the file."""
        return [
            fit
            for option in self.options.values()
            for row in option.fits.values()
            for fit in row.values()
        ]

    def source_of(self, span: Span) -> Source:
        """The file that a span of these rules lies in."""
        files = (self.source, *self.parts)
        return next((source for source in files if source.name == span.file), self.source)

    def position(self, span: Span) -> tuple[int, Span]:
        """A key that sorts spans file by file, and from top to bottom in each."""
        files = [source.name for source in (self.source, *self.parts)]
        return (files.index(span.file) if span.file in files else 0, span)

    @property
    def core(self) -> list[str]:
        """The criteria without a default, which are always asked, in the order of the file."""
        return [name for name, criterion in self.criteria.items() if criterion.default is None]

    def name_of(self, pick: str | None) -> str:
        """The name of a pick in words; None and `NOTHING_FITS` are "nothing fits"."""
        return "nothing fits" if pick in (None, NOTHING_FITS) else self.options[pick or ""].name

    def names_of(self, picks: Iterable[str | None]) -> str:
        """The names of what can be the pick, in words."""
        return listed([self.name_of(pick) for pick in picks], last="or")


def _pickled_view(view: MappingProxyType[str, Any]) -> tuple[Any, ...]:
    return _view, (dict(view),)


def _view(values: dict[str, Any]) -> MappingProxyType[str, Any]:
    return MappingProxyType(values)


# Rules can be pickled, which a read-only view cannot be by itself.
copyreg.pickle(MappingProxyType, _pickled_view)
