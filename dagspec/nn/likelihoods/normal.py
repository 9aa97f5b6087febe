"""Normal pixels with a fixed sigma or one learned a channel."""

from __future__ import annotations

from math import log, pi

import torch
from torch import Tensor, nn
from torch.distributions import Distribution, Independent
from torch.distributions import Normal as TorchNormal

from dagspec.nn.distributions.soft_clamp import soft_clamp
from dagspec.nn.likelihoods.likelihood import Likelihood


class NormalLikelihood(Likelihood):
    """p(x | z) = Π N(x_d; raw_d, sigma²).

    Args:
        shape: Shape of x.
        sigma: Standard deviation in units of x; None learns one a channel.
    """

    log_sigma: Tensor

    def __init__(self, shape: tuple[int, ...], sigma: float | None = None) -> None:
        super().__init__(shape)
        self.learned = sigma is None
        scales = torch.zeros(shape[0], *(1 for _ in shape[1:]))
        if sigma is None:
            self.log_sigma = nn.Parameter(scales)
        else:
            self.register_buffer("log_sigma", scales + log(sigma), persistent=False)

    def outputs(self) -> tuple[int, ...]:
        """One mean a number of x."""
        return self.shape

    def _bounded(self) -> Tensor:
        # A perfect reconstruction would drive a free sigma to zero and the loss to
        # -inf.
        return soft_clamp(self.log_sigma) if self.learned else self.log_sigma

    def log_prob(self, raw: Tensor, x: Tensor) -> Tensor:
        """Log density, summed over x."""
        log_sigma = self._bounded()
        scaled = (x - raw) * torch.exp(-log_sigma)
        terms = scaled.square() + 2 * log_sigma + log(2 * pi)
        return -0.5 * terms.flatten(1).sum(1)

    def mean(self, raw: Tensor) -> Tensor:
        """The means."""
        return raw

    def noise(
        self, batch: int, like: Tensor, generator: torch.Generator | None = None
    ) -> Tensor:
        """Standard normal noise."""
        return like.new_empty(batch, *self.shape).normal_(generator=generator)

    def sample(self, raw: Tensor, noise: Tensor) -> Tensor:
        """Mean + sigma·noise."""
        return raw + self._bounded().exp() * noise

    def distribution(self, raw: Tensor) -> Distribution:
        """As torch knows it."""
        sigma = self._bounded().exp().expand_as(raw)
        return Independent(TorchNormal(raw, sigma), len(self.shape))
