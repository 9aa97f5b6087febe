"""One layer a stage, for vectors."""

from __future__ import annotations

from torch import Tensor, nn


class DenseDown(nn.Module):
    """Linear map, normalisation, activation."""

    def __init__(
        self,
        source: tuple[int, ...],
        target: tuple[int, ...],
        norm: str,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        self.linear = nn.Linear(source[0], target[0])
        self.norm = vector_normalisation(norm, target[0])
        self.activation = activation()

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, *source)` to `(B, *target)`."""
        out: Tensor = self.activation(self.norm(self.linear(x)))
        return out


class DenseUp(nn.Module):
    """Activation, linear map; not normalised, like `ConvUp`."""

    def __init__(
        self,
        source: tuple[int, ...],
        target: tuple[int, ...],
        norm: str,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        self.activation = activation()
        self.linear = nn.Linear(source[0], target[0])

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, *source)` to `(B, *target)`."""
        out: Tensor = self.linear(self.activation(x))
        return out


def vector_normalisation(norm: str, width: int) -> nn.Module:
    """A module that keeps the shape `(B, D)`; it does nothing for `none`."""
    if norm == "batch":
        return nn.BatchNorm1d(width, momentum=0.05)
    if norm == "group":
        return nn.LayerNorm(width)
    return nn.Identity()
