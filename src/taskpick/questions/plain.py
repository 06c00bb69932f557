"""The conversation as numbered lines: for screen readers, plain terminals and pipes."""

from __future__ import annotations

import textwrap
from itertools import count
from typing import TYPE_CHECKING, NoReturn, TextIO

from taskpick.questions import words
from taskpick.questions.conversation import UNSURE_MEANS
from taskpick.questions.keys import answer_keys
from taskpick.questions.unfinished import BadLine, Interrupted, OutOfInput
from taskpick.rulefile.model import UNSURE
from taskpick.wording import capitalised, did_you_mean, printable, quoted

if TYPE_CHECKING:
    from taskpick.questions.conversation import Conversation
    from taskpick.rulefile.model import Criterion

LONGEST = 1_000
"""How much of a line is read: no answer is as long, and a pipe may never end one."""
QUESTION_KEYS = (
    "A number, a name or its first letter: answer; u: unsure; b: back; ? or h: help and what each "
    "answer means; f: finish; q: quit"
)


class Unclear(Exception):
    """A line that is no answer and no command here."""


def hold(conversation: Conversation, lines: TextIO, out: TextIO, width: int = 80) -> Conversation:
    """Hold the conversation to its end.

    A line that is no answer is asked for again at a terminal; from anywhere else it is an error,
    so that the lines after it never answer another question than they were written for.

    Raises:
        Interrupted: the person left.
        OutOfInput: the lines ended before the questions did.
        BadLine: a line that no person typed is no answer.
    """
    front = _Front(lines, out, width)
    try:
        while not conversation.finished:
            conversation = front.turn(conversation)
    except KeyboardInterrupt:
        out.write("\n")
        raise Interrupted(conversation) from None
    return conversation


def step(conversation: Conversation, text: str) -> Conversation:
    """The conversation after a line; help and `q` are not among the lines that it takes.

    Raises:
        Unclear: the line is no answer and no command here.
    """
    if conversation.question is None:
        return _in_review(conversation, text)
    return _at_question(conversation, conversation.question, text)


class _Front:
    """Reads lines and writes text."""

    def __init__(self, lines: TextIO, out: TextIO, width: int) -> None:
        self.lines = lines
        self.out = out
        self.width = width
        self.typed = lines.isatty()
        self.number = 0
        self.told_keys = False

    def turn(self, conversation: Conversation) -> Conversation:
        """Show where the conversation is and read lines until one takes it on."""
        if conversation.question is None:
            self.show_review(conversation)
        else:
            self.show_question(conversation, conversation.question)
        while True:
            text = self.read(conversation)
            if text is None:
                return self.at_end(conversation)
            match _command(conversation, text):
                case "q" | "quit":
                    raise Interrupted(conversation)
                case "?" | "h" | "help" | "more":
                    self.more(conversation)
                case _:
                    try:
                        after = step(conversation, text)
                    except Unclear as unclear:
                        self.refuse(text, str(unclear))
                        continue
                    self.confirm(conversation, after)
                    return after

    def read(self, conversation: Conversation) -> str | None:
        self.out.write(self.prompt(conversation))
        self.out.flush()
        line = self.lines.readline(LONGEST)
        if not self.typed or not line:
            self.out.write("\n")
        if not line:
            return None
        self.number += 1
        return line.strip()

    def at_end(self, conversation: Conversation) -> Conversation:
        """What the end of the input means: where the pick is decided nothing is missing."""
        review = conversation.finish() if conversation.question else conversation
        if conversation.question and not words.decided(conversation):
            raise OutOfInput(conversation, self.number)
        return review.finish()

    def refuse(self, text: str, message: str) -> None:
        if not self.typed:
            raise BadLine(self.number, text, message)
        self.say(f"{capitalised(message)}.")

    def confirm(self, before: Conversation, after: Conversation) -> None:
        name = before.asking
        if name in after.answers and (name in after.passed or before.changing):
            self.say(f"{name}: {after.answers[name]}")

    def show_question(self, conversation: Conversation, criterion: Criterion) -> None:
        self.say("", f"{words.progress(conversation)}: {criterion.question}")
        self.say(f"Why: {criterion.why}")
        for number, level in enumerate(criterion.levels, 1):
            example = f". Example: {level.example}" if level.example else ""
            self.say(f"{number}. {level.id}: {level.means}{example}", indent="   ")
        self.say(f"u. {UNSURE}: {UNSURE_MEANS}")
        if skipped := words.not_asked(conversation):
            self.say(f"{skipped}.")
        still = f"Still possible: {words.possible(conversation)}"
        self.say(words.decided(conversation) or still)
        if not self.told_keys:
            self.say(_keys(conversation))
            self.told_keys = True

    def show_review(self, conversation: Conversation) -> None:
        entries = {entry.criterion.id: entry for entry in conversation.entries()}
        self.say("", words.headline(conversation))
        numbers = count(1)
        for title, names in words.review(conversation).items():
            self.say(f"{title}:")
            for name in names:
                answer = f"{next(numbers)}. {name}: {words.answer_of(entries[name])}"
                effect = words.effect(conversation.rules, entries[name], title)
                self.say(f"{answer}; {effect}" if effect else answer, indent="   ")
        self.say(_keys(conversation))

    def prompt(self, conversation: Conversation) -> str:
        if conversation.question is None:
            return "Enter accepts: "
        keeps = f"Enter keeps {conversation.kept}, " if conversation.kept else ""
        return f"{conversation.question.id} ({keeps}? help): "

    def more(self, conversation: Conversation) -> None:
        for level, outcome, fits in words.prospects(conversation):
            self.say(f"{level.id}: {level.means}. It leads to: {outcome}")
            for name, fit in fits:
                why = f": {fit.why}" if fit.why else ""
                self.say(f"- {name}: {fit.rating.word}{why}", indent="  ")
        self.say(_keys(conversation))

    def say(self, *paragraphs: str, indent: str = "") -> None:
        for text in paragraphs:
            lines = textwrap.wrap(
                text,
                self.width,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
            self.out.write(printable("\n".join(lines or [""]), "\t\n") + "\n")


def _at_question(conversation: Conversation, criterion: Criterion, text: str) -> Conversation:
    if not text:
        if conversation.kept is None:
            raise Unclear("an empty line is not an answer")
        return conversation.answer(conversation.kept)
    if level := _level(criterion, text):
        return conversation.answer(level)
    match text.casefold():
        case "u" | "unsure":
            return conversation.answer(UNSURE)
        case "b" | "back":
            if not conversation.passed and not conversation.changing:
                raise Unclear("this is the first question")
            return conversation.back()
        case "f" | "finish":
            return conversation.finish()
    _refuse(text, criterion)


def _level(criterion: Criterion, text: str) -> str | None:
    """The level a text means: its name, its number or first letter, or `criterion=name`."""
    name, equals, level = text.partition("=")
    ids = [lv.id for lv in criterion.levels]
    if equals and name.strip() == criterion.id and level.strip() in [*ids, UNSURE]:
        return level.strip()
    by_number = dict(zip(map(str, range(1, len(ids) + 1)), ids, strict=True))
    if text in ids and by_number.get(text, text) != text:
        message = f"{quoted(text)} is the name of one answer and the number of another"
        raise Unclear(f"{message}; write {criterion.id}={text} or {criterion.id}={by_number[text]}")
    if text in ids:
        return text
    alike = [level for level in ids if level.casefold() == text.casefold()]
    if len(alike) == 1:
        return alike[0]
    return by_number.get(text) or answer_keys(criterion).get(text.casefold())


def _refuse(text: str, criterion: Criterion) -> NoReturn:
    hint = did_you_mean(text, [level.id for level in criterion.levels])
    raise Unclear(f"{quoted(text)} is not an answer to '{criterion.id}' ({hint})")


def _in_review(conversation: Conversation, text: str) -> Conversation:
    match text.casefold():
        case "" | "f" | "finish":
            return conversation.finish()
        case "b" | "back":
            if not conversation.passed:
                raise Unclear("there is no question to go back to")
            return conversation.back()
        case "g" | "go on":
            if not conversation.unanswered:
                raise Unclear("every question is answered")
            return conversation.go_on()
    return conversation.change(_criterion(conversation, text))


def _criterion(conversation: Conversation, text: str) -> str:
    """The criterion meant by `retry`, `c retry` or `c 3`; a bare number would be ambiguous."""
    names = [name for group in words.review(conversation).values() for name in group]
    if text in names:
        return text
    command, _, rest = text.partition(" ")
    rest = rest.strip()
    if command.casefold() in ("c", "change"):
        if rest in names:
            return rest
        numbered = dict(zip(map(str, range(1, len(names) + 1)), names, strict=True))
        if rest in numbered:
            return numbered[rest]
    raise Unclear(f"{quoted(text)} does nothing here; {_keys(conversation)}")


def _command(conversation: Conversation, text: str) -> str:
    """The text as a command; empty if it is an answer, which goes first."""
    command, question = text.casefold(), conversation.question
    if question and (command in answer_keys(question) or text in [lv.id for lv in question.levels]):
        return ""
    return command


def _keys(conversation: Conversation) -> str:
    if conversation.question is not None:
        return QUESTION_KEYS
    on = words.go_on(conversation)
    change = "c and a number or a name: change that answer"
    return "; ".join(
        ["Enter: accept and finish", change, *([f"g: {on}"] if on else []), "b: back", "q: quit"]
    )
