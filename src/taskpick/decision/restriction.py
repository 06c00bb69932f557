"""Deciding among some of the options, and what to say of a name that is none of them."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from taskpick.problems import Refused
from taskpick.wording import did_you_mean, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskpick.rulefile.model import KnownSystem, Option, Rules


def restricted(rules: Rules, only: Iterable[str] = (), without: Iterable[str] = ()) -> Rules:
    """The rules without the options that may not be used, and without their notes.

    Those are the options of `without` and, if `only` names any, all that it does not name. Rules
    that are restricted already are restricted anew.

    Raises:
        Refused: a name is no option, or no option is left.
    """
    whole = rules.unrestricted
    names = tuple(dict.fromkeys(only)), tuple(dict.fromkeys(without))
    return _restricted(whole, *names) if any(names) else whole


@lru_cache(maxsize=256)
def _restricted(rules: Rules, only: tuple[str, ...], without: tuple[str, ...]) -> Rules:
    for name in (*only, *without):
        if name not in rules.options:
            raise unknown_option(rules, name)
    left = [name for name in only or rules.options if name not in without]
    if not left:
        raise Refused("no option is left", "name more with `only`, or fewer with `without`")
    options = {name: option for name, option in rules.options.items() if name in left}
    return rules._replace(
        options=MappingProxyType(options),
        notes=tuple(note for note in rules.notes if note.option in (None, *left)),
        whole=rules,
        only=only,
        without=without,
    )


def left_out(rules: Rules) -> list[str]:
    """The options that may not be used, in the order of the file."""
    return [name for name in rules.unrestricted.options if name not in rules.options]


def option_named(rules: Rules, name: str) -> Option | None:
    """The option of that id, name or short name, however it is spelled; None if there is none."""
    if name in rules.options:
        return rules.options[name]
    word = _plain(name)
    for option in rules.options.values():
        if word and word in map(_plain, (option.id, option.name, option.short)):
            return option
    return None


def known_system(rules: Rules, name: str) -> KnownSystem | None:
    """What the rule file knows of a system by its id or its name, however it is spelled."""
    word = _plain(name)
    systems = rules.known.values()
    return next((it for it in systems if word in (_plain(it.id), _plain(it.name))), None)


def _plain(name: str) -> str:
    """The name without what people spell in different ways: `Django_Tasks` is `django tasks`."""
    return name.lower().replace("-", " ").replace("_", " ")


def system_of(rules: Rules, name: str) -> str:
    """The id of an option, or of another system that the rule file knows, by its id or name.

    Raises:
        Refused: it knows none.
    """
    whole = rules.unrestricted
    if option := option_named(whole, name):
        return option.id
    if system := known_system(whole, name):
        return system.id
    raise unknown_option(whole, name, also=list(whole.known))


def unknown_option(rules: Rules, name: str, also: Sequence[str] = ()) -> Refused:
    """What to say of a name that is no option: what is known of it, or which name is near.

    `also` is what might stand there beside the options.
    """
    whole = rules.unrestricted
    if name in whole.options:
        rest = listed(list(rules.options))
        return Refused(
            f"'{name}' may not be used: `only` or `without` leaves it out", f"left: {rest}"
        )
    if system := known_system(whole, name):
        message = f"{system.name} is not an option: {system.say.removesuffix('.')}"
        nearest = f"the closest option is '{system.instead}'" if system.instead else system.url
        return Refused(f"{message} (checked {system.as_of})", nearest)
    options = [*rules.options, *also]
    near = did_you_mean(name, [*options, *whole.known])
    hint = near if near.startswith("did you mean") else did_you_mean(name, options)
    return Refused(f"no option {quoted(name)}", hint)
