"""Independent Bernoulli pixels; grey values from 0 to 1 count as probabilities."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.distributions import Bernoulli as TorchBernoulli
from torch.distributions import Distribution, Independent

from dagspec.nn.likelihoods.likelihood import Likelihood


class BernoulliLikelihood(Likelihood):
    """p(x | z) = Π Bernoulli(x_d; sigmoid(raw_d))."""

    def outputs(self) -> tuple[int, ...]:
        """One logit a number of x."""
        return self.shape

    def log_prob(self, raw: Tensor, x: Tensor) -> Tensor:
        """Minus the cross-entropy, summed over x."""
        loss = F.binary_cross_entropy_with_logits(raw, x, reduction="none")
        return -loss.flatten(1).sum(1)

    def mean(self, raw: Tensor) -> Tensor:
        """Probabilities."""
        return torch.sigmoid(raw)

    def noise(
        self, batch: int, like: Tensor, generator: torch.Generator | None = None
    ) -> Tensor:
        """Uniform noise from 0 to 1."""
        return like.new_empty(batch, *self.shape).uniform_(generator=generator)

    def sample(self, raw: Tensor, noise: Tensor) -> Tensor:
        """1 where the noise is below the probability."""
        return (noise < torch.sigmoid(raw)).to(raw.dtype)

    def distribution(self, raw: Tensor) -> Distribution:
        """As torch knows it, but for grey values, which it would refuse."""
        return Independent(
            TorchBernoulli(logits=raw, validate_args=False), len(self.shape)
        )
