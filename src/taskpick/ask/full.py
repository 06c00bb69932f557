"""The conversation at a full terminal: keys, and a screen that is redrawn.

The only module that imports prompt_toolkit, so that nobody else pays for it.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from prompt_toolkit.application import Application, get_app
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output import ColorDepth, create_output
from prompt_toolkit.shortcuts import print_formatted_text
from prompt_toolkit.styles import Style

from taskpick.ask import screen
from taskpick.ask.ends import Interrupted
from taskpick.ask.screen import FINISH, GO_ON, View
from taskpick.model import UNSURE

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from taskpick.conversation import Conversation

STYLE = Style.from_dict(
    {
        # Only colours that a theme sets itself, so that light and dark ones stay readable.
        "title": "bold",
        "here": "bold",
        "quiet": "dim",
        "key": "",
        "in": "ansigreen",
        "out": "dim",
    }
)


def terminal() -> Output | None:
    """Where the prompt is drawn: stderr, or None if nothing can be drawn on it."""
    try:
        return create_output(sys.stderr)
    except Exception:
        # Windows has terminals without a screen buffer (Git Bash); what prompt_toolkit raises
        # there has no name on other systems.
        return None


def hold(
    conversation: Conversation, output: Output, *, color: bool, keyboard: Input | None = None
) -> Conversation:
    """Hold the conversation to its end, and leave one line for each answer.

    Raises:
        Interrupted: the person left.
    """
    front = _Front(conversation)
    depth = None if color else ColorDepth.DEPTH_1_BIT
    app: Application[bool] = Application(
        layout=Layout(Window(FormattedTextControl(front.text, focusable=True), wrap_lines=True)),
        key_bindings=front.keys(),
        style=STYLE,
        color_depth=depth,
        # In a screen of its own nothing is left behind when the window is resized.
        full_screen=True,
        input=keyboard or create_input(sys.stdin),
        output=output,
    )
    try:
        finished = app.run()
    except (EOFError, KeyboardInterrupt):
        finished = False
    held = front.view.conversation
    for line in screen.trail(held):
        print_formatted_text(FormattedText(line), style=STYLE, color_depth=depth, output=output)
    if not finished:
        raise Interrupted(held)
    return held


class _Front:
    """A view that keys change."""

    def __init__(self, conversation: Conversation) -> None:
        self.view = View.of(conversation)

    def text(self) -> FormattedText:
        """What is on the screen."""
        size = get_app().output.get_size()
        lines = screen.lines(self.view, size.columns, size.rows)
        return FormattedText([piece for line in lines for piece in [*line, ("", "\n")]][:-1])

    def keys(self) -> KeyBindings:
        """What the keys do; all others do nothing."""
        bindings = KeyBindings()
        for key, act in KEYS.items():
            bindings.add(key)(partial(self.press, act))
        for key in ("q", "c-c", "c-d", Keys.SIGINT):
            bindings.add(key)(lambda event: event.app.exit(result=False))
        # Alt and a letter must not be taken for the letter.
        bindings.add("escape", Keys.Any)(lambda event: None)
        return bindings

    def press(self, act: Callable[[View], View], event: KeyPressEvent) -> None:
        """Change the view; the end of the conversation is the end of the screen."""
        self.view = act(self.view)
        if self.view.conversation.finished:
            event.app.exit(result=True)


def _enter(view: View) -> View:
    conversation, row = view.conversation, view.highlighted
    if conversation.question is not None:
        return View.of(conversation.answer(row))
    if row == FINISH:
        return View.of(conversation.finish())
    return View.of(conversation.go_on() if row == GO_ON else conversation.change(row))


def _forward(view: View) -> View:
    """Keep the answer one went back to."""
    conversation = view.conversation
    if conversation.asking in conversation.said and conversation.kept is not None:
        return View.of(conversation.answer(conversation.kept))
    return view


def _back(view: View) -> View:
    """The question before; a change that is given up leads to where it was chosen."""
    before = View.of(view.conversation.back())
    if view.conversation.changing and view.conversation.asking in before.rows:
        return before.at(before.rows.index(view.conversation.asking))
    return before


def _more(view: View) -> View:
    return replace(view, more=not view.more)


def _unsure(view: View) -> View:
    return view.at(view.rows.index(UNSURE)) if UNSURE in view.rows else view


def _digit(digit: int, view: View) -> View:
    return view.at(digit - 1) if view.conversation.question is not None else view


KEYS: dict[str, Callable[[View], View]] = {
    **dict.fromkeys(("down", "j", "tab"), lambda view: view.moved(1)),
    **dict.fromkeys(("up", "k"), lambda view: view.moved(-1)),
    **dict.fromkeys(("left", "b", "s-tab", "backspace"), _back),
    "right": _forward,
    # What was typed before the prompt was there has line feeds.
    **dict.fromkeys(("enter", "c-j"), _enter),
    "?": _more,
    "u": _unsure,
    "f": lambda view: View.of(view.conversation.finish()),
    **{str(digit): partial(_digit, digit) for digit in range(1, 10)},
}
