"""95% intervals by the bootstrap over examples or predictions, without refits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from dagspec.evaluate.metrics.types import Reals, Score

DRAWS: Final = 500
_PERCENT: Final = (2.5, 97.5)

# From how often each example counts, `(n,)`, to the value and its parts.
Statistic = Callable[[Reals], tuple[float, Mapping[str, float]]]


def mean_of(parts: Mapping[str, float]) -> tuple[float, Mapping[str, float]]:
    """The mean of the parts, and the parts."""
    return float(np.mean(list(parts.values()))), parts


def bootstrap(
    statistic: Callable[[Reals], Reals],
    sizes: int | tuple[int, ...],
    seed: int = 0,
    *,
    draws: int = DRAWS,
    centred: bool = False,
) -> tuple[Reals, Reals]:
    """Percentile interval of a statistic (Efron 1979).

    Args:
        statistic: From how often each example counts `(n,)` to numbers `(k,)`. It is
            asked for the weights of each draw, and must fit nothing to them.
        sizes: How many examples there are; of several samples that are drawn from
            apart, which then follow one another in the weights, each one's size.
        seed: Of the draws.
        draws: How many.
        centred: Move the draws so that their mean is the statistic of the sample. For
            statistics that a finite sample biases (mutual information, squared
            distances): the draws are biased once more, and an interval made of them
            could miss its own estimate.

    Returns:
        Ends `(k,)` of the intervals, low and high.
    """
    sizes = (sizes,) if isinstance(sizes, int) else sizes
    generator = np.random.default_rng([seed, *sizes])
    rows: list[Reals] = []
    for _ in range(draws):
        counts = [
            np.bincount(generator.integers(n, size=n), minlength=n) for n in sizes
        ]
        rows.append(statistic(np.concatenate(counts).astype(np.float64)))
    drawn = np.stack(rows)
    if centred:
        drawn += statistic(np.ones(sum(sizes))) - drawn.mean(axis=0)
    low, high = np.percentile(drawn, _PERCENT, axis=0)
    return low, high


def mean_score(values: Reals, seed: int) -> Score:
    """Mean of values `(N,)`, one an example, and its interval."""

    def mean(weights: Reals) -> tuple[float, Mapping[str, float]]:
        return float(weights @ values / weights.sum()), {}

    return scored(mean, len(values), seed, within=(-np.inf, np.inf))


def scored(
    statistic: Statistic,
    sizes: int | tuple[int, ...],
    seed: int,
    *,
    within: tuple[float, float] = (0.0, 1.0),
    draws: int = DRAWS,
    centred: bool = False,
) -> Score:
    """The score of the sample with intervals of the value and of all parts.

    Args:
        statistic: Gives value and parts; see `bootstrap`.
        sizes: See `bootstrap`.
        seed: Of the draws.
        within: What no interval leaves.
        draws: How many.
        centred: See `bootstrap`.
    """
    total = sizes if isinstance(sizes, int) else sum(sizes)
    value, parts = statistic(np.ones(total))

    def numbers(weights: Reals) -> Reals:
        drawn, pieces = statistic(weights)
        return np.array([drawn, *(pieces[name] for name in parts)])

    low, high = (
        np.clip(end, *within).tolist()
        for end in bootstrap(numbers, sizes, seed, draws=draws, centred=centred)
    )
    ends = zip(low[1:], high[1:], strict=True)
    return Score(
        value, dict(parts), low[0], high[0], dict(zip(parts, ends, strict=True))
    )
