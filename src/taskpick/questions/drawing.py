"""A tree of questions as an outline, Mermaid, Graphviz DOT or SVG."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from taskpick.formats.drawn_text import in_mermaid, in_xml
from taskpick.named_tuple import NamedTuple
from taskpick.questions.tree import Question
from taskpick.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.questions.tree import Tree
    from taskpick.rulefile.model import Rules


class Format(StrEnum):
    """How a tree is drawn."""

    OUTLINE = "outline"
    MERMAID = "mermaid"
    DOT = "dot"
    SVG = "svg"


class _Node(NamedTuple):
    """A node with a name for the picture."""

    name: str
    label: str
    is_pick: bool
    parent: str
    edge: str
    """The levels that lead here from the parent."""


def render(tree: Tree, rules: Rules, format: Format) -> str:  # noqa: A002  the name of the flag
    """The tree in a format."""
    match format:
        case Format.OUTLINE:
            return "".join(f"{line}\n" for line in _outline(tree, rules))
        case Format.MERMAID:
            return _mermaid(list(_nodes(tree, rules)))
        case Format.DOT:
            return _dot(list(_nodes(tree, rules)), rules)
        case Format.SVG:
            return _svg(tree, rules)
        case _:
            assert_never(format)


def _outline(tree: Tree, rules: Rules, indent: str = "") -> Iterator[str]:
    if not isinstance(tree, Question):
        yield f"{indent}{rules.name_of(tree.pick)}"
        return
    yield f"{indent}{tree.criterion.id}: {tree.criterion.question}"
    for branch in tree.branches:
        levels = " or ".join(branch.levels)
        if isinstance(branch.to, Question):
            yield f"{indent}  {levels}:"
            yield from _outline(branch.to, rules, indent + "    ")
        else:
            yield f"{indent}  {levels}: {rules.name_of(branch.to.pick)}"


def _nodes(
    tree: Tree, rules: Rules, name: str = "n", parent: str = "", edge: str = ""
) -> Iterator[_Node]:
    if not isinstance(tree, Question):
        yield _Node(name, rules.name_of(tree.pick), True, parent, edge)
        return
    yield _Node(name, tree.criterion.question, False, parent, edge)
    for number, branch in enumerate(tree.branches):
        yield from _nodes(branch.to, rules, f"{name}_{number}", name, " or ".join(branch.levels))


def _mermaid(nodes: list[_Node]) -> str:
    lines = ["flowchart TD"]
    for node in nodes:
        left, right = ("([", "])") if node.is_pick else ("{", "}")
        lines.append(f'  {node.name}{left}"{in_mermaid(node.label)}"{right}')
    for node in nodes:
        if node.parent:
            lines.append(f'  {node.parent} -- "{in_mermaid(node.edge)}" --> {node.name}')
    return "\n".join(lines) + "\n"


def _dot(nodes: list[_Node], rules: Rules) -> str:
    lines = [f"digraph {_quoted(rules.title)} {{"]
    for node in nodes:
        shape = "box, style=rounded" if node.is_pick else "diamond"
        lines.append(f"  {node.name} [label={_quoted(node.label)}, shape={shape}];")
    for node in nodes:
        if node.parent:
            lines.append(f"  {node.parent} -> {node.name} [label={_quoted(node.edge)}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    # Graphviz reads character references as HTML does.
    escaped = printable(text, "").replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_ROW, _LETTER, _GAP = 30, 7.3, 24
"""Sizes of the SVG in pixels: a row, a letter of 13 pixels, and the room beside a text."""


def _svg(tree: Tree, rules: Rules) -> str:
    """The tree from left to right, one row per pick."""
    widths: list[int] = []
    _measure(tree, rules, 0, widths)
    drawn: list[str] = []
    rows = _draw(tree, rules, 0, 0, widths, drawn)
    size = f"{sum(widths)} {rows * _ROW + _ROW}"
    width, height = size.split()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{width}" '
        f'height="{height}" role="img" font-family="sans-serif" font-size="13">\n'
        f"<title>{in_xml(rules.title)}</title>\n"
        '<rect width="100%" height="100%" fill="#fff"/>\n' + "".join(drawn) + "</svg>\n"
    )


def _measure(tree: Tree, rules: Rules, depth: int, widths: list[int]) -> None:
    """Widen the columns to what they have to hold: labels in even ones, levels in odd ones."""
    label = tree.criterion.id if isinstance(tree, Question) else rules.name_of(tree.pick)
    _widen(widths, depth, label)
    if isinstance(tree, Question):
        for branch in tree.branches:
            _widen(widths, depth + 1, " or ".join(branch.levels))
            _measure(branch.to, rules, depth + 2, widths)


def _widen(widths: list[int], column: int, text: str) -> None:
    widths.extend([0] * (column + 1 - len(widths)))
    widths[column] = max(widths[column], round(len(text) * _LETTER) + _GAP)


def _draw(
    tree: Tree, rules: Rules, depth: int, row: int, widths: list[int], drawn: list[str]
) -> int:
    """Draw the tree from a row on; how many rows it takes."""
    x, y = sum(widths[:depth]) + _GAP // 2, row * _ROW + _ROW
    if not isinstance(tree, Question):
        drawn.append(_words(x, y, rules.name_of(tree.pick), ' font-weight="bold"'))
        return 1
    drawn.append(_words(x, y, tree.criterion.id, "", tree.criterion.question))
    taken, at = 0, sum(widths[: depth + 1])
    for branch in tree.branches:
        here = (row + taken) * _ROW + _ROW
        line = f"M{at - 8} {y - 4}V{here - 4}H{at + _GAP // 2 - 4}"
        drawn.append(f'<path d="{line}" fill="none" stroke="#888"/>\n')
        drawn.append(_words(at + _GAP // 2, here, " or ".join(branch.levels), ' fill="#555"'))
        taken += _draw(branch.to, rules, depth + 2, row + taken, widths, drawn)
    return taken


def _words(x: int, y: int, text: str, style: str, title: str = "") -> str:
    tooltip = f"<title>{in_xml(title)}</title>" if title else ""
    return f'<text x="{x}" y="{y}"{style}>{tooltip}{in_xml(text)}</text>\n'
