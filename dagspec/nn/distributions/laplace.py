"""The Laplace distribution, independent a dimension."""

from __future__ import annotations

from math import log
from typing import ClassVar

import torch
from torch import Tensor
from torch.distributions import Distribution, Independent
from torch.distributions import Laplace as TorchLaplace

from dagspec.nn.distributions.family import ConceptFamily, Parameters
from dagspec.nn.distributions.soft_clamp import soft_clamp


class Laplace(ConceptFamily):
    """Laplace(mu, b), with parameters (mu, log b)."""

    count: ClassVar[int] = 2

    def parameters(self, raw: Tensor) -> Parameters:
        """Mu as it is, log b softly kept within ±5."""
        mu, log_scale = raw.chunk(2, dim=-2)
        return mu, soft_clamp(log_scale)

    def residual(self, prior: Parameters, raw: Tensor) -> Parameters:
        """The prior, shifted and scaled."""
        shift, log_factor = self.parameters(raw)
        return prior[0] + shift, prior[1] + log_factor

    def noise(
        self,
        shape: tuple[int, ...],
        like: Tensor,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Standard Laplace noise: the difference of two exponentials."""
        first = like.new_empty(shape).exponential_(generator=generator)
        second = like.new_empty(shape).exponential_(generator=generator)
        return first - second

    def sample(self, parameters: Parameters, noise: Tensor) -> Tensor:
        """Mu + b·noise."""
        mu, log_scale = parameters
        return mu + log_scale.exp() * noise

    def abduct(
        self, parameters: Parameters, value: Tensor, fresh: Tensor | None = None
    ) -> Tensor:
        """(value - mu)/b: one noise alone leads to a value."""
        mu, log_scale = parameters
        return (value - mu) * torch.exp(-log_scale)

    def kl(self, q: Parameters, p: Parameters) -> Tensor:
        """Σ log(b_p/b_q) + (b_q·exp(-d/b_q) + d)/b_p - 1 with d = |mu_q - mu_p|."""
        log_ratio = q[1] - p[1]
        distance = (q[0] - p[0]).abs()
        near = torch.exp(log_ratio - distance * torch.exp(-q[1]))
        far = distance * torch.exp(-p[1])
        return (near + far - log_ratio - 1).sum(-2)

    def log_prob(self, parameters: Parameters, value: Tensor) -> Tensor:
        """Log density."""
        mu, log_scale = parameters
        scaled = (value - mu).abs() * torch.exp(-log_scale)
        return -(scaled + log_scale + log(2.0)).sum(-2)

    def distribution(self, parameters: Parameters) -> Distribution:
        """As torch knows it."""
        mu, log_scale = parameters
        return Independent(TorchLaplace(mu, log_scale.exp()), 1)
