"""The files that a rule file in a folder names, and its document with them in their places."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.problems import MOST_SHOWN, InvalidFile, Problem, Source, Span, without_text
from taskpick.rulefile import document
from taskpick.rulefile.document import Mapping, Node, Scalar, Sequence, at
from taskpick.rulefile.files import LARGEST
from taskpick.rulefile.format import CASE_FILE, CASES, LAST_RUNS, OPTION, OPTION_ID
from taskpick.rulefile.schema import check, matches
from taskpick.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskpick.rulefile.files import ReadPart
    from taskpick.rulefile.schema import Shape

LAST_RUN_FILE = "probes/last-run.yaml"
LAST_RUNS_KEY = "last-runs"
"""Where the document has what that file says."""
_SIGN = re.compile(r"""^[\s{[-]*["']?(?:fits|need|outcome)["']?[ \t]*:""", re.MULTILINE)
_NOT_SHOWN = (
    "a part of a rule file says 'fits:', 'need:' or 'outcome:'; "
    "the text of other files is not shown"
)


class Whole(NamedTuple):
    """All files of a rule file as one document."""

    root: Node
    parts: tuple[Source, ...]
    """The files beside the main one: the options in their order, then the cases and the last runs
    of the probes."""
    problems: list[Problem]
    """What is wrong with those."""


def join(root: Node, main: Source, read_part: ReadPart | None) -> Whole:
    """The document of the main file with the files that it names in their places."""
    parts = _Parts(main, read_part)
    if isinstance(root, Mapping):
        entries = dict(root.entries)
        if isinstance(options := at(root, "options"), Sequence):
            entries["options"] = parts.options(options)
        if isinstance(cases := at(root, "cases"), Scalar):
            entries["cases"] = parts.cases(cases)
        if last_runs := parts.last_runs():
            entries[LAST_RUNS_KEY] = last_runs
        root = root._replace(entries=entries)
    return Whole(root, tuple(parts.sources), parts.problems)


class _Parts:
    """Reads the files that the main one names, and collects what is wrong with them."""

    def __init__(self, main: Source, read_part: ReadPart | None) -> None:
        self.sources: list[Source] = []
        self.problems: list[Problem] = []
        self._main = main
        self._read_part = read_part
        self._left = LARGEST - len(main.text.encode())

    def options(self, names: Sequence) -> Mapping:
        """The options by their names, each from its file."""
        options = Mapping({}, {}, names.span)
        for name in names.items:
            if not isinstance(name, Scalar):
                continue
            if name.text in options.entries:
                hint = f"the first one is on line {options.keys[name.text].line}"
                self._problem(f"duplicate option {quoted(name.text)}", name.span, hint)
            elif matches(name.text, OPTION_ID):
                options.keys[name.text] = name.span
                options.entries[name.text] = self._read(f"options/{name.text}.yaml", name, OPTION)
        return options

    def cases(self, name: Scalar) -> Node:
        """The cases from the file that the main one names."""
        if not matches(name.text, CASE_FILE):
            return Sequence([], name.span)
        return self._read(name.text, name, CASES)

    def last_runs(self) -> Node | None:
        """What the probes showed last; None if no probe is named or none was run."""
        sources = (self._main, *self.sources)
        if self._read_part is None or not any("probe:" in source.text for source in sources):
            return None
        try:
            data = self._read_part(LAST_RUN_FILE)
        except OSError:
            return None
        nothing = Mapping({}, {}, Span.at(1, 1, self._main.name))
        return self._document(LAST_RUN_FILE, data, nothing, LAST_RUNS)

    def _read(self, path: str, name: Scalar, form: Shape) -> Node:
        """The document in a file of the folder; an empty one where there is something wrong."""
        nothing = Mapping({}, {}, name.span)
        if self._read_part is None:
            hint = "name the rule file by its path"
            self._problem(f"{quoted(path)} cannot be read without its folder", name.span, hint)
            return nothing
        try:
            data = self._read_part(path)
        except OSError as error:
            words = error.strerror or str(error)
            self._problem(f"cannot read {quoted(path)}: {words}", name.span)
            return nothing
        return self._document(path, data, nothing, form)

    def _document(self, path: str, data: bytes, nothing: Mapping, form: Shape) -> Node:
        self._left -= len(data)
        if self._left < 0:
            size = f"{LARGEST // 1024} KiB"
            self._problem(f"the files together are larger than {size}", nothing.span)
            return nothing
        try:
            source = document.decode(str(PurePath(self._main.name).parent / path), data)
            self.sources.append(source)
            root, problems = document.parse(source)
            problems += elsewhere(problems, check(root, form, source))
        except InvalidFile as invalid:
            root, problems = nothing, list(invalid.problems)
        text = data.decode("utf-8", errors="replace")
        if problems and text.strip() and not _SIGN.search(text):
            root, problems = nothing, [without_text(problems[0], _NOT_SHOWN)]
        self.problems += problems
        return root

    def _problem(self, message: str, span: Span, hint: str = "") -> None:
        self.problems.append(Problem(message, self._main, span, hint))


def elsewhere(earlier: list[Problem], problems: Iterable[Problem]) -> list[Problem]:
    """The problems where none was found earlier: others are consequences of that one."""
    places = {problem.span for problem in earlier}
    return list(islice((problem for problem in problems if problem.span not in places), MOST_SHOWN))
