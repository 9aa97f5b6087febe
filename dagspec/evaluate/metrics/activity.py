"""Active units, by the two definitions of the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dagspec.evaluate.metrics.intervals import scored
from dagspec.evaluate.metrics.types import Codes, Reals, Score

VARIANCE: Final = 0.01
NATS: Final = 0.1

_Active = Callable[[Reals], NDArray[np.bool_]]


def active_units_variance(codes: Codes, *, seed: int = 0) -> Score:
    """How many columns have Cov_x(E_q[z]) > 0.01 (Burda et al. 2016, arXiv 1509.00519).

    It presumes a standard normal prior: a concept that takes after its parents counts
    as active, whether or not the image says anything beyond them.

    Args:
        codes: The posterior's means `(N, D)`.
        seed: Of the interval.

    Returns:
        The number; parts by concept.

    Raises:
        ValueError: There are fewer than two examples.
    """

    def variance(weights: Reals) -> Reals:
        share = weights / weights.sum()
        return share @ (codes.values - share @ codes.values) ** 2

    return _count(codes, lambda weights: variance(weights) > VARIANCE, seed)


def active_units_kl(kl: Codes, *, seed: int = 0) -> Score:
    """How many units have a mean KL above 0.1 nats (NVAE; Vahdat & Kautz 2020).

    arXiv 2007.03898. The KL is that of each unit from its prior given its parents, so
    what a concept takes over from them does not count.

    Args:
        kl: KL in nats of each example and unit `(N, D)`.
        seed: Of the interval.

    Returns:
        The number; parts by concept.

    Raises:
        ValueError: There are fewer than two examples.
    """
    return _count(kl, lambda w: w @ kl.values / w.sum() > NATS, seed)


def _count(codes: Codes, active: _Active, seed: int) -> Score:
    if len(codes.values) < 2:
        raise ValueError("two examples at least are needed to count active units")
    names = np.array(codes.names)

    def counts(weights: Reals) -> tuple[float, Mapping[str, float]]:
        found = active(weights)
        parts = {name: float(found[names == name].sum()) for name in codes.concepts}
        return float(found.sum()), parts

    return scored(counts, len(codes.values), seed, within=(0.0, len(names)))
