"""What a file states, held to the rules: its answers, the options it allows, the system in use."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from taskpick.answers import Given, InvalidAnswer, Origin, check_level
from taskpick.decision.restriction import option_named, system_of, unknown_option
from taskpick.named_tuple import NamedTuple
from taskpick.problems import MOST_SHOWN, InvalidFile, Problem, Refused, Source, without_text
from taskpick.records.statements import NO_ANSWERS, SETTING, Name
from taskpick.rulefile.document import Mapping, Scalar
from taskpick.rulefile.model import NOTHING_FITS
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    import collections.abc as abc

    from taskpick.records.statements import Statement
    from taskpick.rulefile.model import Rules


class Limits(NamedTuple):
    """Which options may be used."""

    only: tuple[str, ...] = ()
    """Empty: any."""
    without: tuple[str, ...] = ()


def given(rules: Rules, statement: Statement) -> dict[str, Given]:
    """The answers of a statement, those of a record from where they came from then.

    Raises:
        InvalidFile: with every answer, and the pick expected, that the rules do not know.
    """
    problems = list(islice(unknown_answers(rules, statement.source, statement.answers), MOST_SHOWN))
    if problems and not _is_answers_file(rules, statement):
        first = Problem("no criterion of the rule file", statement.source, problems[0].span)
        raise InvalidFile([without_text(first, NO_ANSWERS)])
    options = [*rules.options, NOTHING_FITS]
    if statement.expects and statement.pick and statement.pick not in options:
        pick = Name(statement.pick, statement.span)
        problems.append(_no_option(rules, statement, pick, also=[NOTHING_FITS]))
    if problems:
        raise InvalidFile(problems)
    origins = statement.origins
    return {
        name: Given(level, origins.get(name, Origin.FILE))
        for name, level in levels(statement.answers).items()
    }


def limits(rules: Rules, statement: Statement) -> Limits:
    """Which options a statement allows.

    Raises:
        InvalidFile: with every name that is no option.
    """
    named = (*statement.only, *statement.without)
    problems = [
        _no_option(rules, statement, name) for name in named if not option_named(rules, name.id)
    ]
    if problems:
        raise InvalidFile(problems)
    return Limits(ids(rules, statement.only), ids(rules, statement.without))


def in_use(rules: Rules, statement: Statement) -> str:
    """The system that a statement names as the one in use; empty if it names none.

    Raises:
        InvalidFile: the rule file does not know it.
    """
    if statement.have is None:
        return ""
    try:
        return system_of(rules, statement.have.id)
    except Refused as error:
        problem = Problem(str(error), statement.source, statement.have.span, error.hint)
        raise InvalidFile([problem]) from None


def ids(rules: Rules, names: abc.Iterable[Name]) -> tuple[str, ...]:
    """The ids of options, however they are spelled; what is no option stays as it is."""
    options = ((name, option_named(rules, name.id)) for name in names)
    return tuple(option.id if option else name.id for name, option in options)


def _no_option(
    rules: Rules, statement: Statement, name: Name, also: abc.Sequence[str] = ()
) -> Problem:
    unknown = unknown_option(rules, name.id, also)
    return Problem(str(unknown), statement.source, name.span, unknown.hint)


def _is_answers_file(rules: Rules, statement: Statement) -> bool:
    """Whether something shows that a file with answers was meant to be one."""
    text = statement.source.text
    answered = rules.criteria.keys() & statement.answers.entries.keys()
    return bool(answered or statement.record or SETTING.search(text))


def unknown_answers(rules: Rules, source: Source, answers: Mapping) -> abc.Iterator[Problem]:
    """Every criterion and level of a mapping that the rules do not know."""
    for criterion, value in answers.entries.items():
        if criterion not in rules.criteria:
            hint = did_you_mean(criterion, rules.criteria)
            message = f"unknown criterion {quoted(criterion)}"
            yield Problem(message, source, answers.keys[criterion], hint)
        elif not isinstance(value, Scalar):
            yield Problem(f"the answer to '{criterion}' is not a single level", source, value.span)
        else:
            try:
                check_level(rules, criterion, value.text)
            except InvalidAnswer as error:
                yield Problem(str(error), source, value.span, error.hint)


def levels(answers: Mapping) -> dict[str, str]:
    """Criterion to level, of answers without problems."""
    return {
        name: value.text for name, value in answers.entries.items() if isinstance(value, Scalar)
    }
