"""A picture whose places are all decided here, written as DOT that Graphviz only draws.

Points are in a plane whose y grows downwards, as rows do; DOT's grows upwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Literal

from dagspec.pictures import style
from dagspec.pictures.dot import Raw, Value, bold, new_dot, small, stacked
from dagspec.pictures.escape import dot_tooltip, xml
from dagspec.pictures.measure import text_width

Point = tuple[float, float]
Align = Literal["left", "center", "right"]

_INCH = 72.0
_HEAD = 10.0


@dataclass(frozen=True)
class Line:
    """A line of text, a title in bold or an explanation in the small size."""

    text: str
    title: bool = False

    @property
    def width(self) -> float:
        """Width in points."""
        size = style.SIZE if self.title else style.SMALL
        return text_width(self.text, size, bold=self.title)

    @property
    def markup(self) -> str:
        """The line in Graphviz's markup."""
        text = xml(self.text)
        return bold(text) if self.title else small(text)


class Canvas:
    """Shapes, arrows and fields of grey at fixed places.

    Names with a space in them can't be a concept's.
    """

    def __init__(self, name: str) -> None:
        self._dot = new_dot(name, layout="nop2")
        self._dot.attributes("node", shape="box", fixedsize="true", margin=0)
        self._fields: list[str] = []

    def node(
        self,
        name: str,
        middle: Point,
        size: Point,
        label: str = "",
        tooltip: str = "",
        **looks: Value,
    ) -> None:
        """Add a shape of a width and a height around its middle."""
        places: dict[str, Value] = {
            "pos": _pair(middle),
            "width": round(size[0] / _INCH, 3),
            "height": round(size[1] / _INCH, 3),
        }
        if tooltip:
            looks["tooltip"] = Raw(dot_tooltip(tooltip))
        self._dot.node(name, label=label, **places, **looks)

    def text(
        self, name: str, middle: Point, lines: Sequence[Line], align: Align = "center"
    ) -> None:
        """Add lines of text without a shape around them."""
        size = text_size(lines)
        label = stacked([line.markup for line in lines], 0, align)
        self.node(name, middle, size, label, shape="none", style="solid")

    def arrow(
        self, tail: str, head: str, curve: Sequence[Point], **looks: Value
    ) -> None:
        """Add an arrow along Bézier curves: a point, then three more for each curve."""
        tip, before = curve[-1], curve[-2]
        arrowsize = looks.setdefault("arrowsize", 0.6)
        assert isinstance(arrowsize, float)
        length = arrowsize * _HEAD
        distance = hypot(tip[0] - before[0], tip[1] - before[1])
        share = min(1.0, length / distance)
        neck = (
            tip[0] + (before[0] - tip[0]) * share,
            tip[1] + (before[1] - tip[1]) * share,
        )
        points = " ".join(map(_pair, [*curve[:-1], neck]))
        self._dot.edge(tail, head, pos=f"e,{_pair(tip)} {points}", **looks)

    def field(self, corners: Sequence[Point], colour: str) -> None:
        """Add a field without a border, under everything else."""
        points = " ".join(_pair(corner).replace(",", " ") for corner in corners)
        paint = f"{len(colour)} -{colour}"
        self._fields.append(f"c {paint} C {paint} P {len(corners)} {points}")

    def dot(self) -> str:
        """The DOT text."""
        if self._fields:
            self._dot.attributes("graph", _background=" ".join(self._fields))
        return self._dot.text()


def text_size(lines: Sequence[Line]) -> Point:
    """Width and height of lines in points."""
    return max(line.width for line in lines), len(lines) * style.LEADING


def straight(start: Point, end: Point) -> list[Point]:
    """A straight line as a Bézier curve."""
    (x0, y0), (x1, y1) = start, end
    third = ((x1 - x0) / 3, (y1 - y0) / 3)
    return [
        start,
        (x0 + third[0], y0 + third[1]),
        (x1 - third[0], y1 - third[1]),
        end,
    ]


def _pair(point: Point) -> str:
    """A point in DOT's plane, to a tenth, without a negative zero."""
    x, y = round(point[0], 1) + 0.0, round(-point[1], 1) + 0.0
    return f"{x:.1f},{y:.1f}"
