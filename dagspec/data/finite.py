"""What all finite sets have in common: rows with labels, chosen epoch by epoch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dagspec.data.epochs import Epochs
from dagspec.data.source import Batch, Column, DataError, Scale, Split
from dagspec.data.splits import Splits


class FiniteSource(ABC):
    """Examples that are rows `0 .. N - 1` of something; see `Source`.

    What `choose` gives are rows, so any part of them can be loaded anywhere.

    Args:
        place: What errors begin with: a file, a folder or a name.
        shape: Shape of one example.
        columns: The factors that every batch carries.
        scales: Scale of each real column over the rows that are trained on.
        splits: Which rows are for what.
    """

    def __init__(
        self,
        place: str,
        shape: tuple[int, ...],
        columns: tuple[Column, ...],
        scales: Mapping[str, Scale],
        splits: Splits,
    ) -> None:
        self.place = place
        self.splits = splits
        self._shape, self._columns, self._scales = shape, columns, scales
        self._epochs = Epochs(len(splits.train))

    @property
    def columns(self) -> tuple[Column, ...]:
        """The factors that every batch carries."""
        return self._columns

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one example."""
        return self._shape

    @property
    def size(self) -> int:
        """Training examples."""
        return len(self.splits.train)

    @property
    def scales(self) -> Mapping[str, Scale]:
        """Scale of each real column over the training examples."""
        return self._scales

    def choose(self, step: int, n: int, seed: int) -> NDArray[np.int64]:
        """The rows `(n,)` of a step, each once an epoch."""
        return self.splits.train[self._epochs.choose(step, n, seed)]

    @abstractmethod
    def load(self, chosen: NDArray[Any]) -> Batch:
        """The examples of these rows.

        Raises:
            DataError: One of them cannot be read.
        """

    def held_out(self, n: int, split: Split = "validation") -> Batch:
        """The first `n` rows that are held out; fewer, if there are fewer.

        Raises:
            DataError: There are none, or one of them cannot be read.
        """
        return self.load(self.held_out_rows(split)[:n])

    def held_out_rows(self, split: Split) -> NDArray[np.int64]:
        """All rows that are held out for `split`.

        Raises:
            DataError: There are none.
        """
        rows = self.splits.test if split == "test" else self.splits.validation
        if not len(rows):
            raise DataError(f"{self.place}: no example is for {split}")
        return rows
