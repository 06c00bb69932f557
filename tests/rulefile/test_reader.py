"""Rule files: those that are right, and every mistake with the words that a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from places import DATA

from taskpick.problems import MOST_SHOWN, InvalidFile, full
from taskpick.rulefile import reader
from taskpick.rulefile.document import decode
from taskpick.rulefile.model import NOTHING_FITS, Rating

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RULES = DATA / "rules"
VALID = sorted((RULES / "valid").glob("*.yaml"))
INVALID = sorted((RULES / "invalid").glob("*.yaml"))
assert VALID
assert INVALID


def read(data: bytes | str) -> str:
    """What a person sees who reads these rules; nothing if they are right."""
    try:
        reader.read(decode("rules.yaml", data.encode() if isinstance(data, str) else data))
    except InvalidFile as invalid:
        return "\n".join(full(problem) for problem in invalid.problems) + "\n"
    return ""


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_file_has_no_problem(path: Path) -> None:
    assert read(path.read_bytes()) == ""


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_mistake_is_shown_where_it_is(path: Path, snapshot: Callable[..., None]) -> None:
    snapshot(f"invalid/{path.stem}.txt", read(path.read_bytes()))


def test_every_snapshot_of_a_mistake_has_its_file() -> None:
    snapshots = (DATA / "snapshots" / "invalid").glob("*.txt")

    assert sorted(path.stem for path in snapshots) == sorted(path.stem for path in INVALID)


def test_texts_that_yaml_takes_for_something_else_stay_as_written() -> None:
    rules = reader.load(RULES / "valid" / "levels-that-look-like-something-else.yaml")
    levels = [level.id for level in rules.criteria["choice"].levels]
    option = rules.options["010"]

    assert levels == ["no", "yes", "on", "off", "null", "12:30", "010", "3.10", "1e3", "2026-11-22"]
    assert rules.criteria["choice"].default == "no"
    assert option.versions == {"python": "3.10", "other": "1_000"}
    assert option.facts == {"open": "12:30", "on": "yes"}
    assert rules.cases[0].answers == {"choice": "no"}


def test_every_key_reaches_the_rules() -> None:
    rules = reader.load(RULES / "valid" / "every-key.yaml")
    time, thirst = rules.criteria.values()
    water, coffee = rules.options.values()

    assert rules.title == "What to drink"
    assert rules.about == "Folded over two lines."
    assert rules.as_of == "2024-02-29"
    assert time[:3] == ("time-of-day", "When?", "Coffee keeps some people awake.")
    assert (time.ordered, time.default) == (False, "morning")
    assert (thirst.ordered, thirst.default) == (True, None)
    assert time.levels[0][:4] == ("morning", "Before noon", "With the first mail", 3)
    assert time.levels[1][:4] == ("evening", "After six", "", 1)
    assert water[:6] == (
        "water",
        "Water",
        "http://example.com/water",
        {"tap": "1", "spring": "2"},
        {"Price": "nothing"},
        None,
    )
    assert coffee.starter == "drinks/coffee"
    assert water.fits["thirst"]["much"][3:6] == (Rating.FITS, "", "measured with a glass")
    assert coffee.fits["time-of-day"]["morning"][3:6] == (
        Rating.FITS,
        "It wakes you up.",
        "https://example.com/sleep",
    )
    assert coffee.fits["time-of-day"]["evening"][3:6] == (
        Rating.FAILS,
        "It keeps you awake.",
        "seen at night",
    )
    assert coffee.fits["thirst"]["much"][3:6] == (Rating.STRAINS, "A pint of it is too much.", "")
    grind = ("coffee", {"thirst": ("little",)}, "Grind it fresh.", "tasted")
    assert rules.notes[0][:4] == grind
    assert rules.notes[0].see == {"Mill": "https://example.com/mill"}
    assert rules.notes[1][:5] == (None, {}, "Drink enough.", "", {})
    assert rules.notes[2][:5] == (
        "coffee",
        {"time-of-day": ("morning",), "thirst": ("much",)},
        "Take a second cup.",
        "https://example.com/cups",
        {"Tea": "https://example.com/tea"},
    )
    assert rules.cases[0][:4] == (
        "Wake up",
        {"time-of-day": "morning", "thirst": "little"},
        "water",
        "https://example.com/asked",
    )
    assert rules.cases[1].pick == NOTHING_FITS
    assert (time.ask, time.short, time.levels[0].short) == (True, "time", "early")
    assert (water.short, water.needs) == ("H2O", "A tap")
    assert coffee.fits["time-of-day"]["evening"].short == "no sleep"
    assert [note.short for note in rules.notes] == ["Grind it", "Drink", ""]
    juice = ("juice", "Juice", "https://example.com/juice", "It is food.", "water", "2024-02-29")
    assert rules.known["juice"][:6] == juice
    assert rules.known["beer"].instead is None
    about = {"option": "water", "criterion": "thirst", "level": "much"}
    assert rules.allow[0][:3] == ("nothing-fits", about, "It happens.")


def test_a_fit_stands_where_its_rating_does() -> None:
    rules = reader.load(RULES / "valid" / "small.yaml")
    fits = rules.options["bag"].fits

    assert [fits["size"]["small"].span[:2], fits["size"]["large"].span[:2]] == [(20, 16), (21, 17)]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    text = (RULES / "valid" / "small.yaml").read_text()

    assert read("\ufeff" + text) == ""
    assert read(text.replace("\n", "\r\n")) == ""
    assert read(text.replace("\n", "\r")) == ""


def test_columns_do_not_count_a_byte_order_mark_and_lines_count_windows_line_ends() -> None:
    assert read("\ufeffformat : taskpick/2\r\nx: y\r\n").splitlines()[:3] == [
        "rules.yaml:1:1: the key 'title' is missing",
        "  1 | format : taskpick/2",
        "    | ^",
    ]
    assert "rules.yaml:2:1: unknown key 'x'" in read("\ufeffformat : taskpick/2\r\nx: y\r\n")
    assert "rules.yaml:1:10: unknown value 'taskpick/2'" in read("\ufeffformat : taskpick/2\n")


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"title: caf\xe9\n", "rules.yaml:1:11: not UTF-8 text\n"),
        ("title: é\n".encode() + b"\xff", "rules.yaml:2:1: not UTF-8 text\n"),
        ("title: x\n".encode("utf-16"), "rules.yaml:1:1: not UTF-8 text\n"),
        (b"\xef\xbb\xbftitle: \x80", "rules.yaml:1:8: not UTF-8 text\n"),
        (b"\0", "rules.yaml:1:1: a character that YAML does not allow: U+0000\n"),
        (b"# \x7f", "rules.yaml:1:3: a character that YAML does not allow: U+007F\n"),
    ],
)
def test_bytes_that_are_no_text_are_shown_where_they_are(data: bytes, shown: str) -> None:
    assert read(data).startswith(shown)


def test_a_file_of_one_mebibyte_is_read_and_a_byte_more_is_not() -> None:
    text = (RULES / "valid" / "small.yaml").read_bytes()
    largest = text + b"#" * (1024 * 1024 - len(text))

    assert read(largest) == ""
    assert read(largest + b"#").startswith(
        "rules.yaml:1:1: larger than 1024 KiB, so it is not read\n"
    )


@pytest.mark.parametrize("bracket", ["[", "{", "- ", "? ", "a: {", "[a: "])
def test_absurd_nesting_is_refused_in_words(bracket: str) -> None:
    assert "nested more than 16 levels deep" in read(bracket * 100_000)


def test_many_scalars_end_in_words_and_soon() -> None:
    assert "expected a mapping, found a list" in read("[" + "a," * 500_000 + "]")
    assert "expected a mapping, found '" in read("a" * 1_000_000)
    assert read(": " * 300_000)
    assert read("'" * 1_000_000)
    assert read("&a " * 300_000)
    assert read("\n" * 1_000_000 + "x: y").startswith("rules.yaml:1000001:1: ")


def test_of_very_many_problems_only_the_first_are_looked_for() -> None:
    keys = "".join(f"key{number}: x\n" for number in range(40_000))

    assert read(keys).count("\nrules.yaml:") < 2 * MOST_SHOWN
