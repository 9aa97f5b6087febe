"""KL and moments of every concept over many examples, a few operations a part."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import cast

import torch
from torch import Tensor

from dagspec.nn.comparison import Kind
from dagspec.nn.distributions.categorical import Categorical
from dagspec.nn.distributions.family import ConceptFamily, Parameters

ACTIVE = 0.01


@dataclass(frozen=True)
class Moments:
    """Mean and spread, over examples and dimensions, of a distribution's parameters.

    Attributes:
        mu_mean: Mean of its mean.
        mu_std: Standard deviation of its mean.
        sigma_mean: Mean of its standard deviation.
        sigma_std: Standard deviation of its standard deviation.
    """

    mu_mean: float
    mu_std: float
    sigma_mean: float
    sigma_std: float


@dataclass(frozen=True)
class ConceptStats:
    """One concept over all examples that were measured.

    Attributes:
        units: How many units it has: its dimensions, or one for a categorical.
        posterior: Moments of q(z | x); None for a family without a mu and a sigma.
        prior: Moments of p(z | parents); None likewise.
    """

    units: int
    posterior: Moments | None = None
    prior: Moments | None = None


class KindSums:
    """Gathers all concepts of one family and dimension, part by part.

    A unit is active if its mean KL is above 0.01 nats. Burda et al. 2016 (arXiv
    1509.00519) ask for a variance of E_q[z] over x above 0.01 instead, which presumes
    a standard normal prior: what a concept takes over from its parents would count as
    what the image says, and a scale would matter that a learned prior may choose.

    Args:
        kind: The concepts.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        # A categorical's dimensions are one choice; elsewhere each is a unit by itself.
        self.split = not isinstance(kind.family, Categorical)
        self.located = kind.family.count == 2
        self.deviation = _deviation(kind.family) if self.located else 0.0
        self._count = 0
        self._kl: Tensor | float = 0.0
        self._moments: Tensor | float = 0.0

    def add(self, q: Parameters, p: Parameters) -> None:
        """Take in the parameters `(N, dim, B)` of some examples."""
        self._count += q[0].shape[-1]
        self._kl = self._kl + self._divergence(q, p).double().sum(-1)
        if self.located:
            sums = torch.stack([self._sums(q), self._sums(p)])
            self._moments = self._moments + sums

    def active(self) -> list[int]:
        """How many units of each concept are active."""
        units = torch.as_tensor(self._kl) / self._count > ACTIVE
        counts = units.view(len(self.kind.names), -1).sum(1)
        return cast("list[int]", counts.tolist())

    def stats(self) -> list[ConceptStats]:
        """What came of it, concept by concept."""
        units = self.kind.family.dim if self.split else 1
        if not self.located:
            return [ConceptStats(units)] * len(self.kind.names)
        sums = torch.as_tensor(self._moments) / (self._count * self.kind.family.dim)
        rows = cast("list[list[list[float]]]", sums.transpose(0, 1).tolist())
        return [ConceptStats(units, _moments(*q), _moments(*p)) for q, p in rows]

    def _divergence(self, q: Parameters, p: Parameters) -> Tensor:
        """KL `(units, B)` of every unit of every concept."""
        if not self.split:
            return self.kind.family.kl(q, p)
        # Every dimension as a concept of its own, which has a KL of its own.
        alone = [
            tuple(part.reshape(-1, 1, part.shape[-1]) for part in own) for own in (q, p)
        ]
        return self.kind.family.kl(*alone)

    def _sums(self, parameters: Parameters) -> Tensor:
        """Σ mu, Σ mu², Σ sigma, Σ sigma² of each concept, `(N, 4)`."""
        location, log_scale = (part.double() for part in parameters)
        mu, sigma = location, log_scale.exp() * self.deviation
        parts = (mu, mu.square(), sigma, sigma.square())
        return torch.stack([part.sum((1, 2)) for part in parts], 1)


def _deviation(family: ConceptFamily) -> float:
    """Standard deviation at a scale of 1, which a Laplace's is not."""
    zero = torch.zeros(family.dim)
    return family.distribution((zero, zero)).stddev[0].item()


def _moments(mu: float, mu_square: float, sigma: float, sigma_square: float) -> Moments:
    """Moments from the means of mu, mu², sigma and sigma²."""
    return Moments(mu, _spread(mu, mu_square), sigma, _spread(sigma, sigma_square))


def _spread(mean: float, square: float) -> float:
    # Rounding may take a variance of nothing below zero.
    return sqrt(max(square - mean * mean, 0.0))
