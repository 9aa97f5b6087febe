"""The towers of the architecture view: a bar a feature, narrowing with depth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from dagspec.geometry import Shape, is_image, size
from dagspec.pictures import style
from dagspec.pictures.canvas import Canvas, Line, Point, straight, text_size
from dagspec.pictures.dot import Html
from dagspec.pictures.escape import shorten
from dagspec.pictures.notation import shape_text
from dagspec.plan.model import Plan

WIDEST, HIGHEST = 180.0, 50.0
_NARROWEST, _LOWEST, _VECTOR = 5.0, 9.0, 16.0
_ROW_GAP, _LABEL_GAP, _LONGEST_NAME = 26.0, 12.0, 24
# The constant's box, and how far below the middle of a bar it ends.
_CONSTANT, CONSTANT_REACH = 20.0, 66.0
# A bar stands no further than this below the top of a high row.
_FALL = 90.0


@dataclass(frozen=True)
class Bar:
    """A feature at its height in the picture; stage 0 is the observed node.

    Attributes:
        stage: Number of the stage.
        shape: Shape of the feature.
        size: Width and height of the bar in points.
        y: Middle of the bar, growing with depth.
        top: Top of the row that it stands in, `room` its height.
        room: Height of the row.
    """

    stage: int
    shape: Shape
    size: Point
    y: float
    top: float
    room: float


def make_bars(plan: Plan, heights: Mapping[int, float]) -> list[Bar]:
    """Bars from the observed node to the deepest stage.

    Args:
        plan: The model.
        heights: Room that the concepts of a stage need.
    """
    shapes = [plan.observed.shape, *(stage.shape for stage in plan.features.stages)]
    widest = max(map(size, shapes))
    highest = max(_side(shape) for shape in shapes)
    bars: list[Bar] = []
    top = 0.0
    for stage, shape in enumerate(shapes):
        width = max(_NARROWEST, WIDEST * sqrt(size(shape) / widest))
        height = max(_LOWEST, HIGHEST * sqrt(_side(shape) / highest))
        drawn = (width, height if is_image(shape) else _VECTOR)
        room = max(drawn[1], 2 * style.LEADING, heights.get(stage, 0.0))
        bars.append(Bar(stage, shape, drawn, top + min(room / 2, _FALL), top, room))
        top += room + _ROW_GAP
    return bars


def draw_tower(canvas: Canvas, tower: str, bars: list[Bar], x: float) -> None:
    """The `encoder`, walked downwards, or the `decoder`, walked upwards, around `x`."""
    for bar in bars:
        observed = bar.stage == 0
        canvas.node(
            f"{tower} {bar.stage}",
            (x, bar.y),
            bar.size,
            tooltip=shape_text(bar.shape),
            shape="box",
            fillcolor=style.SHADE if observed else style.PAPER,
            penwidth=1.6 if observed else 1.0,
        )
    for upper, lower in pairwise(bars):
        above, below = _side_of(upper, x, 1), _side_of(lower, x, -1)
        canvas.field([*above, *reversed(below)], style.PALE)
        start, end = (
            (f"{tower} {upper.stage}", above),
            (f"{tower} {lower.stage}", below),
        )
        if tower == "decoder":
            start, end = end, start
        way = straight((x, start[1][0][1]), (x, end[1][0][1]))
        canvas.arrow(start[0], end[0], way, penwidth=1.3)


def draw_labels(canvas: Canvas, plan: Plan, bars: list[Bar], reach: float) -> None:
    """Name and shape of every feature, on the outer side of both towers."""
    x = shorten(plan.observed.name, _LONGEST_NAME)
    for bar in bars:
        shape = shape_text(bar.shape)
        left, right = (f"F{bar.stage}", shape), (f"G{bar.stage}", shape)
        if bar.stage == 0:
            left, right = (x, shape), (f"p({x} | z)", plan.observed.family)
        for side, (title, text) in ((-1, left), (1, right)):
            lines = [Line(title, title=True), Line(text)]
            edge = reach + WIDEST / 2 + _LABEL_GAP
            middle = side * (edge + text_size(lines)[0] / 2)
            align = "left" if side > 0 else "right"
            name = f"label {'decoder' if side > 0 else 'encoder'} {bar.stage}"
            canvas.text(name, (middle, bar.y), lines, align)


def draw_constant(canvas: Canvas, deepest: Bar, x: float) -> None:
    """The learned constant that the way up starts from: no path leads from x to x."""
    bottom = deepest.y + deepest.size[1] / 2
    middle = (x, deepest.y + CONSTANT_REACH - _CONSTANT / 2)
    text = Line("learned constant")
    size = (text.width + 14, _CONSTANT)
    canvas.node("learned constant", middle, size, Html(text.markup), style="rounded")
    ends = (x, middle[1] - _CONSTANT / 2), (x, bottom)
    canvas.arrow("learned constant", f"decoder {deepest.stage}", straight(*ends))


def _side(shape: Shape) -> int:
    """The longer side of an image; a vector has none."""
    return max(shape[1:], default=1)


def _side_of(bar: Bar, x: float, side: int) -> list[Point]:
    """Both corners of a bar's upper (-1) or lower (1) side, from left to right."""
    y = bar.y + side * bar.size[1] / 2
    return [(x - bar.size[0] / 2, y), (x + bar.size[0] / 2, y)]
