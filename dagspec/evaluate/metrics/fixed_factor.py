"""FactorVAE and beta-VAE score: which factor was held fixed?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from dagspec.evaluate.metrics.conditioning import Conditioned
from dagspec.evaluate.metrics.examples import (
    LIMIT,
    TEST_LIMIT,
    parted,
    require,
    sampled,
)
from dagspec.evaluate.metrics.intervals import mean_of, scored
from dagspec.evaluate.metrics.learners import regressed
from dagspec.evaluate.metrics.types import Codes, Factor, Integers, Reals, Score

BATCH: Final = 64
PRUNED: Final = 0.05

# From a sampler and a generator to what is seen of one draw.
_Draw = Callable[[Conditioned, int, np.random.Generator], Reals]


def factor_vae_score(
    codes: Codes, factors: Sequence[Factor], *, seed: int = 0
) -> Score:
    """FactorVAE score (Kim & Mnih 2018, arXiv 1802.05983).

    Columns with a standard deviation below 0.05 are left out. In a batch of 64 examples
    that share the value of a factor, one column has the least variance, as a share of
    its variance over 10,000 examples. The score is how often the factor is then the
    one that 10,000 training batches had most often with that column, in 5,000 further
    batches of other examples. Where no column is left, it is 0. Chance is 1/K.

    How examples with the same value are found, and what correlated factors do to the
    score, is told at `Conditioned`. The interval is that of the batches, not of the
    examples that they are drawn from.

    Args:
        codes: Two thirds of the examples are for training batches.
        factors: Each is fixed in as many batches.
        seed: Of all draws.

    Returns:
        The share of right votes; parts by fixed factor.

    Raises:
        ValueError: There are fewer than two factors; no two examples share a value; and
            see `require`.
    """
    require(codes, factors, least=2)
    values = sampled(codes, factors, seed)[0].values
    kept = np.flatnonzero(values.std(axis=0, ddof=1) >= PRUNED)
    if not len(kept):
        return Score(0.0, {factor.name: 0.0 for factor in factors}, 0.0, 0.0)
    variance = values[:, kept].var(axis=0, ddof=1)
    active = codes.values[:, kept]

    def quietest(sampler: Conditioned, n: int, generator: np.random.Generator) -> Reals:
        votes = np.empty((n, 1))
        for number in range(n):
            batch = active[sampler.batch(BATCH, generator)]
            votes[number] = (batch.var(axis=0, ddof=1) / variance).argmin()
        return votes

    train, test = _draws(len(values), codes, factors, quietest, seed)
    ballots = np.zeros((len(factors), len(kept)))
    for k, votes in enumerate(train):
        ballots[k] = np.bincount(votes[:, 0].astype(np.int64), minlength=len(kept))
    winner = ballots.argmax(axis=0)
    return _score(factors, [winner[each[:, 0].astype(np.int64)] for each in test], seed)


def beta_vae_score(codes: Codes, factors: Sequence[Factor], *, seed: int = 0) -> Score:
    """beta-VAE score (Higgins et al. 2017).

    The mean |z - z'| over 64 pairs that share the value of a factor, each pair another
    value, tells a logistic regression which factor it was; the score is its accuracy
    on 5,000 such means, after 10,000 for training, of other examples. Chance is 1/K.
    The features are standardised; the reference code leaves them as they are, where a
    model with small codes is regularised into chance.

    How examples with the same value are found, and what correlated factors do to the
    score, is told at `Conditioned`. The interval is that of the means, not of the
    examples that they are drawn from.

    Args:
        codes: Two thirds of the examples are for training.
        factors: Each is shared in as many means.
        seed: Of all draws.

    Returns:
        The accuracy; parts by shared factor.

    Raises:
        ValueError: There are fewer than two factors; no two examples share a value; and
            see `require`.
    """
    require(codes, factors, least=2)

    def difference(
        sampler: Conditioned, n: int, generator: np.random.Generator
    ) -> Reals:
        one, other = sampler.pairs(n * BATCH, generator)
        apart = abs(codes.values[one] - codes.values[other])
        return apart.reshape(n, BATCH, -1).mean(axis=1)

    train, test = _draws(len(codes.values), codes, factors, difference, seed)
    shared = np.repeat(np.arange(len(factors)), [len(each) for each in train])
    probable = regressed(np.concatenate(train), shared, np.concatenate(test))
    found = probable.classes[probable.values.argmax(axis=1)]
    return _score(factors, np.split(found, len(factors)), seed)


def _draws(
    n: int, codes: Codes, factors: Sequence[Factor], draw: _Draw, seed: int
) -> tuple[list[Reals], list[Reals]]:
    """Draws of each factor from training examples and from test examples."""
    train, test = parted(len(codes.values), seed)
    generator = np.random.default_rng([seed, n, len(factors)])
    return (
        [
            draw(Conditioned(factor, train), LIMIT // len(factors), generator)
            for factor in factors
        ],
        [
            draw(Conditioned(factor, test), TEST_LIMIT // len(factors), generator)
            for factor in factors
        ],
    )


def _score(factors: Sequence[Factor], found: Sequence[Integers], seed: int) -> Score:
    """Score of the factors found in as many test draws of each factor."""
    right = np.array([each == k for k, each in enumerate(found)], dtype=np.float64)

    def accuracies(weights: Reals) -> tuple[float, Mapping[str, float]]:
        share = weights.reshape(right.shape)
        rate = (share * right).sum(axis=1) / share.sum(axis=1)
        names = [factor.name for factor in factors]
        return mean_of(dict(zip(names, rate.tolist(), strict=True)))

    return scored(accuracies, (right.shape[1],) * len(factors), seed)
