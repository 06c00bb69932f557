"""What a person sees; the screens are in `screens/`, filmed as `film` says."""

from __future__ import annotations

from film import Film


def test_choosing_with_arrows_and_digits():
    with Film("choosing") as film:
        film.press("down", "down", "down", "down", "2", "enter", "?", "2", "1", "enter")
        film.press("1", "enter", "enter")

        assert film.end() == 0


def test_back_twice_and_forward():
    with Film("back-and-forward") as film:
        film.press("3", "enter", "enter", "left", "shift-tab", "b", "right", "right", "2", "enter")


def test_changing_an_early_answer():
    with Film("changing-an-early-answer") as film:
        film.press("3", "enter", "2", "enter", "up", "up", "up", "up", "enter", "1", "enter")


def test_changing_an_assumption():
    with Film("changing-an-assumption") as film:
        film.press("enter", "enter", "enter", "up", "up", "enter", "2", "left", "enter", "2")
        film.press("enter")


def test_unsure():
    with Film("unsure") as film:
        film.press("2", "enter", "u", "enter", "enter")


def test_going_on_after_it_is_settled():
    with Film("going-on") as film:
        film.press("3", "enter", "2", "enter", "down", "enter", "enter", "f")


def test_quick():
    with Film("quick", "--quick") as film:
        film.press("2", "enter", "2", "enter")


def test_answers_given_beforehand():
    with Film("given-beforehand", "--distance", "near", "--passengers", "group") as film:
        film.press("enter", "enter")


def test_ctrl_c_leaves_the_terminal_as_it_was_and_says_how_to_go_on():
    with Film("ctrl-c") as film:
        film.press("3", "enter", "ctrl-c")

        assert film.end() == 130
        assert film.output.count(b"\x1b[?1049h") == film.output.count(b"\x1b[?1049l") == 1
        assert film.output.rindex(b"\x1b[?25h") > film.output.rindex(b"\x1b[?25l")


def test_forty_columns():
    with Film("forty-columns", columns=40) as film:
        film.press("down", "?", "?", "enter", "enter", "enter")


def test_a_window_too_small_for_anything():
    with Film("tiny", columns=24, rows=6) as film:
        film.press("down", "down", "enter", "enter", "enter", "up")


def test_resizing():
    with Film("resizing") as film:
        film.press("3")
        film.resize(40, 20)
        film.resize(100, 30)
        film.resize(80, 24)
        film.press("enter")


def test_unknown_keys_and_pasted_text_do_nothing():
    with Film("unknown-keys") as film:
        film.press("x", "F5", "alt-q", "9", "\x1b[200~2\rq\x1b[201~", "ö", "2")


def test_no_color():
    with Film("no-color", NO_COLOR="1") as film:
        film.press("3", "enter")

        assert not film.colored


def test_color_is_used_where_it_is_welcome():
    with Film("no-color") as film:
        film.press("3", "enter")

        assert film.colored


def test_a_dumb_terminal_gets_lines():
    with Film("dumb", rows=40, TERM="dumb") as film:
        film.type("2")
        film.type("x")
        film.type("b")
        film.type("")

        assert b"\x1b" not in film.output


def test_plain_lines():
    with Film("plain", "--plain", rows=50) as film:
        film.type("2")
        film.type("?")
        film.type("u")
        film.type("any")
        film.type("c 4")
        film.type("child")

        assert b"\x1b" not in film.output


def test_ctrl_c_in_plain_lines():
    with Film("plain-ctrl-c", "--plain") as film:
        film.type("2")
        film.press("ctrl-c")

        assert film.end() == 130
