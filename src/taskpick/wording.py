"""Small pieces of English: lists, quotes, suggestions, marks, and characters fit to print."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category

from taskpick.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


LONGEST_LINE = 100
"""How many columns text is wrapped to at most: longer lines are hard to read."""
_WIDEST_QUOTE = 60
_MOST_KNOWN = 100
_REPLACEMENT = "\ufffd"
_JOINER, _NON_JOINER = "\u200d", "\u200c"
_STYLES = "\ufe0e\ufe0f"
"""They make the symbol before them text or a picture."""
_KEYCAP = "\u20e3"
"""A selector stands between a digit and this, which draws a key around it."""
_INVISIBLE = frozenset(
    [
        *"\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0",
        *map(chr, range(0xFE00, 0xFE10)),
        *map(chr, range(0xE0100, 0xE01F0)),
    ]
)
"""What is neither a control nor a format character, and is still not seen: fillers, selectors of
variants, blanks that count as letters (Unicode calls most of them default ignorable)."""


class Marks(NamedTuple):
    """The signs that texts are made of beside words."""

    fits: str
    drawback: str
    no: str
    bullet: str
    pointer: str
    tick: str
    dot: str
    """Between the parts of one line."""
    arrow: str
    ellipsis: str


UNICODE = Marks("✓", "~", "✗", "•", "▸", "✓", "·", "→", "…")
ASCII = Marks("+", "~", "x", "-", ">", "+", "-", "->", "...")


def marks(encoding: str | None) -> Marks:
    """The marks that can be written in an encoding; None is UTF-8, as every file is written."""
    try:
        "".join(UNICODE).encode(encoding or "utf-8")
    except (UnicodeError, LookupError):
        return ASCII
    return UNICODE


def printable(text: str, keep: str = "\t") -> str:
    """The text with every character replaced that is not seen, or that moves others about.

    Those are control characters (C0, C1), marks of text direction, separators of lines and
    paragraphs, format characters of width zero, fillers and variation selectors, halves of
    surrogate pairs, and noncharacters. A joiner or a selector stays where it is part of an
    emoji, and a joiner between letters that it gives their shape. Blanks of every width stay,
    and so does what is in `keep`.
    """
    return replaced(text, keep, lambda _: _REPLACEMENT)


def replaced(text: str, keep: str, by: Callable[[str], str]) -> str:
    """As `printable`, with what `by` makes of each such character."""
    if _is_visible(text, keep):
        return text
    return "".join(
        char if _is_seen(text, index, keep) else by(char) for index, char in enumerate(text)
    )


def first_hidden(text: str, keep: str = "\t\n") -> int | None:
    """The index of the first character that `printable` would replace; None if there is none."""
    if _is_visible(text, keep):
        return None
    hidden = (index for index in range(len(text)) if not _is_seen(text, index, keep))
    return next(hidden, None)


def _is_visible(text: str, keep: str) -> bool:
    """Whether nothing in the text is hidden; may miss an emoji, and is quick."""
    plain = text
    for char in keep:
        plain = plain.replace(char, "")
    return plain.isprintable() and _INVISIBLE.isdisjoint(plain)


def _is_seen(text: str, index: int, keep: str) -> bool:
    char = text[index]
    if char in keep:
        return True
    if char in (_JOINER, _NON_JOINER) and _is_in_word(text, index):
        return True
    if char == _JOINER or char in _STYLES:
        return _is_in_emoji(text, index)
    if char.isprintable():
        return char not in _INVISIBLE
    # What Unicode has not assigned yet may be an emoji of next year.
    return category(char) in ("Zs", "Cn", "Co") and not _is_reserved(ord(char))


def _is_reserved(code: int) -> bool:
    """Whether Unicode has set the character aside to be ignored, or to be none at all."""
    ignored = code == 0x2065 or 0xFFF0 <= code <= 0xFFF8 or 0xE0000 <= code <= 0xE0FFF
    return ignored or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _is_in_emoji(text: str, index: int) -> bool:
    """Whether a joiner or a selector follows a picture; a joiner must also lead to one."""
    after = text[index + 1 : index + 2]
    if text[index] != _JOINER:
        return after == _KEYCAP or _is_picture(text[max(0, index - 1) : index])
    end = index
    while end and text[end - 1] in _STYLES:
        end -= 1
    return _is_picture(text[max(0, end - 1) : end]) and _is_picture(after)


def _is_in_word(text: str, index: int) -> bool:
    """Whether a joiner stands between letters of a script from Arabic to Sinhala."""
    beside = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    return len(beside) == 2 and all("\u0620" <= char <= "\u0dff" for char in beside)


def _is_picture(char: str) -> bool:
    return char > "\x7f" and category(char) in ("So", "Sk", "Sm")


def quoted(text: str) -> str:
    """The text in quotes, on one line, fit to print and not too long.

    Blanks are replaced, too, unless they are spaces: here they may be what is wrong.
    """
    shown = text if len(text) <= _WIDEST_QUOTE else text[:_WIDEST_QUOTE] + UNICODE.ellipsis
    marked = (_REPLACEMENT if _is_odd_blank(char) else char for char in printable(shown))
    return f"'{''.join(marked)}'"


def _is_odd_blank(char: str) -> bool:
    return char != " " and category(char) == "Zs"


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@+=:,./-")
"""What no shell takes for anything else."""
_IN_QUOTES = {"'": "'\"'\"'", "\\": "'\"\\\\\"'"}
"""How single quotes are left for one character: fish reads a backslash within them."""


def shell_joined(words: Iterable[str]) -> str:
    """The words as a command line that bash, zsh and fish read as these words.

    What would not be seen, or would be taken for a blank, is written as an escape within `$'…'`,
    which bash, zsh and ksh understand.
    """
    return " ".join(map(_shell_quoted, words))


def _shell_quoted(word: str) -> str:
    if first_hidden(word, "") is None and not any(map(_is_odd_blank, word)):
        # zsh looks for a program where a word begins with `=`.
        if word and not word.startswith("=") and _PLAIN.issuperset(word):
            return word
        return f"'{''.join(_IN_QUOTES.get(char, char) for char in word)}'"
    return f"$'{''.join(_shell_escaped(word, index) for index in range(len(word)))}'"


def _shell_escaped(word: str, index: int) -> str:
    char, code = word[index], ord(word[index])
    if char in "\\'":
        return f"\\{char}"
    if 0xDC80 <= code <= 0xDCFF:
        # How Python keeps a byte of a name that is not UTF-8.
        return f"\\x{code - 0xDC00:02x}"
    if _is_seen(word, index, "") and not _is_odd_blank(char):
        return char
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean '…'?` if a known word is close, else the known words, if they are few."""
    import difflib

    words = list(known)
    if len(words) > _MOST_KNOWN:
        return ""
    if len(word) <= _WIDEST_QUOTE:
        by_lower = {known_word.lower(): known_word for known_word in reversed(words)}
        if close := difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6):
            return f"did you mean '{by_lower[close[0]]}'?"
    return f"known: {', '.join(words)}" if words else ""


def capitalised(text: str) -> str:
    """The text with a capital letter at its beginning, and otherwise as it is."""
    return text[:1].upper() + text[1:]


def listed(words: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


FEW = 5
"""At most this many names stand in a sentence; the others are counted."""


def as_few(words: list[str], most: int = FEW) -> str:
    """`a, b, c, d, e and 7 more`."""
    if len(words) <= most:
        return listed(words)
    return f"{', '.join(words[:most])} and {len(words) - most:,} more"
