"""Codes and factors as integers, and what one tells about the other in nats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from dagspec.evaluate.metrics.examples import drawn
from dagspec.evaluate.metrics.types import Codes, Factor, Integers, Reals

BINS: Final = 20
_MANY: Final = 64  # a factor of more values than this counts as continuous
_CHANCE: Final = 1e-6  # that a concept which knows nothing seems to know something
_REPEATED: Final = 10  # and so does one whose values hardly ever come twice


def equal_bins(values: Reals, bins: int = BINS) -> Integers:
    """Numbers `(n,)` of bins of equal width from the least value to the greatest."""
    edges: Reals = np.linspace(float(values.min()), float(values.max()), bins + 1)
    return np.digitize(values, edges[1:-1]).astype(np.int64)


def quantile_bins(values: Reals, bins: int) -> Integers:
    """Numbers `(n,)` of bins that have as many values each, as far as ties allow."""
    edges = np.quantile(values, np.arange(1, bins) / bins)
    return np.searchsorted(np.unique(edges), values, side="right").astype(np.int64)


def levels(
    factor: Factor, bins: int = BINS, width: Literal["equal", "quantile"] = "equal"
) -> Integers:
    """A factor without missing values as integers `(n,)` from 0, none left out.

    A class, or a factor of few values that come often (at most 64, ten times each on
    average), is taken as it is, as the field does; anything else is put into bins.

    Args:
        factor: All its values are known.
        bins: How many, at most.
        width: Bins of equal width or of equally many examples.
    """
    values = factor.turns(factor.values)
    distinct, numbers = np.unique(values, return_inverse=True)
    few = len(distinct) <= min(_MANY, len(values) // _REPEATED)
    if factor.kind == "class" or few:
        return numbers.astype(np.int64)
    found = (equal_bins if width == "equal" else quantile_bins)(values, bins)
    return np.unique(found, return_inverse=True)[1].astype(np.int64)


def code_levels(code: Reals) -> tuple[Integers, ...]:
    """A concept's columns `(N, d)` as integers, an array `(N,)` each.

    Several columns that are never negative and add up to 1 are one choice, the largest
    of them; any other column is put into 20 bins of equal width.
    """
    choice = code.shape[1] > 1 and bool(
        (code >= 0).all() and np.allclose(code.sum(axis=1), 1, atol=1e-4)
    )
    if choice:
        return (code.argmax(axis=1).astype(np.int64),)
    return tuple(equal_bins(column) for column in code.T)


def entropy(counts: Reals) -> float:
    """Entropy in nats of a distribution that is proportional to `counts`."""
    p = counts[counts > 0] / counts.sum()
    return -float((p * np.log(p)).sum())


class Information:
    """I(concept; factor) and H(factor) in nats, from counts (the plug-in estimate).

    Of a concept with several columns, that of the column that knows most, which the
    concept as a whole can only exceed; bins of the columns together would be too many
    for the examples.

    Args:
        codes: Of all examples.
        factors: Of the same examples; each counts where it is known.
    """

    def __init__(self, codes: Codes, factors: Sequence[Factor]) -> None:
        self.concepts = codes.concepts
        self.factors = tuple(factor.name for factor in factors)
        columns = [code_levels(codes.of(name)) for name in self.concepts]
        self._known = [factor.known for factor in factors]
        self._tables: list[list[list[_Table]]] = []
        for factor, known in zip(factors, self._known, strict=True):
            own = levels(factor.take(known))
            self._tables.append(
                [[_Table(column[known], own) for column in each] for each in columns]
            )

    def telling(self) -> NDArray[np.bool_]:
        """Which concepts `(concepts,)` tell more about some factor than chance would.

        By the G-test of independence: 2N·I is distributed as chi square.
        """
        return np.array(
            [
                any(table.telling for columns in each for table in columns)
                for each in zip(*self._tables, strict=True)
            ]
        )

    def __call__(self, weights: Reals) -> tuple[Reals, Reals]:
        """Information `(concepts, factors)` and entropies `(factors,)`.

        Args:
            weights: How often each example counts, `(N,)`.
        """
        mutual = np.zeros((len(self.concepts), len(self.factors)))
        entropies = np.zeros(len(self.factors))
        for j, (known, tables) in enumerate(
            zip(self._known, self._tables, strict=True)
        ):
            own = drawn(weights, known)
            entropies[j] = entropy(tables[0][0].joint(own).sum(axis=0))
            for i, columns in enumerate(tables):
                mutual[i, j] = max(table.information(own) for table in columns)
        return mutual, entropies


class _Table:
    """How often two integers of an example come together."""

    def __init__(self, rows: Integers, columns: Integers) -> None:
        self._shape = int(rows.max()) + 1, int(columns.max()) + 1
        self._cells = rows * self._shape[1] + columns

    @property
    def telling(self) -> bool:
        from scipy.special import gammaincc

        joint = self.joint(np.ones(len(self._cells)))
        rows, columns = (int((joint.sum(axis=axis) > 0).sum()) for axis in (1, 0))
        freedom = (rows - 1) * (columns - 1)
        found = len(self._cells) * self.information(np.ones(len(self._cells)))
        # gammaincc(k/2, x/2) is the chance of a chi square of k degrees above x.
        return freedom > 0 and float(gammaincc(freedom / 2, found)) < _CHANCE

    def joint(self, weights: Reals) -> Reals:
        cells = self._shape[0] * self._shape[1]
        counts: Reals = np.bincount(self._cells, weights, cells).astype(np.float64)
        return counts.reshape(self._shape)

    def information(self, weights: Reals) -> float:
        joint = self.joint(weights)
        apart = entropy(joint.sum(axis=0)) + entropy(joint.sum(axis=1))
        return max(0.0, apart - entropy(joint.ravel()))
