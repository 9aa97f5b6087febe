"""MIG and modularity: what a concept tells about factors, in nats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dagspec.evaluate.metrics.discrete import Information
from dagspec.evaluate.metrics.examples import require, sampled
from dagspec.evaluate.metrics.intervals import mean_of, scored
from dagspec.evaluate.metrics.types import Codes, Factor, Reals, Score


def mutual_information(
    codes: Codes, factors: Sequence[Factor], *, seed: int = 0
) -> Reals:
    """I(concept; factor) in nats, `(concepts, factors)`, as MIG has it.

    Raises:
        ValueError: See `require`.
    """
    require(codes, factors)
    codes, factors = sampled(codes, factors, seed)
    return Information(codes, factors)(np.ones(len(codes.values)))[0]


def mig(codes: Codes, factors: Sequence[Factor], *, seed: int = 0) -> Score:
    """Mutual information gap (Chen et al. 2018, arXiv 1802.04942).

    Mean over factors k of (I(z_1; v_k) - I(z_2; v_k))/H(v_k), z_1 and z_2 the two
    concepts that know most about v_k. Codes are put into 20 bins of equal width; see
    `levels` for factors and `Information` for concepts of several columns. Where
    factors are correlated, so are the concepts of a perfect model: its gap is below 1.

    Args:
        codes: At most 10,000 of the examples are taken.
        factors: Each counts where it is known.
        seed: Of the examples taken and of the interval.

    Returns:
        The mean; parts by factor.

    Raises:
        ValueError: There are fewer than two concepts; and see `require`.
    """
    require(codes, factors, concepts=2)
    codes, factors = sampled(codes, factors, seed)
    information = Information(codes, factors)

    def gaps(weights: Reals) -> tuple[float, Mapping[str, float]]:
        mutual, entropies = information(weights)
        best = np.sort(mutual, axis=0)[::-1]
        entropies = np.where(entropies > 0, entropies, np.inf)
        gap = (best[0] - best[1]) / entropies
        return mean_of(dict(zip(information.factors, gap.tolist(), strict=True)))

    return scored(gaps, len(codes.values), seed, centred=True)


def modularity(codes: Codes, factors: Sequence[Factor], *, seed: int = 0) -> Score:
    """How far each concept tells about one factor alone (Ridgeway & Mozer 2018).

    Mean over concepts i of 1 - Σ_{k != k*} I(z_i; v_k)²/((K - 1)·I(z_i; v_k*)²), k* the
    factor that z_i knows most about (arXiv 1802.05312). A concept that knows nothing
    (p > 1e-6 in a G-test of each factor) is left out: what it seems to know is chance,
    and the reference code gives noise 0.6 to 0.8. If all know nothing, the score is 0.

    Args:
        codes: At most 10,000 of the examples are taken.
        factors: Each counts where it is known.
        seed: Of the examples taken and of the interval.

    Returns:
        The mean; parts by concept.

    Raises:
        ValueError: There are fewer than two factors; and see `require`.
    """
    require(codes, factors, least=2)
    codes, factors = sampled(codes, factors, seed)
    information = Information(codes, factors)
    telling = information.telling()
    concepts = np.array(information.concepts)[telling].tolist()
    if not concepts:
        return Score(0.0, {}, 0.0, 0.0)

    def purities(weights: Reals) -> tuple[float, Mapping[str, float]]:
        squares = np.square(information(weights)[0][telling])
        most = np.maximum(squares.max(axis=1), np.finfo(np.float64).tiny)
        others = (squares.sum(axis=1) - squares.max(axis=1)) / (
            most * (len(factors) - 1)
        )
        return mean_of(dict(zip(concepts, (1 - others).tolist(), strict=True)))

    return scored(purities, len(codes.values), seed, centred=True)
