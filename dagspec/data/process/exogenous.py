"""The exogenous noise of a process: what is drawn before any cause is looked at.

A variable's noise has a stream of its own, decided by its name, so another variable
more or less changes nothing about it, and neither does the order of the lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dagspec.data.streams import Use, stream
from dagspec.spec.process import Drawn, DrawnFamily

Noise: TypeAlias = Mapping[str, NDArray[np.float64]]
_Draw: TypeAlias = Callable[[np.random.Generator, tuple[int, ...]], NDArray[np.float64]]

OBSERVED: Final = "(observed)"
"""The key of the observed node's own noise; no variable can have this name."""


_DRAWS: Final[Mapping[DrawnFamily, _Draw]] = MappingProxyType(
    {
        "normal": lambda rng, shape: rng.standard_normal(shape),
        "uniform": lambda rng, shape: rng.random(shape),
        "bernoulli": lambda rng, shape: rng.random(shape),
        "categorical": lambda rng, shape: rng.gumbel(size=shape),
    }
)


@dataclass(frozen=True)
class Exogenous:
    """Draws the noise of some variables, and packs it into rows.

    Attributes:
        variables: Those with noise of their own.
        observed: Numbers of the observed node's own noise an example; 0 for none.
    """

    variables: tuple[Drawn, ...]
    observed: int = 0

    def draw(self, n: int, use: Use, seed: int = 0, number: int = 0) -> Noise:
        """The noise of `n` examples; that of fewer is the first of it.

        Args:
            n: Examples.
            use: What for; two uses share nothing.
            seed: Decides it.
            number: Of the step.

        Returns:
            Float64 by name: `(N,)`, `(N, classes)` of a categorical, and `(N, D)` of
            the observed node under `OBSERVED`, if it has any.
        """
        return {
            name: _DRAWS[family](stream(use, seed, number, name), (n, *shape))
            for name, (family, shape) in self._parts.items()
        }

    def pack(self, noise: Noise) -> NDArray[np.float64]:
        """The noise of every example as a row, `(N, width)`."""
        return np.column_stack([noise[name] for name in self._parts])

    def unpack(self, rows: NDArray[np.float64]) -> Noise:
        """What was packed, as it was."""
        noise = dict[str, NDArray[np.float64]]()
        start = 0
        for name, (_, shape) in self._parts.items():
            end = start + (shape[0] if shape else 1)
            noise[name] = rows[:, start:end] if shape else rows[:, start]
            start = end
        return noise

    @cached_property
    def _parts(self) -> Mapping[str, tuple[DrawnFamily, tuple[int, ...]]]:
        """Family and shape of each part, by name and in the order of names."""
        parts: dict[str, tuple[DrawnFamily, tuple[int, ...]]] = {
            each.name: (
                each.family,
                (len(each.arguments),) if each.family == "categorical" else (),
            )
            for each in sorted(self.variables, key=lambda each: each.name)
        }
        if self.observed:
            parts[OBSERVED] = "normal", (self.observed,)
        return parts
