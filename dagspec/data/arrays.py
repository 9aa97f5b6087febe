"""Examples that are an array, in memory or mapped from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dagspec.data.finite import FiniteSource
from dagspec.data.label_table import LabelTable
from dagspec.data.source import Batch, DataError
from dagspec.data.splits import Splits

Layout = Literal["vectors", "one channel", "channels first", "channels last"]


@dataclass(frozen=True)
class MappedArray:
    """An array in a file, mapped where it is used; a pickle holds its place alone.

    Attributes:
        path: The file.
        offset: Where its first byte is.
        shape: Its shape.
        dtype: What an element is.
        fortran: Whether the first index runs fastest.
    """

    path: Path
    offset: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool

    @cached_property
    def array(self) -> NDArray[Any]:
        """The array; it cannot be written to."""
        order = "F" if self.fortran else "C"
        mapped = np.memmap(
            self.path, self.dtype, "r", self.offset, self.shape, order=order
        )
        return mapped.view(np.ndarray)

    def __getstate__(self) -> Mapping[str, object]:
        """All but the mapping."""
        return {key: each for key, each in vars(self).items() if key != "array"}


class Arrays(FiniteSource):
    """Rows of one array.

    Args:
        place: What errors begin with.
        x: uint8 (0 to 255), bool or float, in the layout that `layout` names.
        layout: `(N, D)`, `(N, H, W)`, `(N, C, H, W)` or `(N, H, W, C)`.
        labels: A value for each row and column.
        splits: Which rows are for what.
    """

    def __init__(
        self,
        place: str,
        x: NDArray[Any] | MappedArray,
        layout: Layout,
        labels: LabelTable,
        splits: Splits,
    ) -> None:
        shape = example_shape(x.shape, layout)
        scales = labels.scales(splits.train)
        super().__init__(place, shape, labels.columns, scales, splits)
        self._x, self._labels = x, labels
        self._layout: Layout = layout

    def load(self, chosen: NDArray[Any]) -> Batch:
        """The examples of these rows; bytes become numbers from 0 to 1.

        Raises:
            DataError: A number is not finite.
        """
        x = self._x.array if isinstance(self._x, MappedArray) else self._x
        block = x[chosen]
        if self._layout == "channels last":
            block = np.moveaxis(block, -1, 1)
        with np.errstate(over="ignore"):  # what float32 cannot hold is refused below
            batch = block.reshape(len(block), *self.shape).astype(np.float32)
        if block.dtype == np.uint8:
            batch /= 255
        if block.dtype.kind == "f":
            good = np.isfinite(batch).reshape(len(batch), -1).all(1)
            if not good.all():
                row = chosen[~good][0]
                raise DataError(f"{self.place}: example {row} has a number not finite")
        return Batch(batch, self._labels.at(chosen), np.asarray(chosen, np.int64))


def example_shape(shape: tuple[int, ...], layout: Layout) -> tuple[int, ...]:
    """Shape of one example of an array of this shape: `(C, H, W)` or `(D,)`."""
    if layout == "channels last":
        return (shape[3], shape[1], shape[2])
    return (1, *shape[1:]) if layout == "one channel" else shape[1:]
