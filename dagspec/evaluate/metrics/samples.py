"""MMD, MeanE and StdE: two samples that should have one distribution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from dagspec.evaluate.metrics.intervals import scored
from dagspec.evaluate.metrics.types import Codes, Reals, Score

SAMPLES: Final = 1000
_KERNELS: Final = 5
_DRAWS: Final = 200  # each multiplies a matrix of 2,000 rows


def mmd(sample: Codes, reference: Codes, *, seed: int = 0) -> Score:
    """Squared maximum mean discrepancy, biased (Gretton et al. 2012).

    Σ_k mean(K_xx) + mean(K_yy) - 2·mean(K_xy), K = exp(-|x - y|²/(h·2^k)), k = -2 … 2,
    and h the mean squared distance between different rows of both samples together, as
    VACA has it (Sánchez-Martín et al. 2021, arXiv 2110.14690). It is never below 0, and
    two samples of one distribution are above it: compare with such a pair. Columns
    count in their own units.

    The interval redraws rows of both samples. Near the value of two samples of one
    distribution it says little.

    Args:
        sample: `(N, D)`; at most 1,000 rows are taken.
        reference: `(M, D)`; likewise, drawn apart.
        seed: Of the rows taken and of the interval.

    Returns:
        The squared discrepancy; no parts.

    Raises:
        ValueError: The columns differ, or a sample has fewer than two rows.
    """
    _alike(sample, reference)
    generator = np.random.default_rng([seed, len(sample.values)])
    ours, theirs = (_rows(each, generator) for each in (sample, reference))
    return mmd_score(ours, theirs, seed)


def mmd_score(sample: Reals, reference: Reals, seed: int) -> Score:
    """`mmd` of all rows `(N, D)` and `(M, D)`, with its interval.

    `dagspec.evaluate.causal` asks for it under every intervention.
    """
    kernel = _kernel(np.concatenate([sample, reference]))
    n, m = len(sample), len(reference)

    def discrepancy(weights: Reals) -> tuple[float, Mapping[str, float]]:
        signed = np.concatenate([weights[:n] / n, -weights[n:] / m])
        return max(0.0, float(signed @ kernel @ signed)), {}

    return scored(
        discrepancy, (n, m), seed, within=(0.0, np.inf), draws=_DRAWS, centred=True
    )


def mmd_value(sample: Reals, reference: Reals) -> float:
    """The value of `mmd_score` alone: no interval."""
    n, m = len(sample), len(reference)
    signed = np.concatenate([np.full(n, 1 / n), np.full(m, -1 / m)])
    kernel = _kernel(np.concatenate([sample, reference]))
    return max(0.0, float(signed @ kernel @ signed))


def mean_error(sample: Codes, reference: Codes, *, seed: int = 0) -> Score:
    """MeanE of VACA: squared error of the mean, averaged over columns.

    Sánchez-Martín et al. 2021, arXiv 2110.14690: of the children of the node that was
    set, in the squares of their units.

    Args:
        sample: Columns `(N, D)`.
        reference: The same columns `(M, D)` of the known process.
        seed: Of the interval.

    Returns:
        The mean over columns; parts by name.

    Raises:
        ValueError: The columns differ, or a sample has fewer than two rows.
    """
    return _moment(sample, reference, seed, deviation=False)


def std_error(sample: Codes, reference: Codes, *, seed: int = 0) -> Score:
    """StdE of VACA: squared error of the standard deviation; see `mean_error`."""
    return _moment(sample, reference, seed, deviation=True)


def _moment(sample: Codes, reference: Codes, seed: int, *, deviation: bool) -> Score:
    _alike(sample, reference)
    n, m = len(sample.values), len(reference.values)
    names = np.array(sample.names)

    def moment(values: Reals, weights: Reals) -> Reals:
        mean = weights @ values / len(values)
        if not deviation:
            return mean
        return np.sqrt(weights @ (values - mean) ** 2 / (len(values) - 1))

    def errors(weights: Reals) -> tuple[float, Mapping[str, float]]:
        ours = moment(sample.values, weights[:n])
        error = (ours - moment(reference.values, weights[n:])) ** 2
        own = {name: float(error[names == name].mean()) for name in sample.concepts}
        return float(error.mean()), own

    return scored(errors, (n, m), seed, within=(0.0, np.inf), centred=True)


def _alike(sample: Codes, reference: Codes) -> None:
    if sample.names != reference.names:
        raise ValueError(
            f"the samples differ in their columns: {', '.join(sample.names)} and "
            f"{', '.join(reference.names)}"
        )
    if min(len(sample.values), len(reference.values)) < 2:
        raise ValueError("two rows at least of each sample are needed")


def _rows(sample: Codes, generator: np.random.Generator) -> Reals:
    order = generator.permutation(len(sample.values))
    return sample.values[order[:SAMPLES]]


def _kernel(values: Reals) -> Reals:
    """Sum of five Gaussian kernels between all rows, `(n, n)`."""
    centred = values - values.mean(axis=0)
    squares = (centred**2).sum(axis=1)
    apart = np.maximum(squares[:, None] + squares - 2 * centred @ centred.T, 0)
    np.fill_diagonal(apart, 0)
    n = len(values)
    width = apart.sum() / (n * n - n)
    if width <= 0:
        return np.full_like(apart, float(_KERNELS))
    # Each bandwidth is half the one before, so each kernel is the square of it.
    kernel = np.exp(apart / -(width * 2.0 ** (_KERNELS // 2)))
    kernels = kernel.copy()
    for _ in range(_KERNELS - 1):
        np.square(kernel, out=kernel)
        kernels += kernel
    return kernels
