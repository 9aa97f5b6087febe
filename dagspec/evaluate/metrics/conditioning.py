"""Examples that share a factor's value, drawn from those that there are."""

from __future__ import annotations

from typing import Final

import numpy as np

from dagspec.evaluate.metrics.discrete import BINS, levels
from dagspec.evaluate.metrics.types import Factor, Integers

_LEAST: Final = 128  # examples of a bin


class Conditioned:
    """Draws examples in which one factor has one value.

    The literature fixes a factor and draws the others anew, as if they had nothing to
    do with it. Here examples are drawn from those at hand with the same class, the same
    value if there are few, else the same quantile bin (20 at most, with 128 examples or
    more). So every factor keeps what it has in common with the fixed one, which is
    right for a correlated process, but makes a fixed cause quiet its effects as well.

    Args:
        factor: Of all examples.
        rows: The examples that may be drawn; where the factor is unknown, they are not.

    Raises:
        ValueError: No two of them have the same value.
    """

    def __init__(self, factor: Factor, rows: Integers) -> None:
        rows = rows[factor.known[rows]]
        bins = min(BINS, max(2, len(rows) // _LEAST))
        groups = (
            levels(factor.take(rows), bins, "quantile") if len(rows) else rows.copy()
        )
        order = np.argsort(groups, kind="stable")
        sizes = np.bincount(groups)
        several = np.repeat(sizes > 1, sizes)
        self._rows = rows[order][several]
        sizes = sizes[sizes > 1]
        if not len(self._rows):
            raise ValueError(
                f"no two examples have the same value of the factor `{factor.name}`"
            )
        self._sizes = np.repeat(sizes, sizes)
        self._starts = np.repeat(np.cumsum(sizes) - sizes, sizes)

    def pairs(
        self, n: int, generator: np.random.Generator
    ) -> tuple[Integers, Integers]:
        """Two different examples with the same value, `n` times."""
        first = generator.integers(len(self._rows), size=n)
        start, size = self._starts[first], self._sizes[first]
        step = generator.integers(1, size)
        second = start + (first - start + step) % size
        return self._rows[first], self._rows[second]

    def batch(self, n: int, generator: np.random.Generator) -> Integers:
        """At most `n` different examples with the same value; never fewer than two."""
        first = generator.integers(len(self._rows))
        start, size = self._starts[first], self._sizes[first]
        chosen = generator.choice(size, min(n, size), replace=False)
        return self._rows[start + chosen]
