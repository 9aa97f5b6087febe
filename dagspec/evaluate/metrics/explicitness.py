"""Explicitness: is a factor there for a linear reader?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from dagspec.evaluate.metrics.discrete import levels
from dagspec.evaluate.metrics.examples import Parted, drawn, labelled, parted, require
from dagspec.evaluate.metrics.intervals import mean_of, scored
from dagspec.evaluate.metrics.learners import regressed
from dagspec.evaluate.metrics.types import Codes, Factor, Integers, Reals, Score

_BINS: Final = 10
_CHANCE: Final = 0.5


def explicitness(codes: Codes, factors: Sequence[Factor], *, seed: int = 0) -> Score:
    """How well a linear reader of all codes knows each factor (Ridgeway & Mozer 2018).

    Mean over factors, and over the values of each, of the area under the ROC curve of
    "this value or another", by multinomial logistic regression on test examples (arXiv
    1802.05312). Values of a continuous factor are ten bins of equally many examples.
    From 0.5, chance, to 1.

    Args:
        codes: 10,000 examples are trained on and 5,000 tested at most; two thirds and
            one third if there are fewer.
        factors: Each counts where it is known.
        seed: Of the two parts and of the interval.

    Returns:
        The mean; parts by factor.

    Raises:
        ValueError: A factor has one value only among test or training examples; and see
            `require`.
    """
    require(codes, factors)
    parts = parted(len(codes.values), seed)
    measures = {factor.name: _areas(codes, factor, parts) for factor in factors}

    def areas(weights: Reals) -> tuple[float, Mapping[str, float]]:
        return mean_of({name: measure(weights) for name, measure in measures.items()})

    return scored(areas, len(parts.test), seed)


def area_under_roc(
    order: Integers, positive: Reals, weights: Reals, ranks: int
) -> float | None:
    """Chance that a positive example is ranked above a negative one, ties a half.

    Args:
        order: Rank of each example's probability `(n,)`, ties equal.
        positive: 1 or 0, `(n,)`.
        weights: How often each example counts, `(n,)`.
        ranks: How many ranks there are.

    Returns:
        The chance; None where all examples are positive, or none is.
    """
    yes = np.bincount(order, weights * positive, ranks)
    no = np.bincount(order, weights * (1 - positive), ranks)
    if not yes.sum() or not no.sum():
        return None
    below = np.cumsum(no) - no / 2
    return float(yes @ below / (yes.sum() * no.sum()))


def _areas(codes: Codes, factor: Factor, parts: Parted) -> Callable[[Reals], float]:
    known = factor.known
    numbers = np.zeros(len(known), np.int64)
    numbers[known] = levels(factor.take(known), _BINS, "quantile")
    (train, test), tested = labelled(factor, parts)
    if len(np.unique(numbers[test])) < 2 or len(np.unique(numbers[train])) < 2:
        raise ValueError(
            f"the factor `{factor.name}` has one value only in the {len(train)} "
            f"examples to train on or in the {len(test)} to test on"
        )
    found = regressed(codes.values[train], numbers[train], codes.values[test])
    curves: list[tuple[Integers, Reals, int]] = []
    for k, probability in zip(found.classes, found.values.T, strict=True):
        distinct, order = np.unique(probability, return_inverse=True)
        positive = (numbers[test] == k).astype(np.float64)
        curves.append((order.astype(np.int64), positive, len(distinct)))

    def measure(weights: Reals) -> float:
        each = [
            area_under_roc(order, positive, drawn(weights, tested), ranks)
            for order, positive, ranks in curves
        ]
        found = [area for area in each if area is not None]
        return float(np.mean(found)) if found else _CHANCE

    return measure
