"""What every family of the observed node can do."""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor, nn
from torch.distributions import Distribution


class Likelihood(nn.Module):
    """p(x | z), made of what the decoder puts out.

    Args:
        shape: Shape of x.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = shape

    @abstractmethod
    def outputs(self) -> tuple[int, ...]:
        """Shape that the decoder has to put out."""

    @abstractmethod
    def log_prob(self, raw: Tensor, x: Tensor) -> Tensor:
        """Log p(x | z) in nats, `(B,)`."""

    @abstractmethod
    def mean(self, raw: Tensor) -> Tensor:
        """Mean of p(x | z), `(B, *shape)`."""

    @abstractmethod
    def noise(
        self, batch: int, like: Tensor, generator: torch.Generator | None = None
    ) -> Tensor:
        """Exogenous noise of x, `(B, *shape)`."""

    @abstractmethod
    def sample(self, raw: Tensor, noise: Tensor) -> Tensor:
        """The x that the noise leads to, `(B, *shape)`."""

    @abstractmethod
    def distribution(self, raw: Tensor) -> Distribution:
        """As torch knows it, with the shape of x as its event."""
