"""The heatmap of units beside factors, drawn."""

from __future__ import annotations

from html import escape

from dagspec.evaluate.report.elements import Markup
from dagspec.evaluate.results import Heatmap
from dagspec.pictures import style
from dagspec.pictures.measure import text_width

_SIDE, _GAP, _DARK = 40, 8, 0.55


def heatmap_svg(heatmap: Heatmap) -> Markup:
    """One row a factor, one column a unit; darker is closer.

    A thick border marks the units of the concept that the spec ties to the factor.
    """
    left = max(text_width(name, style.SIZE) for name in heatmap.factors) + _GAP
    top = max(text_width(name, style.SIZE) for name in heatmap.units) + _GAP
    width = left + _SIDE * len(heatmap.units) + _GAP
    height = top + _SIDE * len(heatmap.factors) + _GAP
    pieces = [
        f'<svg role="img" aria-label="units beside factors" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-size="{style.SIZE:g}" '
        f'font-family="{style.FONT}">'
    ]
    for column, unit in enumerate(heatmap.units):
        x = left + _SIDE * (column + 0.5) + 4
        turn = f"rotate(-90 {x:.1f} {top - _GAP:.1f})"
        pieces.append(_text(x, top - _GAP, unit, f'transform="{turn}"'))
    marked: list[str] = []
    for row, factor in enumerate(heatmap.factors):
        y = top + _SIDE * row
        middle = y + _SIDE / 2 + 4
        pieces.append(_text(left - _GAP, middle, factor, 'text-anchor="end"'))
        for column, unit in enumerate(heatmap.units):
            x, strength = left + _SIDE * column, heatmap.strength[row][column]
            pieces.append(_rectangle(x, y, strength))
            ink = style.PAPER if strength > _DARK else style.INK
            look = f'text-anchor="middle" fill="{ink}"'
            pieces.append(_text(x + _SIDE / 2, middle, f"{strength:.2f}", look))
            if unit in heatmap.own[factor]:
                marked.append(_border(x, y))
    return Markup("".join([*pieces, *marked, "</svg>"]))


def _text(x: float, y: float, content: str, look: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(content)}</text>'


def _rectangle(x: float, y: float, strength: float) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{_SIDE}" height="{_SIDE}" '
        f'fill="{style.INK}" fill-opacity="{strength:.3f}" stroke="{style.SHADE}"/>'
    )


def _border(x: float, y: float) -> str:
    return (
        f'<rect class="own" x="{x + 1:.1f}" y="{y + 1:.1f}" width="{_SIDE - 2}" '
        f'height="{_SIDE - 2}" fill="none" stroke="{style.INK}" stroke-width="3"/>'
    )
