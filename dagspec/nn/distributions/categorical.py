"""The categorical distribution, one-hot, with straight-through gradients."""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.distributions import Distribution, OneHotCategorical

from dagspec.nn.distributions.family import ConceptFamily, Parameters


class Categorical(ConceptFamily):
    """One of `dim` classes, with parameters (logits,).

    Samples are exactly one-hot; the gradient is that of the Gumbel-softmax (Jang et al.
    2017, arXiv 1611.01144; Maddison et al. 2017, arXiv 1611.00712). The KL is that of
    the untempered logits.

    Args:
        dim: Number of classes.
        temperature: Of the softmax that the gradient goes through.
    """

    count: ClassVar[int] = 1
    redraws: ClassVar[bool] = True

    def __init__(self, dim: int, temperature: float = 0.5) -> None:
        super().__init__(dim)
        self.temperature = temperature

    @property
    def values(self) -> str:
        """One class."""
        return f"a class from 0 to {self.dim - 1}, or one-hot rows (one a sample)"

    def allows(self, value: Tensor) -> bool:
        """Whether every row is one-hot."""
        return bool(((value == 0) | (value == 1)).all() and (value.sum(-1) == 1).all())

    def one_hot(self, name: str, index: Tensor) -> Tensor:
        """The row `(dim,)` of a class, `()`.

        Raises:
            ValueError: There is no such class; the message names the concept.
        """
        row = torch.arange(self.dim, device=index.device) == index
        if not row.any():
            raise self.refusal(name, index)
        return row.to(index)

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
        """Standard Gumbel noise."""
        waiting = like.new_empty(shape).exponential_(generator=generator)
        return -torch.log(waiting.clamp_min(torch.finfo(waiting.dtype).tiny))

    def sample(self, parameters: Parameters, noise: Tensor) -> Tensor:
        """One-hot argmax of logits + noise."""
        noisy = parameters[0] + noise
        soft = torch.softmax(noisy / self.temperature, dim=-2)
        hard = torch.zeros_like(soft)
        hard.scatter_(-2, noisy.argmax(-2, keepdim=True), 1.0)
        # In this order the two soft terms cancel exactly, so the value stays one-hot.
        return hard + (soft - soft.detach())

    def abduct(
        self, parameters: Parameters, value: Tensor, fresh: Tensor | None = None
    ) -> Tensor:
        """Gumbels, given that the class of `value` has the largest logit + Gumbel.

        The largest of all sums is Gumbel around the logsumexp of the logits whichever
        class it is of; every other sum is a Gumbel around its logit, truncated at the
        largest (Maddison et al. 2014, arXiv 1411.0030; Oberst & Sontag 2019, arXiv
        1905.05824).
        """
        assert fresh is not None, "abduction of a class draws again"
        (logits,) = parameters
        chosen = value.argmax(-2, keepdim=True)
        top = logits.logsumexp(-2, keepdim=True) + fresh.gather(-2, chosen)
        below = F.softplus(top - logits - fresh)
        # The class must win again after the rounding of logits + noise.
        size = 1 + top.abs() + logits.abs().amax(-2, keepdim=True)
        below = below.maximum(8 * torch.finfo(size.dtype).eps * size)
        return top - below.scatter(-2, chosen, 0.0) - logits

    def kl(self, q: Parameters, p: Parameters) -> Tensor:
        """Σ_c q_c·(log q_c - log p_c)."""
        log_q = torch.log_softmax(q[0], dim=-2)
        log_p = torch.log_softmax(p[0], dim=-2)
        return (log_q.exp() * (log_q - log_p)).sum(-2)

    def log_prob(self, parameters: Parameters, value: Tensor) -> Tensor:
        """Log probability of the class."""
        return (value * torch.log_softmax(parameters[0], dim=-2)).sum(-2)

    def distribution(self, parameters: Parameters) -> Distribution:
        """As torch knows it."""
        return OneHotCategorical(logits=parameters[0])
