"""A convolution that halves or doubles, beside a pre-activation residual unit."""

from __future__ import annotations

from torch import Tensor, nn

from dagspec.nn.blocks.normalisation import normalisation
from dagspec.nn.blocks.refined import RefinedDown, RefinedUp


class ResidualUnit(nn.Module):
    """x + 0.1·f(x), where f is twice (norm, activation, conv).

    Pre-activation as in He et al. 2016 (arXiv 1603.05027), the factor as in NVAE
    (Vahdat & Kautz 2020, arXiv 2007.03898).
    """

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
        out: Tensor = x + 0.1 * self.branch(x)
        return out


class ResidualDown(RefinedDown):
    """Halves the map, then one residual unit."""

    def make_unit(
        self, channels: int, norm: str, activation: type[nn.Module]
    ) -> nn.Module:
        """A `ResidualUnit`."""
        return ResidualUnit(channels, norm, activation)


class ResidualUp(RefinedUp):
    """One residual unit, then doubles the map."""

    def make_unit(
        self, channels: int, norm: str, activation: type[nn.Module]
    ) -> nn.Module:
        """A `ResidualUnit`."""
        return ResidualUnit(channels, norm, activation)
