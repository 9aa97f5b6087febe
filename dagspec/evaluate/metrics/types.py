"""What metrics take and give: factors, codes, scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["real", "class", "angle"]
Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

LEAST = 20  # with fewer labelled examples than this, no metric says anything


@dataclass(frozen=True, eq=False)
class Factor:
    """A ground-truth factor of some examples.

    Attributes:
        name: What errors and scores call it.
        values: Its value in each example `(N,)`; NaN, or -1 for a class, stands for a
            value that is missing.
        kind: `real`, `class` (integers from 0) or `angle` (in units of `period`).
        classes: Number of classes of a `class`, otherwise None.
        period: Period of an `angle`, otherwise None. What looks the same after 90
            degrees, as a square does, has a period of 90 degrees.
    """

    name: str
    values: NDArray[Any]
    kind: Kind = "real"
    classes: int | None = None
    period: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no factor.

        Raises:
            ValueError: The values are no vector of numbers, a class is not one of
                `classes`, or kind, classes and period disagree.
        """
        place = f"the factor `{self.name}`"
        if self.values.ndim != 1 or self.values.dtype.kind not in "biuf":
            shape, dtype = self.values.shape, self.values.dtype
            raise ValueError(f"{place}: numbers (N,) are needed, not {dtype} {shape}")
        if (self.kind == "class") != (self.classes is not None):
            raise ValueError(f"{place}: kind {self.kind} with {self.classes=}")
        if (self.kind == "angle") != (self.period is not None):
            raise ValueError(f"{place}: kind {self.kind} with {self.period=}")
        if self.period is not None and not (isfinite(self.period) and self.period > 0):
            raise ValueError(f"{place}: the period {self.period} is not above zero")
        known = self.values[self.known]
        if np.isinf(known).any():
            raise ValueError(f"{place}: a value is infinite")
        if self.classes is not None:
            wrong = known[(known != np.floor(known)) | (known >= self.classes)]
            if len(wrong):
                found, last = float(wrong[0]), self.classes - 1
                raise ValueError(f"{place}: {found:g} is not a class of 0 to {last}")

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which examples `(N,)` have a value."""
        known = ~np.isnan(self.values)
        return known & (self.values >= 0) if self.kind == "class" else known

    @property
    def fault(self) -> str | None:
        """Why no metric can score this factor, in a sentence; None if one can."""
        known = self.values[self.known]
        if len(known) < LEAST:
            return (
                f"the factor `{self.name}` has a value in {len(known)} examples; "
                f"{LEAST} at least are needed"
            )
        if (self.turns(known) == self.turns(known[:1])).all():
            value = float(known[0])
            return (
                f"the factor `{self.name}` has the same value, {value:g}, in all "
                f"{len(known)} examples; leave it out"
            )
        return None

    def turns(self, values: NDArray[Any]) -> Reals:
        """Values as they are; of an angle, in turns from 0 to 1, 1 left out.

        Turns are rounded to six digits, or a period in float32 would not be 0.
        """
        if self.period is None:
            return values.astype(np.float64)
        return np.round(values.astype(np.float64) / self.period, 6) % 1.0

    def targets(self) -> Reals:
        """What a line is fitted to: `(N, 1)`, or cosine and sine `(N, 2)`."""
        values = self.turns(self.values)
        if self.kind != "angle":
            return values[:, None]
        radians = 2 * np.pi * values
        return np.stack([np.cos(radians), np.sin(radians)], axis=1)

    def take(self, rows: Integers | NDArray[np.bool_]) -> Factor:
        """The same factor of some of the examples."""
        return replace(self, values=self.values[rows])


@dataclass(frozen=True, eq=False)
class Codes:
    """What a model makes of some examples, in named columns.

    Columns of one name belong to one concept, and a concept is the unit that metrics
    compare. Papers compare single columns; see `by_column`.

    Attributes:
        values: Codes `(N, D)`, all finite.
        names: The concept of each column.
    """

    values: Reals
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what are no codes.

        Raises:
            ValueError: The values are no float64 matrix with a name a column, or not
                finite.
        """
        if self.values.dtype != np.float64:
            raise ValueError(f"codes are float64, not {self.values.dtype}")
        if self.values.ndim != 2 or self.values.shape[1] != len(self.names):
            raise ValueError(
                f"{len(self.names)} names for codes of shape {self.values.shape}: "
                "each column needs one"
            )
        if not self.names:
            raise ValueError("codes without a column say nothing")
        wrong = np.flatnonzero(~np.isfinite(self.values).all(axis=0))
        if len(wrong):
            raise ValueError(
                f"the code of `{self.names[wrong[0]]}` has a value that is not finite"
            )

    @property
    def concepts(self) -> tuple[str, ...]:
        """Each concept once, in order of its first column."""
        return tuple(dict.fromkeys(self.names))

    def of(self, concept: str) -> Reals:
        """The columns `(N, d)` of one concept."""
        return self.values[:, [name == concept for name in self.names]]

    def take(self, rows: Integers | NDArray[np.bool_]) -> Codes:
        """The codes of some of the examples."""
        return replace(self, values=self.values[rows])

    def by_column(self) -> Codes:
        """The same codes with every column a concept, `scale[0]`, `scale[1]`, …."""
        seen: dict[str, int] = {}
        names: list[str] = []
        for name in self.names:
            number = seen[name] = seen.get(name, -1) + 1
            names.append(f"{name}[{number}]" if self.names.count(name) > 1 else name)
        return replace(self, names=tuple(names))


@dataclass(frozen=True)
class Score:
    """What a metric gives.

    Attributes:
        value: The score itself.
        parts: What it is made of, by factor or by concept.
        low: Lower end of the 95% interval; None where there is none.
        high: Upper end likewise.
        intervals: Low and high of those parts that have an interval.
    """

    value: float
    parts: Mapping[str, float]
    low: float | None = None
    high: float | None = None
    intervals: Mapping[str, tuple[float, float]] = field(
        default_factory=dict[str, tuple[float, float]]
    )
