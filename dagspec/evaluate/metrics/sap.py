"""SAP: how far the best concept is ahead of the second best."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from dagspec.evaluate.metrics.association import explained, line
from dagspec.evaluate.metrics.examples import Parted, drawn, labelled, parted, require
from dagspec.evaluate.metrics.intervals import mean_of, scored
from dagspec.evaluate.metrics.learners import separated
from dagspec.evaluate.metrics.types import Codes, Factor, Integers, Reals, Score


def sap(codes: Codes, factors: Sequence[Factor], *, seed: int = 0) -> Score:
    """Separated attribute predictability (Kumar et al. 2018, arXiv 1711.00848).

    Mean over factors of the gap between the two concepts that predict it best from
    nothing else. A class: test accuracy of a linear support vector machine (C = 0.01,
    balanced classes). A real factor or an angle: the squared correlation of the test
    examples with the best line through the concept's columns; for one column that is
    the squared correlation itself. A concept that knows nothing still has the accuracy
    of chance, so the gap of K equal classes is at most 1 - 1/K. Where factors are
    correlated, a second concept predicts as well: the gap of a perfect model is less.

    Args:
        codes: 10,000 examples are trained on and 5,000 tested at most; two thirds and
            one third if there are fewer.
        factors: Each counts where it is known.
        seed: Of the two parts and of the interval.

    Returns:
        The mean; parts by factor.

    Raises:
        ValueError: There are fewer than two concepts; and see `require`.
    """
    require(codes, factors, concepts=2)
    parts = parted(len(codes.values), seed)
    measures = {
        factor.name: [
            _predictability(codes.of(concept), factor, parts)
            for concept in codes.concepts
        ]
        for factor in factors
    }

    def gaps(weights: Reals) -> tuple[float, Mapping[str, float]]:
        gap: dict[str, float] = {}
        for name, each in measures.items():
            best = sorted(measure(weights) for measure in each)
            gap[name] = best[-1] - best[-2]
        return mean_of(gap)

    return scored(gaps, len(parts.test), seed)


def _predictability(
    code: Reals, factor: Factor, parts: Parted
) -> Callable[[Reals], float]:
    (train, test), tested = labelled(factor, parts)
    if factor.kind == "class":
        classes: Integers = np.where(factor.known, factor.values, 0).astype(np.int64)
        found = separated(code[train], classes[train], code[test])
        right = (found == classes[test]).astype(np.float64)
        return lambda weights: float(np.average(right, weights=drawn(weights, tested)))
    targets = factor.targets()
    if code.shape[1] == 1:
        fitted = np.repeat(code[test], targets.shape[1], axis=1)
    else:
        fitted = line(code[train], targets[train], code[test])
    return lambda weights: explained(fitted, targets[test], drawn(weights, tested))
