"""dSprites-compatible images, rendered from their factors.

The generator of dSprites (Matthey et al. 2017) is unpublished; this geometry was
fitted to its images and agrees with them nearly pixel for pixel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from dagspec.data import sprite_grid as grid
from dagspec.data.canvas import MAX_SIZE

_CHUNK = 64  # images at a time, so that the temporaries stay in the cache
_SQUARE, _ELLIPSE, _HEART = 1, 2, 3
_REACH: Final = {_SQUARE: 13.58, _ELLIPSE: 12.8, _HEART: 11.27}  # farthest point
_HALF_SIDE = 9.6
_SEMI_AXES = (12.8, 7.25)
_HALF_EDGE = np.pi / 34  # half the angle under which an edge of the 34-gon is seen

_Float = NDArray[np.float64]


def render_sprites(
    shape: ArrayLike,
    scale: ArrayLike,
    orientation: ArrayLike,
    pos_x: ArrayLike,
    pos_y: ArrayLike,
    size: int = 64,
) -> NDArray[np.uint8]:
    """Draw one sprite an image, cut off at the border.

    A pixel is on iff its centre lies inside the shape; there is no antialiasing.

    Args:
        shape: 1 square, 2 ellipse, 3 heart; `(N,)` or a scalar, as all that follow.
        scale: in (0, 2]; the data set has 0.5 to 1.
        orientation: radians, counter-clockwise.
        pos_x: centre, -0.5 at the left border and 1.5 at the right one; the data
            set has 0 to 1.
        pos_y: the same from top to bottom.
        size: pixels a side.

    Returns:
        uint8 `(N, size, size)` of 0 and 1.

    Raises:
        ValueError: a factor or the size is outside its domain.
    """
    if not 1 <= size <= MAX_SIZE:
        raise ValueError(f"size {size} is not in 1..{MAX_SIZE}")
    given = np.broadcast_arrays(
        *(
            np.atleast_1d(np.asarray(f, np.float64))
            for f in (shape, scale, orientation, pos_x, pos_y)
        )
    )
    kind, zoom, angle, x, y = given
    if kind.ndim != 1:
        raise ValueError(f"factors must be flat arrays, not of shape {kind.shape}")
    _require(np.isin(kind, list(_REACH)), "shape", kind, "1, 2 or 3")
    _require((zoom > 0) & (zoom <= 2), "scale", zoom, "in (0, 2]")
    _require(np.isfinite(angle), "orientation", angle, "finite")
    for name, position in (("pos_x", x), ("pos_y", y)):
        _require(np.abs(position - 0.5) <= 1, name, position, "in [-0.5, 1.5]")
    unit = size / 64
    images = np.zeros((len(kind), size, size), np.uint8)
    for number in _REACH:
        for rows in _chunks(np.flatnonzero(kind == number)):
            _draw(
                images,
                rows,
                number,
                zoom[rows] * unit,
                angle[rows],
                (16 + 32 * x[rows]) * unit,
                (16 + 32 * y[rows]) * unit,
            )
    return images


def _require(ok: NDArray[np.bool_], name: str, value: _Float, domain: str) -> None:
    if not ok.all():
        raise ValueError(f"{name} {value[~ok][0]:g} is not {domain}")


def _chunks(rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]


def _draw(
    images: NDArray[np.uint8],
    rows: NDArray[np.intp],
    number: int,
    zoom: _Float,
    angle: _Float,
    centre_x: _Float,
    centre_y: _Float,
) -> None:
    """Draw one shape into `images[rows]`, testing only a window around each sprite."""
    size = images.shape[-1]
    reach = _REACH[number] * zoom
    window = min(size, int(2 * reach.max()) + 2)
    left = np.clip(np.floor(centre_x - reach), 0, size - window).astype(np.intp)
    top = np.clip(np.floor(centre_y - reach), 0, size - window).astype(np.intp)
    pixel = np.arange(window, dtype=np.float64) + 0.5
    dx = (pixel + (left - centre_x)[:, None]) / zoom[:, None]
    dy = (pixel + (top - centre_y)[:, None]) / zoom[:, None]
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    u = (cos * dx)[:, None, :] - (sin * dy)[:, :, None]
    v = (sin * dx)[:, None, :] + (cos * dy)[:, :, None]
    windows = sliding_window_view(images, (window, window), (1, 2), writeable=True)
    windows[rows, top, left] = _inside(number, u, v)


def _inside(number: int, u: _Float, v: _Float) -> NDArray[np.bool_]:
    if number == _SQUARE:
        return np.maximum(np.abs(u), np.abs(v)) <= _HALF_SIDE
    if number == _ELLIPSE:
        return _inside_ellipse(u, v)
    return _inside_heart(u, v)


def _inside_ellipse(u: _Float, v: _Float) -> NDArray[np.bool_]:
    """The 34-gon on an ellipse with a vertex at angle 0.

    Only in the thin ring between its inscribed and its circumscribed ellipse does
    it matter which edge a pixel faces.
    """
    x, y = u / _SEMI_AXES[0], v / _SEMI_AXES[1]
    square = x * x + y * y
    inner = np.cos(_HALF_EDGE)
    inside = square <= inner**2
    ring = np.nonzero((square <= 1) & ~inside)
    from_edge = np.arctan2(y[ring], x[ring]) % (2 * _HALF_EDGE) - _HALF_EDGE
    inside[ring] = np.sqrt(square[ring]) * np.cos(from_edge) <= inner
    return inside


def _inside_heart(u: _Float, v: _Float) -> NDArray[np.bool_]:
    """The curve u = 9.6·sin³t, v = -0.663·(13c - 5cos 2t - 2cos 3t - cos 4t) - 1.44.

    Each u is met twice, at t and pi - t, where c = cos t differs in sign alone; the
    terms even in c give the middle of that chord, the odd ones its half length.
    """
    c2 = 1 - np.cbrt(u / 9.6) ** 2
    c = np.sqrt(np.maximum(c2, 0))
    middle = 0.663 * (8 * c2 * c2 + 2 * c2 - 4) - 1.44
    return (c2 >= 0) & (np.abs(v - middle) <= 0.663 * c * (19 - 8 * c2))


def sprites_at(index: ArrayLike) -> grid.Frames:
    """The images at `index` of the data set's order, with factor values and classes.

    Raises:
        ValueError: an index is not an integer in 0..737279.
    """
    classes = grid.classes_at(grid.check_indices(index, grid.COUNT))
    values = grid.values_of(classes)
    return grid.Frames(render_sprites(*values.T[grid.SHAPE :]), values, classes)
