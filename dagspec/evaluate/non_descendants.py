"""That setting a concept changes nothing but what it causes, looked at and not assumed.

The edges of a compiled model promise it; here the promise is held against the weights
that were trained.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch

from dagspec.diagnostic import InternalError
from dagspec.nn.queries import ConceptVAE
from dagspec.spec import Latent, Spec

_SAMPLES, _MOST = 64, 50


def effects_on_non_descendants(
    spec: Spec, model: ConceptVAE, seed: int
) -> Mapping[str, float]:
    """The largest change of any value of a concept that is no descendant.

    The same noise is run with and without do(): 64 samples, the concept set to 1, or
    to its last class. Of more than 50 concepts the first 50 are set.

    Returns:
        Of each concept that is set, the largest absolute difference; it is 0.

    Raises:
        InternalError: It is not.
    """
    noise = model.noise(_SAMPLES, seed)
    with torch.no_grad():
        before = model.sample(_SAMPLES, noise=noise).latents
        found: dict[str, float] = {}
        for latent in spec.latents[:_MOST]:
            do = {latent.name: _value(latent)}
            after = model.sample(_SAMPLES, do, noise).latents
            follows = {latent.name, *spec.graph.descendants(latent.name)}
            kept = [name for name in model.order if name not in follows]
            changes = [(after[n] - before[n]).abs().max().item() for n in kept]
            found[latent.name] = max(changes, default=0.0)
    wrong = [name for name, change in found.items() if change]
    if wrong:
        raise InternalError(f"do({wrong[0]}) changes what it does not cause")
    return found


def _value(latent: Latent) -> float | list[float]:
    if latent.family == "categorical":
        return float(latent.dim - 1)
    return [1.0] * latent.dim
