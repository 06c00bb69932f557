"""Commands and groups of commands as Typer has them, but with help and errors that help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

from taskpick.cli.completion import one_line
from taskpick.cli.usage import UsageError
from taskpick.problems import Refused
from taskpick.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

_FLAGS = "[FLAGS]"
_SENTENCE = 200
"""Characters that the first sentence of a help text may have; a longer one would be cut."""
ANSWERS = "Answers"
"""The heading in the help under which the flags of the criteria stand."""


class _ExamplesFirst:
    """A command or a group in whose help the flags come last."""

    def format_help(self: Any, ctx: Any, formatter: Any) -> None:
        """Usage, the words, the examples, then the flags or the commands under their headings."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_epilog(ctx, formatter)
        self.format_options(ctx, formatter)


class HelpfulGroup(_ExamplesFirst, TyperGroup):
    """Commands below one name, of which the nearest is offered for one that there is not."""

    meant: Mapping[str, str] = {}
    """What people type for what: a word, and the hint where it is no command."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "options_metavar": _FLAGS})

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that a line begins with."""
        names = self.list_commands(ctx)
        word = args[0] if args else ""
        if word and not word.startswith("-") and self.get_command(ctx, word) is None:
            hint = self.meant.get(word) or did_you_mean(word, names)
            raise Refused(f"no command {quoted(word)}", hint)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The flags, then the commands."""
        with formatter.section("Flags"):
            records = (parameter.get_help_record(ctx) for parameter in self.get_params(ctx))
            formatter.write_dl([record for record in records if record])
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """What each command does, in a whole sentence."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, command.get_short_help_str(_SENTENCE))
                    for name, command in commands
                    if command
                ]
            )


class HelpfulCommand(_ExamplesFirst, TyperCommand):
    """A command whose help shows examples first and groups its flags."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{**settings, "options_metavar": _FLAGS})

    def get_help_option_names(self, ctx: Any) -> list[str]:
        """The same for every command, whatever it is a part of."""
        return ["-h", "--help"]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As usual, but what takes one value is given only once, and no path is empty."""
        if not ctx.resilient_parsing:
            try:
                values, _, given = self.make_parser(ctx).parse_args(list(args))
            except UsageError as error:
                error.ctx = ctx
                raise
            for parameter in given:
                value = values.get(parameter.name or "")
                # It would be the current folder, which nobody has named.
                is_empty = "" in (value if isinstance(value, list | tuple) else [value])
                if is_empty and _takes_a_path(parameter):
                    raise Refused(f"{_called(parameter)} is empty", "give a value, or leave it out")
                if (times := given.count(parameter)) > 1 and _takes_one_value(parameter):
                    raise Refused(f"{_called(parameter)} is given {times} times", "give it once")
        return super().parse_args(ctx, _with_formats_by_name(self.params, args))

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """As usual, with help that every shell takes for text."""
        items: list[Any] = super().shell_complete(ctx, incomplete)
        for item in items:
            item.help = one_line(item.help or "")
        return items

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


def _called(parameter: Any) -> str:
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.human_readable_name).strip("[].")


def _takes_a_path(parameter: Any) -> bool:
    return str(parameter.metavar).strip("[].") in ("FILE", "DIRECTORY", "PATH")


def _takes_one_value(parameter: Any) -> bool:
    return parameter.nargs == 1 and not parameter.multiple and not parameter.is_flag
