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
from typer.core import TyperCommand, TyperGroup

from taskpick.answers import InvalidAnswer, check_level
from taskpick.cli import files
from taskpick.cli.completion import complete_path, complete_rules, one_line
from taskpick.cli.usage import UsageError
from taskpick.problems import InvalidRules, Refused
from taskpick.rulefile import bundled
from taskpick.rulefile.model import UNSURE
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from taskpick.answers import Flags
    from taskpick.rulefile.model import Criterion, Rules


class DataFormat(StrEnum):
    """How a result is shown that people read or programs use."""

    TEXT = "text"
    JSON = "json"


ANSWERS = "Answers"
"""The heading in the help under which the flags of the criteria stand."""

RULES_VARIABLE = "TASKPICK_RULES"
_PARAMETERS = {"--rules": "rules_path", "--answers": "answers_file"}


# A text, since a path would forget the `./` that tells it from a bundled name.
RulesFlag = Annotated[
    str | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        envvar=RULES_VARIABLE,
        help="The rule file to decide by, or its folder.",
        show_default="the one for background tasks",
        autocompletion=complete_rules,
    ),
]
OverrideFlag = Annotated[
    str | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        help="The rule file to decide by, whatever the files name.",
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
        parser=files.file,
        help="Write the result to a file, whole or not at all; - is stdout.",
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


class HelpfulGroup(TyperGroup):
    """Commands below one name, of which the nearest is offered for one that there is not."""

    meant: Mapping[str, str] = {}
    """What people type for what: a word, and the hint where it is no command."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that a line begins with."""
        known = self.list_commands(ctx)
        word = args[0] if args else ""
        if word and not word.startswith("-") and self.get_command(ctx, word) is None:
            hint = self.meant.get(word) or did_you_mean(word, known)
            raise Refused(f"no command {quoted(word)}", hint)
        return super().resolve_command(ctx, args)


class HelpfulCommand(TyperCommand):
    """A command whose help shows examples first and groups its flags."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As usual, but a flag that takes one value may be given only once."""
        if not ctx.resilient_parsing:
            try:
                _, _, given = self.make_parser(ctx).parse_args(list(args))
            except UsageError as error:
                error.ctx = ctx
                raise
            for parameter in given:
                if (times := given.count(parameter)) > 1 and _takes_one_value(parameter):
                    flag = max(parameter.opts, key=len)
                    raise Refused(f"{flag} is given {times} times", "give it once")
        return super().parse_args(ctx, _with_formats_by_name(self.params, args))

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """As usual, with help that every shell takes for text."""
        items: list[Any] = super().shell_complete(ctx, incomplete)
        for item in items:
            item.help = one_line(item.help or "")
        return items

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Usage, the words, the examples, then the flags under their headings."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_epilog(ctx, formatter)
        self.format_options(ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """One list per heading, in the order of the flags."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            if record := parameter.get_help_record(ctx):
                heading = getattr(parameter, "rich_help_panel", None) or "Flags"
                groups.setdefault(heading, []).append(record)
        for heading, records in sorted(groups.items(), key=lambda group: group[0] != ANSWERS):
            with formatter.section(heading):
                formatter.write_dl(records)


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
                completing = extra.get("resilient_parsing")
                named = _named(args)
                try:
                    rules = bundled.load(_rules_path(named))
                except (InvalidRules, Refused, OSError):
                    if not completing:
                        raise
                    rules = None  # completion says nothing about a broken rule file
                command = _command(function, rules, examples, settings)
                context = command.make_context(info_name, args, parent, obj=rules, **extra)
                if not completing:
                    _check_named(context, named)
                return context

        settings.setdefault("name", function.__name__)
        settings.setdefault("options_metavar", "[FLAGS]")
        app.command(cls=RuleCommand, help=function.__doc__, **settings)(lambda: None)
        return function

    return register


def _named(args: list[str]) -> dict[str, str]:
    """The values of `--rules` and `--answers` on a command line, without a parser.

    A parser needs the flags of the criteria, and they come from the file that is named here.
    """
    named = {}
    words = args[: args.index("--")] if "--" in args else args
    for index, word in enumerate(words):
        flag, equals, value = word.partition("=")
        if flag in _PARAMETERS and equals:
            named[flag] = value
        elif flag in _PARAMETERS and index + 1 < len(words):
            named[flag] = words[index + 1]
    return named


def _check_named(context: Any, named: Mapping[str, str]) -> None:
    """Refuse a line that the parser reads otherwise, such as `--decider --rules=FILE`."""
    for flag, value in named.items():
        if context.params.get(_PARAMETERS[flag]) != value:
            raise Refused(f"{flag} is taken as the value of another flag", "put it first")


def _rules_path(named: Mapping[str, str]) -> Path:
    name = named.get("--rules", os.environ.get(RULES_VARIABLE) or None)
    if name is not None:
        return bundled.find(name)
    return _rules_of(named["--answers"]) if "--answers" in named else bundled.default()


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
) -> TyperCommand:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(cls=HelpfulCommand, epilog=examples, **settings)(_wrapped(function, rules))
    command = typer.main.get_command(app)
    assert isinstance(command, TyperCommand)  # noqa: S101  an app of one command is that command
    return command


def _wrapped(function: Callable[..., None], rules: Rules | None) -> Callable[..., None]:
    """The function with `--rules` and the criteria in the place of `rules` and `given`."""
    criteria = list(rules.criteria.values()) if rules else []

    signature = inspect.signature(function, eval_str=True).parameters

    def command(context: typer.Context, rules_path: str | None, **values: Any) -> None:
        given = {criterion.id: values.pop(_parameter(criterion)) for criterion in criteria}
        answers = {name: level for name, level in given.items() if level is not None}
        if "flags" in signature:
            values["flags"] = _as_given(context)
        function(rules=rules, given=answers, **values)

    own = signature.values()
    parameters = [
        inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
        inspect.Parameter(
            "rules_path", inspect.Parameter.KEYWORD_ONLY, annotation=RulesFlag, default=None
        ),
        *(_flag(rules, criterion) for criterion in criteria if rules),
        *(p.replace(kind=p.KEYWORD_ONLY) for p in own if p.name not in ("rules", "given", "flags")),
    ]
    parameters.sort(key=lambda parameter: parameter.name == "rules_path")
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__doc__ = function.__doc__
    return command


def _as_given(context: typer.Context) -> Flags:
    """The flags of the line that change something, without those of the criteria."""
    found: list[tuple[str, ...]] = []
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
            found.append((name,))
        else:
            values = value if isinstance(value, list | tuple) else [value]
            found += [(name, str(each)) for each in values]
    return tuple(found)


def _flag(rules: Rules, criterion: Criterion) -> inspect.Parameter:
    levels = [level.id for level in criterion.levels]

    def check(level: str | None) -> str | None:
        if level is None:
            return None
        try:
            check_level(rules, criterion.id, level)
        except InvalidAnswer as error:
            message = f"unknown value {quoted(level)} for --{criterion.id}"
            raise Refused(message, error.hint) from None
        return level

    def complete(incomplete: str) -> list[tuple[str, str]]:
        known = [
            *((level.id, level.means) for level in criterion.levels),
            (UNSURE, "not known yet"),
        ]
        return [(level, one_line(means)) for level, means in known if level.startswith(incomplete)]

    default = f" [default: {criterion.default}]" if criterion.default else ""
    option = typer.Option(
        f"--{criterion.id}",
        metavar="|".join(levels),
        help=f"{criterion.question}{default}",
        callback=check,
        autocompletion=complete,
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


_FORMATS = {"terminal": "text", "md": "markdown"}
"""Other names of formats; the help does not mention them."""


def _with_formats_by_name(parameters: list[Any], args: list[str]) -> list[str]:
    """The arguments, the formats among them by the names that the help has."""
    if all("--format" not in parameter.opts for parameter in parameters):
        return args
    words = list(args)
    for index, word in enumerate(words):
        if word == "--":
            break
        if index and words[index - 1] == "--format":
            words[index] = _FORMATS.get(word, word)
        elif word.startswith("--format="):
            value = word.removeprefix("--format=")
            words[index] = f"--format={_FORMATS.get(value, value)}"
    return words


def _takes_one_value(parameter: Any) -> bool:
    return parameter.nargs == 1 and not parameter.multiple and not parameter.is_flag
