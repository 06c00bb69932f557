"""What is wrong with a command line, in the words of every other error."""

from __future__ import annotations

import re
from typing import Any

import typer

from taskpick.wording import did_you_mean, quoted

UsageError: type[Any] = typer.BadParameter.__mro__[1]
"""What Typer raises where a command line is not as declared."""


def in_words(error: Any) -> tuple[str, str]:
    """The message of a usage error, and the way out."""
    match type(error).__name__:
        case "NoSuchOption":
            return f"unknown flag {quoted(error.option_name)}", _flag_meant(error)
        case "BadOptionUsage":
            return _value_missing(error)
        case "MissingParameter":
            return f"missing {error.param.make_metavar(error.ctx)}", _help(error)
        case "BadParameter":
            return _value_wrong(error)
    message = error.format_message()
    if extra := re.fullmatch(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", message, re.S):
        return f"unexpected extra argument {quoted(extra[1])}", _help(error)
    return f"{message[:1].lower()}{message[1:]}".rstrip("."), _help(error)


def _flag_meant(error: Any) -> str:
    flags = [
        flag
        for parameter in error.ctx.command.params
        for flag in parameter.opts
        if flag[:2] == "--"
    ]
    meant = did_you_mean(error.option_name, [*flags, "--help"])
    return meant if meant.startswith("did") else _help(error)


def _value_missing(error: Any) -> tuple[str, str]:
    flag = error.option_name
    if "does not take a value" in error.message:
        return f"{flag} takes no value", _help(error)
    parameters = error.ctx.command.params if error.ctx else []
    metavars = [
        parameter.make_metavar(error.ctx) for parameter in parameters if flag in parameter.opts
    ]
    return f"{flag} needs a value", f"give {flag} {metavars[0]}" if metavars else _help(error)


def _value_wrong(error: Any) -> tuple[str, str]:
    flag = max(error.param.opts, key=len) if error.param else ""
    choices = getattr(error.param.type, "choices", None) if error.param else None
    wrong = re.match(r"(['\"])(.*)\1 is not one of", error.message, re.S)
    if choices and wrong:
        words = [str(getattr(choice, "value", choice)) for choice in choices]
        return f"unknown value {quoted(wrong[2])} for {flag}", did_you_mean(wrong[2], words)
    message = error.message.rstrip(".")
    return (f"{flag}: {message}" if flag else message), _help(error)


def _help(error: Any) -> str:
    path = error.ctx.command_path if error.ctx else "taskpick"
    return f"'{path} --help' shows what there is"
