"""Abduction: the noise of p(z) under which the concepts came to have their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

from dagspec.nn.levels import Prior
from dagspec.nn.mechanisms import Mechanisms


def abduction_key(name: str) -> str:
    """Where `noise` has what abduction draws again for a concept."""
    return f"{name}/abduction"


def abduct(
    mechanisms: Mechanisms, latents: Tensor, noise: Mapping[str, Tensor] | None
) -> list[Tensor]:
    """Noise with which ancestral sampling gives the values that are given.

    Args:
        mechanisms: p(z_i | parents).
        latents: Packed values `(rows, B)`.
        noise: Exogenous noise by name; where abduction draws again, it does so from
            `NAME/abduction`, or from torch's generator if None.

    Returns:
        A tensor `(L, dim, B)` for each level of the prior.
    """
    batch = latents.shape[1]
    sizes = [len(prior.parents) * prior.family.dim for prior in mechanisms.priors]
    values = torch.split(latents[1:], sizes)
    found: list[Tensor] = []
    for number, prior in enumerate(mechanisms.priors):
        value = values[number].view(-1, prior.family.dim, batch)
        fresh = _fresh(prior, noise, value) if prior.family.redraws else None
        parameters = mechanisms.level(number, latents)
        found.append(prior.family.abduct(parameters, value, fresh))
    return found


def _fresh(prior: Prior, noise: Mapping[str, Tensor] | None, like: Tensor) -> Tensor:
    if noise is None:
        return prior.family.noise(tuple(like.shape), like)
    return torch.stack([noise[abduction_key(name)].T for name in prior.parents])


def followers(priors: Sequence[Prior], fixed: Iterable[str]) -> set[str]:
    """Concepts that have an ancestor among `fixed`.

    Args:
        priors: Levels of the prior, parents before children.
        fixed: Concepts that are set.
    """
    reached = set(fixed)
    found: set[str] = set()
    for prior in priors:
        for name, parents in prior.parents.items():
            if not reached.isdisjoint(parents):
                reached.add(name)
                found.add(name)
    return found
