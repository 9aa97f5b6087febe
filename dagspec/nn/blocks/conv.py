"""One convolution a stage, as in Locatello et al. 2019 (arXiv 1811.12359)."""

from __future__ import annotations

from torch import Tensor, nn

from dagspec.nn.blocks.halving import Double, Halve
from dagspec.nn.blocks.normalisation import normalisation


class ConvDown(nn.Module):
    """Convolution, normalisation, activation; halves the map."""

    def __init__(
        self,
        source: tuple[int, ...],
        target: tuple[int, ...],
        norm: str,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        self.halve = Halve(source[0], target[0])
        self.norm = normalisation(norm, target[0])
        self.activation = activation()

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, *source)` to `(B, *target)`."""
        out: Tensor = self.activation(self.norm(self.halve(x)))
        return out


class ConvUp(nn.Module):
    """Activation, transposed convolution; doubles the map.

    There is no normalisation on the way down from the concepts: what they write is not
    noise to be evened out, and models train worse with it.
    """

    def __init__(
        self,
        source: tuple[int, ...],
        target: tuple[int, ...],
        norm: str,
        activation: type[nn.Module],
    ) -> None:
        super().__init__()
        self.activation = activation()
        self.widen = Double(source[0], target[0], target[1:])

    def forward(self, x: Tensor) -> Tensor:
        """Map `(B, *source)` to `(B, *target)`."""
        out: Tensor = self.widen(self.activation(x))
        return out
