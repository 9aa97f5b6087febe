"""What a data set is to the rest of the project: columns, batches, sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:  # the table of data sets is read where numpy is not wanted
    import numpy as np
    from numpy.typing import NDArray


class DataError(ValueError):
    """A data file that is missing, damaged or not what it should be; one line."""


@dataclass(frozen=True)
class Column:
    """One ground-truth factor as a label.

    Attributes:
        name: what `label = "name"` in a spec refers to.
        kind: `real`, `class` (integers from 0) or `angle` (in units of `period`).
        classes: number of classes of a `class` column, otherwise None.
        period: period of an `angle` column, otherwise None.
    """

    name: str
    kind: Literal["real", "class", "angle"]
    classes: int | None = None
    period: float | None = None

    def __post_init__(self) -> None:
        """Refuse a column whose kind and sizes disagree.

        Raises:
            ValueError: a class column without classes, an angle without a period,
                or either of them where it means nothing.
        """
        if (self.kind == "class") != (self.classes is not None):
            raise ValueError(f"{self.kind} column {self.name!r}: {self.classes=}")
        if (self.kind == "angle") != (self.period is not None):
            raise ValueError(f"{self.kind} column {self.name!r}: {self.period=}")

    def __str__(self) -> str:
        """The column as a spec's reader knows it: `shape: class(3)`."""
        if self.kind == "class":
            return f"{self.name}: class({self.classes})"
        if self.kind == "angle":
            return f"{self.name}: angle({self.period:.6g})"
        return f"{self.name}: real"


@dataclass(frozen=True)
class Batch:
    """Images with the factors that made them.

    Attributes:
        images: float32 `(N, C, H, W)`.
        factors: an array `(N,)` a column; int64 for a class, float32 otherwise.
    """

    images: NDArray[np.float32]
    factors: Mapping[str, NDArray[Any]]


class Source(Protocol):
    """Where a training loop gets its images from."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The factors that every batch carries, in order."""
        ...

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of one image."""
        ...

    def draw(self, n: int, rng: np.random.Generator) -> Batch:
        """`n` random training images, reproducible from the state of `rng`."""
        ...

    def held_out(self, n: int, seed: int = 0) -> Batch:
        """A fixed set of `n` examples, none of which `draw` ever returns."""
        ...


@dataclass(frozen=True)
class Dataset:
    """One line of the table of data sets.

    Attributes:
        name: what `--data` and `training { data = … }` call it.
        text: one line for the list of data sets.
        image_shape: channels, height, width.
        columns: its factors.
        load: makes the source.
    """

    name: str
    text: str
    image_shape: tuple[int, int, int]
    columns: tuple[Column, ...]
    load: Callable[[], Source]
