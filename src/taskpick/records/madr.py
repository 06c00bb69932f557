"""A decision record by MADR 4.0.0 (https://adr.github.io/madr/), on two pages that people read."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from taskpick.decision import sensitivity
from taskpick.decision.decide import Status
from taskpick.decision.outlook import safe_choice
from taskpick.decision.staying import staying
from taskpick.formats.markdown import code, demoted, escape, fenced, link, source, table
from taskpick.problems import Refused
from taskpick.questions.planner import next_question
from taskpick.records import record
from taskpick.records.parts import HEADINGS
from taskpick.report.sentences import forcing, headline, notes, unless_too_large
from taskpick.report.short import answer_words, level_words
from taskpick.report.staying import words as staying_words
from taskpick.report.verdict.verdict import left_out
from taskpick.rulefile.model import Rating
from taskpick.wording import capitalised, listed, shell_joined

if TYPE_CHECKING:
    from taskpick.decision.decide import Decision, Verdict
    from taskpick.records.record import Basis
    from taskpick.report.report import Report
    from taskpick.rulefile.model import Fit, Note, Option
    from taskpick.starter.project import Snippet

_MARKS = {Rating.STRAINS: "~", Rating.FAILS: "✗"}
_MOST_BULLETS = 5
"""Of the outcome and of what to revisit it for."""

_MOST_CONSEQUENCES = 8
"""How many are listed unless all details are asked for: a record is two pages long."""


def parts(
    decision: Decision, basis: Basis, *, file: str = "", snippet: Snippet | None = None
) -> dict[str, str]:
    """The parts of the record in a file of that name, each with its heading, or empty."""
    details = basis.details
    lines = {
        "title": [],
        "context": _context(decision),
        "answers": _answers(decision, details=details),
        "options": _options(decision),
        "outcome": [*_outcome(decision, details=details), *_in_use(decision, basis.have)],
        "consequences": _consequences(decision, details=details),
        "revisit": _revisit(decision),
        "confirmation": _confirmation(decision, file),
        "comparison": _comparison(decision, details=details),
        "more": _more(decision, basis),
        "code": _code(snippet) if snippet and details else [],
    }
    texts = {name: _part(name, part) for name, part in lines.items()}
    return {**texts, "title": f"# {escape(title(decision))}"}


def _part(name: str, lines: list[str]) -> str:
    return "\n".join([HEADINGS[name], "", *lines]) if lines else ""


def summary(report: Report) -> str:
    """The recommendation for the summary of a CI run, its headings two levels down."""
    decision = report.decision
    have = report.staying.id if report.staying else ""
    lines = {
        "answers": _answers(decision, details=False),
        "options": _options(decision) if decision.rules.whole else [],
        "outcome": [*_outcome(decision, details=False), *_in_use(decision, have)],
        "consequences": _consequences(decision, details=False),
        "comparison": _comparison(decision, details=False),
    }
    texts = [f"# {escape(title(decision))}", *(_part(name, part) for name, part in lines.items())]
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
        answer = criterion.means(level) if level else "not known yet"
        rows.append([escape(criterion.question), escape(answer)])
        if details:
            rows[-1].append(escape(criterion.why))
    lines = table(["Question", "Answer", *(["Why it is asked"] if details else [])], rows)
    assumed = [level_words(rules, name, level) for name, level in decision.assumed.items()]
    if assumed:
        lines += ["", escape(f"Assumed (not asked): {', '.join(assumed)}.")]
    return lines if rows else lines[-1:]


def _options(decision: Decision) -> list[str]:
    lines = [escape(f"{listed([option.name for option in decision.rules.options.values()])}.")]
    excluded = left_out(decision)
    return [*lines, "", escape(f"May not be used: {excluded}.")] if excluded else lines


def _outcome(decision: Decision, *, details: bool) -> list[str]:
    match decision.status:
        case Status.PICKED:
            lines = [f'Chosen option: "{escape(_pick(decision).name)}", {_because(decision)}.']
            bullets = _losers(decision)
        case Status.NOTHING_FITS:
            lines = ["No option works for all of these answers. Those that come closest:"]
            bullets = [_loss(decision, name) for name in decision.ranking[:_MOST_BULLETS]]
        case Status.UNDECIDED:
            names = [decision.rules.options[name].name for name in decision.possible]
            lines = [escape(f"Not decided yet: it can still be {listed(names, last='or')}.")]
            lines += [*_safe_choice(decision), "", "What to find out:"]
            bullets = _questions(decision)
    if details:
        bullets += _sufficient(decision)
    return [*lines, *([""] if bullets else []), *(f"* {escape(line)}" for line in bullets)]


def _in_use(decision: Decision, have: str) -> list[str]:
    """What to do with the system in use, as far as the rule file still knows it."""
    if not have:
        return []
    try:
        words = staying_words(staying(decision, have))
    except Refused:
        words = f"{have}: the rule file does not know it any more"
    return ["", escape(f"In use today is {words.removesuffix('.')}.")]


def _because(decision: Decision) -> str:
    match len(decision.verdicts[decision.pick or ""].strains):
        case 0:
            return "because it works for all of these answers without a drawback"
        case 1:
            return "because it works for all of these answers, with one drawback"
        case count:
            return f"because it works for all of these answers, with {count} drawbacks"


def _losers(decision: Decision) -> list[str]:
    """Why it is not another one: a line for each that comes close, and one for those as good."""
    strains = len(decision.verdicts[decision.pick or ""].strains)
    others = [decision.verdicts[name] for name in decision.ranking if name != decision.pick]
    equal = [v.option.name for v in others if not v.fails and len(v.strains) <= strains]
    losing = [v.option.id for v in others if v.option.name not in equal]
    lines = []
    if equal and not decision.open:
        lines = [f"{listed(equal)} would do as well; {_pick(decision).name} comes first in order."]
    room = _MOST_BULLETS - len(lines)
    named = losing if len(losing) <= room else losing[: room - 1]
    lines += [_loss(decision, name) for name in named]
    if left := [decision.rules.options[name].name for name in losing[len(named) :]]:
        lines.append(f"Nor {listed(left, last='or')}: see the table below.")
    return lines


def _loss(decision: Decision, name: str) -> str:
    """What an option does not do, by the answers that ask for it."""
    verdict = decision.verdicts[name]
    answers = [answer_words(decision, name) for name in verdict.fails or verdict.strains]
    verb = "does not work for" if verdict.fails else "has more drawbacks:"
    if not answers:
        return f"{verdict.option.name} is not it, whatever the open answers turn out to be."
    return f"{verdict.option.name} {verb} {listed(answers)}."


def _questions(decision: Decision) -> list[str]:
    """The open questions that can change the pick, the one that decides most first."""
    criteria = sensitivity.open_criteria(decision)
    first = next_question(decision.rules, decision.inputs)
    in_order = sorted(criteria, key=lambda name: name != first)
    return [decision.rules.criteria[name].question for name in in_order]


def _safe_choice(decision: Decision) -> list[str]:
    """What to take where nothing more can be found out."""
    choice = safe_choice(decision)
    if choice is None:
        return []
    name = decision.rules.options[choice.option].name
    words = f"If you cannot find out, take {name}: it works whatever the answers turn out to be"
    if choice.exceptions:
        answers = [
            level_words(decision.rules, criterion, level)
            for criterion, levels in choice.exceptions.items()
            for level in levels
        ]
        words += f", except with {listed(answers, last='or')}"
    if choice.strains_at_worst:
        drawbacks = "drawback" if choice.strains_at_worst == 1 else "drawbacks"
        words += f"; at worst it has {choice.strains_at_worst} {drawbacks}"
    return ["", escape(f"{words}.")]


def _sufficient(decision: Decision) -> list[str]:
    return [
        f"These answers alone decide it: {listed(list(reason.words))}."
        for reason in forcing(decision)
        if reason.words
    ]


def _consequences(decision: Decision, *, details: bool) -> list[str]:
    if decision.pick is None:
        return []
    verdict = decision.verdicts[decision.pick]
    lines = []
    for name in verdict.strains:
        fit = verdict.fits[name]
        answer = answer_words(decision, name)
        words = fit.why if details else _reason(fit)
        lines.append(f"* Bad, because of {escape(f'{answer}: {words}')}{source(fit.evidence)}")
    for note in notes(decision):
        if not note.see:
            words = note.say if details else _advice(note)
            lines.append(f"* {escape(words)}{source(note.evidence)}")
    if details or len(lines) <= _MOST_CONSEQUENCES:
        return lines
    kept = lines[: _MOST_CONSEQUENCES - 1]
    return [*kept, f"* {len(lines) - len(kept)} more: the same with `--details`"]


def _revisit(decision: Decision) -> list[str]:
    """The answers that would lead elsewhere, a line for each pick; and what else can change."""
    lines: list[str] = []
    answers: dict[str, list[str]] = {}
    if decision.status is not Status.UNDECIDED:
        for change in unless_too_large(lambda: sensitivity.changes(decision)):
            leads_to = decision.rules.names_of(change.picks)
            words = level_words(decision.rules, change.criterion, change.level)
            answers.setdefault(leads_to, []).append(words)
        lines = [
            f"{capitalised(leads_to)}, if the answer becomes {listed(levels, 'or')}."
            for leads_to, levels in answers.items()
        ]
    if len(lines) > _MOST_BULLETS:
        left = [answer for a in list(answers.values())[_MOST_BULLETS - 1 :] for answer in a]
        lines[_MOST_BULLETS - 1 :] = [
            f"Something else, if the answer becomes {listed(left, last='or')}."
        ]
    versions = _pick(decision).versions if decision.pick else {}
    running = listed([f"{package} {version}" for package, version in versions.items()])
    lines += [f"You run other versions than {running}."] if running else []
    return [f"* {escape(line)}" for line in lines]


def _confirmation(decision: Decision, file: str) -> list[str]:
    if not file:
        return []
    command = code(shell_joined(["taskpick", "verify", file]))
    return [f"{command}, run in this folder, ends with 0 as long as all of this holds."]


def _comparison(decision: Decision, *, details: bool) -> list[str]:
    """A row for each option, with a reason only where it has a drawback or fails."""
    rows = []
    for name in decision.ranking:
        verdict = decision.verdicts[name]
        option = verdict.option
        head = link(option.name, option.url) if option.url else escape(option.name)
        reasons = "; ".join(_reasons(decision, verdict, details=details))
        if name == decision.pick and verdict.strains and not details:
            reasons = "~ as under Consequences"
        rows.append([head, reasons or ("none so far" if decision.open else "none")])
    return table(["Option", "Drawbacks (~) and what it cannot do (✗)"], rows)


def _reasons(decision: Decision, verdict: Verdict, *, details: bool) -> list[str]:
    fits = {**{n: verdict.fits[n] for n in verdict.fails}, **verdict.fits}
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
    lines += [f"* Outside these options: {_outside(n)}" for n in notes(decision) if n.see]
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
    fits = (fit for verdict in decision.verdicts.values() for fit in verdict.fits.values())
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
