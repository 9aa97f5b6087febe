"""Pictures drawn many at a time: soft-edged discs, boxes and lines over one another.

A scene is 24 units wide and high: x runs from 0 to 24 to the right, y from -2 to 22
upwards. What is drawn covers a pixel by the share of it that lies inside, exactly for
boxes and to first order in the distance from the edge for what is round.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from dagspec.spec.renderers import LARGEST_SCENE

WIDTH: Final = 24.0
BOTTOM: Final = -2.0
TOP: Final = BOTTOM + WIDTH

Colour: TypeAlias = tuple[float, ...]
_Float: TypeAlias = NDArray[np.floating[Any]]  # float32 in, so float32 throughout
_Coverage: TypeAlias = Callable[[_Float, _Float], _Float]

MAX_SIZE: Final = LARGEST_SCENE


class Canvas:
    """`n` pictures of one scene each; x, y and radius are `(n,)` or scalars, in units.

    Attributes:
        images: float32 `(n, channels, size, size)`, from 0 to 1.
    """

    def __init__(self, n: int, size: int, background: Colour) -> None:
        """Empty pictures.

        Args:
            n: How many.
            size: Pixels a side.
            background: A number a channel.

        Raises:
            ValueError: The size is not in 1..1024.
        """
        if not 1 <= size <= MAX_SIZE:
            raise ValueError(f"size {size} is not in 1..{MAX_SIZE}")
        self.images = np.empty((n, len(background), size, size), np.float32)
        self.images[:] = np.reshape(background, (-1, 1, 1))
        self._unit = size / WIDTH

    def disc(
        self, x: ArrayLike, y: ArrayLike, radius: ArrayLike, paint: Colour
    ) -> None:
        """Fill circles around (x, y)."""
        x, y, radius = self._all(x, y, radius)

        def cover(column: _Float, row: _Float) -> _Float:
            away = np.sqrt((column - _at(x)) ** 2 + (row - _at(y)) ** 2)
            return self._soft(_at(radius) - away)

        self._paint((x - radius, y - radius, x + radius, y + radius), cover, paint)

    def box(
        self,
        left: ArrayLike,
        bottom: ArrayLike,
        right: ArrayLike,
        top: ArrayLike,
        paint: Colour,
    ) -> None:
        """Fill rectangles."""
        left, bottom, right, top = sides = self._all(left, bottom, right, top)

        def cover(column: _Float, row: _Float) -> _Float:
            wide = self._share(column, _at(left), _at(right))
            return wide * self._share(row, _at(bottom), _at(top))

        self._paint(sides, cover, paint)

    def line(
        self,
        start: tuple[ArrayLike, ArrayLike],
        end: tuple[ArrayLike, ArrayLike],
        width: float,
        paint: Colour,
    ) -> None:
        """Draw straight lines with round ends."""
        (x0, y0), (x1, y1) = self._all(*start), self._all(*end)
        dx, dy, half = x1 - x0, y1 - y0, width / 2
        square = np.maximum(dx * dx + dy * dy, np.float32(1e-12))

        def cover(column: _Float, row: _Float) -> _Float:
            x, y = column - _at(x0), row - _at(y0)
            along = (x * _at(dx) + y * _at(dy)) / _at(square)
            along = np.clip(along, 0, 1)
            away = np.sqrt((x - along * _at(dx)) ** 2 + (y - along * _at(dy)) ** 2)
            return self._soft(half - away)

        low = (np.minimum(x0, x1) - half, np.minimum(y0, y1) - half)
        high = (np.maximum(x0, x1) + half, np.maximum(y0, y1) + half)
        self._paint((*low, *high), cover, paint)

    def fall(
        self,
        x: ArrayLike,
        y: ArrayLike,
        reach: ArrayLike,
        width: float,
        paint: Colour,
    ) -> None:
        """Draw the parabolas that leave (x, y) level and end at (x + reach, 0).

        Nothing is drawn where `reach` is 0.
        """
        x, y, reach = self._all(x, y, reach)
        safe = np.where(reach > 0, reach, 1)

        def cover(column: _Float, row: _Float) -> _Float:
            along = np.clip((column - _at(x)) / _at(safe), 0, 1)
            slope = 2 * _at(y / safe) * along
            away = np.abs(row - _at(y) * (1 - along**2)) / np.sqrt(1 + slope**2)
            inside = self._share(column, _at(x), _at(x + reach))
            return self._soft(width / 2 - away) * inside * self._share(row, 0, TOP)

        self._paint((x, np.zeros_like(y), x + reach, y + width), cover, paint)

    def _all(self, *values: ArrayLike) -> tuple[_Float, ...]:
        n = len(self.images)
        return tuple(
            np.broadcast_to(np.asarray(value, np.float32), (n,)) for value in values
        )

    def _soft(self, depth: _Float) -> _Float:
        """Share of a pixel inside a straight edge that is `depth` units outwards."""
        return np.clip(depth * np.float32(self._unit) + np.float32(0.5), 0, 1)

    def _share(
        self, place: _Float, low: _Float | float, high: _Float | float
    ) -> _Float:
        """Share of a pixel, centred at `place`, between two limits on one axis."""
        return np.maximum(self._soft(place - low) + self._soft(high - place) - 1, 0)

    def _paint(
        self, sides: tuple[_Float, ...], cover: _Coverage, paint: Colour
    ) -> None:
        """Lay a colour over what is covered, in a window around each figure.

        Args:
            sides: Left, bottom, right and top of each figure, `(n,)` units.
            cover: Coverage `(n, H, W)` of pixels whose centres are at x `(n, 1, W)`
                and y `(n, H, 1)`.
            paint: A number a channel.
        """
        if not len(self.images):
            return
        left, bottom, right, top = sides
        column, width = self._window(left, right)
        row, height = self._window(TOP - top, TOP - bottom)
        x = (column[:, None, None] + np.arange(width) + 0.5) / self._unit
        y = TOP - (row[:, None, None] + np.arange(height)[:, None] + 0.5) / self._unit
        covered = cover(x.astype(np.float32), y.astype(np.float32))
        colour = np.reshape(np.asarray(paint, np.float32), (-1, 1, 1))
        window = (height, width)
        views = sliding_window_view(self.images, window, (2, 3), writeable=True)
        place = (np.arange(len(row)), slice(None), row, column)
        seen = views[place]
        seen += covered[:, None] * (colour - seen)
        views[place] = seen

    def _window(self, low: _Float, high: _Float) -> tuple[NDArray[np.intp], int]:
        """First pixel `(n,)` of windows of one size that hold low..high and an edge."""
        size = self.images.shape[-1]
        first = np.floor(low * self._unit).astype(np.intp) - 1
        last = np.ceil(high * self._unit).astype(np.intp) + 1
        width = min(size, int((last - first).max()))
        return np.clip(first, 0, size - width), width


def _at(value: _Float) -> _Float:
    return value[:, None, None]
