"""Panels of curves: lines told apart, limits that the first steps do not spoil.

Figures are made without pyplot, so that nothing of them outlives the call.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil, exp
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import (
    EngFormatter,
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullLocator,
)
from numpy.typing import NDArray

from dagspec.runs.markdown import figure
from dagspec.runs.metrics import Series

_COLOURS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"),
    *("#56b4e9", "#7f3c8d", "#8c6d31", "#1b1b1b", "#a6d854"),
)
_GREY, _GRID = "#b8b8b8", "#e6e6e6"
# The share of a run whose values decide no limit. Of the rest, what is further outside
# of the middle than three times its height is a stray.
_EARLY, _TAIL, _REACH, _FEW = 0.2, 0.15, 3, 5
_MOST_POINTS = 1000
_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.edgecolor": "#888888",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": _GRID,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "text.usetex": False,
    "axes.formatter.use_mathtext": False,
}
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """One curve.

    Attributes:
        name: What the legend calls it; lines of one name share a colour.
        series: Its points.
        colour: Its colour; None for the next one.
        pale: Whether it stays behind the others.
    """

    name: str
    series: Series
    colour: str | None = None
    pale: bool = False


@dataclass(frozen=True)
class Panel:
    """Curves that share an axis.

    Attributes:
        title: What they show, with its unit.
        lines: The curves; those beyond the tenth name are grey.
        bottom: Where the axis starts, unless a value is below; None for anywhere.
        logarithmic: Whether the axis is, for quantities of different units.
    """

    title: str
    lines: Sequence[Line]
    bottom: float | None = None
    logarithmic: bool = False


def draw(panels: Sequence[Panel]) -> bytes:
    """Panels side by side, two in a row, as a PNG.

    Args:
        panels: At least one; the first has a row of its own if they are odd.
    """
    with matplotlib.rc_context(_STYLE), warnings.catch_warnings():
        # A name in letters that the font lacks is drawn as boxes.
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        rows = ceil(len(panels) / 2) if len(panels) > 1 else 1
        picture = Figure(figsize=(11, 3.1 * rows), dpi=110, layout="constrained")
        FigureCanvasAgg(picture)
        grid = picture.add_gridspec(rows, 2)
        wide = len(panels) % 2
        end = max(_last_step(line.series) for p in panels for line in p.lines)
        for number, panel in enumerate(panels):
            row, column = divmod(number + wide if number else 0, 2)
            place = grid[0, :] if wide and not number else grid[row, column]
            _fill(picture.add_subplot(place), panel, end)
        data = BytesIO()
        picture.savefig(data, format="png", metadata={"Software": None})
    return data.getvalue()


def _last_step(series: Series) -> int:
    return series.steps[-1] if series else 1


def _fill(axes: Axes, panel: Panel, end: float) -> None:
    axes.set_title(panel.title)
    _limit(axes, panel, end)
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.xaxis.set_major_locator(MaxNLocator(7, integer=True, steps=(1, 2, 5, 10)))
    axes.set_xlabel("step", loc="right", labelpad=1)
    names = list(dict.fromkeys(line.name for line in panel.lines))
    colours = dict(zip(names, _COLOURS, strict=False))
    _draw_grey(axes, [line for line in panel.lines if line.name not in colours])
    handles = {
        line.name: axes.plot(
            *_points(line.series),
            color=line.colour or colours[line.name],
            linewidth=0.9 if line.pale else 1.6,
            alpha=0.45 if line.pale else 1,
            marker="o" if len(line.series) == 1 else None,
            markersize=4,
        )[0]
        for line in panel.lines
        if line.name in colours
    }
    if len(names) > len(handles):
        grey = axes.plot([], [], color=_GREY, linewidth=0.8)[0]
        handles[f"{len(names) - len(handles):,} more"] = grey
    legend = axes.legend(
        list(handles.values()),
        list(handles),
        loc="upper left",
        bbox_to_anchor=(1.0, 1.02),
        borderaxespad=0.2,
        handlelength=1.2,
        fontsize=8,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def _tick(value: float, _: object = None) -> str:
    return figure(value)


def _draw_grey(axes: Axes, lines: Sequence[Line]) -> None:
    segments = [
        np.column_stack(_points(line.series, _MOST_POINTS)) for line in reversed(lines)
    ]
    axes.add_collection(LineCollection(segments, colors=_GREY, linewidths=0.6))


def _points(series: Series, most: int | None = None) -> tuple[Array, Array]:
    """Steps and values; what is no number is a gap."""
    every = 1 if most is None else max(1, ceil(len(series) / most))
    steps = np.asarray(series.steps, dtype=np.float64)[::every]
    values = np.asarray(series.values, dtype=np.float64)[::every]
    # Beyond this the arithmetic of the picture itself overflows.
    return steps, np.where(np.abs(values) < 1e100, values, np.nan)


def _limit(axes: Axes, panel: Panel, end: float) -> None:
    """Show the later part of the run, and of its first steps what fits."""
    points = [_points(line.series) for line in panel.lines]
    axes.set_xlim(0, 1.01 * max(end, 1))
    shown = [_shown(steps, values, end, panel.logarithmic) for steps, values in points]
    usual = [_usual(values) for values in shown if values.size]
    if not usual:
        return
    low, high = min(low for low, _ in usual), max(high for _, high in usual)
    if panel.bottom is not None:
        low = min(low, panel.bottom)
    margin = 0.06 * (high - low) or max(1e-3, 0.05 * abs(high))
    bottom, top = low if low == panel.bottom else low - margin, high + margin
    if panel.logarithmic:
        _make_logarithmic(axes, exp(bottom), exp(top))
    else:
        axes.set_ylim(bottom, top)


def _make_logarithmic(axes: Axes, bottom: float, top: float) -> None:
    axes.set_ylim(bottom, top)
    axes.set_yscale("log", nonpositive="mask")
    few = top < 10 * bottom
    axes.yaxis.set_major_locator(MaxNLocator(5) if few else LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(_tick))
    axes.yaxis.set_minor_locator(NullLocator())


def _shown(steps: Array, values: Array, end: float, logarithmic: bool) -> Array:
    """Numbers that limits can follow: the later ones, if there are any."""
    if logarithmic:
        values = np.log(np.where(values > 0, values, np.nan))
    there = np.isfinite(values)
    later = there & (steps >= _EARLY * end)
    return values[later if later.any() else there]


def _usual(values: Array) -> tuple[float, float]:
    """Least and greatest value, but of strays only as much as does not flatten."""
    least, most = float(values.min()), float(values.max())
    low, high = np.quantile(values, (_TAIL, 1 - _TAIL), method="nearest")
    if values.size < _FEW:
        return least, most
    return max(least, low - _REACH * (high - low)), min(
        most, high + _REACH * (high - low)
    )
