"""Curves between nodes in rows, along lanes: no arrow touches a foreign node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from dagspec.pictures.layers import Arrow

Point = tuple[float, float]

_PORT, _PORT_SHARE = 12.0, 0.6


@dataclass(frozen=True)
class Outline:
    """The border of a node: of an ellipse, or of a box."""

    middle: Point
    size: Point
    ellipse: bool

    def edge(self, offset: float, side: int) -> Point:
        """Point on the border beside the middle, above (-1) or below (1) it."""
        x, y = self.middle
        half = self.size[1] / 2
        if self.ellipse:
            half *= sqrt(1 - (2 * offset / self.size[0]) ** 2)
        return (x + offset, y + side * half)


def curves(
    outlines: Mapping[str, Outline],
    rows: Mapping[str, int],
    bands: Sequence[tuple[float, float]],
    lanes: Mapping[Arrow, Sequence[float]],
) -> dict[Arrow, list[Point]]:
    """Bézier curves: between rows an S, past a row a vertical line in the arrow's lane.

    Args:
        outlines: Border of each node.
        rows: Row of each node.
        bands: Top and bottom of each row.
        lanes: For each arrow the x of its lanes, from its tail on.

    Returns:
        For each arrow its first point and three more for each curve.
    """
    ends = _ends(outlines, rows, lanes)
    drawn: dict[Arrow, list[Point]] = {}
    for arrow, lane in lanes.items():
        start, end = ends[arrow]
        step = 1 if rows[arrow[0]] < rows[arrow[1]] else -1
        curve = [start]
        for number, x in enumerate(lane, start=1):
            near, far = bands[rows[arrow[0]] + step * number][::step]
            curve += _bend(curve[-1], (x, near))
            curve += _bend((x, near), (x, far))
        drawn[arrow] = curve + _bend(curve[-1], end)
    return drawn


def _ends(
    outlines: Mapping[str, Outline],
    rows: Mapping[str, int],
    lanes: Mapping[Arrow, Sequence[float]],
) -> dict[Arrow, tuple[Point, Point]]:
    """Where arrows leave and arrive, side by side in the order of what is beyond."""
    used: dict[tuple[str, int], list[tuple[float, Arrow]]] = {}
    for arrow, lane in lanes.items():
        tail, head = arrow
        side = 1 if rows[tail] < rows[head] else -1
        along = [outlines[tail].middle[0], *lane, outlines[head].middle[0]]
        used.setdefault((tail, side), []).append((along[1], arrow))
        used.setdefault((head, -side), []).append((along[-2], arrow))
    points: dict[tuple[str, Arrow], Point] = {}
    for (name, side), beyond in used.items():
        outline = outlines[name]
        room = outline.size[0] * _PORT_SHARE
        pitch = min(_PORT, room / len(beyond))
        for number, (_, arrow) in enumerate(sorted(beyond)):
            offset = (number - (len(beyond) - 1) / 2) * pitch
            points[name, arrow] = outline.edge(offset, side)
    return {
        arrow: (points[arrow[0], arrow], points[arrow[1], arrow]) for arrow in lanes
    }


def _bend(start: Point, end: Point) -> list[Point]:
    """An S that leaves and arrives upright, without its first point."""
    middle = (start[1] + end[1]) / 2
    return [(start[0], middle), (end[0], middle), end]
