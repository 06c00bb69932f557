"""A decision record by MADR 4.0.0 (https://adr.github.io/madr/), on two pages that people read."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from taskpick.decision import sensitivity
from taskpick.decision.decide import Status
from taskpick.decision.staying import kept
from taskpick.formats.markdown import code, demoted, escape, fenced, link, source, table
from taskpick.records import record
from taskpick.records.outcome import MOST_BULLETS, outcome
from taskpick.records.parts import HEADINGS
from taskpick.report.sentences import answer_words, headline, unless_too_large
from taskpick.report.verdict.verdict import left_out
from taskpick.rulefile.model import Rating
from taskpick.rulefile.short import level_words, packages
from taskpick.wording import capitalised, listed, shell_joined

if TYPE_CHECKING:
    from taskpick.decision.decide import Decision, Evaluation
    from taskpick.records.record import Basis
    from taskpick.report.report import Report
    from taskpick.rulefile.model import Fit, Note, Option
    from taskpick.starter.project import Snippet

_MARKS = {Rating.STRAINS: "~", Rating.FAILS: "✗"}
_MOST_CONSEQUENCES = 8
"""How many are listed unless all details are asked for: a record is two pages long."""


def parts(
    decision: Decision, basis: Basis, *, file: str = "", snippet: Snippet | None = None
) -> dict[str, str]:
    """The parts of the record in a file of that name, each with its heading, or empty."""
    details = basis.details
    chosen = kept(decision, basis.have)
    lines = {
        "title": [],
        "context": _context(decision),
        "answers": _answers(decision, details=details),
        "options": _options(decision),
        "outcome": outcome(decision, chosen, basis.have, details=details),
        "consequences": _consequences(chosen, details=details),
        "revisit": _revisit(chosen, basis.have),
        "confirmation": _confirmation(file),
        "comparison": _comparison(chosen, details=details),
        "more": _more(chosen, basis),
        "code": _code(snippet) if snippet and details else [],
    }
    texts = {name: _part(name, part) for name, part in lines.items()}
    return {**texts, "title": f"# {escape(title(chosen))}"}


def _part(name: str, lines: list[str]) -> str:
    return "\n".join([HEADINGS[name], "", *lines]) if lines else ""


def summary(report: Report) -> str:
    """The recommendation for the summary of a CI run, its headings two levels down."""
    decision = report.decision
    chosen = kept(decision, report.have)
    lines = {
        "answers": _answers(decision, details=False),
        "options": _options(decision) if decision.rules.whole else [],
        "outcome": outcome(decision, chosen, report.have, details=False),
        "consequences": _consequences(chosen, details=False),
        "comparison": _comparison(chosen, details=False),
    }
    texts = [f"# {escape(title(chosen))}", *(_part(name, part) for name, part in lines.items())]
    return demoted("\n\n".join(filter(None, texts))) + "\n"


def title(decision: Decision) -> str:
    """What was decided and how, on one line."""
    undecided = decision.status is Status.UNDECIDED
    return f"{decision.rules.title}: {'Not decided yet' if undecided else headline(decision)}"


def _pick(decision: Decision) -> Option:
    return decision.rules.options[decision.pick or ""]


def _context(decision: Decision) -> list[str]:
    return [escape(decision.rules.about or f"What is to be decided: {decision.rules.title}.")]


def _answers(decision: Decision, *, details: bool) -> list[str]:
    """The answers that somebody gave in a table, and those that were assumed in one line."""
    rules = decision.rules
    rows = []
    for name, criterion in rules.criteria.items():
        if name in decision.assumed:
            continue
        level = decision.given.get(name)
        left_open = name in decision.unsure or decision.status is Status.UNDECIDED
        unknown = "not known yet" if left_open else "not asked: it does not matter here"
        answer = criterion.means(level) if level else unknown
        rows.append([escape(criterion.question), escape(answer)])
        if details:
            rows[-1].append(escape(criterion.why))
    lines = table(["Question", "Answer", *(["Why it is asked"] if details else [])], rows)
    assumed = [level_words(rules.criteria[name], level) for name, level in decision.assumed.items()]
    if assumed:
        lines += ["", escape(f"Assumed (not asked): {', '.join(assumed)}.")]
    return lines if rows else lines[-1:]


def _options(decision: Decision) -> list[str]:
    lines = [escape(f"{listed([option.name for option in decision.rules.options.values()])}.")]
    excluded = left_out(decision)
    return [*lines, "", escape(f"May not be used: {excluded}.")] if excluded else lines


def _consequences(decision: Decision, *, details: bool) -> list[str]:
    if decision.pick is None:
        return []
    evaluation = decision.evaluations[decision.pick]
    lines = []
    for name in evaluation.strains:
        fit = evaluation.fits[name]
        answer = answer_words(decision, name)
        words = fit.why if details else _reason(fit)
        lines.append(f"* Bad, because of {escape(f'{answer}: {words}')}{source(fit.evidence)}")
    for note in decision.notes:
        if not note.see:
            words = note.say if details else _advice(note)
            lines.append(f"* {escape(words)}{source(note.evidence)}")
    if details or len(lines) <= _MOST_CONSEQUENCES:
        return lines
    kept = lines[: _MOST_CONSEQUENCES - 1]
    return [*kept, f"* {len(lines) - len(kept)} more with `--details`"]


def _revisit(decision: Decision, have: str) -> list[str]:
    """The answers that would lead elsewhere, a line for each pick; and what else can change.

    From a system in use only those lead elsewhere at which it fails.
    """
    in_use = decision.rules.options[have] if have and have == decision.pick else None
    lines: list[str] = []
    answers: dict[str, list[str]] = {}
    if decision.status is not Status.UNDECIDED:
        for change in unless_too_large(lambda: sensitivity.changes(decision)):
            fit = in_use and in_use.fits[change.criterion][change.level]
            if fit and fit.rating is not Rating.FAILS:
                continue
            leads_to = decision.rules.names_of(change.picks)
            words = level_words(decision.rules.criteria[change.criterion], change.level)
            answers.setdefault(leads_to, []).append(words)
        lines = [
            f"{capitalised(leads_to)}, if an answer becomes {listed(levels, 'or')}."
            for leads_to, levels in answers.items()
        ]
    if len(lines) > MOST_BULLETS:
        left = [answer for a in list(answers.values())[MOST_BULLETS - 1 :] for answer in a]
        lines[MOST_BULLETS - 1 :] = [
            f"Something else, if an answer becomes {listed(left, last='or')}."
        ]
    running = listed(packages(_pick(decision))) if decision.pick else ""
    lines += [f"You run other versions than {running}."] if running else []
    return [f"* {escape(line)}" for line in lines]


def _confirmation(file: str) -> list[str]:
    if not file:
        return []
    command = code(shell_joined(["taskpick", "verify", file]))
    return [f"{command}, run in this folder, exits with 0 as long as all of this holds."]


def _comparison(decision: Decision, *, details: bool) -> list[str]:
    """A row for each option, with a reason only where it has a drawback or fails."""
    rows = []
    for name in decision.ranking:
        evaluation = decision.evaluations[name]
        option = evaluation.option
        head = link(option.name, option.url) if option.url else escape(option.name)
        reasons = "; ".join(_reasons(decision, evaluation, details=details))
        if name == decision.pick and evaluation.strains and not details:
            reasons = "~ as under Consequences"
        rows.append([head, reasons or ("none so far" if decision.open else "none")])
    return table(["Option", "Drawbacks (~) and what it cannot do (✗)"], rows)


def _reasons(decision: Decision, evaluation: Evaluation, *, details: bool) -> list[str]:
    fits = {**{n: evaluation.fits[n] for n in evaluation.fails}, **evaluation.fits}
    words = []
    for name, fit in fits.items():
        answer = answer_words(decision, name)
        if fit.rating in _MARKS:
            why = fit.why if details else _reason(fit)
            end = source(fit.evidence) if details else ""
            words.append(f"{_MARKS[fit.rating]} {escape(f'{answer}: {why}')}{end}")
        elif details and fit.why:
            words.append(f"✓ {escape(f'{answer}: {fit.why}')}{source(fit.evidence)}")
    return words


def _more(decision: Decision, basis: Basis) -> list[str]:
    lines = []
    if basis.supersedes:
        number = record.number(PurePosixPath(basis.supersedes).name)
        lines.append(f"* Supersedes {link(number, basis.supersedes)}.")
    lines += [f"* Outside these options: {_outside(n)}" for n in decision.notes if n.see]
    checked = f", whose claims were checked on {basis.as_of}" if basis.as_of else ""
    lines.append(f"* Computed by taskpick {basis.version} from a rule file{checked}.")
    if links := [link(_label(url), url) for url in _sources(decision)]:
        lines.append(f"* Sources: {', '.join(links)}.")
    return lines


def _outside(note: Note) -> str:
    see = listed([link(name, url) for name, url in note.see.items()])
    return f"{escape(_advice(note))}{source(note.evidence)} See {see}."


def _sources(decision: Decision) -> list[str]:
    """The web addresses behind the drawbacks in the table, each once."""
    fits = (fit for evaluation in decision.evaluations.values() for fit in evaluation.fits.values())
    named = (fit.source for fit in fits if fit.rating in _MARKS)
    return list(dict.fromkeys(text for text in named if text.startswith("http")))


def _label(url: str) -> str:
    """A web address without what every one has."""
    return url.partition("://")[2].removeprefix("www.").partition("#")[0].rstrip("/")


def _code(snippet: Snippet) -> list[str]:
    lines: list[str] = []
    for name, text in snippet.files.items():
        language = "python" if name.endswith(".py") else "text"
        lines += [code(name), "", *fenced(text, language), ""]
    commands = [line for _, line in snippet.commands]
    return [*lines, "Install and run:", "", *fenced("\n".join(commands), "shell")]


def _reason(fit: Fit) -> str:
    return fit.short or fit.why.rstrip(".")


def _advice(note: Note) -> str:
    return note.short or note.say
