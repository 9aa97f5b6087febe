"""The Bernoulli distribution, with straight-through gradients."""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.distributions import Bernoulli as TorchBernoulli
from torch.distributions import Distribution, Independent

from dagspec.nn.distributions.family import ConceptFamily, Parameters


class Bernoulli(ConceptFamily):
    """Zeros and ones, with parameters (logits,).

    Samples are exactly 0 or 1; the gradient is that of the binary Concrete distribution
    (Maddison et al. 2017, arXiv 1611.00712).

    Args:
        dim: Numbers in a vector.
        temperature: Of the sigmoid that the gradient goes through.
    """

    count: ClassVar[int] = 1
    redraws: ClassVar[bool] = True

    def __init__(self, dim: int, temperature: float = 0.5) -> None:
        super().__init__(dim)
        self.temperature = temperature

    @property
    def values(self) -> str:
        """Zeros and ones."""
        return "zeros and ones"

    def allows(self, value: Tensor) -> bool:
        """Whether every number is 0 or 1."""
        return bool(((value == 0) | (value == 1)).all())

    def parameters(self, raw: Tensor) -> Parameters:
        """The logits as they are."""
        return (raw,)

    def residual(self, prior: Parameters, raw: Tensor) -> Parameters:
        """Logits of the prior plus those of the head."""
        return (prior[0] + raw,)

    def noise(
        self,
        shape: tuple[int, ...],
        like: Tensor,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Standard logistic noise: the log ratio of two exponentials."""
        tiny = torch.finfo(like.dtype).tiny
        first = like.new_empty(shape).exponential_(generator=generator)
        second = like.new_empty(shape).exponential_(generator=generator)
        return first.clamp_min(tiny).log() - second.clamp_min(tiny).log()

    def sample(self, parameters: Parameters, noise: Tensor) -> Tensor:
        """1 where logits + noise > 0."""
        noisy = parameters[0] + noise
        soft = torch.sigmoid(noisy / self.temperature)
        hard = (noisy > 0).to(soft.dtype)
        # In this order the two soft terms cancel exactly, so the value stays 0 or 1.
        return hard + (soft - soft.detach())

    def abduct(
        self, parameters: Parameters, value: Tensor, fresh: Tensor | None = None
    ) -> Tensor:
        """Logistic noise, given the sign of logit + noise that `value` stands for.

        With s = 1 for a one and -1 for a zero, s·(logit + noise) is a logistic around
        s·logit, truncated to what is positive: softplus(softplus(s·logit) + s·fresh).
        It is the difference of two classes' Gumbels (Oberst & Sontag 2019, arXiv
        1905.05824).
        """
        assert fresh is not None, "abduction of a zero or a one draws again"
        (logits,) = parameters
        sign = torch.where(value > 0.5, 1.0, -1.0).to(logits)
        distance = F.softplus(F.softplus(sign * logits) + sign * fresh)
        # The sign must be the same after the rounding of logit + noise.
        least = 8 * torch.finfo(logits.dtype).eps * (1 + logits.abs())
        return sign * distance.maximum(least) - logits

    def kl(self, q: Parameters, p: Parameters) -> Tensor:
        """Σ sigmoid(l_q)·(l_q - l_p) - softplus(l_q) + softplus(l_p)."""
        difference = F.softplus(p[0]) - F.softplus(q[0])
        return (torch.sigmoid(q[0]) * (q[0] - p[0]) + difference).sum(-2)

    def log_prob(self, parameters: Parameters, value: Tensor) -> Tensor:
        """Log probability of the zeros and ones."""
        return (value * parameters[0] - F.softplus(parameters[0])).sum(-2)

    def distribution(self, parameters: Parameters) -> Distribution:
        """As torch knows it."""
        return Independent(TorchBernoulli(logits=parameters[0]), 1)
