"""What the arrays of a `.npz` file mean: examples, columns, parts.

`x` or `images` holds the examples. Every other array `(N,)` is a column: of integers a
class, of floats a real, and an angle where a single number `NAME_period` is its period.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dagspec.data import splits
from dagspec.data.arrays import Arrays, Layout, MappedArray, example_shape
from dagspec.data.label_table import LabelTable, check_classes, class_values
from dagspec.data.npz_members import NpzMembers
from dagspec.data.source import Column, DataError

_EXAMPLES: Final = ("x", "images")
_PERIOD: Final = "_period"
_CHANNELS: Final = (1, 3)
_BY_RANK: Final[dict[int, Layout]] = {2: "vectors", 3: "one channel"}
_log = logging.getLogger("dagspec.data")


def open_arrays(path: Path, shape: tuple[int, ...] | None = None) -> Arrays:
    """Open a `.npz` file; `shape` decides where channels could be first or last.

    Raises:
        DataError: The file is missing, damaged or not of this form.
    """
    members = NpzMembers(path)
    named = [name for name in _EXAMPLES if name in members.members]
    if len(named) != 1:
        there = " and ".join(f"`{name}`" for name in named) or "neither"
        raise DataError(f"{path}: examples are `x` or `images`; there is {there}")
    x = members.map(named[0])
    x = members.read(named[0]) if x is None else x
    place = f"{path}: `{named[0]}`"
    layout = _layout(x, shape, place)
    _log.info("%s: %s %s, taken for %s", place, x.dtype, x.shape, layout)
    columns = _read_columns(members, named[0], x.shape[0])
    hashes = splits.hash_rows(x.shape[0])
    numbers = columns.pop(splits.COLUMN, None)
    if numbers is None:
        parts = splits.split_by_hash(hashes)
    else:
        column = f"{path}: `{splits.COLUMN}`"
        parts = splits.split_by_column(_parts(numbers, column), hashes, column)
    return Arrays(str(path), x, layout, _labels(columns, members), parts)


def _layout(
    x: NDArray[Any] | MappedArray, shape: tuple[int, ...] | None, place: str
) -> Layout:
    """How the examples lie in their array, or why they are none."""
    if x.dtype != np.uint8 and x.dtype.kind not in "bf":
        raise DataError(f"{place} is {x.dtype}; examples are uint8 (0 to 255) or float")
    if not 2 <= len(x.shape) <= 4 or 0 in x.shape:
        raise DataError(
            f"{place} is {x.shape}; examples are (N, D), (N, H, W), (N, C, H, W) or "
            "(N, H, W, C)"
        )
    if len(x.shape) in _BY_RANK:
        return _BY_RANK[len(x.shape)]
    first, last = x.shape[1] in _CHANNELS, x.shape[3] in _CHANNELS
    if example_shape(x.shape, "channels first") == shape:
        return "channels first"
    if example_shape(x.shape, "channels last") == shape:
        return "channels last"
    if first == last and shape is not None:
        raise DataError(f"{place} is {x.shape}; the model observes {list(shape)}")
    if first == last:
        raise DataError(f"{place} is {x.shape}: are its channels first or last?")
    return "channels first" if first else "channels last"


def _read_columns(
    members: NpzMembers, examples: str, count: int
) -> dict[str, NDArray[Any]]:
    """The flat arrays; anything else is refused before it is read."""
    columns: dict[str, NDArray[Any]] = {}
    for name, member in members.members.items():
        if name == examples or (name.endswith(_PERIOD) and member.shape == ()):
            continue
        if member.shape != (count,):
            raise DataError(
                f"{members.path}: `{name}` is {member.shape}; a column of {count} "
                f"examples is ({count},)"
            )
        columns[name] = members.read(name)
    return columns


def _labels(columns: dict[str, NDArray[Any]], members: NpzMembers) -> LabelTable:
    periods = {
        name.removesuffix(_PERIOD): members.read(name)
        for name, member in members.members.items()
        if name.endswith(_PERIOD) and member.shape == ()
    }
    for name, period in periods.items():
        if name not in columns:
            raise DataError(f"{members.path}: `{name}{_PERIOD}` is of no column")
        if not 0 < period < np.inf:
            raise DataError(
                f"{members.path}: `{name}{_PERIOD}` is {period}, not above 0"
            )
    declared: list[Column] = []
    values: dict[str, NDArray[Any]] = {}
    for name, each in columns.items():
        place = f"{members.path}: `{name}`"
        if name in periods or each.dtype.kind == "f":
            period = float(periods[name]) if name in periods else None
            declared.append(Column(name, "angle" if period else "real", period=period))
            values[name] = _finite(each, place)
        else:
            classes = _classes(each, place)
            declared.append(Column(name, "class", classes=classes))
            values[name] = class_values(each, classes)
    return LabelTable(tuple(declared), values)


def _finite(values: NDArray[Any], place: str) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        small = values.astype(np.float32)
    if np.isinf(small).any():
        raise DataError(f"{place} has an infinite number; a missing one is NaN")
    return small


def _classes(values: NDArray[Any], place: str) -> int:
    lowest, highest = int(values.min()), int(values.max())
    if lowest < -1 or highest < 0:
        raise DataError(
            f"{place} goes from {lowest} to {highest}; integers are classes from 0 "
            "(-1 is missing), other numbers are floats"
        )
    return check_classes(highest + 1, place)


def _parts(numbers: NDArray[Any], place: str) -> NDArray[np.int8]:
    if numbers.dtype.kind not in "iu" or not np.isin(numbers, (0, 1, 2)).all():
        raise DataError(f"{place} is of integers: 0 train, 1 validation, 2 test")
    return numbers.astype(np.int8)
