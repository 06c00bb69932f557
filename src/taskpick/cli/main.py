"""The program: its commands, and what every one of them does with errors."""

from __future__ import annotations

import errno
import os
import sys
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer

from taskpick.cli import shell, usage
from taskpick.cli.helpful import HelpfulCommand, HelpfulGroup
from taskpick.problems import MOST_SHOWN, InvalidFile, Refused, full
from taskpick.version import __version__
from taskpick.wording import did_you_mean, printable, quoted

_COMMANDS = {
    "advise": ("advise.advise", "Recommend an option, say why, and show code that runs."),
    "compare": ("compare", "Show what each option does for each answer, side by side."),
    "explain": ("explain", "Say why an option is the pick, or what stands in its way."),
    "starter": ("starter", "Write a small project that runs an option, tuned by the answers."),
    "verify": ("verify", "Recompute decisions and say which no longer hold."),
    "scan": ("scan.scan", "List the background work of a code base, and hazards in it."),
    "record": ("record", "Keep decision records up to date."),
    "rules": ("rules.rules", "Check, test, compare and draw rule files."),
}
"""Each command with its module and what it does: to list them, none has to be imported."""


_OTHER_NAMES = {"why": "explain", "why-not": "explain"}
"""They are commands, too; the help does not mention them."""


class _Program(HelpfulGroup):
    """The commands, each imported only when it is used."""

    meant = {  # noqa: RUF012  never changed
        **dict.fromkeys(["recommend", "ask", "choose", "decide"], "did you mean 'advise'?"),
        **dict.fromkeys(["check", "test", "diff", "tree", "lint"], "did you mean 'rules'?"),
        **dict.fromkeys(["new", "init"], "did you mean 'starter' or 'rules new'?"),
        "matrix": "did you mean 'compare'?",
    }

    def list_commands(self, ctx: Any) -> list[str]:
        """All, the commonest first."""
        return [*_COMMANDS, "help"]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; None if there is none."""
        cmd_name = _OTHER_NAMES.get(cmd_name, cmd_name)
        if cmd_name not in _COMMANDS:
            return super().get_command(ctx, cmd_name)
        return _group(_COMMANDS[cmd_name][0]).get_command(ctx, cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of the commands in the help."""
        with formatter.section("Commands"):
            rows = [(name, does) for name, (_, does) in _COMMANDS.items()]
            formatter.write_dl([*rows, ("help", "Show the help of a command, or a topic.")])
        from taskpick.help import TOPICS

        with formatter.section("Help topics (taskpick help TOPIC)"):
            formatter.write_dl(list(TOPICS.items()))

    def invoke(self, ctx: Any) -> Any:
        """Run the command; whoever interrupts it is told so."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            shell.stop("interrupted", code=shell.ExitCode.INTERRUPTED)


@cache
def _group(module: str) -> Any:
    """The commands of a module; it is asked for them twice on every run."""
    return typer.main.get_group(import_module(f"taskpick.commands.{module}").commands)


app = typer.Typer(
    name="taskpick",
    cls=_Program,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What only writing can meet: Typer writes the help, the version and completions."""


def main() -> None:
    """Run the command line."""
    shell.ready()
    try:
        sys.exit(app(args=_arguments(sys.argv[1:]), prog_name="taskpick", standalone_mode=False))
    except usage.UsageError as error:
        if type(error).__name__ != "NoArgsIsHelpError":
            shell.stop(*usage.in_words(error))
        shell.say(error.format_message(), "")  # the help, for who gives none where some are needed
        sys.exit(shell.ExitCode.UNUSABLE)
    except InvalidFile as invalid:
        for problem in invalid.problems[:MOST_SHOWN]:
            shell.say(full(problem), "")
        shell.stop(_problems_found(len(invalid.problems)))
    except Refused as error:
        shell.stop(str(error), error.hint)
    except UnicodeEncodeError:
        shell.stop("a file name is not UTF-8, so the result cannot name it", "rename the file")
    except OSError as error:
        if error.filename is None and error.errno in _NO_ROOM:
            shell.silence()
            shell.stop(f"cannot write the result: {error.strerror}")
        if error.filename and isinstance(error, FileNotFoundError):
            shell.stop(f"not found: {error.filename}")
        name = f" '{error.filename}'" if error.filename else ""
        shell.stop(f"cannot read{name}: {error.strerror or error}")
    except Exception as error:
        if os.environ.get("TASKPICK_DEBUG"):
            raise
        shell.stop(
            f"a bug in taskpick: {type(error).__name__}: {printable(str(error))}",
            "please report it, with what TASKPICK_DEBUG=1 shows",
            shell.ExitCode.BUG,
        )


def _arguments(words: list[str]) -> list[str]:
    """The arguments; where they ask for help, nothing else in them can be wrong."""
    asked = words[: words.index("--")] if "--" in words else words
    if not {"-h", "--help"} & set(asked):
        return words
    names = [word for word in asked[:2] if not word.startswith("-")]
    if names[:1] in ([], ["rules"], ["record"]):
        return [*names, "--help"]
    from taskpick.cli.flags import files_named

    rules = files_named(asked).get("--rules")
    return [*names, "--help"] if rules is None else [*names[:1], f"--rules={rules}", "--help"]


def _problems_found(count: int) -> str:
    if count >= MOST_SHOWN:
        return f"there may be more problems than these {MOST_SHOWN}"
    return f"{count} problem{'s' if count > 1 else ''} found"


def _version(is_given: bool) -> None:
    if is_given:
        typer.echo(f"taskpick {__version__}")
        raise typer.Exit


PROGRAM_EXAMPLES = """
\b
Examples:
  taskpick advise
      asks what matters, and recommends
  taskpick advise --retry basic --format markdown --output docs/decisions/
      asks for the rest, and writes a decision record
  taskpick verify docs/decisions
      says which decisions no longer hold
  taskpick help advise
      shows the flags of a command
"""


@app.callback(epilog=PROGRAM_EXAMPLES)
def taskpick(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", help="Show the version and exit.", callback=_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Recommend a tool for a job, with reasons and sources: by default, what should run the
    background work of a FastAPI service.
    """


def _complete_word(incomplete: str) -> list[str]:
    from taskpick.help import TOPICS

    return [name for name in [*_COMMANDS, *TOPICS] if name.startswith(incomplete)]


@app.command(name="help", cls=HelpfulCommand)
def show_help(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[COMMAND|TOPIC]",
            show_default=False,
            help="A command, such as 'rules check', or a topic.",
            autocompletion=_complete_word,
        ),
    ] = None,
) -> None:
    """Show the help of a command, or a help topic; without either, what there is."""
    from taskpick import help as topics

    word = (words or [""])[0]
    if word in topics.TOPICS:
        shell.emit(topics.text(word), None, force=False)
    elif word and word not in {*_COMMANDS, *_OTHER_NAMES, "help"}:
        hint = _Program.meant.get(word) or did_you_mean(word, [*_COMMANDS, *topics.TOPICS])
        raise Refused(f"no command or help topic {quoted(word)}", hint)
    else:
        app(args=[*(words or []), "--help"], prog_name="taskpick", standalone_mode=False)
