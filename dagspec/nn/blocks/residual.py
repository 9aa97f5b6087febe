"""A convolution that halves or doubles, beside a pre-activation residual unit."""

from __future__ import annotations

from torch import Tensor, nn

from dagspec.nn.blocks.halving import Double, Halve
from dagspec.nn.blocks.normalisation import normalisation


class ResidualUnit(nn.Module):
    """x + conv(act(norm(conv(act(norm(x)))))) (He et al. 2016, arXiv 1603.05027)."""

    def __init__(self, channels: int, norm: str, activation: type[nn.Module]) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            normalisation(norm, channels),
            activation(),
            nn.Conv2d(channels, channels, 3, padding=1),
            normalisation(norm, channels),
            activation(),
            nn.Conv2d(channels, channels, 3, padding=1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, channels, H, W)` to the same shape."""
        out: Tensor = x + self.branch(x)
        return out


class ResidualDown(nn.Module):
    """Halves the map, then refines it."""

    def __init__(
        self,
        source: tuple[int, ...],
        target: tuple[int, ...],
        norm: str,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        self.halve = Halve(source[0], target[0])
        self.unit = ResidualUnit(target[0], norm, activation)

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, *source)` to `(B, *target)`."""
        out: Tensor = self.unit(self.halve(x))
        return out


class ResidualUp(nn.Module):
    """Refines the map, then doubles it."""

    def __init__(
        self,
        source: tuple[int, ...],
        target: tuple[int, ...],
        norm: str,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        self.unit = ResidualUnit(source[0], norm, activation)
        self.widen = Double(source[0], target[0], target[1:])

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, *source)` to `(B, *target)`."""
        out: Tensor = self.widen(self.unit(x))
        return out
