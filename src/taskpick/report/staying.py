"""What to do with the system in use, in words and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskpick.decision.staying import Advice
from taskpick.decision.staying import staying as of_system
from taskpick.rulefile import short
from taskpick.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskpick.decision.staying import Staying
    from taskpick.rulefile.model import Fit


def words(staying: Staying) -> str:
    """`Celery: stay, it works for every answer; drawbacks compared with RQ: …`."""
    name = short.column_name(staying.option) if staying.option else staying.name
    match staying.advice:
        case Advice.UNKNOWN:
            return f"{name}: {_nearest(staying)}"
        case Advice.MOVE:
            return f"{name}: move, {_why_move(staying)}{_brings(staying)}"
        case Advice.STAY:
            return f"{name}: stay, {_why_stay(staying)}"


def _nearest(staying: Staying) -> str:
    """How the nearest option does, which is known, and then what is known of the system."""
    system = staying.system
    if system is None or system.instead is None:
        return f"not an option here. {system.say if system else ''}"
    name = _name(staying, system.instead)
    nearest = of_system(staying.decision, system.instead)
    if nearest.is_left_out:
        does = "may not be used"
    elif nearest.fails:
        does = f"fails for: {failing(nearest)}"
    else:
        does = "is the pick" if nearest.is_pick else "works for every answer"
    return f"not an option here; {name}, the closest, {does}. About {staying.name}: {system.say}"


def _name(staying: Staying, option: str) -> str:
    rules = staying.decision.rules.unrestricted
    return short.column_name(rules.options[option])


def _why_move(staying: Staying) -> str:
    reasons = [f"it fails for: {failing(staying)}"] if staying.fails else []
    reasons += ["it may not be used"] if staying.is_left_out else []
    return listed(reasons)


def failing(staying: Staying) -> str:
    """The answers at which it fails; of a single one also why."""
    rules = staying.decision.rules
    answers = [short.level_words(rules.criteria[fit.criterion], fit.level) for fit in staying.fails]
    if len(answers) == 1:
        return f"{answers[0]} ({short.reason(staying.fails[0])})"
    return listed(answers)


def _brings(staying: Staying) -> str:
    pick = staying.decision.pick
    if pick is None:
        return ""
    name = _name(staying, pick)
    return (
        f"; new drawbacks with {name}: {_reasons(staying.brings)}"
        if staying.brings
        else f"; no new drawbacks with {name}"
    )


def _why_stay(staying: Staying) -> str:
    if staying.is_last_resort:
        return f"since nothing else works either: {_why_move(staying)}"
    if staying.is_pick:
        return "it is the pick"
    why = "it works for every answer"
    if staying.may_fail:
        rules = staying.decision.rules
        levels = [
            short.level_words(rules.criteria[fit.criterion], fit.level) for fit in staying.may_fail
        ]
        why = f"it works so far, but not with {listed(levels, 'or')}"
    pick = staying.decision.pick
    if pick is None:
        return f"{why}; drawbacks: {_reasons(staying.costs)}" if staying.costs else why
    beside = _name(staying, pick)
    if not staying.costs:
        return f"{why}, with no more drawbacks than {beside}"
    return f"{why}; drawbacks compared with {beside}: {_reasons(staying.costs)}"


def _reasons(fits: Iterable[Fit]) -> str:
    return "; ".join(short.reason(fit) for fit in fits)


def data(staying: Staying) -> dict[str, Any]:
    """The same as data."""
    pick = staying.decision.rules.options.get(staying.decision.pick or "")
    return {
        "option": staying.id,
        "advice": staying.advice.value,
        "words": words(staying),
        "fails": [_fit(fit) for fit in staying.fails],
        "may_fail": [_fit(fit) for fit in staying.may_fail],
        "costs": [_fit(fit) for fit in staying.costs],
        "set_right": [{"say": note.say, "source": note.evidence} for note in staying.notes],
        "move": {
            "to": pick.id,
            "needs": pick.needs,
            "drawbacks": [_fit(fit) for fit in staying.brings],
        }
        if pick and staying.advice is Advice.MOVE
        else None,
    }


def _fit(fit: Fit) -> dict[str, str]:
    return {"criterion": fit.criterion, "level": fit.level, "why": fit.why, "source": fit.evidence}
