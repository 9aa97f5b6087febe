"""Grids of images with a label for every row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dagspec.pictures import style
from dagspec.pictures.escape import printable
from dagspec.pictures.files import write_picture
from dagspec.pictures.fontconfig import REGULAR

CELL = 96
_GAP, _MARGIN, _TEXT, _LABEL_GAP, _LINE = 6, 14, 15, 10, 19
_WIDEST_LABEL, _MOST_PIXELS = 260, 100_000_000

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True)
class _Layout:
    """Pixels: where the first image starts, and the height and width of each."""

    left: int
    top: int
    height: int
    width: int

    def corner(self, row: int, column: int) -> tuple[int, int]:
        x = self.left + column * (self.width + _GAP)
        return x, self.top + row * (self.height + _GAP)


def image_grid(
    images: NDArray[Any],
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    scale: int | None = None,
) -> Image.Image:
    """Lay images out in rows and columns, with labels.

    Args:
        images: `(R, C, H, W)`, or `(R, C, channels, H, W)` with one or three channels;
            0 is black and 1 is full, and what lies beyond is cut.
        rows: A label for each row, or none at all; it may have several lines.
        columns: A label for each column, likewise.
        scale: Side of what one pixel of an image becomes; by default such that images
            are about 96 pixels high or wide.

    Returns:
        A picture on white.

    Raises:
        ValueError: The shape is another, a number is not finite, there are more or
            fewer labels than rows or columns, or the grid would be too large.
    """
    _check_shape(images.shape)
    count, sides = images.shape[:2], images.shape[-2:]
    _check_labels(rows, count[0], "row")
    _check_labels(columns, count[1], "column")
    scale = scale or max(1, round(CELL / max(sides)))
    font = ImageFont.truetype(str(REGULAR), _TEXT)
    names = [_fitted(name, font, _WIDEST_LABEL) for name in rows]
    heads = [_fitted(head, font, sides[1] * scale) for head in columns]
    lines = [round(font.getlength(line)) for name in names for line in name]
    highest = max((len(head) for head in heads), default=0)
    layout = _Layout(
        left=_MARGIN + max(lines, default=-_LABEL_GAP) + _LABEL_GAP,
        top=_MARGIN + (highest * _LINE - _LINE + _TEXT + _LABEL_GAP if heads else 0),
        height=sides[0] * scale,
        width=sides[1] * scale,
    )
    picture = _paper(layout, count)
    _paste(picture, _bytes(images), layout)
    _write(picture, names, heads, layout, font)
    return picture


def stack_images(pictures: Sequence[Image.Image]) -> Image.Image:
    """Pictures under one another, at the left, on white.

    Raises:
        ValueError: There is none, or the whole would be too large.
    """
    if not pictures:
        raise ValueError("there is no picture to stack")
    sheet = _sheet(
        max(each.width for each in pictures), sum(each.height for each in pictures)
    )
    top = 0
    for each in pictures:
        sheet.paste(each, (0, top))
        top += each.height
    return sheet


def save_image(picture: Image.Image, path: str | PathLike[str]) -> Path:
    """Write a picture as PNG; an existing file is replaced whole or not at all.

    Raises:
        RenderError: The file cannot be written.
    """
    buffer = BytesIO()
    picture.save(buffer, format="PNG", optimize=True)
    write_picture(Path(path), buffer.getvalue())
    return Path(path)


def _check_shape(shape: tuple[int, ...]) -> None:
    if len(shape) != 4 and (len(shape) != 5 or shape[2] not in {1, 3}):
        raise ValueError(
            "images must be (rows, columns, H, W) or (rows, columns, 1 or 3, H, W), "
            f"not {shape}"
        )
    if 0 in shape:
        raise ValueError(f"there is nothing to show in images of shape {shape}")


def _bytes(images: NDArray[Any]) -> NDArray[np.uint8]:
    """The images as `(R, C, H, W)` or `(R, C, H, W, 3)` bytes."""
    if not np.isfinite(images).all():
        raise ValueError("some of the images hold numbers that are not finite")
    if images.ndim == 5:
        grey = images.shape[2] == 1
        images = images[:, :, 0] if grey else np.moveaxis(images, 2, -1)
    return np.rint(np.clip(images, 0, 1) * 255).astype(np.uint8)


def _check_labels(labels: Sequence[str], count: int, noun: str) -> None:
    if len(labels) not in {0, count}:
        raise ValueError(f"{len(labels)} labels for {count} {noun}s")


def _fitted(label: str, font: Font, room: int) -> list[str]:
    """The lines of a label, each cut with an ellipsis where it is too long."""
    lines: list[str] = []
    for line in label.split("\n"):
        text = kept = printable(line)
        while kept and font.getlength(text) > room:
            kept = kept[:-1]
            text = f"{kept.rstrip()}…"
        lines.append(text)
    return lines


def _paper(layout: _Layout, count: tuple[int, ...]) -> Image.Image:
    x, y = layout.corner(*count)
    return _sheet(x - _GAP + _MARGIN, y - _GAP + _MARGIN)


def _sheet(width: int, height: int) -> Image.Image:
    if width * height > _MOST_PIXELS:
        raise ValueError(f"a grid of {width:,} x {height:,} pixels is too large")
    return Image.new("RGB", (width, height), style.PAPER)


def _paste(picture: Image.Image, cells: NDArray[np.uint8], layout: _Layout) -> None:
    pen = ImageDraw.Draw(picture)
    size = (layout.width, layout.height)
    for row, column in np.ndindex(cells.shape[:2]):
        x, y = layout.corner(row, column)
        cell = Image.fromarray(np.ascontiguousarray(cells[row, column]))
        picture.paste(cell.resize(size, Image.Resampling.NEAREST), (x, y))
        # A white image on white paper has no border of its own.
        border = (x - 1, y - 1, x + size[0], y + size[1])
        pen.rectangle(border, outline=style.SHADE)


def _write(
    picture: Image.Image,
    names: Sequence[Sequence[str]],
    heads: Sequence[Sequence[str]],
    layout: _Layout,
    font: Font,
) -> None:
    pen = ImageDraw.Draw(picture)
    for row, name in enumerate(names):
        x, y = layout.corner(row, 0)
        middle = y + (layout.height - _LINE * (len(name) - 1)) / 2
        for number, line in enumerate(name):
            place = (x - _LABEL_GAP, middle + _LINE * number)
            pen.text(place, line, style.INK, font, anchor="rm")
    for column, head in enumerate(heads):
        x, y = layout.corner(0, column)
        for number, line in enumerate(reversed(head)):
            place = (x + layout.width / 2, y - _LABEL_GAP - _LINE * number)
            pen.text(place, line, style.TEXT, font, anchor="ms")
