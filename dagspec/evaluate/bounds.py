"""How well a model explains examples: the ELBO, and a tighter bound."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import numpy as np
import torch
from numpy.typing import NDArray

from dagspec.evaluate.encoding import Encoded, as_array, parts
from dagspec.evaluate.metrics.intervals import mean_score
from dagspec.evaluate.results import Bounds, Number
from dagspec.geometry import size
from dagspec.nn.queries import ConceptVAE

Reals = NDArray[np.float64]
SAMPLES = 100


def mean_with_interval(values: Reals, seed: int) -> Number:
    """Mean of values `(N,)` and its 95% interval by the bootstrap over examples."""
    score = mean_score(values, seed)
    return Number(value=score.value, low=score.low, high=score.high)


def bounds(
    model: ConceptVAE,
    x: NDArray[np.float32],
    encoded: Encoded,
    *,
    seed: int,
    likelihood: int,
) -> Bounds:
    """Bounds of -log p(x), in nats an example.

    Args:
        model: The model.
        x: The examples, `(N, *shape)`.
        encoded: What it makes of them.
        seed: Of the samples of the tighter bound.
        likelihood: Examples that the tighter bound is computed on, the first ones; it
            costs 100 samples each. 0 leaves it out.
    """
    loss = mean_with_interval(-encoded.elbo, seed)
    few = x[:likelihood]
    return Bounds(
        negative_elbo=loss,
        negative_log_prob=mean_with_interval(-encoded.log_prob, seed),
        kl=mean_with_interval(-encoded.elbo + encoded.log_prob, seed),
        bits_per_dim=loss.value / (size(x.shape[1:]) * log(2)),
        negative_log_likelihood=_tighter(model, few, seed) if len(few) else None,
        samples=SAMPLES,
        examples=len(few),
    )


def concept_kl(encoded: Encoded, seed: int) -> Mapping[str, Number]:
    """Mean KL of every concept, in nats."""
    return {
        name: mean_with_interval(own.sum(1), seed) for name, own in encoded.kl.items()
    }


def _tighter(model: ConceptVAE, x: NDArray[np.float32], seed: int) -> Number:
    found: list[Reals] = []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for part in parts(x):
            found.append(-as_array(model.log_likelihood(part, SAMPLES)))
    return mean_with_interval(np.concatenate(found), seed)
