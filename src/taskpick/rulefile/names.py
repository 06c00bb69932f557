"""Check that every name a rule file uses is one that it defines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from taskpick.problems import Problem, Source, Span
from taskpick.rulefile.document import Mapping, Node, Scalar, at, entries, items
from taskpick.rulefile.model import NOTHING_FITS, UNSURE
from taskpick.rulefile.parts import LAST_RUNS_KEY
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

RESERVED = frozenset(
    """
    all answers color compare debug decider details directory dry-run expect explain force format
    have help input install-completion list max-age no-code no-color no-input only option output
    pick plain postgres-url quick quiet rules save-answers schema show-completion since starter
    strict supersedes task tasks threshold version without
    """.split()  # noqa: SIM905  a list of quoted words is harder to read
)
"""Names that a criterion may not have: flags, variables and keys of answers files have them, or may
have them one day."""


def undefined_names(root: Node, sources: tuple[Source, ...]) -> Iterator[Problem]:
    """Every problem with names: not defined, reserved or without a fit; and days that do not exist.

    What has the wrong shape is passed over: `schema.check` reports it.
    """
    yield from _Names(root, sources).problems()


class _Names:
    """The names that a rule file defines."""

    def __init__(self, root: Node, sources: tuple[Source, ...]) -> None:
        self.root = root
        self.sources = {source.name: source for source in sources}
        self.criteria = entries(at(root, "criteria"))
        self.levels = {name: entries(at(node, "levels")) for name, node in self.criteria.items()}
        self.options = entries(at(root, "options"))

    def problems(self) -> Iterator[Problem]:
        """Everything wrong with the names, from the top of the file to its end."""
        yield from self._day(self.root)
        for name, criterion in self.criteria.items():
            yield from self._criterion(name, criterion)
        if NOTHING_FITS in self.options:
            yield self._reserved(at(self.root, "options"), NOTHING_FITS)
        for name, option in self.options.items():
            yield from self._option(name, option)
        for note in items(at(self.root, "notes")):
            if (named := at(note, "option")) is not None:
                yield from self._check(named, "option", self.options)
            yield from self._answers(at(note, "when"))
        yield from self._known_systems()
        for claims in entries(at(self.root, LAST_RUNS_KEY)).values():
            for last_run in entries(claims).values():
                yield from self._day(last_run)
        for case in items(at(self.root, "cases")):
            yield from self._answers(at(case, "answers"))
            if (pick := at(case, "pick")) is not None:
                yield from self._check(pick, "option", [*self.options, NOTHING_FITS])

        for allow in items(at(self.root, "allow")):
            yield from self._allow(allow)

    def _allow(self, node: Node) -> Iterator[Problem]:
        levels = {level for ids in self.levels.values() for level in ids}
        for what, names in (
            ("option", self.options),
            ("criterion", self.criteria),
            ("level", levels),
        ):
            if (named := at(node, what)) is not None:
                yield from self._check(named, what, list(names))

    def _known_systems(self) -> Iterator[Problem]:
        systems = at(self.root, "known")
        for name, system in entries(systems).items():
            yield from self._day(system)
            if (instead := at(system, "instead")) is not None:
                yield from self._check(instead, "option", self.options)
            if name in self.options and isinstance(systems, Mapping):
                message = f"'{name}' is an option, so it cannot be a system outside this file"
                yield self._problem(message, systems.keys[name], "remove one of the two")

    def _day(self, parent: Node) -> Iterator[Problem]:
        node = at(parent, "as_of")
        if isinstance(node, Scalar) and len(node.text) == len("2026-11-22"):
            try:
                date.fromisoformat(node.text)
            except ValueError:
                yield self._problem(f"no such day: {quoted(node.text)}", node.span)

    def _criterion(self, name: str, node: Node) -> Iterator[Problem]:
        if name in RESERVED:
            yield self._reserved(at(self.root, "criteria"), name)
        for word in (UNSURE, "source", "probe"):
            if word in self.levels[name]:
                yield self._reserved(at(node, "levels"), word)
        if (default := at(node, "default")) is not None and self.levels[name]:
            yield from self._check(default, f"level of '{name}'", self.levels[name])
        if (ask := at(node, "ask")) is not None and default is None:
            hint = "remove `ask`, or add the `default`"
            yield self._problem("without a default it is always asked", ask.span, hint)

    def _option(self, name: str, node: Node) -> Iterator[Problem]:
        for note in items(at(node, "notes")):
            yield from self._answers(at(note, "when"))
        fits = at(node, "fits")
        if not isinstance(fits, Mapping):
            return
        yield from self._unknown_keys(fits, fits.entries, "criterion", self.criteria)
        for criterion, levels in self.levels.items():
            row = fits.entries.get(criterion)
            if row is None:
                message = f"option '{name}' has no fits for criterion '{criterion}'"
                yield self._problem(message, fits.span, f"add '{criterion}:' here")
            elif isinstance(row, Mapping):
                yield from self._row(name, criterion, row, levels, fits.keys[criterion])

    def _row(
        self, option: str, criterion: str, row: Mapping, levels: Collection[str], span: Span
    ) -> Iterator[Problem]:
        given = [level for level in row.entries if level not in ("source", "probe")]
        yield from self._unknown_keys(row, given, f"level of '{criterion}'", levels)
        for level in levels:
            if level not in row.entries:
                message = f"option '{option}' has no fit for '{criterion}: {level}'"
                yield self._problem(message, span, f"add '{level}:' here")

    def _answers(self, node: Node | None) -> Iterator[Problem]:
        """Criteria and levels that a note or a case speaks of."""
        if not isinstance(node, Mapping):
            return
        yield from self._unknown_keys(node, node.entries, "criterion", self.criteria)
        for criterion, value in node.entries.items():
            if criterion in self.levels:
                for level in items(value) or [value]:
                    yield from self._check(level, f"level of '{criterion}'", self.levels[criterion])

    def _check(self, node: Node, what: str, names: Collection[str]) -> Iterator[Problem]:
        # Where no name is known, the reason is another problem.
        if isinstance(node, Scalar) and node.text and names and node.text not in names:
            hint = did_you_mean(node.text, names)
            yield self._problem(f"unknown {what}: {quoted(node.text)}", node.span, hint)

    def _unknown_keys(
        self, node: Mapping, keys: Collection[str], what: str, names: Collection[str]
    ) -> Iterator[Problem]:
        for key in keys:
            yield from self._check(Scalar(key, node.keys[key]), what, names)

    def _reserved(self, parent: Node | None, name: str) -> Problem:
        assert isinstance(parent, Mapping)  # noqa: S101  it holds the name
        hint = "taskpick uses this word itself; choose another"
        return self._problem(f"reserved name '{name}'", parent.keys[name], hint)

    def _problem(self, message: str, span: Span, hint: str = "") -> Problem:
        return Problem(message, self.sources[span.file], span, hint)
