"""The fixed random network that turns a few variables into a vector, and loses none.

A leaky ReLU is one to one, and so is a linear map of full column rank, onto as many
numbers or more. A map onto fewer, D, is still one to one on the n-dimensional set that
it is applied to, for almost all maps, if D >= 2n + 1 (Sauer, Yorke & Casdagli 1991,
"Embedology"). So two causes never look alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dagspec.data.source import DataError
from dagspec.data.streams import stream
from dagspec.spec.renderers import enough_for, first_narrow

_Floats: TypeAlias = NDArray[np.float64]

SLOPE: Final = 0.2  # of the leaky ReLU, as in Khemakhem et al. 2020, arXiv 1907.04809
_BEND: Final = 0.5  # how far from 0 the units bend, in units of their own spread
_REFERENCE: Final = 10_000  # standard normal inputs that the scales are taken from


@dataclass(frozen=True)
class InjectiveMLP:
    """A leaky-ReLU network with random weights, decided by its sizes and its seed.

    Weights have orthonormal rows or columns. Every layer is brought to mean 0 and
    standard deviation 1 for standard normal inputs: hidden ones as a whole, the output
    number by number.

    Attributes:
        inputs: How many variables it reads.
        outputs: How many numbers it makes.
        hidden: Widths of the hidden layers.
        seed: Decides the weights.
    """

    inputs: int
    outputs: int
    hidden: tuple[int, ...] = (64, 64)
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse widths through which two inputs may come out alike.

        Raises:
            DataError: There are such widths, or no input.
        """
        if not self.inputs:
            raise DataError("`mlp` needs a variable: write `mlp(a, b)`, say")
        narrow = first_narrow(self.inputs, self.hidden, self.outputs)
        if narrow is not None:
            raise DataError(
                f"`mlp` of {self.inputs} variables narrows to {narrow}, where two of "
                "their values may look alike: let every layer, and what is observed, "
                f"have {enough_for(self.inputs)} numbers or more"
            )

    def __call__(self, inputs: _Floats) -> _Floats:
        """The outputs `(N, outputs)` of inputs `(N, inputs)`."""
        values = inputs
        *hidden, (weight, bias) = self.layers
        for inner, shift in hidden:
            values = values @ inner + shift
            np.maximum(values, SLOPE * values, out=values)
        return values @ weight + bias

    @cached_property
    def layers(self) -> Sequence[tuple[_Floats, _Floats]]:
        """Weights `(in, out)` and biases `(out,)` of each layer."""
        rng = stream("mlp", self.seed)
        values = rng.standard_normal((_REFERENCE, self.inputs))
        widths = (self.inputs, *self.hidden, self.outputs)
        layers = list[tuple[_Floats, _Floats]]()
        for number, (before, after) in enumerate(pairwise(widths)):
            weight = _orthonormal(rng, before, after)
            raw = values @ weight
            last = number == len(widths) - 2
            scale = raw.std(axis=0) if last else raw.std(axis=0).mean()
            weight = weight / scale
            bend = 0 if last else _BEND * rng.standard_normal(after)
            bias = bend - raw.mean(axis=0) / scale
            values = values @ weight + bias
            values = np.maximum(values, SLOPE * values)
            layers.append((weight, bias))
        return layers


def _orthonormal(rng: np.random.Generator, before: int, after: int) -> _Floats:
    """A random matrix `(before, after)` of full rank, all its singular values 1."""
    tall = rng.standard_normal((max(before, after), min(before, after)))
    q, r = np.linalg.qr(tall)
    q = q * np.sign(np.diag(r))  # so that every direction is equally likely
    return q if before >= after else q.T
