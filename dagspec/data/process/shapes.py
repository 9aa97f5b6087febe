"""Grey shapes on a small image: a soft spot and a bar, many images at a time.

A pixel's centre is half a pixel from its sides. Places are shares of the width and of
the height, y downwards; lengths are shares of the shorter side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

_Floats: TypeAlias = NDArray[np.float64]
_Image: TypeAlias = NDArray[np.float32]

_CHUNK: Final = 256  # images at a time, so that the temporaries stay in the cache


def draw_blob(given: Mapping[str, _Floats], height: int, width: int) -> _Image:
    """A spot brightness·exp(-d² / (2·size²)) at the distance d of its centre.

    Args:
        given: `x`, `y`, `size` and `brightness`, `(N,)` each.
        height: Pixels.
        width: Pixels.

    Returns:
        float32 `(N, height, width)`.
    """
    x, y, size, brightness = _columns(given, "x", "y", "size", "brightness")
    spread = size * min(height, width)
    across = _bell(np.arange(width) + 0.5 - x * width, spread)
    down = brightness * _bell(np.arange(height) + 0.5 - y * height, spread)
    return _single(down)[:, :, None] * _single(across)[:, None, :]


def draw_bar(given: Mapping[str, _Floats], height: int, width: int) -> _Image:
    """A rectangle: brightness times the share of each pixel that lies inside.

    The share is exact where the sides are upright, and of the first order in the
    distance from the sides where the bar is turned.

    Args:
        given: `x` and `y` of its middle, `length` and `width`, `angle` (radians from
            lying flat, counter-clockwise) and `brightness`, `(N,)` each.
        height: Pixels.
        width: Pixels.

    Returns:
        float32 `(N, height, width)`.
    """
    names = ("x", "y", "length", "width", "angle", "brightness")
    columns = _columns(given, *names)
    images = np.empty((len(columns[0]), height, width), np.float32)
    for rows in _chunks(len(images)):
        x, y, long, wide, angle, brightness = (each[rows] for each in columns)
        right = _single(np.arange(width) + 0.5 - x * width)[:, None, :]
        up = _single(y * height - np.arange(height) - 0.5)[:, :, None]
        cos, sin = _single(np.cos(angle))[:, None], _single(np.sin(angle))[:, None]
        side = min(height, width)
        inside = _share(right * cos + up * sin, long * side)
        inside *= _share(up * cos - right * sin, wide * side)
        np.multiply(inside, brightness[:, None], images[rows], casting="same_kind")
    return images


def _columns(given: Mapping[str, _Floats], *names: str) -> list[_Floats]:
    return [given[name][:, None] for name in names]


def _chunks(count: int) -> Iterator[slice]:
    for start in range(0, count, _CHUNK):
        yield slice(start, start + _CHUNK)


def _single(values: _Floats) -> _Image:
    return values.astype(np.float32)


def _bell(distance: _Floats, spread: _Floats) -> _Floats:
    """exp(-d² / (2·spread²)); what is too far for a number to hold is dark."""
    with np.errstate(over="ignore", under="ignore"):
        return np.exp(-0.5 * (distance / spread) ** 2)


def _share(place: NDArray[np.floating[Any]], length: _Floats) -> _Image:
    """Share of a pixel, centred at `place`, within half of `length` from 0."""
    half = _single(length / 2)[:, None]
    low = np.clip(place + half + np.float32(0.5), 0, 1)
    high = np.clip(half - place + np.float32(0.5), 0, 1)
    return np.maximum(low + high - 1, 0)
