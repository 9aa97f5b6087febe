"""A resizing convolution beside a residual unit that refines what it gives or gets."""

from __future__ import annotations

from abc import abstractmethod

from torch import Tensor, nn

from dagspec.nn.blocks.halving import Double, Halve


class RefinedDown(nn.Module):
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
        self.unit = self.make_unit(target[0], norm, activation)

    @abstractmethod
    def make_unit(
        self, channels: int, norm: str, activation: type[nn.Module]
    ) -> nn.Module:
        """A module that keeps the shape `(B, channels, H, W)`."""

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, *source)` to `(B, *target)`."""
        out: Tensor = self.unit(self.halve(x))
        return out


class RefinedUp(nn.Module):
    """Refines the map, then doubles it."""

    def __init__(
        self,
        source: tuple[int, ...],
        target: tuple[int, ...],
        norm: str,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        self.unit = self.make_unit(source[0], norm, activation)
        self.widen = Double(source[0], target[0], target[1:])

    @abstractmethod
    def make_unit(
        self, channels: int, norm: str, activation: type[nn.Module]
    ) -> nn.Module:
        """A module that keeps the shape `(B, channels, H, W)`."""

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, *source)` to `(B, *target)`."""
        out: Tensor = self.widen(self.unit(x))
        return out
