"""The residual cells of NVAE (Vahdat & Kautz 2020, arXiv 2007.03898)."""

from __future__ import annotations

from torch import Tensor, nn

from dagspec.nn.blocks.normalisation import normalisation
from dagspec.nn.blocks.refined import RefinedDown, RefinedUp


class SqueezeExcitation(nn.Module):
    """Each channel, scaled by what all channels are on average (arXiv 1709.01507)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        hidden = max(channels // 16, 4)
        self.scale = nn.Sequential(
            nn.Linear(channels, hidden),
            nn.ReLU(),
            nn.Linear(hidden, channels),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, channels, H, W)` to the same shape."""
        out: Tensor = x * self.scale(x.mean((2, 3)))[:, :, None, None]
        return out


class EncoderCell(nn.Module):
    """x + 0.1·SE(f(x)), f twice (norm, activation, 3x3 convolution)."""

    def __init__(self, channels: int, norm: str, activation: type[nn.Module]) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            normalisation(norm, channels),
            activation(),
            nn.Conv2d(channels, channels, 3, padding=1),
            normalisation(norm, channels),
            activation(),
            nn.Conv2d(channels, channels, 3, padding=1),
            SqueezeExcitation(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, channels, H, W)` to the same shape."""
        out: Tensor = x + 0.1 * self.branch(x)
        return out


class DecoderCell(nn.Module):
    """x + 0.1·SE(f(x)), f a depthwise 5x5 convolution six times as wide."""

    def __init__(self, channels: int, norm: str, activation: type[nn.Module]) -> None:
        super().__init__()
        wide = 6 * channels
        self.branch = nn.Sequential(
            normalisation(norm, channels),
            nn.Conv2d(channels, wide, 1),
            normalisation(norm, wide),
            activation(),
            nn.Conv2d(wide, wide, 5, padding=2, groups=wide),
            normalisation(norm, wide),
            activation(),
            nn.Conv2d(wide, channels, 1),
            normalisation(norm, channels),
            SqueezeExcitation(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, channels, H, W)` to the same shape."""
        out: Tensor = x + 0.1 * self.branch(x)
        return out


class NvaeDown(RefinedDown):
    """Halves the map, then one encoder cell."""

    def make_unit(
        self, channels: int, norm: str, activation: type[nn.Module]
    ) -> nn.Module:
        """A `EncoderCell`."""
        return EncoderCell(channels, norm, activation)


class NvaeUp(RefinedUp):
    """One decoder cell, then doubles the map."""

    def make_unit(
        self, channels: int, norm: str, activation: type[nn.Module]
    ) -> nn.Module:
        """A `DecoderCell`."""
        return DecoderCell(channels, norm, activation)
