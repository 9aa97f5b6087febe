"""The architecture view: two towers of features, and the concepts that join them.

A bar is as wide as the root of how many numbers its feature holds and as high as the
root of its side, so a tower narrows as it does in memory. Concepts stand between the
towers at their stages, in a size that has nothing to do with any feature's.
"""

from __future__ import annotations

from collections.abc import Mapping

from dagspec.pictures import style
from dagspec.pictures.canvas import Canvas, Line, straight, text_size
from dagspec.pictures.curves import Outline, curves
from dagspec.pictures.dot import stacked
from dagspec.pictures.escape import shorten
from dagspec.pictures.hub import Hub, make_hub
from dagspec.pictures.notation import is_discrete, shape_text
from dagspec.pictures.tower import (
    CONSTANT_REACH,
    WIDEST,
    Bar,
    draw_constant,
    draw_labels,
    draw_tower,
    make_bars,
)
from dagspec.plan.model import Plan

REACH, FRAME_PAD = 96.0, 14.0
_THIN = 0.7


def architecture_dot(plan: Plan) -> str:
    """The DOT text of the architecture view."""
    hub = make_hub(plan)
    frames = {stage: height + 2 * FRAME_PAD for stage, height in hub.heights().items()}
    bars = make_bars(plan, frames)
    half = hub.width / 2 + FRAME_PAD
    reach = half + REACH + WIDEST / 2
    canvas = Canvas(plan.name)
    draw_tower(canvas, "encoder", bars, -reach)
    draw_tower(canvas, "decoder", bars, reach)
    draw_labels(canvas, plan, bars, reach)
    draw_constant(canvas, bars[-1], reach)
    for bar in bars:
        if bar.stage in frames:
            size = (2 * half, frames[bar.stage])
            looks = {"style": "rounded", "color": style.LIGHT}
            middle = (0.0, bar.top + bar.room / 2)
            canvas.node(_frame(bar), middle, size, penwidth=_THIN, **looks)
            _join(canvas, plan, bar, half, reach)
    tops = {
        bar.stage: bar.top + (bar.room - height) / 2
        for bar in bars
        for height in [hub.heights().get(bar.stage, 0.0)]
    }
    _draw_concepts(canvas, hub, tops)
    _draw_headers(canvas, plan, bars[0], half, reach)
    _draw_caption(canvas, plan, bars[-1])
    return canvas.dot()


def _frame(bar: Bar) -> str:
    return f"stage {bar.stage}"


def _join(canvas: Canvas, plan: Plan, bar: Bar, half: float, reach: float) -> None:
    """Read a stage's concepts from one tower and write them into the other."""
    stage = plan.features.stages[bar.stage - 1]
    near = reach - bar.size[0] / 2
    ways = (
        (stage.read, (f"encoder {bar.stage}", _frame(bar)), (-near, -half)),
        (stage.written, (_frame(bar), f"decoder {bar.stage}"), (half, near)),
    )
    for names, (tail, head), (start, end) in ways:
        if not names:
            continue
        canvas.arrow(tail, head, straight((start, bar.y), (end, bar.y)), penwidth=_THIN)
        if stage.grid:
            middle = half + REACH / 2 if start > 0 else -half - REACH / 2
            text = Line(f"{shape_text(stage.grid)} grid")
            canvas.text(f"{tail} to {head}", (middle, bar.y - 8), [text])


def _draw_concepts(canvas: Canvas, hub: Hub, tops: Mapping[int, float]) -> None:
    bands = hub.bands(tops)
    outlines: dict[str, Outline] = {}
    rows: dict[str, int] = {}
    for number, row in enumerate(hub.rows):
        for pill in row:
            place = (hub.layout.x[pill.name], sum(bands[number]) / 2)
            outlines[pill.name] = Outline(place, pill.size, pill.shape == "ellipse")
            rows[pill.name] = number
            canvas.node(
                pill.name,
                place,
                pill.size,
                stacked([line.markup for line in pill.lines], 0),
                pill.tooltip,
                shape=pill.shape,
                style="filled" if pill.feeds else "filled,dashed",
            )
    for (tail, head), curve in curves(outlines, rows, bands, hub.layout.lanes).items():
        canvas.arrow(tail, head, curve)


def _draw_headers(
    canvas: Canvas, plan: Plan, top: Bar, half: float, reach: float
) -> None:
    """What each column is, and how many parameters it has."""
    count = plan.parameters
    columns = (
        ("encoder", -reach, count["encoder"]),
        ("readouts", -half - REACH / 2, count["readouts"]),
        ("concepts", 0.0, count["concepts"]),
        ("writers", half + REACH / 2, count["writers"]),
        ("decoder", reach, count["decoder"] + count["likelihood"]),
    )
    y = top.y - top.size[1] / 2 - 34
    for name, x, number in columns:
        lines = [Line(name, title=True), Line(f"{number:,}")]
        canvas.text(f"header {name}", (x, y), lines)


def _draw_caption(canvas: Canvas, plan: Plan, deepest: Bar) -> None:
    total = sum(plan.parameters.values())
    texts = [
        shorten(plan.description, style.LONGEST_LINE),
        f"{total:,} parameters; those of a column stand under its name, those of a "
        "concept after its family",
        "bars to scale: their width is the root of the numbers in a feature, their "
        "height the root of its side",
        *_legend(plan),
    ]
    name = Line(shorten(plan.name, style.LONGEST_NAME), title=True)
    lines = [name, *(Line(text) for text in texts if text)]
    bottom = max(deepest.top + deepest.room, deepest.y + CONSTANT_REACH)
    y = bottom + 26 + text_size(lines)[1] / 2
    canvas.text("the caption", (0, y), lines)


def _legend(plan: Plan) -> list[str]:
    """What a reader may not guess, and only what occurs in this picture."""
    signs = (
        ["○ continuous", "□ discrete"] if any(map(is_discrete, plan.latents)) else []
    )
    if not all(latent.feeds for latent in plan.latents):
        signs.append("dashed: read, but not written")
    return [" · ".join(signs)]
