"""One training step: what a run does over and over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import torch
from torch import Tensor, nn


class Vae(Protocol):
    """What a step needs of a model, be it compiled or written by hand."""

    def parameters(self) -> Iterator[nn.Parameter]:
        """What is learned."""
        ...

    def elbo(self, x: Tensor) -> Tensor:
        """ELBO of observations `(B, *shape)` in nats, `(B,)`."""
        ...


class TrainingStep:
    """Forward, backward and Adam, as often as it is called.

    Args:
        model: What is trained.
        x: The batch, the same at every step.
    """

    def __init__(self, model: Vae, x: Tensor) -> None:
        self.model, self.x = model, x
        self.optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def __call__(self) -> None:
        """Make one step."""
        self.optimizer.zero_grad()
        self.backward(-self.model.elbo(self.x).mean())
        self.optimizer.step()

    def backward(self, loss: Tensor) -> None:
        """Differentiate the loss by every parameter."""
        loss.backward()


def noise_batch(shape: tuple[int, ...], batch: int) -> Tensor:
    """Observations without a meaning, `(batch, *shape)`, from 0 to 1."""
    generator = torch.Generator().manual_seed(0)
    return torch.rand(batch, *shape, generator=generator)
