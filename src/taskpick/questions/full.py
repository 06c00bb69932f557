"""The conversation at a full terminal: keys, and a screen that is redrawn.

The only module that imports prompt_toolkit, so that nobody else pays for it.
"""

from __future__ import annotations

import sys
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

from taskpick.questions import screen, view
from taskpick.questions.conversation import Interrupted
from taskpick.questions.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from taskpick.questions.conversation import Conversation

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
    if not finished:
        raise Interrupted(held)
    for line in screen.trail(held):
        print_formatted_text(FormattedText(line), style=STYLE, color_depth=depth, output=output)
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


KEYS: dict[str, Callable[[View], View]] = {
    **dict.fromkeys(("down", "j", "tab"), lambda shown: shown.moved(1)),
    **dict.fromkeys(("up", "k"), lambda shown: shown.moved(-1)),
    **dict.fromkeys(("left", "b", "s-tab", "backspace"), view.back),
    "right": view.forward,
    # What was typed before the prompt was there has line feeds.
    **dict.fromkeys(("enter", "c-j"), view.enter),
    "?": view.more,
    "u": view.unsure,
    "f": view.finish,
    **{str(digit): partial(view.number, digit) for digit in range(1, 10)},
}
