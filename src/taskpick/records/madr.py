"""A report as Markdown: a decision record by MADR 4.0.0 (https://adr.github.io/madr/)."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from taskpick.decision.decide import Status
from taskpick.formats.markdown import address, code, demoted, escape, fenced, link, source, table
from taskpick.records import fingerprint, record
from taskpick.report.report import SYMBOLS, depends, forced
from taskpick.rulefile.model import Rating
from taskpick.wording import listed, shell_joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskpick.records.record import Basis
    from taskpick.report.report import Report
    from taskpick.rulefile.model import Note, Option, Rules

_WORD = {Rating.FITS: "Good", Rating.STRAINS: "Neutral", Rating.FAILS: "Bad"}


def render(
    report: Report, basis: Basis, *, date: str, deciders: Sequence[str] = (), file: str = ""
) -> str:
    """The report as a decision record of that day, YYYY-MM-DD, in a file of that name."""
    front = record.front(basis, status="proposed", date=date, deciders=deciders)
    return record.text(front, sections(report, basis, file=file))


def sections(report: Report, basis: Basis, *, file: str = "") -> dict[str, str]:
    """The parts of a decision record, each by the name of its block; some may be empty."""
    lines = {
        "title": [f"# {escape(title(report))}"],
        "context": _context(report),
        "drivers": _drivers(report),
        "options": _options(report),
        "outcome": _outcome(report),
        "consequences": _consequences(report),
        "confirmation": _confirmation(report, file),
        "pros-and-cons": _pros_and_cons(report),
        "more": _more(report, basis),
        "starter": _snippet(report),
        "claims": fingerprint.write(fingerprint.of(report.decision)).splitlines(),
    }
    return {name: "\n".join(part) for name, part in lines.items()}


def summary(report: Report) -> str:
    """The report for the summary of a CI run, its headings two levels down."""
    parts = (
        [f"# {escape(title(report))}"],
        _context(report),
        _options(report),
        _outcome(report),
        _consequences(report),
        _pros_and_cons(report),
    )
    text = "\n\n".join("\n".join(part) for part in parts if part)
    return demoted(text) + "\n"


def title(report: Report) -> str:
    """What was decided and how, on one line."""
    return f"{report.rules.title}: {report.headline}"


def render_matrix(rules: Rules, answers: dict[str, str]) -> str:
    """The decision matrix of the rules as a table; the levels answered are in bold."""
    options = list(rules.options.values())
    lines = [f"# {escape(rules.title)}", ""]
    rows = []
    for criterion in rules.criteria.values():
        for level in criterion.levels:
            fits = [option.fits[criterion.id][level.id] for option in options]
            head = f"{criterion.id} {level.id}: {level.means}"
            chosen = answers.get(criterion.id) == level.id
            cells = [_cell(fit.rating, fit.why) for fit in fits]
            rows.append([f"**▶ {escape(head)}**" if chosen else escape(head), *cells])
    for fact in dict.fromkeys(fact for option in options for fact in option.facts):
        rows.append([escape(fact), *(escape(option.facts.get(fact, "")) for option in options)])
    lines += table(["Need", *(escape(option.name) for option in options)], rows)
    checked = [_checked(rules, option) for option in options]
    lines += ["", *(f"* {line}" for line in checked if line)]
    return "\n".join(lines).rstrip() + "\n"


def _context(report: Report) -> list[str]:
    about = report.rules.about or f"To decide: {report.rules.title}."
    lines = ["## Context and Problem Statement", "", escape(about), ""]
    rows = []
    for answer in report.answers:
        level = answer.level or "open"
        how = " (assumed)" if answer.assumed else ""
        question = f"{answer.criterion.id}: {answer.criterion.question}"
        rows.append([escape(question), f"{escape(level)}{how}", escape(answer.means)])
    return [*lines, *table(["Question", "Answer", "Meaning"], rows)]


def _drivers(report: Report) -> list[str]:
    lines = [
        f"* {escape(answer.criterion.id)} {escape(answer.level)}: {escape(answer.means)}. "
        f"{escape(answer.criterion.why)}"
        for answer in report.answers
        if answer.level and not answer.assumed
    ]
    return ["## Decision Drivers", "", *lines] if lines else []


def _options(report: Report) -> list[str]:
    options, closed = report.rules.options, report.decision.answers
    lines = ["## Considered Options", ""]
    lines += [f"* {escape(option.name)}" for option in options.values()]
    rows = []
    for name, level in closed.items():
        ratings = [option.fits[name][level].rating for option in options.values()]
        cells = [f"{SYMBOLS[rating]} {rating.value}" for rating in ratings]
        rows.append([f"{escape(name)} {escape(level)}", *cells])
    head = ["Need", *(escape(option.name) for option in options.values())]
    return [*lines, *(["", *table(head, rows)] if rows else [])]


def _outcome(report: Report) -> list[str]:
    lines = ["## Decision Outcome", ""]
    if report.pick is None:
        lines.append(f"{escape(report.headline)}. {escape(report.summary)}")
        said = [*forced(report), *depends(report)]
        return [*lines, *([""] * bool(said)), *(f"* {escape(line)}" for line in said)]
    because = report.summary[0].lower() + report.summary[1:]
    lines += [f'Chosen option: "{escape(report.pick.name)}", because {escape(because)}']
    return [*lines, "", *(f"* {escape(line)}" for line in (*report.why, *forced(report)))]


def _consequences(report: Report) -> list[str]:
    if report.pick is None:
        return []
    good = [
        f"* Good, because {escape(criterion)} {escape(report.decision.answers[criterion])}: "
        f"{escape(fit.why)}"
        for criterion, fit in report.decision.verdicts[report.pick.id].fits.items()
        if fit.rating is Rating.FITS and fit.why
    ]
    bad = [
        f"* Bad, because {escape(cost.criterion)} {escape(cost.level)} strains it: "
        f"{escape(cost.text)}{source(cost.source)}"
        for cost in report.costs
    ]
    to_do = [f"* Neutral, because it needs care: {_note(note)}" for note in report.notes]
    lines = good + bad + to_do
    return ["### Consequences", "", *lines] if lines else []


def _confirmation(report: Report, file: str) -> list[str]:
    if report.pick is None:
        return []
    where = ", run in this folder," if file else ""
    command = shell_joined(["taskpick", "verify", file]) if file else _expecting(report)
    lines = ["### Confirmation", ""]
    lines += [f"This command{where} ends with 0 as long as the decision holds, and says why not:"]
    return [*lines, "", *fenced(command, "shell")]


def _expecting(report: Report) -> str:
    assert report.pick is not None  # noqa: S101  the caller has looked
    return f"{report.command} --expect {report.pick.id}"


def _pros_and_cons(report: Report) -> list[str]:
    lines = ["## Pros and Cons of the Options"]
    instead = {other.option.id: map(escape, other.instead) for other in report.against}
    for name in report.decision.ranking:
        verdict = report.decision.verdicts[name]
        lines += ["", f"### {escape(verdict.option.name)}", ""]
        if verdict.option.url:
            lines += [address(verdict.option.url), ""]
        for criterion, fit in verdict.fits.items():
            level = report.decision.answers[criterion]
            means = report.rules.criteria[criterion].means(level)
            why = fit.why or f"{fit.rating.value} ({means})"
            because = f"{escape(criterion)} {escape(level)}: {escape(why)}{source(fit.source)}"
            lines.append(f"* {_WORD[fit.rating]}, because {because}")
        lines += [
            f"* Neutral, because it would be the pick if {words}" for words in instead.get(name, ())
        ]
    return lines


def _more(report: Report, basis: Basis) -> list[str]:
    lines = ["## More Information"]
    if basis.supersedes:
        number = record.number(PurePosixPath(basis.supersedes).name)
        lines += ["", f"Supersedes {link(number, basis.supersedes)}."]
    lines += _way(report)
    lines += ["", "Revisit if:", ""]
    lines += [f"* the answer becomes {escape(words)}" for _, words in report.changes]
    lines += [f"* {escape(line)}" for line in _ageing(report)]
    if report.next_question and report.decision.status is Status.UNDECIDED:
        question = report.next_question
        lines += ["", f"To find out first: {escape(question.question)} ({escape(question.id)})"]
    if report.outside:
        lines += ["", "Outside these options:", "", *(f"* {_note(n)}" for n in report.outside)]
    lines += ["", "Checked:", ""]
    lines += [f"* {_checked(report.rules, option)}" for option in report.rules.options.values()]
    if report.sources:
        lines += ["", "Sources:", "", *(f"* {address(source)}" for source in report.sources)]
    return [*lines, "", f"Made by {report.by}:", "", *fenced(report.command, "shell")]


def _way(report: Report) -> list[str]:
    """The questions that settle it with their answers, in words and as a picture."""
    if report.decision.status is Status.UNDECIDED:
        return []
    from taskpick.questions import drawing as pictures
    from taskpick.questions.tree import way

    passed = way(report.decision)
    if not passed:
        return []
    end = report.pick.name if report.pick else "nothing fits"
    said = [*(f"{criterion.id} {level}" for criterion, level in passed), end]
    picture = pictures.way(passed, end).rstrip("\n")
    return ["", f"The way to it: {escape(' → '.join(said))}", "", *fenced(picture, "mermaid")]


def _ageing(report: Report) -> list[str]:
    """When claims may have ceased to be true, whatever the answers are."""
    option = report.shown
    lines = ["taskpick verify says that it no longer holds"]
    if option and option.versions:
        lines.append(f"you run other versions of {listed(list(option.versions))} than those below")
    return lines


def _snippet(report: Report) -> list[str]:
    if report.snippet is None:
        return []
    lines = ["A starter:"]
    for name, text in report.snippet.files.items():
        language = "python" if name.endswith(".py") else "text"
        lines += ["", code(name), "", *fenced(text, language)]
    commands = [line for _, line in report.snippet.commands]
    return [*lines, "", "Install and run:", "", *fenced("\n".join(commands), "shell")]


def _cell(rating: Rating, why: str) -> str:
    words = f"{rating.value}: {escape(why)}" if why else rating.value
    return f"{SYMBOLS[rating]} {words}"


def _note(note: Note) -> str:
    see = listed([link(name, url) for name, url in note.see.items()])
    return f"{escape(note.say)}{source(note.source)}{f' See {see}.' if see else ''}"


def _checked(rules: Rules, option: Option) -> str:
    on = ", ".join(f"{escape(package)} {escape(v)}" for package, v in option.versions.items())
    parts = [escape(option.name), f"on {on}" if on else "", rules.as_of]
    return ", ".join(filter(None, parts))
