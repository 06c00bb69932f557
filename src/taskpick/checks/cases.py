"""Checks of the cases: they hold, agree with each other, and no option goes without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.checks.catalogue import CHECKS, Finding
from taskpick.checks.picks import faults
from taskpick.decision.decide import decide, space
from taskpick.rulefile.model import NOTHING_FITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskpick.decision.answer_sets.space import Space
    from taskpick.decision.decide import Decision
    from taskpick.problems import Span
    from taskpick.rulefile.model import Case, Rules

    Faults = tuple[tuple[Span, str], ...]
    """Places, and what is there."""


def findings(rules: Rules, whole: Space) -> Iterator[Finding]:
    """Everything found by running every case."""
    decisions = [decide(rules, case.answers) for case in rules.cases]
    answers = [decision.answers for decision in decisions]
    for index, (case, decision) in enumerate(zip(rules.cases, decisions, strict=True)):
        if not holds(case, decision):
            yield _fails(case, decision)
        for earlier, earlier_answers in zip(rules.cases[:index], answers, strict=False):
            if finding := _beside(rules, earlier, earlier_answers, case, answers[index]):
                yield finding
                break
    picked = {case.pick for case in rules.cases}
    for option in rules.options.values():
        if option.id not in picked and whole.picks[option.id]:
            yield Finding(
                CHECKS["option-without-case"],
                f"no case picks '{option.id}'",
                option.span,
                "add a case; the answers below lead to it",
                {"option": option.id},
                whole.example(whole.picks[option.id]),
            )


def expected(case: Case) -> str | None:
    """The pick of a case; None: nothing fits."""
    return None if case.pick == NOTHING_FITS else case.pick


def holds(case: Case, decision: Decision) -> bool:
    """Whether the pick is the one expected, whatever the open criteria turn out to be."""
    return list(decision.counts) == [expected(case)]


def outcome(decision: Decision) -> str:
    """What a decision comes to, in words."""
    names = [f"'{name}'" if name else "nothing fits" for name in decision.counts]
    if len(names) == 1:
        return names[0]
    return f"{' or '.join(names)}, depending on {', '.join(decision.open)}"


def counterexample(case: Case, decision: Decision) -> dict[str, str]:
    """Complete answers to the case with another pick than the one expected."""
    answers = space(decision.rules, decision.answers)
    return answers.example(answers.all & ~answers.picks[expected(case)])


def difference(rules: Rules, case: Case, witness: Mapping[str, str]) -> Faults:
    """What makes the pick for complete answers another than the one expected."""
    pick = decide(rules, witness).pick
    against = faults(rules.options[case.pick], witness) if expected(case) else ()
    if pick is None:
        return against
    better = "works" if expected(case) is None else "does as well or better"
    return (*against, (rules.options[pick].span, f"'{pick}' {better}"))


def _fails(case: Case, decision: Decision) -> Finding:
    witness = counterexample(case, decision)
    return Finding(
        CHECKS["case-fails"],
        f"the case expects '{case.pick}', but the rules say {outcome(decision)}",
        case.span,
        "correct the case or the fits",
        {"option": case.pick},
        witness,
        difference(decision.rules, case, witness),
    )


def _beside(
    rules: Rules,
    earlier: Case,
    earlier_answers: Mapping[str, str],
    case: Case,
    answers: Mapping[str, str],
) -> Finding | None:
    """What is wrong with a case beside an earlier one, by the answers to each."""
    both = earlier_answers.keys() & answers.keys()
    common = all(earlier_answers[name] == answers[name] for name in both)
    if common and earlier.pick != case.pick:
        check = CHECKS["cases-contradict"]
        message = f"the case expects '{case.pick}', but one that shares answers '{earlier.pick}'"
        hint = "correct one of them, or add the answer that tells them apart"
    elif earlier_answers == answers:
        check = CHECKS["case-twice"]
        message = "the case has the same answers and the same pick as an earlier one"
        hint = "remove it, or correct its answers"
    else:
        return None
    witness = {
        name: earlier_answers.get(name) or answers.get(name) or criterion.levels[0].id
        for name, criterion in rules.criteria.items()
    }
    related = ((earlier.span, f"the case '{earlier.need}'"),)
    return Finding(check, message, case.span, hint, {"option": case.pick}, witness, related)
