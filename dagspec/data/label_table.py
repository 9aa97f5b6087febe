"""The labels of a finite set: a column is an array, as small as its values allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dagspec.data.source import Column, DataError, Scale

MOST_CLASSES: Final = 2**31


@dataclass(frozen=True, eq=False)
class LabelTable:
    """Columns with their values.

    Attributes:
        columns: What they are.
        values: An array `(N,)` a column; -1 (a class) or NaN where it is missing.
    """

    columns: tuple[Column, ...]
    values: Mapping[str, NDArray[Any]]

    def at(self, rows: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
        """The factors of a batch of these rows: int64 for a class, else float32."""
        return {
            column.name: self.values[column.name][rows].astype(
                np.int64 if column.kind == "class" else np.float32
            )
            for column in self.columns
        }

    def scales(self, rows: NDArray[np.int64]) -> dict[str, Scale]:
        """Mean and deviation of the real columns over `rows`, what is missing left out.

        A column that never varies has a deviation of 1: there is nothing to divide by.
        """
        return {
            column.name: _scale(self.values[column.name][rows])
            for column in self.columns
            if column.kind == "real"
        }


def join_tables(tables: Sequence[LabelTable], place: str) -> LabelTable:
    """One table of the columns of several.

    Raises:
        DataError: Two columns have the same name; it begins with `place`.
    """
    columns = tuple(column for table in tables for column in table.columns)
    seen: set[str] = set()
    for column in columns:
        if column.name in seen:
            raise DataError(f"{place}: there are two columns `{column.name}`")
        seen.add(column.name)
    values = {name: each for table in tables for name, each in table.values.items()}
    return LabelTable(columns, values)


def check_classes(count: float, place: str) -> int:
    """A number of classes that a file asks for.

    Raises:
        DataError: They are too many; it begins with `place`.
    """
    if count > MOST_CLASSES:
        raise DataError(f"{place} has more than {MOST_CLASSES:,} classes")
    return int(count)


def class_values(values: NDArray[Any], classes: int) -> NDArray[Any]:
    """Classes in the smallest integers that hold them and -1."""
    return values.astype(np.min_scalar_type(-classes))


def _scale(values: NDArray[Any]) -> Scale:
    known = values[~np.isnan(values)].astype(np.float64)
    if not len(known):
        return Scale(0.0, 1.0)
    return Scale(float(known.mean()), float(known.std()) or 1.0)
