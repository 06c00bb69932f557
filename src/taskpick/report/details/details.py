"""Everything that is known about a decision, for a terminal: what stands above the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.decision.decide import Status
from taskpick.report.sentences import depends_on, forced, mark
from taskpick.rulefile.model import Rating
from taskpick.wording import LONGEST_LINE, UNICODE, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, RenderableType
    from rich.text import Text

    from taskpick.decision.sensitivity import Change
    from taskpick.report.report import Report
    from taskpick.rulefile.model import Fit, Note

_STYLE = {Rating.FITS: "green", Rating.STRAINS: "yellow", Rating.FAILS: "red"}


def render(report: Report, *, width: int, color: bool) -> str:
    """Reasons, notes, other options, assumptions and sources, wrapped to `width` columns."""
    page, changes = _Page(width, color), report.changes
    page.section("Why", [_plain(line) for line in report.why + forced(report.forced)])
    chances = [depends_on(report.rules, chance) for chance in report.outlook]
    page.section("What it depends on", [_plain(line) for line in chances])
    page.section("What it costs", [page.reason(cost) for cost in report.costs])
    page.section("Before you ship", [page.note(note) for note in report.notes])
    for index, other in enumerate(report.against):
        lines = [page.reason(reason) for reason in other.reasons]
        # A single other answer is told under "Choose differently if".
        if other.changes and len(other.changes[0].answers) > 1:
            lines.append(_plain(f"It would be the pick if {other.instead[0]}."))
        page.against(other.option.name, other.summary, lines, index)
    page.section("Choose differently if", [_plain(words) for _, words in changes])
    page.section("Outside these options", [page.note(note) for note in report.outside])
    page.section("Assumed (not asked)", _assumed(report, changes))
    page.sources(report)
    return page.text() + "\n"


class _Page:
    """What is printed, collected; texts are never read as markup."""

    def __init__(self, width: int, color: bool) -> None:
        from io import StringIO

        from rich.console import Console

        self.numbers: dict[str, int] = {}
        self._file = StringIO()
        self._console: Console = Console(
            file=self._file,
            width=min(width, LONGEST_LINE),
            force_terminal=color,
            no_color=not color,
            color_system="standard" if color else None,
            markup=False,
            highlight=False,
            emoji=False,
            legacy_windows=False,
        )

    def text(self) -> str:
        """Everything printed so far, without blanks at line ends."""
        lines = self._file.getvalue().splitlines()
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def print(self, *renderables: RenderableType) -> None:
        for renderable in renderables:
            self._console.print(renderable)

    def section(self, heading: str, items: Iterable[Text]) -> None:
        lines = list(items)
        if lines:
            self._heading(heading)
            for line in lines:
                self._bullet(line)

    def against(self, name: str, summary: str, reasons: list[Text], index: int) -> None:
        from rich.text import Text

        if index == 0:
            self._heading("Why not the others")
        self._bullet(Text.assemble((name, "bold"), f": {summary}"))
        for reason in reasons:
            self._bullet(reason, indent=4)

    def reason(self, fit: Fit) -> Text:
        from rich.text import Text

        return Text.assemble(
            (f"{mark(fit.rating, UNICODE)} {fit.criterion} {fit.level}", _STYLE[fit.rating]),
            f": {fit.why}",
            self._reference(fit.evidence),
        )

    def note(self, note: Note) -> Text:
        from rich.text import Text

        see = listed([f"{name} ({url})" for name, url in note.see.items()])
        words = f"{note.say} See {see}." if see else note.say
        return Text.assemble(words, self._reference(note.evidence))

    def sources(self, report: Report) -> None:
        from rich.text import Text

        if self.numbers:
            self._heading("Sources")
        for source, number in self.numbers.items():
            self._console.print(Text(f"  [{number}] {source}", "dim"), soft_wrap=True)
        if report.checked:
            self.print("", Text(f"Checked {report.checked}.", "dim"))

    def _heading(self, words: str) -> None:
        from rich.text import Text

        self.print("", Text(words, "bold"))

    def _bullet(self, text: Text, indent: int = 2) -> None:
        from rich.table import Table

        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(width=indent, justify="right")
        grid.add_column(overflow="fold")
        grid.add_row("•" if indent == 2 else "", text)
        self.print(grid)

    def _reference(self, source: str) -> tuple[str, str]:
        if not source:
            return ("", "")
        number = self.numbers.setdefault(source, len(self.numbers) + 1)
        return (f" [{number}]", "dim")


def _plain(text: str) -> Text:
    from rich.text import Text

    return Text(text)


def _assumed(report: Report, changes: Iterable[tuple[Change, str]]) -> list[Text]:
    changing = {change.criterion for change, _ in changes}
    decided = report.decision.status is not Status.UNDECIDED
    lines = []
    for name, level in report.decision.assumed.items():
        matters = " (does not matter here)" if decided and name not in changing else ""
        means = report.rules.criteria[name].means(level)
        lines.append(_plain(f"--{name} {level}: {means}{matters}"))
    return lines
