"""The verdict as a picture for the README: `python tests/tools/picture.py` draws it anew.

What the program prints is drawn as a terminal of 80 columns would show it. The picture has a
background of its own and follows the colour scheme, so it can be read on light and dark pages.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import escape
from tempfile import TemporaryDirectory

from places import DATA

PICTURE = DATA / "pictures" / "verdict.svg"
COMMAND = (
    "advise --no-code --duration minutes --persistence durable --retry basic --scheduling none"
    " --distribution one-worker"
)
COLUMNS = 80
WIDTH, HEIGHT, MARGIN = 8.4, 19, 16
"""Of a character, of a line and around the text, in pixels."""
STYLE = """\
text{font:14px ui-monospace,Menlo,Consolas,monospace;white-space:pre;fill:#1f2328}
rect{fill:#f6f8fa;stroke:#d1d9e0}
.b{font-weight:bold}.dim{fill:#59636e}.red{fill:#b31d28}.green{fill:#116329}
.yellow{fill:#7d4e00}.blue{fill:#0550ae}.magenta{fill:#6639ba}.cyan{fill:#0a5d66}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}rect{fill:#0d1117;stroke:#3d444d}
.dim{fill:#9198a1}.red{fill:#ff7b72}.green{fill:#56d364}.yellow{fill:#e3b341}
.blue{fill:#79c0ff}.magenta{fill:#d2a8ff}.cyan{fill:#39c5cf}}"""
CLASSES = {
    "1": "b",
    "2": "dim",
    "31": "red",
    "32": "green",
    "33": "yellow",
    "34": "blue",
    "35": "magenta",
    "36": "cyan",
}
"""The class for each number of ECMA-48 that the program writes, by which a colour is selected."""


def printed(command: str = COMMAND) -> str:
    """What the program prints for the command, with colours."""
    names = ("TASKPICK", "_TASKPICK", "NO_COLOR")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "taskpick", *command.split()],
            cwd=folder,
            env={**inherited, "FORCE_COLOR": "1", "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        )
    return done.stdout


def svg(text: str) -> str:
    """The text as a picture, each run of one style at its column."""
    rows = [row for line in text.rstrip().splitlines() for row in _rows(_cells(line))]
    drawn = [
        f'<text x="{MARGIN + column * WIDTH:.4g}" y="{MARGIN + 14 + number * HEIGHT}"'
        f'{_classes(style)} textLength="{len(words) * WIDTH:.4g}">{escape(words, quote=False)}'
        "</text>"
        for number, row in enumerate(rows)
        for column, style, words in _runs(row)
    ]
    width, height = COLUMNS * WIDTH + 2 * MARGIN, len(rows) * HEIGHT + 2 * MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.4g} {height}" role="img"'
        f' width="{width:.4g}" height="{height}" aria-label="A verdict of taskpick">'
    )
    frame = '<rect x=".5" y=".5" width="99.8%" height="99.8%" rx="8"/>'
    return "\n".join([head, f"<style>{STYLE}</style>", frame, *drawn, "</svg>\n"])


Cells = list[tuple[str, tuple[str, ...]]]
"""Characters, each with the numbers of its style."""


def _cells(line: str) -> Cells:
    cells: Cells = []
    style: tuple[str, ...] = ()
    for piece in re.split(r"(\x1b\[[\d;]*m)", line):
        if codes := re.fullmatch(r"\x1b\[([\d;]*)m", piece):
            style = tuple(code for code in codes[1].split(";") if code not in ("", "0"))
        else:
            cells += [(char, style) for char in piece]
    return cells


def _rows(cells: Cells) -> list[Cells]:
    """The line as the rows of the terminal that it takes."""
    return [cells[start : start + COLUMNS] for start in range(0, len(cells) or 1, COLUMNS)]


def _runs(row: Cells) -> list[tuple[int, tuple[str, ...], str]]:
    """Where words of one style begin, the style and the words; blanks part them."""
    text = "".join(char for char, _ in row)
    runs = []
    for words in re.finditer(r"\S+(?: \S+)*", text):
        start = words.start()
        for column in range(words.start() + 1, words.end() + 1):
            if column == words.end() or row[column][1] != row[start][1]:
                piece = text[start:column]
                if words_only := piece.strip():
                    runs.append((start + piece.index(words_only), row[start][1], words_only))
                start = column
    return runs


def _classes(style: tuple[str, ...]) -> str:
    return f' class="{" ".join(CLASSES[code] for code in style)}"' if style else ""


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(svg(printed()), encoding="utf-8")
