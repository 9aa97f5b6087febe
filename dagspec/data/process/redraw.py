"""Noise that is not known from the facts, drawn again: the process's own abduction.

The noise of a normal or a uniform variable is known from its value and its causes; that
of a class is not. Whoever does not know it can at best draw it from what is left of its
distribution (Oberst & Sontag 2019, arXiv 1905.05824, have it for Gumbels).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dagspec.data.process.domains import Values
from dagspec.data.process.expressions import evaluate
from dagspec.data.process.places import Place
from dagspec.spec.process import Drawn

_Floats = NDArray[np.float64]


def redrawn(
    variable: Drawn, noise: _Floats, values: Values, rng: np.random.Generator
) -> _Floats:
    """Noise under which a variable has the value that it has.

    Args:
        variable: Whose noise.
        noise: What it was, `(N,)` or `(N, classes)`.
        values: The facts: every variable that it reads, `(N,)`.
        rng: Draws.

    Returns:
        The noise itself where the facts tell it; as much of it elsewhere as they do.
    """
    if variable.family not in ("bernoulli", "categorical"):
        return noise
    n, place = len(noise), Place(f"`{variable.name}`", variable.name)
    parts = [evaluate(each, values, place) for each in variable.arguments]
    shares = np.stack([np.broadcast_to(each, n) for each in parts], axis=1)
    if variable.family == "categorical":
        return _gumbels(shares, noise, rng)
    p, fresh = shares[:, 0], rng.random(n)
    return np.where(noise < p, fresh * p, p + fresh * (1 - p))


def _gumbels(weights: _Floats, noise: _Floats, rng: np.random.Generator) -> _Floats:
    """Gumbels `(N, classes)` whose largest log weight + Gumbel is at the same class."""
    with np.errstate(divide="ignore"):  # what weighs nothing is never chosen
        logits = np.log(weights)
    rows, chosen = np.arange(len(noise)), (logits + noise).argmax(axis=1)
    fresh = rng.gumbel(size=noise.shape)
    largest = np.log(weights.sum(axis=1)) + fresh[rows, chosen]
    # A Gumbel that is known to be below `largest`.
    scores = -np.logaddexp(-largest[:, None], -(logits + fresh))
    scores[rows, chosen] = largest
    possible = weights > 0
    return np.where(possible, scores - np.where(possible, logits, 0.0), fresh)
