"""A picture of the work: what sends it, through which queue and broker, and what runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskpick.formats.drawn_text import in_mermaid, in_xml
from taskpick.named_tuple import NamedTuple
from taskpick.scan import systems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskpick.scan.facts import Kind
    from taskpick.scan.result import Scan
    from taskpick.scan.startup.commands import Command

_MOST_SENDERS = 24
"""With more files than these that send work, their folders are shown instead."""
_MOST_NAMES = 4
_BROKERS = {"rq": "Redis", "arq": "Redis", "procrastinate": "PostgreSQL", "dbos": "PostgreSQL"}
"""Systems that have but one kind of server."""
_CLOCK = "a schedule"


class Box(NamedTuple):
    """A box of the picture, in one of its columns from left to right."""

    column: int
    lines: tuple[str, ...]


class Picture(NamedTuple):
    """Boxes, and which leads to which."""

    boxes: tuple[Box, ...]
    arrows: tuple[tuple[Box, Box], ...]


def picture(scan: Scan) -> Picture:
    """Who sends the work of a scan where."""
    arrows: dict[tuple[Box, Box], None] = {}
    boxes: dict[Box, None] = {}
    short = _short_names(scan.work)
    for (system, name), work in _queues(scan.work).items():
        queue = Box(1, (_title(system, name), *_names(work)))
        boxes[queue] = None
        for kind in work:
            for start in kind.starts:
                if kind.queue_of(start) == name:
                    arrows[Box(0, (short[start.file],)), queue] = None
        if any(kind.schedule == "cron" and kind.queue == name for kind in work):
            arrows[Box(0, (_CLOCK,)), queue] = None
        if system in systems.IN_PROCESS:
            arrows[queue, Box(3, ("the process that starts it",))] = None
            continue
        broker = Box(2, (_broker(scan, system),))
        arrows[queue, broker] = None
        for worker in _workers(scan.facts.commands, system):
            arrows[broker, worker] = None
    for pair in arrows:
        boxes |= dict.fromkeys(pair)
    return Picture(tuple(sorted(boxes, key=lambda one: one.column)), tuple(arrows))


def _queues(work: Iterable[Kind]) -> dict[tuple[str, str], list[Kind]]:
    queues: dict[tuple[str, str], list[Kind]] = {}
    for kind in work:
        names = dict.fromkeys(kind.queue_of(start) for start in kind.starts)
        if not names or kind.schedule == "cron":
            names[kind.queue] = None
        for name in names:
            queues.setdefault((kind.system, name), []).append(kind)
    return queues


def _title(system: str, queue: str) -> str:
    if system in systems.IN_PROCESS:
        return systems.NAMES[system]
    return f"{systems.NAMES[system]}: {queue or 'no queue is written out'}"


def _names(work: Sequence[Kind]) -> list[str]:
    names = [kind.name for kind in work]
    more = len(names) - _MOST_NAMES
    return [*names[:_MOST_NAMES], *([f"and {more} more"] if more > 0 else [])]


def _short_names(work: Iterable[Kind]) -> dict[str, str]:
    """The files that send work, each under its name, or its folder where the files are many."""
    files = {start.file for kind in work for start in kind.starts}
    short = dict(zip(files, files, strict=True))
    depth = max((file.count("/") for file in files), default=0)
    while len(set(short.values())) > _MOST_SENDERS and depth > 0:
        short = {file: _folder(file, depth) for file in files}
        depth -= 1
    return short


def _folder(file: str, depth: int) -> str:
    parts = file.split("/")
    return file if len(parts) <= depth else "/".join(parts[:depth]) + "/"


def _broker(scan: Scan, system: str) -> str:
    if system == "celery" and scan.facts.broker:
        return str(scan.facts.broker.value)
    return _BROKERS.get(system, f"the broker of {systems.NAMES[system]}")


def _workers(commands: Iterable[Command], system: str) -> list[Box]:
    programs = dict.fromkeys(
        (command.program, command.file) for command in commands if command.system == system
    )
    return [Box(3, (program, file)) for program, file in programs]


def mermaid(drawing: Picture) -> str:
    """As a flow chart of Mermaid."""
    names = {box: f"n{number}" for number, box in enumerate(drawing.boxes)}
    lines = ["flowchart LR"]
    for box, name in names.items():
        left, right = ("[(", ")]") if box.column == 2 else ("[", "]")
        lines.append(f'  {name}{left}"{"<br>".join(map(in_mermaid, box.lines))}"{right}')
    lines += [f"  {names[start]} --> {names[end]}" for start, end in drawing.arrows]
    return "\n".join(lines) + "\n"


_ROW, _LETTER, _PAD, _GAP = 18, 7.3, 12, 70
"""Sizes in pixels: a row, a letter, the room in a box, and the room between boxes."""


def svg(drawing: Picture, title: str) -> str:
    """As a drawing in columns from left to right."""
    columns = [[box for box in drawing.boxes if box.column == column] for column in range(4)]
    rectangles: dict[Box, tuple[int, int, int, int]] = {}
    x = bottom = _PAD
    for column in filter(None, columns):
        longest = max(len(line) for box in column for line in box.lines)
        width, y = round(longest * _LETTER) + 2 * _PAD, _PAD
        for box in column:
            height = len(box.lines) * _ROW + _PAD
            rectangles[box] = x, y, width, height
            y += height + _PAD
        x, bottom = x + width + _GAP, max(bottom, y)
    size = f'viewBox="0 0 {x} {bottom}" width="{x}" height="{bottom}"'
    drawn = [_arrow(rectangles[start], rectangles[end]) for start, end in drawing.arrows]
    drawn += [_box(box, *rectangle) for box, rectangle in rectangles.items()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="sans-serif" '
        f'font-size="13">\n<title>{in_xml(title)}</title>\n'
        '<rect width="100%" height="100%" fill="#fff"/>\n' + "".join(drawn) + "</svg>\n"
    )


def _arrow(start: tuple[int, int, int, int], end: tuple[int, int, int, int]) -> str:
    x, y = start[0] + start[2], start[1] + start[3] // 2
    to_x, to_y = end[0], end[1] + end[3] // 2
    middle = (x + to_x) // 2
    line = f"M{x} {y}C{middle} {y} {middle} {to_y} {to_x} {to_y}"
    tip = f"M{to_x} {to_y}l-8 -4v8z"
    return f'<path d="{line}" fill="none" stroke="#888"/>\n<path d="{tip}" fill="#888"/>\n'


def _box(box: Box, x: int, y: int, width: int, height: int) -> str:
    rows = [
        f'<text x="{x + _PAD}" y="{y + (number + 1) * _ROW}" '
        f'font-weight="{"normal" if number else "bold"}">{in_xml(line)}</text>\n'
        for number, line in enumerate(box.lines)
    ]
    rectangle = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect {rectangle} fill="#f6f6f6" stroke="#888"/>\n' + "".join(rows)
