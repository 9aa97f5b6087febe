"""The grid of dSprites: factor classes, factor values and the order of its images.

A row of the grid has six columns: color, shape, scale, orientation, pos_x, pos_y;
pos_y runs fastest (Matthey et al. 2017).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dagspec.data.source import Batch, Scale

NAMES: Final = ("color", "shape", "scale", "orientation", "pos_x", "pos_y")
SIZES: Final = (1, 3, 6, 40, 32, 32)
BASES: Final = (737_280, 245_760, 40_960, 1_024, 32, 1)
COUNT: Final = 737_280
LEVELS: Final = (
    np.array([1.0]),
    np.array([1.0, 2.0, 3.0]),
    0.5 + np.arange(6) * 0.5 / 5,
    np.arange(40) * 2 * np.pi / 39,
    np.arange(32) / 31,
    np.arange(32) / 31,
)  # np.linspace differs from the data set in the last bit
_, SHAPE, SCALE, ORIENTATION, POS_X, POS_Y = range(len(NAMES))
TRAINING, VALIDATION, TEST = range(3)

_ON_GRID = 1e-6
_PART_BITS = 5


class Frames(NamedTuple):
    """Images of the grid: uint8 `(N, 64, 64)`, values and classes `(N, 6)`."""

    images: NDArray[np.uint8]
    values: NDArray[np.float64]
    classes: NDArray[np.int64]


def check_indices(index: ArrayLike, count: int) -> NDArray[np.int64]:
    """`index` as a flat int64 array.

    Raises:
        ValueError: an entry is not an integer in `0 .. count - 1`.
    """
    array = np.atleast_1d(np.asarray(index))
    if array.size == 0:
        return np.zeros(0, np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise ValueError(
            f"indices must be a flat array of integers, not {array.dtype} of shape "
            f"{array.shape}"
        )
    wrong = (array < 0) | (array >= count)
    if wrong.any():
        raise ValueError(f"index {array[wrong][0]} is not in 0..{count - 1}")
    return array.astype(np.int64)


def classes_at(index: NDArray[np.int64]) -> NDArray[np.int64]:
    """Classes `(N, 6)`, counted from 0, of the images at `index (N,)`."""
    return index[:, None] // np.array(BASES) % np.array(SIZES)


def indices_of(classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Index `(N,)` of the images with `classes (N, 6)`: the inverse of classes_at."""
    return classes @ np.array(BASES)


def values_of(classes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Factor values `(N, 6)` of `classes (N, 6)`, exactly those of the data set."""
    columns = [level[c] for level, c in zip(LEVELS, classes.T, strict=True)]
    return np.stack(columns, axis=1)


def classes_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Classes `(N, 6)` of factor values `(N, 6)`.

    Raises:
        ValueError: a value is not on the grid.
    """
    classes = np.empty(values.shape, np.int64)
    for i, (name, level) in enumerate(zip(NAMES, LEVELS, strict=True)):
        column, between = values[:, i], (level[1:] + level[:-1]) / 2
        classes[:, i] = np.searchsorted(between, column)
        wrong = ~(np.abs(column - level[classes[:, i] % len(level)]) <= _ON_GRID)
        if wrong.any():
            raise ValueError(f"{name} {column[wrong][0]} is not on the grid")
    return classes


def part_of(index: NDArray[np.int64]) -> NDArray[np.int8]:
    """Which part each image belongs to: 0 training, 1 validation, 2 test.

    A fixed hash of the index sets a thirty-second of the images apart for each of the
    last two. Orientation classes 0 and 39 are the same image and therefore fall into
    the same part. A few small squares and ellipses (0.7 % of those set apart) look
    exactly like one that is turned otherwise.
    """
    base, last = BASES[ORIENTATION], SIZES[ORIENTATION] - 1
    turned = index // base % SIZES[ORIENTATION] == last
    mixed = (index - turned * (last * base)).astype(np.uint64)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    part = (mixed >> np.uint64(64 - _PART_BITS)).astype(np.int8)
    return np.where(part < TEST, part + 1, TRAINING).astype(np.int8)


def scales_of(
    index: NDArray[np.int64], weights: NDArray[np.float64] | None = None
) -> dict[str, Scale]:
    """Scale of each real column over the images at `index`, which may be weighted."""
    scales: dict[str, Scale] = {}
    for i in (SCALE, POS_X, POS_Y):
        classes = index // BASES[i] % SIZES[i]
        share = np.bincount(classes, weights, SIZES[i])
        share = share / share.sum()
        mean = float(share @ LEVELS[i])
        variance = float(share @ (LEVELS[i] - mean) ** 2)
        scales[NAMES[i]] = Scale(mean, variance**0.5)
    return scales


def factors_of(classes: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """The five label columns of `classes (N, 6)`; shape counted from 0."""
    values = values_of(classes).astype(np.float32)
    factors: dict[str, NDArray[Any]] = {"shape": classes[:, SHAPE]}
    for i in range(SHAPE + 1, len(NAMES)):
        factors[NAMES[i]] = values[:, i]
    return factors


def batch_of(images: NDArray[np.uint8], index: NDArray[np.int64]) -> Batch:
    """The batch of `images (N, 64, 64)`, which are those at `index (N,)`."""
    factors = factors_of(classes_at(index))
    return Batch(images[:, None].astype(np.float32), factors, index)
