"""Flags, help and completion made from the rule file: the one trick, in one module.

A command that is registered with `rule_command` is built anew on every run: `--rules` is looked
for, the rule file is loaded, and the command gets one flag per criterion. Whatever Typer does with
a command (invoking, help, errors, completion) it does with that one.
"""

from __future__ import annotations

import inspect
import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from taskpick.answers import InvalidAnswer, check_level
from taskpick.cli import files
from taskpick.cli.completion import complete_path, complete_rules, one_line
from taskpick.cli.helpful import ANSWERS, HelpfulCommand
from taskpick.problems import InvalidRules, Refused
from taskpick.rulefile import bundled
from taskpick.rulefile.model import UNSURE
from taskpick.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from taskpick.answers import Flags
    from taskpick.rulefile.model import Criterion, Rules


class DataFormat(StrEnum):
    """How a result is shown that people read or programs use."""

    TEXT = "text"
    JSON = "json"


RULES_VARIABLE = "TASKPICK_RULES"
_PARAMETERS = {"--rules": "rules_path", "--answers": "answers_file"}


# A text, since a path would forget the `./` that tells it from a bundled name.
RulesFlag = Annotated[
    str | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        envvar=RULES_VARIABLE,
        help="The rule file to use, or its folder.",
        show_default="the one for background tasks",
        autocompletion=complete_rules,
    ),
]
OverrideFlag = Annotated[
    str | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        help="The rule file to use, whatever the files name.",
        autocompletion=complete_rules,
    ),
]
"""`--rules` where files name rule files themselves."""

OutputFlag = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        parser=files.result_file,
        help="Write the result to a file, atomically; - is stdout.",
        rich_help_panel="Result",
        autocompletion=complete_path(""),
    ),
]
ForceFlag = Annotated[
    bool,
    typer.Option("--force", "-f", help="Replace files that exist.", rich_help_panel="Result"),
]
AnswersFlag = Annotated[
    str | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="Read answers: YAML, or a JSON result of taskpick; - is stdin.",
        autocompletion=complete_path(".yaml", ".yml", ".json"),
    ),
]


def rule_command(app: typer.Typer, examples: str = "", **settings: Any) -> Callable[..., Any]:
    """Register a function `(rules, given, …)` as a command with a flag per criterion.

    The function gets the loaded rules and the answers given as flags, criterion to level; if it
    has a parameter `flags`, also all other flags as they were given, so that a command to go on
    with can repeat them.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        class RuleCommand(HelpfulCommand):
            def make_context(
                self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
            ) -> Any:
                completing = extra.get("resilient_parsing", False)
                named = files_named(args)
                try:
                    rules = bundled.load(_rules_path(named))
                except (InvalidRules, Refused, OSError):
                    if not completing:
                        raise
                    rules = None  # completion says nothing about a broken rule file
                command = _command(function, rules, examples, settings, completing=completing)
                context = command.make_context(info_name, args, parent, obj=rules, **extra)
                if not completing:
                    _check_files_named(context, named)
                return context

        settings.setdefault("name", function.__name__)
        settings.setdefault("options_metavar", "[FLAGS]")
        app.command(cls=RuleCommand, help=function.__doc__, **settings)(lambda: None)
        return function

    return register


def files_named(args: list[str]) -> dict[str, str]:
    """The values of `--rules` and `--answers` on a command line, without a parser.

    A parser needs the flags of the criteria, and they come from the file that is named here.
    """
    values = {}
    words = args[: args.index("--")] if "--" in args else args
    for index, word in enumerate(words):
        flag, equals, value = word.partition("=")
        if flag in _PARAMETERS and equals:
            values[flag] = value
        elif flag in _PARAMETERS and index + 1 < len(words):
            values[flag] = words[index + 1]
    return values


def _check_files_named(context: Any, values: Mapping[str, str]) -> None:
    """Refuse a line that the parser reads otherwise, such as `--decider --rules=FILE`."""
    for flag, value in values.items():
        if context.params.get(_PARAMETERS[flag]) != value:
            raise Refused(f"{flag} is where another flag needs its value", "give the value")


def _rules_path(values: Mapping[str, str]) -> Path:
    name = values.get("--rules", os.environ.get(RULES_VARIABLE) or None)
    if name is not None:
        return bundled.find(name)
    return _rules_of(values["--answers"]) if "--answers" in values else bundled.default()


def _rules_of(answers_file: str) -> Path:
    """The rule file that an answers file names; what is wrong with that file is said later.

    Raises:
        Refused: it names what it may not name.
    """
    from taskpick.records.rule_files import named
    from taskpick.records.statements import LARGEST, rules_named

    try:
        data = files.read_ahead(answers_file, largest=LARGEST)
    except OSError:
        return bundled.default()
    name = rules_named(data.decode("utf-8-sig", errors="replace"))
    return named(name, files.folder_of(answers_file))


def _command(
    function: Callable[..., None],
    rules: Rules | None,
    examples: str,
    settings: dict[str, Any],
    *,
    completing: bool,
) -> TyperCommand:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(cls=HelpfulCommand, epilog=examples, **settings)(
        _wrapped(function, rules, completing=completing)
    )
    command = typer.main.get_command(app)
    assert isinstance(command, TyperCommand)  # noqa: S101  an app of one command is that command
    return command


def _wrapped(
    function: Callable[..., None], rules: Rules | None, *, completing: bool
) -> Callable[..., None]:
    """The function with `--rules` and the criteria in the place of `rules` and `given`."""
    criteria = list(rules.criteria.values()) if rules else []

    signature = inspect.signature(function, eval_str=True).parameters

    def command(context: typer.Context, rules_path: str | None, **values: Any) -> None:
        given = {criterion.id: values.pop(_parameter(criterion)) for criterion in criteria}
        answers = {name: level for name, level in given.items() if level is not None}
        if rules:
            _check_levels(rules, answers)
        if "flags" in signature:
            values["flags"] = _as_given(context)
        function(rules=rules, given=answers, **values)

    parameters = [
        inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
        inspect.Parameter(
            "rules_path", inspect.Parameter.KEYWORD_ONLY, annotation=RulesFlag, default=None
        ),
        *(_flag(criterion, completing=completing) for criterion in criteria),
        *(
            p.replace(kind=p.KEYWORD_ONLY)
            for p in signature.values()
            if p.name not in ("rules", "given", "flags")
        ),
    ]
    parameters.sort(key=lambda parameter: parameter.name == "rules_path")
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__doc__ = function.__doc__
    return command


def _as_given(context: typer.Context) -> Flags:
    """The flags of the line that change something, without those of the criteria."""
    flags: list[tuple[str, ...]] = []
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is None or source.name != "COMMANDLINE" or parameter.param_type_name != "option":
            continue
        if getattr(parameter, "rich_help_panel", None) == ANSWERS:
            continue
        name, value = parameter.opts[0], context.params[parameter.name or ""]
        if value == parameter.default:
            continue
        if isinstance(value, bool):
            flags.append((name,))
        else:
            values = value if isinstance(value, list | tuple) else [value]
            flags += [(name, str(value)) for value in values]
    return tuple(flags)


def _check_levels(rules: Rules, answers: Mapping[str, str]) -> None:
    for name, level in answers.items():
        try:
            check_level(rules, name, level)
        except InvalidAnswer as error:
            raise Refused(f"unknown value {quoted(level)} for --{name}", error.hint) from None


def _flag(criterion: Criterion, *, completing: bool) -> inspect.Parameter:
    def complete(incomplete: str) -> list[tuple[str, str]]:
        meanings = {level.id: level.means for level in criterion.levels} | {UNSURE: "not known yet"}
        return [
            (level, one_line(means))
            for level, means in meanings.items()
            if level.startswith(incomplete)
        ]

    default = f" [default: {criterion.default}]" if criterion.default else ""
    option = typer.Option(
        f"--{criterion.id}",
        metavar="|".join(level.id for level in criterion.levels),
        help=f"{criterion.question}{default}",
        # Typer inspects every such function, which takes a while for a dozen criteria.
        autocompletion=complete if completing else None,
        rich_help_panel=ANSWERS,
    )
    return inspect.Parameter(
        _parameter(criterion),
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[str | None, option],
        default=None,
    )


def _parameter(criterion: Criterion) -> str:
    # Prefixed, since a criterion may have the name of one of the command's own parameters.
    return f"answer_{criterion.id.replace('-', '_')}"
