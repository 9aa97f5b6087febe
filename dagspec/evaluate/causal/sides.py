"""The two sides that are compared: what is asked of a model and of a simulator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from dagspec.data import Column
from dagspec.nn.labels import Labels
from dagspec.nn.output import Sample
from dagspec.spec.process import Process

# Variables or noise of N draws by name, each `(N, …)`.
Values = Mapping[str, NDArray[np.float64]]
Do = Mapping[str, float | NDArray[np.float64]]


class Simulating(Protocol):
    """A known process that runs, such as `dagspec.data.process.Simulator`."""

    @property
    def process(self) -> Process:
        """What was meant."""
        ...

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its variables, in the order written."""
        ...

    def noise(self, n: int, seed: int = 0) -> dict[str, NDArray[np.float64]]:
        """Exogenous noise of `n` draws."""
        ...

    def redraw(self, noise: Values, seed: int = 0) -> dict[str, NDArray[np.float64]]:
        """Other noise under which the same happens."""
        ...

    def factors(
        self, noise: Values, do: Do | None = None
    ) -> dict[str, NDArray[np.float64]]:
        """Every variable, `(N,)`, with the same noise under an intervention."""
        ...

    def render(self, factors: Values) -> NDArray[np.float32]:
        """The observed node without its own noise, `(N, *shape)`."""
        ...

    def observe(self, factors: Values, noise: Values) -> NDArray[np.float32]:
        """The observed node, `(N, *shape)`."""
        ...


class Queries(Protocol):
    """A model of named concepts, as far as it is asked here."""

    @property
    def labels(self) -> Labels:
        """The concepts that are tied to a label, and their units."""
        ...

    def noise(self, n: int, seed: int = 0) -> dict[str, Tensor]:
        """Exogenous noise by name."""
        ...

    def sample(
        self,
        n: int,
        do: Mapping[str, Tensor] | None = None,
        noise: Mapping[str, Tensor] | None = None,
    ) -> Sample:
        """Samples under an intervention in the concepts' own units."""
        ...

    def counterfactual(
        self,
        x: Tensor,
        do: Mapping[str, Tensor],
        *,
        noise: Mapping[str, Tensor] | None = None,
    ) -> Sample:
        """What `x` would have been under an intervention."""
        ...
