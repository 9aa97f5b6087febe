"""Pieces of a page: text that is never markup, tables, pictures inside the file."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from io import BytesIO

from PIL.Image import Image

from dagspec.evaluate.results import Number


class Markup(str):
    """Text that is HTML already; all other text is escaped."""

    __slots__ = ()


def text(value: object) -> Markup:
    """Any value as HTML."""
    return value if isinstance(value, Markup) else Markup(escape(str(value)))


def element(tag: str, *inside: object, **attributes: str) -> Markup:
    """One element; attributes may end in `_` where their names are Python's words."""
    written = "".join(
        f' {name.rstrip("_")}="{escape(value)}"' for name, value in attributes.items()
    )
    content = "".join(map(text, inside))
    return Markup(f"<{tag}{written}>{content}</{tag}>")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Markup:
    """A table; what is a number stands at the right."""
    head = element("tr", *(element("th", each) for each in heads))
    body = [element("tr", *map(_cell, row)) for row in rows]
    whole = element("table", element("thead", head), element("tbody", *body))
    return element("div", whole, class_="wide")


def _cell(value: object) -> Markup:
    if value is None:
        return element("td", "-")
    if isinstance(value, float):
        return element("td", number(value), class_="number")
    return element("td", value)


def number(value: float) -> str:
    """A number to three digits."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def interval(low: float | None, high: float | None) -> str:
    """A 95% interval, or nothing."""
    if low is None or high is None:
        return ""
    return f"{number(low)} to {number(high)}"


def number_row(name: str, found: Number, meaning: str) -> tuple[object, ...]:
    """A row of a table of name, value, interval and meaning."""
    return name, found.value, interval(found.low, found.high), meaning


def picture(image: Image, caption: str) -> Markup:
    """A picture that is inside the page."""
    buffer = BytesIO()
    image.save(buffer, format="PNG", optimize=True)
    source = f"data:image/png;base64,{b64encode(buffer.getvalue()).decode()}"
    drawn = Markup(f'<img alt="{escape(caption)}" src="{source}">')
    return element("figure", drawn, element("figcaption", caption))
