"""The conversation at a full terminal: keys, and a screen that is redrawn.

The only module that imports prompt_toolkit, so that nobody else pays for it.
"""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from prompt_toolkit.application import Application, get_app
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output import ColorDepth, create_output
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.styles import Style

from taskpick.questions.prompt import screen, view
from taskpick.questions.prompt.view import View
from taskpick.questions.unfinished import Interrupted
from taskpick.rulefile.model import UNSURE
from taskpick.wording import marks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from taskpick.questions.conversation import Conversation
    from taskpick.questions.keys import Step
    from taskpick.wording import Marks

STYLE = Style.from_dict(
    {
        "title": "bold",
        "quiet": "dim",
        # Of the colours that a theme sets itself, magenta is the one that is as easy to read on
        # a light background as on a dark one.
        "accent": "bold ansimagenta",
    }
)
STOPPING = (signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))
"""What ends the program from outside; the terminal is put right before it does."""


def terminal() -> Output | None:
    """Where the prompt is drawn: stderr, or None if nothing can be drawn on it."""
    try:
        output = create_output(sys.stderr)
    except Exception:
        # Windows has terminals without a screen buffer (Git Bash); what prompt_toolkit raises
        # there has no name on other systems.
        return None
    if hasattr(output, "enable_cpr"):
        # Nothing here has to know where the cursor is, and not every terminal answers.
        output.enable_cpr = False
    return output


def hold(
    conversation: Conversation, output: Output, *, color: bool, keyboard: Input | None = None
) -> Conversation:
    """Hold the conversation to its end.

    A line for each answer is left if the verdict, which begins with them, goes elsewhere.

    Raises:
        Interrupted: the person left.
    """
    front = _Front(conversation, marks(output.encoding()))
    depth = None if color else ColorDepth.DEPTH_1_BIT
    app: Application[int] = Application(
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
        left_by = app.run(pre_run=partial(_catch_signals, app))
    except (EOFError, KeyboardInterrupt):
        left_by = signal.SIGINT
    if left_by in STOPPING:
        signal.signal(left_by, signal.SIG_DFL)
        signal.raise_signal(left_by)
    held = front.view.conversation
    if left_by:
        raise Interrupted(held)
    # On the same terminal the verdict begins with the answers.
    for line in [] if sys.stdout.isatty() else screen.trail(held, front.marks):
        print_formatted_text(output, FormattedText([*line, ("", "\n")]), STYLE, color_depth=depth)
    return held


def choose(steps: Sequence[Step], output: Output, *, color: bool) -> Step:
    """Let the person choose a step of a menu, the last one by Enter; one line is left of it."""
    app = _menu(steps, output, color=color)
    try:
        return app.run()
    except (EOFError, KeyboardInterrupt):
        return steps[-1]


def _menu(steps: Sequence[Step], output: Output, *, color: bool) -> Application[Step]:
    here = len(steps) - 1
    sign = marks(output.encoding())

    def text() -> FormattedText:
        pieces = [("", "\n"), ("class:quiet", "  Next  ")]
        for index, step in enumerate(steps):
            gap = "" if index == 0 else f" {sign.dot} "
            shown = f"{step.key} {step.label}", ""
            if index == here:
                shown = f"{step.key}, enter {step.label}", "class:accent"
            pieces += [("class:quiet", gap), shown[::-1]]
        return FormattedText(pieces)

    def move(by: int, event: KeyPressEvent) -> None:
        nonlocal here
        here = (here + by) % len(steps)

    bindings = KeyBindings()
    for step in steps:
        bindings.add(step.key)(lambda event, step=step: event.app.exit(result=step))
    for key in ("right", "down", "tab"):
        bindings.add(key)(partial(move, 1))
    for key in ("left", "up", "s-tab"):
        bindings.add(key)(partial(move, -1))
    for key in ("enter", "c-j"):
        bindings.add(key)(lambda event: event.app.exit(result=steps[here]))
    for key in ("c-c", "c-d", Keys.SIGINT):
        bindings.add(key)(lambda event: event.app.exit(result=steps[-1]))
    bindings.add("escape", Keys.Any)(lambda event: None)
    return Application(
        layout=Layout(Window(FormattedTextControl(text, focusable=True), wrap_lines=True)),
        key_bindings=bindings,
        style=STYLE,
        color_depth=None if color else ColorDepth.DEPTH_1_BIT,
        input=create_input(sys.stdin),
        output=output,
        erase_when_done=True,
    )


def _catch_signals(app: Application[int]) -> None:
    """Let what stops the program first give the terminal back."""
    from asyncio import get_running_loop

    for number in STOPPING:
        with suppress(NotImplementedError):  # on Windows
            get_running_loop().add_signal_handler(number, partial(app.exit, result=number))


class _Front:
    """A view that keys change."""

    def __init__(self, conversation: Conversation, marks: Marks) -> None:
        self.view = View.of(conversation)
        self.marks = marks

    def text(self) -> FormattedText:
        """What is on the screen."""
        size = get_app().output.get_size()
        lines = screen.lines(self.view, size.columns, size.rows, self.marks)
        return FormattedText([piece for line in lines for piece in [*line, ("", "\n")]][:-1])

    def keys(self) -> KeyBindings:
        """What the keys do; all others do nothing."""
        bindings = KeyBindings()
        bindings.add(Keys.Any)(self.type)
        for key, act in KEYS.items():
            bindings.add(key)(partial(self.press, act))
        for key in ("q", "c-c", "c-d", Keys.SIGINT):
            bindings.add(key)(lambda event: event.app.exit(result=signal.SIGINT))
        bindings.add("c-z")(lambda event: event.app.suspend_to_background())
        # Alt and a letter must not be taken for the letter.
        bindings.add("escape", Keys.Any)(lambda event: None)
        return bindings

    def type(self, event: KeyPressEvent) -> None:
        """Give the answer that a key stands for; what is pasted is no key."""
        pressed = event.key_sequence[0].key
        if len(pressed) == 1:
            self.press(partial(view.key, pressed), event)

    def press(self, act: Callable[[View], View], event: KeyPressEvent) -> None:
        """Change the view; the end of the conversation is the end of the screen."""
        self.view = act(self.view)
        if self.view.conversation.finished and not event.app.is_done:
            event.app.exit(result=0)


KEYS: dict[str, Callable[[View], View]] = {
    **dict.fromkeys(("down", "j", "tab"), lambda it: it.moved(1)),
    **dict.fromkeys(("up", "k"), lambda it: it.moved(-1)),
    **dict.fromkeys(("left", "b", "s-tab", "backspace"), view.back),
    "right": view.forward,
    # What was typed before the prompt was there has line feeds.
    **dict.fromkeys(("enter", "c-j"), view.enter),
    "?": view.more,
    "u": partial(view.answer, UNSURE),
    "f": view.finish,
}
