"""Every bar that fits on 3x3 pixels and ends at the border, and their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dagspec.data.arrays import Arrays
from dagspec.data.domains import check_domains
from dagspec.data.label_table import LabelTable
from dagspec.data.source import Column, Split
from dagspec.data.splits import Splits
from dagspec.data.streams import stream

SIDE: Final = 3
_SIZES: Final = (SIDE, SIDE, 2)
_NAMES: Final[tuple[str, ...]] = ("pos_x", "pos_y", "shape")
_DOMAINS: Final = {"pos_x": (0.0, 2.0), "pos_y": (0.0, 2.0), "shape": (0.0, 1.0)}
_COUNT: Final = SIDE * SIDE * 2
_HELD_OUT: Final[Mapping[Split, tuple[tuple[int, int, int], ...]]] = {
    "validation": ((0, 1, 0), (1, 0, 1)),
    "test": ((1, 0, 0), (0, 1, 1)),
}


def render_bars(
    pos_x: ArrayLike, pos_y: ArrayLike, shape: ArrayLike
) -> NDArray[np.float32]:
    """Draw bars that begin at a pixel and run to the right or down to the border.

    Args:
        pos_x: Column of the first pixel, 0 to 2; `(N,)` or a scalar, as what follows.
        pos_y: Row of the first pixel, 0 to 2.
        shape: 0 for a horizontal bar, 1 for a vertical one.

    Returns:
        float32 `(N, 1, 3, 3)` of 0 and 1.

    Raises:
        ValueError: A factor is outside its domain.
    """
    x, y, vertical = _check(pos_x, pos_y, shape)
    row, column = np.arange(SIDE)[:, None], np.arange(SIDE)
    x, y, vertical = (value[:, None, None] for value in (x, y, vertical))
    across = (row == y) & (column >= x)
    down = (column == x) & (row >= y)
    lit = (vertical == 0) & across | (vertical == 1) & down
    return lit[:, None].astype(np.float32)


def bar_length(
    pos_x: ArrayLike, pos_y: ArrayLike, shape: ArrayLike
) -> NDArray[np.float64]:
    """Pixels `(N,)` of a bar: 3 - pos_x of a horizontal one, else 3 - pos_y.

    Raises:
        ValueError: A factor is outside its domain.
    """
    x, y, vertical = _check(pos_x, pos_y, shape)
    return np.subtract(SIDE, np.where(vertical, y, x), dtype=np.float64)


def open_bars(columns: tuple[Column, ...]) -> Arrays:
    """The eighteen bars with these columns; rows are their numbers.

    Four are held out, a horizontal and a vertical one for validation and as many for
    the test, such that every class and every length stays among the rest. The two bars
    of one pixel in the lower right corner look alike; both are trained on.
    """
    causes = np.indices(_SIZES).reshape(len(_SIZES), -1)
    values: dict[str, NDArray[Any]] = dict(zip(_NAMES, causes, strict=True))
    values["length"] = bar_length(*causes)
    validation, test = (
        stream(split).permutation(_numbers(bars)) for split, bars in _HELD_OUT.items()
    )
    train = np.setdiff1d(np.arange(_COUNT), (*validation, *test))
    return Arrays(
        "toydata",
        render_bars(*causes),
        "channels first",
        LabelTable(columns, values),
        Splits(train, validation, test),
    )


def _check(*causes: ArrayLike) -> tuple[NDArray[np.int64], ...]:
    given: dict[str, ArrayLike] = dict(zip(_NAMES, causes, strict=True))
    values = check_domains(given, _DOMAINS)
    for name, value in values.items():
        wrong = value != np.rint(value)
        if wrong.any():
            raise ValueError(f"{name} {value[wrong][0]:g} is not a whole number")
    return tuple(value.astype(np.int64) for value in values.values())


def _numbers(causes: tuple[tuple[int, int, int], ...]) -> NDArray[np.int64]:
    x, y, vertical = np.array(causes).T
    return (x * SIDE + y) * 2 + vertical
