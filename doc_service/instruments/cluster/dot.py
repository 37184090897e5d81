"""Diagrams in the DOT language, written so that data stay text.

Names of organisations come from many hands. In a label every character that DOT or its HTML-like labels give a meaning
is escaped, node names are numbers of our own, and no attribute but those below is ever written: nothing in the data can
name a file, a link or another node.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

FONT: Final = "Noto Sans"
_LABEL: Final = 24
"""Characters in a line of an arrow's label."""
_LETTER: Final = 0.62
"""Width of a letter as a share of its size, generously."""
_CLEAR: Final = 45
"""Points that keep a label clear of an arrow that Graphviz does not draw through the label's very middle."""
_ESCAPED: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\\": "&#92;"}


def escaped(text: str) -> str:
    """``text`` inside an HTML-like label."""
    return "".join(_ESCAPED.get(char, char) for char in text if char.isprintable() or char == "\u00a0")


def wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` characters; words longer than that are parted."""
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def lines(text: str, width: int, *, bold: bool = False) -> str:
    """``text`` wrapped, one line under the other."""
    marked = "<BR/>".join(escaped(line) for line in wrapped(text, width))
    return f"<B>{marked}</B>" if bold else marked


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a node's table. ``cells``: ready markup from ``lines``; ``fill``: its colour as #rrggbb; ``size``:
    points."""

    cells: tuple[str, ...]
    fill: str = ""
    size: int = 10
    align: str = "CENTER"


def table(rows: Sequence[Row], columns: int) -> str:
    """A node's label: a ruled table of ``columns``; the last cell of a shorter row spans the rest."""
    made = []
    for row in rows:
        cells = []
        for place, cell in enumerate(row.cells):
            span = columns - place if place == len(row.cells) - 1 else 1
            attributes = f' COLSPAN="{span}"' if span > 1 else ""
            attributes += f' BGCOLOR="{row.fill}"' if row.fill else ""
            inner = f'<FONT POINT-SIZE="{row.size}">{cell}</FONT>' if cell else ""
            cells.append(f'<TD ALIGN="{row.align}"{attributes}>{inner}</TD>')
        made.append(f"<TR>{''.join(cells)}</TR>")
    return f'<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="3">{"".join(made)}</TABLE>'


def _right(label: str, size: int) -> str:
    """The label in the right part of a box through whose middle the arrow goes."""
    half = round(max(map(len, wrapped(label, _LABEL))) * size * _LETTER)
    return (
        '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3"><TR>'
        f'<TD WIDTH="{half + _CLEAR}"></TD><TD WIDTH="{half}" ALIGN="LEFT">{lines(label, _LABEL)}</TD></TR></TABLE>'
    )


@dataclass(slots=True)
class Graph:
    """One diagram under construction. ``direction``: LR or TB; nodes are known by any text key."""

    direction: str = "LR"
    ranksep: float = 0.7
    nodesep: float = 0.25
    _nodes: dict[str, str] = field(default_factory=dict)
    _body: list[str] = field(default_factory=list)

    def node(self, key: str, label: str, *, shape: str = "plain", fill: str = "") -> None:
        """A node with an HTML-like label. Shapes: plain (a table), box, ellipse."""
        self._body.append(self._node(key, label, shape, fill))

    def _node(self, key: str, label: str, shape: str, fill: str) -> str:
        name = self._nodes.setdefault(key, f"n{len(self._nodes)}")
        style = f' style="filled" fillcolor="{fill}"' if fill and shape != "plain" else ""
        return f"{name} [shape={shape}{style} label=<{label}>];"

    def group(self, title: str, members: Mapping[str, str], *, same_rank: bool = False) -> None:
        """Plain nodes by key inside a frame with a title."""
        inner = "".join(self._node(key, label, "plain", "") for key, label in members.items())
        names = " ".join(self._nodes[key] + ";" for key in members)
        rank = f"{{ rank=same; {names} }}" if same_rank and len(members) > 1 else ""
        frame = f'style="dashed" color="#808080" fontsize=12 label=<<B>{lines(title, 40)}</B>>;'
        self._body.append(f"subgraph cluster_{len(self._body)} {{ {frame} {inner} {rank} }}")

    def rank(self, keys: Sequence[str]) -> None:
        """Puts nodes side by side."""
        names = " ".join(self._nodes[key] + ";" for key in keys)
        self._body.append(f"{{ rank=same; {names} }}")

    def edge(
        self, source: str, target: str, label: str = "", *, style: str = "solid", width: float = 1.0,
        color: str = "#000000", both: bool = False, order: bool = True, size: int = 9, beside: bool = False,
    ) -> None:  # fmt: skip
        """An arrow between known nodes; raises ``KeyError`` for another. ``order``: it takes part in the layout;
        ``beside``: the label of an arrow inside a rank stands at its right, where Graphviz would draw through it."""
        attributes = [f'style="{style}"', f"penwidth={width}", f'color="{color}"', f"fontsize={size}"]
        if label:
            attributes.append(f"label=<{_right(label, size) if beside else lines(label, _LABEL)}>")
        if both:
            attributes.append("dir=both")
        if not order:
            attributes.append("constraint=false")
        self._body.append(f"{self._nodes[source]} -> {self._nodes[target]} [{' '.join(attributes)}];")

    def follow(self, source: str, target: str) -> None:
        """Puts ``target`` behind ``source`` without a line."""
        self._body.append(f'{self._nodes[source]} -> {self._nodes[target]} [style="invis"];')

    def source(self) -> str:
        """The diagram in the DOT language."""
        head = (
            f"graph [rankdir={self.direction} ranksep={self.ranksep} nodesep={self.nodesep} splines=spline "
            f'fontname="{FONT}" bgcolor="transparent" pad=0.05];\n'
            f'node [fontname="{FONT}" fontsize=10];\nedge [fontname="{FONT}" arrowsize=0.7];\n'
        )
        return "digraph g {\n" + head + "\n".join(self._body) + "\n}\n"
