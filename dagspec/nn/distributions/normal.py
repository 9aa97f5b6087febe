"""The normal distribution with a diagonal covariance."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor
from torch.distributions import Distribution, Independent
from torch.distributions import Normal as TorchNormal

from dagspec.nn.distributions.family import ConceptFamily, Parameters
from dagspec.nn.distributions.soft_clamp import soft_clamp


class Normal(ConceptFamily):
    """N(mu, sigma²), with parameters (mu, log sigma)."""

    count: ClassVar[int] = 2

    def parameters(self, raw: Tensor) -> Parameters:
        """Mu as it is, log sigma softly kept within ±5."""
        mu, log_sigma = raw.chunk(2, dim=-2)
        return mu, soft_clamp(log_sigma)

    def residual(self, prior: Parameters, raw: Tensor) -> Parameters:
        """N(mu_p + d_mu, sigma_p·d_sigma) (Vahdat & Kautz 2020, arXiv 2007.03898)."""
        d_mu, d_log_sigma = self.parameters(raw)
        return prior[0] + d_mu, prior[1] + d_log_sigma

    def precision(self, prior: Parameters, raw: Tensor) -> Parameters:
        """Precision-weighted product (Sønderby et al. 2016, arXiv 1602.02282).

        1/sigma_q² = 1/sigma_h² + 1/sigma_p², mu_q = sigma_q²·(mu_h/sigma_h² +
        mu_p/sigma_p²).
        """
        mu, log_sigma = self.parameters(raw)
        log_precision = torch.logaddexp(-2 * log_sigma, -2 * prior[1])
        share = torch.exp(-2 * log_sigma - log_precision)
        return share * mu + (1 - share) * prior[0], -log_precision / 2

    def noise(
        self,
        shape: tuple[int, ...],
        like: Tensor,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Standard normal noise."""
        return like.new_empty(shape).normal_(generator=generator)

    def sample(self, parameters: Parameters, noise: Tensor) -> Tensor:
        """Mu + sigma·noise."""
        mu, log_sigma = parameters
        return mu + log_sigma.exp() * noise

    def abduct(
        self, parameters: Parameters, value: Tensor, fresh: Tensor | None = None
    ) -> Tensor:
        """(value - mu)/sigma: one noise alone leads to a value."""
        mu, log_sigma = parameters
        return (value - mu) * torch.exp(-log_sigma)

    def kl(self, q: Parameters, p: Parameters) -> Tensor:
        """Σ log(sigma_p/sigma_q) + (sigma_q² + (mu_q - mu_p)²)/(2·sigma_p²) - 1/2."""
        log_ratio = q[1] - p[1]
        distance = (q[0] - p[0]).square() * torch.exp(-2 * p[1])
        return 0.5 * (torch.expm1(2 * log_ratio) - 2 * log_ratio + distance).sum(-2)

    def log_prob(self, parameters: Parameters, value: Tensor) -> Tensor:
        """Log density."""
        mu, log_sigma = parameters
        log_two_pi = 1.8378770664093453
        scaled = (value - mu) * torch.exp(-log_sigma)
        return -0.5 * (scaled.square() + 2 * log_sigma + log_two_pi).sum(-2)

    def distribution(self, parameters: Parameters) -> Distribution:
        """As torch knows it."""
        mu, log_sigma = parameters
        return Independent(TorchNormal(mu, log_sigma.exp()), 1)
