"""What every family of concepts can do.

Parameters of a level are tensors `(L, dim, B)`: latents of the level, dimensions of
each, examples. A family's head puts out its parameters one under another, `(L,
count·dim, B)`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor
from torch.distributions import Distribution

from dagspec.nn.shown import shown

Parameters = tuple[Tensor, ...]


class ConceptFamily(ABC):
    """A distribution over vectors of `dim` numbers.

    Of a family that `redraws`, many noises lead to one value, and abduction draws one
    of them.

    Args:
        dim: Numbers in a vector.
    """

    count: ClassVar[int]
    redraws: ClassVar[bool] = False

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.dim})"

    @property
    def outputs(self) -> int:
        """Numbers that a head has to put out."""
        return self.count * self.dim

    def standard(self, like: Tensor) -> Parameters:
        """Parameters of the fixed prior of a root, all zero, `(1, dim, 1)`."""
        return (like.new_zeros(1, self.dim, 1),) * self.count

    def check(self, name: str, value: Tensor) -> None:
        """See that every row `(…, dim)` is a value that the concept can have.

        Raises:
            ValueError: Some row is not; the message names the concept.
        """
        finite = torch.isfinite(value)
        if not finite.all():
            first = shown(value[~finite][0])
            raise ValueError(f"'{name}' takes finite numbers, not {first}")
        if not self.allows(value):
            rows = value.reshape(-1, self.dim)
            raise self.refusal(name, next(row for row in rows if not self.allows(row)))

    def refusal(self, name: str, value: Tensor) -> ValueError:
        """The error of a number or a row that the concept cannot have."""
        return ValueError(f"'{name}' takes {self.values}, not {shown(value)}")

    @property
    def values(self) -> str:
        """The values that the concept can have, in words."""
        return "real numbers"

    def allows(self, value: Tensor) -> bool:
        """Whether finite rows `(…, dim)` are among these values."""
        return True

    @abstractmethod
    def parameters(self, raw: Tensor) -> Parameters:
        """Parameters made of a head's output alone."""

    @abstractmethod
    def residual(self, prior: Parameters, raw: Tensor) -> Parameters:
        """Parameters made of the prior and a head's output as the step away from it."""

    def precision(self, prior: Parameters, raw: Tensor) -> Parameters:
        """Parameters of the product of the prior and a head's distribution."""
        raise TypeError(f"{type(self).__name__} has no precision-weighted form")

    @abstractmethod
    def noise(
        self,
        shape: tuple[int, ...],
        like: Tensor,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Exogenous noise; with the parameters it decides the sample."""

    @abstractmethod
    def sample(self, parameters: Parameters, noise: Tensor) -> Tensor:
        """The value that the noise leads to, differentiable by the parameters."""

    @abstractmethod
    def abduct(
        self, parameters: Parameters, value: Tensor, fresh: Tensor | None = None
    ) -> Tensor:
        """Noise that leads to a value: with it, `sample` gives the value again.

        Args:
            parameters: Those that the value is sampled with, each `(L, dim, B)`.
            value: The value, `(L, dim, B)`.
            fresh: Noise as `noise` draws it, where the family redraws.

        Returns:
            `(L, dim, B)`; of a family that redraws, a draw from p(noise | value).
        """

    @abstractmethod
    def kl(self, q: Parameters, p: Parameters) -> Tensor:
        """KL(q, p) in nats, `(L, B)`."""

    @abstractmethod
    def log_prob(self, parameters: Parameters, value: Tensor) -> Tensor:
        """Log density or probability of a value, `(L, B)`."""

    @abstractmethod
    def distribution(self, parameters: Parameters) -> Distribution:
        """One latent's distribution over `(B, dim)`, from parameters `(B, dim)`."""
