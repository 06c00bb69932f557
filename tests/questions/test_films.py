"""What a person sees; the screens are in `screens/`, filmed as `film` says."""

from __future__ import annotations

from functools import partial

import pytest
from film import Film


@pytest.fixture
def film(request):
    """Film a run of `taskpick advise`, or compare it with the film of that name."""
    return partial(Film, update=request.config.getoption("--update"))


def test_choosing_with_arrows_digits_and_letters(film):
    with film("choosing") as run:
        run.press("down", "down", "down", "down", "enter", "?", "m", "1", "enter", "left", "right")
        run.child.send("\r")

        assert run.end() == 0


def test_the_session_that_the_readme_shows(film):
    with film("session", rules=None) as run:
        run.press("down", "enter", "2", "1", "2", "1", "n")
        run.child.send("\r\r")

        assert run.end() == 0


def test_back_twice_and_forward(film):
    with film("back-and-forward") as run:
        run.press("3", "1", "left", "shift-tab", "b", "right", "right", "2")


def test_changing_an_early_answer(film):
    with film("changing-an-early-answer") as run:
        run.press("3", "2", "up", "up", "up", "up", "enter", "1")


def test_changing_an_assumption(film):
    with film("changing-an-assumption") as run:
        run.press("1", "1", "1", "up", "up", "enter", "left", "enter", "2")


def test_unsure(film):
    with film("unsure") as run:
        run.press("2", "u", "u")


def test_going_on_after_it_is_decided(film):
    with film("going-on") as run:
        run.press("3", "2", "down", "enter", "enter", "f")


def test_quick(film):
    with film("quick", "--quick") as run:
        run.press("2")


def test_answers_given_beforehand(film):
    with film("given-beforehand", "--distance", "near", "--passengers", "group") as run:
        run.press("enter", "enter")


def test_what_decides_most_is_asked_early_and_what_cannot_matter_is_not(film):
    with film("default-file", rules=None, rows=40) as run:
        run.press("2", "1", "2", "?", "u", "u")


def test_ctrl_c_leaves_the_terminal_as_it_was_and_says_how_to_go_on(film):
    with film("ctrl-c") as run:
        run.press("3", "ctrl-c")

        assert run.end() == 130
        assert run.output.count(b"\x1b[?1049h") == run.output.count(b"\x1b[?1049l") == 1
        assert run.output.rindex(b"\x1b[?25h") > run.output.rindex(b"\x1b[?25l")


def test_forty_columns(film):
    with film("forty-columns", columns=40, rows=20) as run:
        run.press("down", "?", "?", "enter", "1", "1")


def test_a_window_too_small_for_anything(film):
    with film("tiny", columns=24, rows=6) as run:
        run.press("down", "down", "enter", "1", "1", "up")


def test_a_terminal_that_has_no_unicode(film):
    with film("ascii", PYTHONIOENCODING="ascii") as run:
        run.press("3", "2")

        assert run.screen.text().isascii()


def test_the_default_file_in_a_small_window(film):
    with film("default-file-small", rules=None, columns=40, rows=20) as run:
        run.press("?", "3", "1", "2", "3")


def test_resizing(film):
    with film("resizing") as run:
        run.press("down")
        run.resize(40, 20)
        run.resize(100, 30)
        run.resize(80, 24)
        run.press("enter")


def test_unknown_keys_and_pasted_text_do_nothing(film):
    with film("unknown-keys") as run:
        run.press("x", "F5", "alt-q", "9", "\x1b[200~2\rq\x1b[201~", "ö", "down")


def test_no_color(film):
    with film("no-color", NO_COLOR="1") as run:
        run.press("3")

        assert not run.colored


def test_color_is_used_where_it_is_welcome(film):
    with film("no-color") as run:
        run.press("3")

        assert run.colored


def test_a_dumb_terminal_gets_lines(film):
    with film("dumb", rows=40, TERM="dumb") as run:
        run.type("2")
        run.type("x")
        run.type("b")
        run.type("")

        assert b"\x1b" not in run.output


def test_plain_lines(film):
    with film("plain", "--plain", rows=50) as run:
        run.type("2")
        run.type("?")
        run.type("u")
        run.type("any")
        run.type("c 4")
        run.type("child")

        assert b"\x1b" not in run.output

        run.type("")
        run.type("x")


def test_ctrl_c_in_plain_lines(film):
    with film("plain-ctrl-c", "--plain") as run:
        run.type("2")
        run.press("ctrl-c")

        assert run.end() == 130
