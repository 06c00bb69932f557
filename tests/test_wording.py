"""Proves that texts are shown as what they are, and that marks suit what a stream can show."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from taskpick.wording import (
    ASCII,
    UNICODE,
    Marks,
    first_hidden,
    marks,
    printable,
    shell_joined,
)

HIDDEN = [
    *("\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\r", "\n"),
    *map(chr, [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
    *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u034f"),
    *("\u2028", "\u2029", "\u3164", "\u115f", "\u2800", "\ufe0f", "\U000e0041", "\U000e0101"),
    *("\ud800", "\uffff", "\ufdd0", "\U0001fffe", "\u2065", "\ufff0"),
]


@pytest.mark.parametrize("char", HIDDEN, ids=[f"U+{ord(char):04X}" for char in HIDDEN])
def test_what_is_not_seen_is_replaced(char: str) -> None:
    assert printable(f"a{char}b") == "a\ufffdb"
    assert first_hidden(f"a{char}b", "") == 1


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "tab\there",
        "naïve, 日本語, עברית, فارسی, हिन्दी",
        "narrow\u202fand\u00a0wide\u3000blanks",
        "👩‍💻 and 👩🏽‍🚀 and ❤️‍🔥",
        "می‌شود, क्‍ष",
        "⚠️ ↔️ 1️⃣",
        "not assigned yet: \u0378 \U0001fbff, private: \ue0b0",
    ],
)
def test_text_that_is_seen_stays(text: str) -> None:
    assert printable(text) == text
    assert first_hidden(text) is None


@pytest.mark.parametrize(
    "text", ["r\u200dq", "r\ufe0fq", "⚠\ufe0f\ufe0f", "👩\u200dx", "\u200d👩", "+\ufe0f"]
)
def test_what_makes_an_emoji_is_replaced_elsewhere(text: str) -> None:
    assert "\ufffd" in printable(text)


@pytest.mark.parametrize(
    "word",
    [
        *("", "plain", "two words", "it's", "a|b;c", "$HOME `x`", "back\\slash"),
        *("a\u202eb", "a\u00a0b", "it's \u200b\\", "\x1b[31m", "\U000e0041", "日本"),
    ],
)
def test_a_command_to_copy_is_what_it_reads(word: str) -> None:
    line = shell_joined(["printf", "%s", word])

    shown = subprocess.run(
        ["bash", "-c", line], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    assert shown.stdout.decode() == word
    assert first_hidden(line, "") is None
    assert "\u00a0" not in line


def test_a_usual_command_is_quoted_as_python_quotes_it() -> None:
    words = ["taskpick", "advise", "--rules", "my rules.yaml"]

    assert shell_joined(words) == shlex.join(words)


def test_bytes_of_a_name_that_is_not_utf_8_stay_what_they_are() -> None:
    assert shell_joined(["a\udcffb"]) == r"$'a\xffb'"


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        *(("utf-8", UNICODE), ("UTF-16", UNICODE), (None, UNICODE)),
        *(("ascii", ASCII), ("latin-1", ASCII), ("cp1252", ASCII), ("no such", ASCII)),
    ],
)
def test_marks_are_those_that_the_encoding_has(encoding: str | None, expected: Marks) -> None:
    assert marks(encoding) == expected
    assert "".join(marks("ascii")).isascii()
