"""What a data set is to the rest of the project: columns, batches, sources."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:  # the table of data sets is read where numpy is not wanted
    import numpy as np
    from numpy.typing import NDArray

    from dagspec.spec.process import Process


class DataError(ValueError):
    """Data that are missing, damaged or not what they should be; one line."""


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
    """Examples with the factors that made them.

    Attributes:
        x: float32 `(N, *shape)`.
        factors: an array `(N,)` a column; int64 for a class, float32 otherwise. -1 (a
            class) and NaN (anything else) stand for a value that is missing.
        keys: int64 `(N,)`; equal for the same example whenever and in whatever batch
            it is drawn, so that a share of the examples can be chosen once for all.
    """

    x: NDArray[np.float32]
    factors: Mapping[str, NDArray[Any]]
    keys: NDArray[np.int64]


class Scale(NamedTuple):
    """Mean and standard deviation of a real column over the training examples."""

    mean: float
    std: float


Split = Literal["validation", "test"]
Broken = Literal["fail", "skip"]


class Source(Protocol):
    """Where a training loop gets its examples from.

    Examples are chosen first, which is cheap and decided by (step, seed) alone, and
    made afterwards. So a run that was stopped goes on with the very examples that it
    would have had, and several processes share a batch without talking to each other.
    A source can be pickled and used in several processes at once.
    """

    @property
    def columns(self) -> tuple[Column, ...]:
        """The factors that every batch carries, in order."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one example: `(C, H, W)` of an image, `(D,)` of a vector."""
        ...

    @property
    def size(self) -> int:
        """Training examples; as many draws are an epoch, also where draws never end."""
        ...

    @property
    def scales(self) -> Mapping[str, Scale]:
        """Scale of each real column over the training examples, by name."""
        ...

    def choose(self, step: int, n: int, seed: int) -> NDArray[Any]:
        """The `n` training examples of a step, as an array `(n, …)`.

        What is finite is gone through in an order of its own each epoch, decided by
        (epoch, seed), and each example comes once; a step that crosses the end of an
        epoch takes the rest from the next one.

        Args:
            step: Number of the step, counted from 0.
            n: Examples a step; the same at every step of a run.
            seed: Of the run.
        """
        ...

    def load(self, chosen: NDArray[Any]) -> Batch:
        """The chosen examples; any part of what `choose` gave may be asked for.

        Raises:
            DataError: An example cannot be read.
        """
        ...

    def held_out(self, n: int, split: Split = "validation") -> Batch:
        """The first `n` examples of a fixed set that no step of training ever uses.

        Fewer, if the set has fewer; never none.

        Raises:
            DataError: An example cannot be read.
        """
        ...


@dataclass(frozen=True)
class Request:
    """What a user asks of a data set beside its name.

    Attributes:
        argument: What follows the colon in `folder:DIR`; None without a colon.
        shape: Shape of one example that the model observes; images are fitted to it
            where the source can (`folder`, `celeba`).
        data_dir: Folder with official files, such as the npz of dSprites.
        broken: What to do about an example that cannot be read.
        process: The known process of the file, which `process` draws from.
    """

    argument: str | None = None
    shape: tuple[int, ...] | None = None
    data_dir: str | None = None
    broken: Broken = "fail"
    process: Process | None = None


def source_path(text: str | None) -> Path:
    """What follows a colon, or a folder, as a path; `~nobody` is a name like others."""
    return Path(os.path.expanduser(text or ""))


@dataclass(frozen=True)
class Dataset:
    """One line of the table of data sets.

    Attributes:
        name: What `--data` and `training { data = … }` call it.
        text: One line for the list of data sets.
        load: Makes the source; raises `DataError`.
        argument: Name of what follows a colon (`DIR`, `FILE`, `STRENGTH`); None where
            nothing may follow, in brackets (`[STRENGTH]`) where it may be left out.
        shape: Shape of one example; None where the source's files decide.
        columns: Its factors; None where the source's files decide.
        official: Whether it reads its official files, where `data_dir` has them.
        columns_of: Its factors, where the process of a file decides.
    """

    name: str
    text: str
    load: Callable[[Request], Source]
    argument: str | None = None
    shape: tuple[int, ...] | None = None
    columns: tuple[Column, ...] | None = None
    official: bool = False
    columns_of: Callable[[Process], tuple[Column, ...]] | None = None
